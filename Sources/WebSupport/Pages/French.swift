import Foundation

/// Writes plain values as French readers expect them: spaces, commas, signs and plurals.
///
/// Nothing here depends on the locale of the machine or on a time zone.
public enum French {
  /// What stands for a value that nobody has given, as opposed to zero.
  public static let unknown = "Non renseigné"

  static let narrowSpace = "\u{202F}"
  static let hardSpace = "\u{00A0}"
  static let minus = "\u{2212}"

  /// A label in the middle of a sentence: « Gérant de SISA » gives « gérant de SISA », « URPS » stays.
  public static func inSentence(_ label: String) -> String {
    label.dropFirst().first?.isUppercase ?? false ? label : label.prefix(1).lowercased() + label.dropFirst()
  }

  /// `1234` gives « 1 234 », with a narrow no-break space.
  public static func number(_ value: Int) -> String {
    (value < 0 ? minus : "") + grouped(String(value.magnitude))
  }

  /// `145` tenths (scale 10) are « 14,5 », `180250` cents (scale 100) are « 1 802,50 »; whole units are written without decimals.
  public static func number(_ value: Int, scale: Int) -> String {
    // A minute is a sixtieth: hours are written to the hundredth.
    scale == 1 ? number(value) : decimal(Double(value) / Double(scale), places: scale == 60 ? 2 : String(scale).count - 1)
  }

  /// `180250` cents are « 1 802,50 € ».
  public static func euros(_ cents: Int) -> String { "\(number(cents, scale: 100))\(hardSpace)€" }

  /// `1802.5` gives « 1 802,5 »; a whole value is written without decimals.
  public static func decimal(_ value: Double, places: Int = 1) -> String {
    fixed(value, places: places, keepsZeros: false)
  }

  /// `0.701` gives « 70,1 % »; exactly nothing and everything are « 0 % » and « 100 % ».
  public static func percent(_ share: Double, places: Int = 1) -> String {
    fixed(share * 100, places: places, keepsZeros: share != 0 && share != 1) + hardSpace + "%"
  }

  /// A change, always with its sign: « +25 », « −3 », « 0 ».
  public static func signed(_ value: Int, scale: Int = 1) -> String {
    (value > 0 ? "+" : "") + number(value, scale: scale)
  }

  /// `0.174` gives « +17,4 % ».
  public static func signedPercent(_ share: Double) -> String {
    (share > 0 ? "+" : "") + percent(share)
  }

  /// `3` gives « 3 structures »; in French, zero and one are singular.
  public static func plural(_ count: Int, _ one: String, _ many: String) -> String {
    "\(number(count)) \(count.magnitude < 2 ? one : many)"
  }

  /// `95` minutes are « 1 h 35 », `120` are « 2 h », `25` are « 25 min ».
  public static func minutes(_ total: Int) -> String {
    let (hours, minutes) = total.quotientAndRemainder(dividingBy: 60)
    if hours == 0 { return "\(minutes)\(hardSpace)min" }
    let start = "\(number(hours))\(hardSpace)h"
    return minutes == 0 ? start : "\(start)\(hardSpace)\(minutes < 10 ? "0" : "")\(minutes)"
  }

  /// « 840 octets », « 12 ko », « 2,4 Mo ».
  public static func fileSize(_ bytes: Int) -> String {
    if bytes < 1_000 { return plural(bytes, "octet", "octets") }
    if bytes < 1_000_000 { return "\(number((bytes + 500) / 1_000))\(hardSpace)ko" }
    return "\(decimal(Double(bytes) / 1_000_000))\(hardSpace)Mo"
  }

  /// With the full stop of a sentence, where it does not end in « … ».
  public static func ended(_ sentence: String) -> String {
    [".", "…", "!", "?"].contains { sentence.hasSuffix($0) } ? sentence : sentence + "."
  }

  /// A sentence written with ordinary spaces, as the command line prints it, with those that keep a sign on its line.
  public static func typeset(_ sentence: String) -> String {
    let source = Array(sentence.utf8)
    let (opening, closing) = (Array("«".utf8), Array("»".utf8))
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.count + 16)
    for (index, byte) in source.enumerated() {
      guard byte == UInt8(ascii: " ") else {
        bytes.append(byte)
        continue
      }
      let rest = source[(index + 1)...]
      if rest.first == UInt8(ascii: ":") || rest.first == UInt8(ascii: "%"), !bytes.hasSuffix(opening) {
        bytes += hardSpace.utf8
      } else if bytes.hasSuffix(opening) || rest.starts(with: closing) || rest.first.map({ ";?!".utf8.contains($0) }) == true {
        bytes += narrowSpace.utf8
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func fixed(_ value: Double, places: Int, keepsZeros: Bool) -> String {
    guard value.isFinite else { return unknown }
    let digits = String(format: "%.\(places)f", abs(value)).split(separator: ".")
    let fraction = digits.count > 1 && (keepsZeros || digits[1].contains { $0 != "0" }) ? "," + digits[1] : ""
    let text = grouped(String(digits[0])) + fraction
    return value < 0 && text.contains(where: { ("1"..."9").contains($0) }) ? minus + text : text
  }

  private static func grouped(_ digits: String) -> String {
    var groups: [Substring] = []
    var rest = digits[...]
    while rest.count > 3 {
      groups.insert(rest.suffix(3), at: 0)
      rest = rest.dropLast(3)
    }
    return ([rest] + groups).joined(separator: narrowSpace)
  }
}

extension [UInt8] {
  fileprivate func hasSuffix(_ end: [UInt8]) -> Bool { suffix(end.count).elementsEqual(end) }
}
