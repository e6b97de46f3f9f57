import Drawing
import Federation
import Markup
import Records
import Store
import WebSupport

/// What the page draws of a figure, chosen by its shape: bars for one dimension, split bars for two, columns or lines over the years.
enum FigureDrawing: String, CaseIterable, Sendable {
  case parts
  case years = "annees"

  /// What addresses call it.
  static let parameter = "graphique"

  var label: String { self == .parts ? "Par ventilation" : "Par an" }
}

extension FigureReading {
  /// - Parameters:
  ///   - form: of one dimension; bars where it does not suit.
  ///   - links: none in files.
  func chart(_ drawing: FigureDrawing, _ form: FigureForm, _ links: RecordLinks?) -> (any Chart)? {
    if drawing == .years { return yearsChart(links) }
    if parts.isEmpty { return nil }
    if names.count == 2 { return crossingChart(links) }
    return partsChart(links).chart(form)
  }

  /// The forms in which the parts may be drawn.
  var forms: [FigureForm] { names.count == 1 && !parts.isEmpty ? partsChart(nil).forms : [.bars] }

  /// Why the parts are not drawn in a form that was asked for.
  func excuse(_ drawing: FigureDrawing, _ form: FigureForm) -> String? {
    drawing == .parts && names.count == 1 && !parts.isEmpty ? partsChart(nil).excuse(form) : nil
  }

  /// The parts, each beside what it was a year before where the page compares.
  private func partsChart(_ links: RecordLinks?) -> PartsChart {
    let (present, past) = (Self.byCode(parts), Self.byCode(formerParts))
    let dimension = names[0].dimension
    let isCompared = formerQuery != nil && !formerParts.isEmpty
    let codes = isCompared ? names[0].ordered(Set((parts + formerParts).compactMap(\.codes.first))) : self.codes(0)
    let periods = [query] + (isCompared ? [formerQuery].compactMap(\.self) : [])
    return PartsChart(
      title: "\(figure.label) par \(dimension.phrase), \(query.period.phrase(isState: figure.isState))", rowTitle: dimension.label,
      valueTitle: figure.isShare ? "Part" : figure.unit.capitalizedFirst,
      series: periods.map { $0.period.heading(isState: figure.isState) },
      rows: codes.map { code in
        let filter = Filter(dimension.code, code)
        let now = ChartValue(part: present[code], of: total, link: links?(query, filter))
        guard isCompared, let formerQuery else { return .init(names[0].label(code), [now]) }
        return .init(
          names[0].label(code), [now, ChartValue(part: past[code], of: former ?? total, link: links?(formerQuery, filter))])
      }, isRatio: figure.isRatio)
  }

  /// Parts of a whole stand one after the other, others one under the other.
  private func crossingChart(_ links: RecordLinks?) -> CrossChart {
    let (rows, columns) = (names[0], names[1])
    let columnCodes = codes(1)
    let values = Dictionary(parts.map { ($0.codes, $0) }, uniquingKeysWith: { first, _ in first })
    let title = "\(figure.label) par \(rows.dimension.phrase) et \(columns.dimension.phrase)"
    return CrossChart(
      "\(title), \(query.period.phrase(isState: figure.isState))", rowTitle: rows.dimension.label, series: columnCodes.map(columns.label),
      rows: codes(0).map { code in
        let row = Filter(rows.dimension.code, code)
        return CrossChart.Row(
          rows.label(code),
          columnCodes.map { other in
            ChartValue(part: values[[code, other]], of: total, link: links?(query, row, Filter(columns.dimension.code, other)))
          }, total: margins[0][code].map { ChartValue($0, link: links?(query, row), beside: total) } ?? ChartValue(nil))
      }, layout: addsUp ? .stacked : .grouped)
  }

  /// The same figure over the years, split by the first dimension when it has few values.
  private func yearsChart(_ links: RecordLinks?) -> any Chart {
    let years = self.years.drop { $0.total.isNothing && $0.parts.isEmpty }
    let columns = years.map { year in
      ColumnChart.Column(year.query.period.name, [ChartValue(year.total, link: links?(year.query))])
    }
    // A mean over the years is no pile of anything.
    if figure.isRatio { return LineChart("\(figure.label) par an", series: [figure.label], columns: columns) }
    let codes = names.first.map { names in names.ordered(Set(years.flatMap { $0.parts.keys })) } ?? []
    guard let names = names.first, codes.count <= 6 else {
      return ColumnChart("\(figure.label) par an", series: [figure.label], columns: columns, isWide: true)
    }
    let title = "\(figure.label) par an et par \(names.dimension.phrase)"
    // The total on top is the figure itself, for the parts may overlap.
    let split = years.map { year in
      ColumnChart.Column(
        year.query.period.name,
        codes.map { code in
          ChartValue(part: year.parts[code], of: year.total, link: links?(year.query, Filter(names.dimension.code, code)))
        }, total: ChartValue(year.total, link: links?(year.query)))
    }
    // Parts that overlap make no whole either: a line for each.
    guard !years.contains(where: \.hasOverlaps) else { return LineChart(title, series: codes.map(names.label), columns: split) }
    return ColumnChart(title, series: codes.map(names.label), columns: split, isWide: true)
  }
}
