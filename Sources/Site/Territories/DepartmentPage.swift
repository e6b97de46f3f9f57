import Drawing
import Federation
import Markup
import Records
import Store
import WebSupport

/// The sheet of a département as people read it; its parts stand on paper too.
struct DepartmentPage: Sendable {
  let sheet: DepartmentSheet
  let outline: DepartmentOutlines.Outline?
  let frame: Frame
  let warning: String?
  let hasPaper: Bool
  /// Whether the file for a meeting is open to the reader.
  let opensFile: Bool

  var title: String { "\(sheet.name) (\(sheet.code))" }
  var warnings: [Message] { warning.map { [Message(.warning, $0)] } ?? [] }

  /// « au 31 déc. 2025 », for what is a state.
  var dated: String { sheet.period.phrase(isState: true) }
  var formerly: String { sheet.period.previous.phrase(isState: true) }

  private var own: Link { .department(sheet.code) }

  private func list(_ reading: DepartmentSheet.Reading, _ more: [Filter] = []) -> Link? {
    (try? FigureQuery(reading.query.figure, reading.query.period, where: reading.query.filters + more)).flatMap { frame.records($0) }
  }

  // MARK: - Numbers

  var cards: [KeyFigure] {
    let people = sheet.population.value.share
    return [
      KeyFigure(
        "Habitants", value: people.map { French.number($0.denominator) } ?? French.unknown, link: nil, note: "Insee, populations de 2017"),
      card("Structures", sheet.structures), card("Professionnels des structures", sheet.professionals),
      card("Habitants couverts par une CPTS", sheet.population), card("Communes couvertes par une CPTS", sheet.communes),
      card("Équipes accompagnées", sheet.supported), card("Échanges", sheet.exchanges), card("Nouvelles équipes", sheet.newTeams),
    ]
  }

  private func card(_ label: String, _ reading: DepartmentSheet.Reading) -> KeyFigure {
    let hasRecords = reading.value.source == nil && reading.value.value != nil
    return KeyFigure(
      label, value: reading.value.text, link: hasRecords ? list(reading) : nil,
      trend: Trend(reading.value, since: reading.former, in: sheet.period.previous), note: reading.value.note)
  }

  private static let kinds: [(label: String, types: [StructureType])] = [
    ("MSP", [.msp]), ("ESP, ESP-CLAP", [.esp, .espClap]), ("CdS", [.cds]), ("CPTS", [.cpts]),
  ]

  private static let situations: [(label: String, code: String)] = [
    ("En projet", Situation.projet.rawValue), ("Hors ACI", Situation.horsACI.rawValue), ("ACI", Situation.aci.rawValue),
    ("En fonction", Situation.fonctionnement.rawValue),
  ]

  /// The total counts teams without a dated stage too: they have a column where there are any.
  private var situations: [(label: String, code: String)] {
    let unknown = ReferenceValue.unknown.code
    let without = sheet.kinds.sum([Filter("situation", unknown)]).value ?? 0
    return Self.situations + (without == 0 ? [] : [(label: French.unknown, code: unknown)])
  }

  var structures: FigureTable {
    let situations = self.situations
    func row(_ label: String, _ types: [StructureType]) -> FigureTable.Row {
      let filters = types.map { Filter("type", $0.rawValue) }
      func cell(_ more: [Filter]) -> LinkedText {
        LinkedText(cell: sheet.kinds.sum(filters + more), list(sheet.structures, filters + more), beside: sheet.structures.value)
      }
      let cells = situations.map { cell([Filter("situation", $0.code)]) }
      return FigureTable.Row(LinkedText(label), cells + [cell([]), change(filters)])
    }
    return FigureTable(
      "Structures par type et situation, \(dated)", rowTitle: "Type",
      columns: situations.map(\.label) + ["Total", "Sur un an"], rows: Self.kinds.map { row($0.label, $0.types) },
      total: row("Ensemble", []))
  }

  /// Since a year before; nobody knows it where one of the two is not known.
  private func change(_ filters: [Filter]) -> LinkedText {
    guard let now = sheet.kinds.sum(filters).value, let before = sheet.formerKinds.sum(filters).value else {
      return LinkedText(French.unknown)
    }
    return LinkedText(now == before ? "Stable" : French.signed(now - before))
  }

