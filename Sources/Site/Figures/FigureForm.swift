import Drawing
import Federation
import WebSupport

/// How the parts of a figure are drawn, where several forms suit them.
enum FigureForm: String, CaseIterable, Sendable {
  case bars = "barres"
  case radar
  case cloud = "nuage"

  /// What addresses call it.
  static let parameter = "forme"

  var label: String {
    switch self {
    case .bars: "Barres"
    case .radar: "Radar"
    case .cloud: "Nuage de mots"
    }
  }

  /// What an address asks for; one that is none is bars.
  static func asked(_ items: [(name: String, value: String)]) -> FigureForm {
    items.last { $0.name == parameter }.flatMap { FigureForm(rawValue: $0.value) } ?? .bars
  }

  /// As addresses hold it: bars are not named.
  var items: [(String, String)] { self == .bars ? [] : [(Self.parameter, rawValue)] }
}

extension ChartForm {
  /// The form of the parts that it stands for; `nil` for a table, years and maps.
  var figureForm: FigureForm? {
    switch self {
    case .bars: .bars
    case .radar: .radar
    case .cloud: .cloud
    case .table, .years, .map: nil
    }
  }
}

/// The parts of a figure by one dimension, in the form that one wants and that they suit; bars otherwise.
struct PartsChart {
  let title: String
  let rowTitle: String
  let valueTitle: String
  /// The period, and the one that it is compared to.
  let series: [String]
  let rows: [ColumnChart.Column]
  /// Shares and means make no sizes of words.
  let isRatio: Bool

  var forms: [FigureForm] {
    FigureForm.allCases.filter { form in
      switch form {
      case .bars: true
      case .radar: RadarChart.axes.contains(rows.count)
      case .cloud: !isRatio && words.count { ($0.value.amount ?? 0) > 0 } >= WordCloud.least
      }
    }
  }

  /// Why a form that was asked for is not drawn, in one sentence.
  func excuse(_ form: FigureForm) -> String? {
    if forms.contains(form) { return nil }
    return switch form {
    case .bars: nil
    case .radar:
      French.typeset(
        "Un radar montre de \(RadarChart.axes.lowerBound) à \(RadarChart.axes.upperBound) valeurs : ici il y en a \(rows.count), montrées en barres."
      )
    case .cloud:
      French.typeset("Un nuage de mots montre au moins \(WordCloud.least) quantités : ce chiffre est montré en barres.")
    }
  }

  /// Of the period itself.
  private var words: [BarChart.Bar] { rows.compactMap { row in row.values.first.map { BarChart.Bar(row.label, $0) } } }

  func chart(_ form: FigureForm) -> any Chart {
    switch forms.contains(form) ? form : .bars {
    case .bars: bars
    case .radar: RadarChart(title, rowTitle: rowTitle, series: series, spokes: rows) ?? bars
    case .cloud: WordCloud(title, rowTitle: rowTitle, valueTitle: valueTitle, words: words)
    }
  }

  private var bars: any Chart {
    series.count > 1
      ? CrossChart(title, rowTitle: rowTitle, series: series, rows: rows, layout: .grouped, hasTotal: false)
      : BarChart(title, rowTitle: rowTitle, valueTitle: valueTitle, bars: words, isWide: true)
  }
}
