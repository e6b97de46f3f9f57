import Foundation

/// Numbers as people read them: no exponent, no `.0`, and the fifteen digits that spreadsheets show.
enum SheetNumber {
  /// `raw` as a workbook stores it (`1E3`, `1.1000000000000001`); anything but a number comes back as it is.
  static func text(_ raw: String) -> String {
    if isPlain(raw.utf8) { return raw }
    guard let value = Double(raw.trimmingCharacters(in: .whitespacesAndNewlines)), value.isFinite else { return raw }
    return text(value) ?? raw
  }

  /// Digits of any length are kept: a number of 17 digits is an identity, and rounding would make it another.
  private static func isPlain(_ raw: String.UTF8View) -> Bool {
    let digits = raw.first == UInt8(ascii: "-") ? raw.dropFirst() : raw[...]
    guard let first = digits.first, digits.allSatisfy({ (48...57).contains($0) }) else { return false }
    return first != 48 || raw.count == 1
  }

  /// `nil` beyond forty digits, which no figure of ours has and which would only fill memory.
  private static func text(_ value: Double) -> String? {
    let parts = String(format: "%.14e", abs(value)).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]), abs(exponent) <= 40 else { return value == 0 ? "0" : nil }
    var digits = Array(parts[0].utf8.filter { $0 != UInt8(ascii: ".") })
    while digits.last == 48 { digits.removeLast() }
    guard !digits.isEmpty else { return "0" }
    let zeros = { (count: Int) in [UInt8](repeating: 48, count: max(0, count)) }
    if exponent < 0 { digits = zeros(-exponent) + digits }
    let whole = max(exponent, 0) + 1
    digits += zeros(whole - digits.count)
    if digits.count > whole { digits.insert(UInt8(ascii: "."), at: whole) }
    return (value < 0 ? "-" : "") + String(decoding: digits, as: UTF8.self)
  }
}
