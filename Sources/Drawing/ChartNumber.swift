/// Numbers of a chart: what people read, and the coordinates of the drawing.
enum ChartNumber {
  /// `1234.5` gives « 1 234,5 »: at most one decimal, no-break spaces between thousands.
  static func text(_ value: Double) -> String {
    let tenths = Int((abs(value) * 10).rounded())
    var digits = Substring(String(tenths / 10))
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.insert(digits.suffix(3), at: 0)
      digits = digits.dropLast(3)
    }
    let whole = ([digits] + groups).joined(separator: "\u{202F}")
    return (value < 0 && tenths > 0 ? "\u{2212}" : "") + whole + (tenths % 10 == 0 ? "" : ",\(tenths % 10)")
  }

  /// A coordinate, rounded to a tenth.
  static func coordinate(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }

  /// By how much something is enlarged, cut to a hundredth: it never takes more room than was kept for it.
  static func factor(_ value: Double) -> String {
    let (whole, rest) = Int(max(0, value) * 100).quotientAndRemainder(dividingBy: 100)
    return "\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}

/// An axis from zero with a few round ticks.
struct Axis {
  let top: Double
  let step: Double

  init(upTo maximum: Double, ticks: Int = 4) {
    let rough = max(maximum, 1) / Double(ticks)
    var power = 1.0
    while power * 10 <= rough { power *= 10 }
    // People and exchanges come whole: no tick below one.
    step = max(1, [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough)
    top = max(step, (max(maximum, 1) / step).rounded(.up) * step)
  }

  var ticks: [Double] {
    Array(stride(from: 0, through: top + step / 2, by: step))
  }
}
