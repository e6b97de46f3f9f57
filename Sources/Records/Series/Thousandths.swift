import Store

/// Decimal numbers of files as whole thousandths.
public enum Thousandths {
  /// « 1 234,5 » or « 1234.5 ».
  /// - Throws: `Refusal` unless it is a number that is not negative, with three decimals at most.
  public static func reading(_ text: String) throws -> Int {
    let parts = text.filter { !$0.isWhitespace }.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "." }
    let isNumber = (1...2).contains(parts.count) && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
    guard isNumber else { throw Refusal("« \(text) » n’est pas un nombre positif (exemple : 1234,5)") }
    guard parts[0].utf8.count <= 12, let whole = Int(parts[0]) else { throw Refusal("« \(text) » est trop grand") }
    let decimals = String((parts.count > 1 ? parts[1] : "").reversed().drop { $0 == "0" }.reversed())
    guard decimals.utf8.count <= 3 else { throw Refusal("« \(text) » : trois décimales au plus") }
    return whole * 1000 + (Int(decimals + String(repeating: "0", count: 3 - decimals.utf8.count)) ?? 0)
  }

  /// What `reading` reads back: « 1234,5 ».
  public static func text(_ number: Int) -> String {
    let (whole, rest) = number.quotientAndRemainder(dividingBy: 1000)
    let decimals = String(String(1000 + rest).dropFirst().reversed().drop { $0 == "0" }.reversed())
    return decimals.isEmpty ? String(whole) : "\(whole),\(decimals)"
  }
}