  /// What teams entered in the period, the stages of the rail before the marks.
  var transitions: FigureTable? {
    let parts = FigureReading.byCode(sheet.transitions.parts)
    let former = FigureReading.byCode(sheet.transitions.formerParts)
    let known = frame.lists.values(of: Stage.list) + frame.lists.values(of: Facet.list)
    let rows = known.filter { parts[$0.code] != nil || former[$0.code] != nil }.map { entry -> FigureTable.Row in
      let value = parts[entry.code] ?? .nothing(in: sheet.transitions.value.manner)
      return FigureTable.Row(
        LinkedText(entry.label),
        [
          LinkedText(cell: value, list(sheet.transitions, [Filter("vers", entry.code)]), beside: sheet.transitions.value),
          LinkedText(former[entry.code]?.text ?? "0"),
        ])
    }
    guard !rows.isEmpty else { return nil }
    return FigureTable(
      "Étapes franchies, \(sheet.period.phrase(isState: false))", rowTitle: "Entrée dans", columns: ["Équipes", "Un an avant"], rows: rows)
  }

  var stageDays: String? {
    guard sheet.stageDays.value.value != nil else { return nil }
    return "Durée médiane entre deux étapes\u{A0}: \(sheet.stageDays.value.text)\u{A0}jours."
  }

  /// The themes of the exchanges, the most frequent first.
  var themes: BarChart? {
    let named = sheet.exchanges.parts.filter { $0.codes.first != ReferenceValue.unknown.code && !$0.isNothing }
      .sorted { ($1.value ?? 0, $0.codes[0]) < ($0.value ?? 0, $1.codes[0]) }
    guard !named.isEmpty else { return nil }
    return BarChart(
      "De quoi les équipes ont parlé, \(sheet.period.phrase(isState: false))", rowTitle: "Thème", valueTitle: "Échanges",
      bars: named.map { value in
        .init(
          frame.lists.label(of: value.codes[0], in: .theme),
          ChartValue(value, link: list(sheet.exchanges, [Filter("theme", value.codes[0])])))
      })
  }

  func growth(isWide: Bool) -> ColumnChart {
    let isPartOfYear = ![.year, .upToDay].contains(sheet.period.form)
    let columns = sheet.years.map { year -> ColumnChart.Column in
      let values = FigureReading.byCode(year.values)
      let day = year.query.period.through
      return ColumnChart.Column(
        isPartOfYear && day == sheet.period.through ? French.day(day.description) : year.query.period.name,
        Self.kinds.map { kind in
          let known = kind.types.compactMap { values[$0.rawValue] }
          let narrowed = kind.types.map { Filter("type", $0.rawValue) }
          let query = try? FigureQuery(year.query.figure, year.query.period, where: year.query.filters + narrowed)
          return ChartValue(
            part: known.isEmpty ? nil : FigureValue.sum(in: sheet.structures.value.manner, known), of: year.whole,
            link: query.flatMap { frame.records($0) })
        })
    }
    return ColumnChart(
      "Structures, de \(sheet.period.year - 4) à \(sheet.period.year)", series: Self.kinds.map(\.label), columns: columns,
      isWide: isWide)
  }

  var map: PointMap {
    let lines = (outline?.lines ?? []).map { line in
      line.map { DepartmentMap.Position(longitude: $0.longitude, latitude: $0.latitude) }
    }
    let points = sheet.teams.compactMap { team -> PointMap.Point? in
      team.position.map { place in
        PointMap.Point(
          "\(team.name) (\(words(team)))", team.shape, team.fill, at: .init(longitude: place.longitude, latitude: place.latitude),
          link: opensTeams ? .structure(team.id) : nil)
      }
    }
    let area = PointMap.Area(
      sheet.name, outline: lines, share: nil, note: nil, sentence: French.plural(sheet.teams.count, "équipe", "équipes"), link: nil)
    var map = PointMap("\(sheet.name)\u{A0}: les équipes de la liste, et les communes couvertes", areas: [area], points: points)
    map.dots = sheet.covered.map { .init(longitude: $0.longitude, latitude: $0.latitude) }
    map.showsNames = false
    map.width = 440
    return map
  }

  private func words(_ team: MappedStructure) -> String {
    [frame.lists.label(team.type), team.situation.map { frame.lists.label($0) }, team.commune].compactMap(\.self).joined(separator: ", ")
  }

  /// By type, then by name.
  var teams: [MappedStructure] {
    let order = Dictionary(StructureType.allCases.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    return sheet.teams.enumerated().sorted { left, right in
      (order[left.element.type] ?? 0, left.offset) < (order[right.element.type] ?? 0, right.offset)
    }.map(\.element)
  }

  private static let coveredKey: HTML = """
    <div class="cles-carte"><ul class="legende"><li><svg viewBox="0 0 10 10" aria-hidden="true">\
    <circle class="s3" fill-opacity="0.3" cx="5" cy="5" r="3"/></svg>commune couverte par une CPTS</li></ul></div>
    """

  var sources: String {
    """
    Couverture\u{A0}: habitants et communes qu’au moins une CPTS revendique, chacun compté une fois. \
    \(frame.settings.coverageBasis(on: sheet.period.through)) Populations de 2017 (Insee). Fond de carte\u{A0}: IGN, INSEE, DILA, Licence Ouverte 2.0.
    """
  }

  // MARK: - Page

  var html: HTML {
    let targets = TargetsPage(progress: sheet.targets, day: sheet.period.through, frame: frame, warning: nil, years: [], asked: [])
    let structures: HTML = "<div class=\"pile\">\(structures.html)\(growth(isWide: true).html)</div>"
    return """
      \(Breadcrumb([LinkedText("Départements", "/departements")], current: title).html)
      \(PageHeader(title, detail: "<p>Fiche du département, \(sheet.period.phrase(isState: false)).</p>", actions: actions).html)
      \(years)
      \(KeyFigure.row(cards))
      \(Card("structures", "Structures", structures).html)
      <div class="duo"><div class="pile">\(Card("etapes", "Ce qui a changé", changes).html)\
      \(sheet.targets.isEmpty ? .empty : Card("cibles", "Cibles", targets.table).html)\(list)</div>
      <div class="pile"><section class="carte atlas" aria-labelledby="t-carte"><h2 class="sr" id="t-carte">Carte</h2>
      \(map.html)\(StructureMap.legend(.plain, most: 0))\(Self.coveredKey)</section>\
      \(themes.map { Card("themes", "Échanges", $0.html).html })</div></div>
      <p class="note">\(sources)</p>
      """
  }

  private var actions: [PageAction] {
    let period = sheet.period.item(isState: false)
    let paper = Link(own.appending("fiche.pdf"), query: [period])
    let here = [sheet.period.item(isState: true), ("departement", sheet.code)]
    let opens = opensTeams
    return (hasPaper ? [PageAction.pdf(paper)] : [])
      + (opensFile ? [PageAction("Préparer une réunion", .governance, .departmentFile(sheet.code))] : [])
      + (opens ? [PageAction("Voir la carte", .map, Link("/carte", query: here))] : [])
  }

  /// Years, then what of the chosen one has begun.
  private var years: HTML {
    let (year, form) = (sheet.period.year, sheet.period.form)
    let isYear = form == .year || form == .upToDay
    let all = stride(from: frame.year, through: max(frame.year - 9, 1900), by: -1).map { other in
      Tabs.Tab(String(other), own.setting("annee", String(other)), isCurrent: isYear && other == year)
    }
    let quarters = (1...4).map { Period(quarter: $0, of: year) }.filter { $0.from <= frame.today }
    let parts =
      [Tabs.Tab("Toute l’année \(year)", own.setting("annee", String(year)), isCurrent: isYear)]
      + quarters.map { Tabs.Tab($0.name, own.setting("periode", $0.label), isCurrent: $0.from == sheet.period.from && !isYear) }
    return "\(Tabs("Années", all).html)\(Tabs("Périodes", parts).html)"
  }

  private var changes: HTML {
    let nothing: HTML = "<p class=\"note\">Aucune étape franchie dans la période.</p>"
    let days: HTML = stageDays.map { "<p>\($0)</p>" } ?? .empty
    return "<div class=\"pile\">\(transitions?.html ?? nothing)\(days)</div>"
  }

  private var opensTeams: Bool { frame.records.opens("structures") }

  private var list: HTML {
    let rows = teams.map { team -> HTML in
      """
      <tr><th scope="row">\(Badge.type(frame.lists.coded(team.type), beside: team.name))\(LinkedText(team.name, opensTeams ? .structure(team.id) : nil).html)</th>\
      <td>\(Badge.situation(team.situation.map { frame.lists.coded($0) }))</td><td class="p2">\(team.commune ?? French.unknown)</td></tr>

      """
    }
    let table = DataTable(
      "Structures, \(dated)", columns: [.init("Structure"), .init("Situation"), .init("Commune", class: "p2")], rows: rows)
    let count = French.plural(rows.count, "structure", "structures")
    let all = self.list(sheet.structures).map { LinkedText(count, $0).html } ?? HTML(text: count)
    let none: HTML = "<p class=\"note\">Aucune structure.</p>"
    return Card("liste", "Les structures", aside: all, rows.isEmpty ? none : table.html).html
  }
}
