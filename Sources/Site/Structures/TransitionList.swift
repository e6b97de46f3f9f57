import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/etats`: the entries of teams into stages and marks, which the figures of transitions count.
struct TransitionList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "etats", title: "Étapes franchies",
    sentence: "Entrées des équipes dans une étape ou un repère daté\u{A0}: ACI, SISA, locaux…", place: .structures, area: .directory,
    filters: "Filtrer les étapes franchies", search: "Nom, commune ou FINESS", one: "entrée", many: "entrées", everything: "Toutes",
    unmatched: "Aucune étape ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    // Lists of dated facts open on the current year.
    try RecordList(
      Self.words.path, request, of: "structures.transitions", period: Period(year: frame.year),
      sortKeys: StateEntryListing.Order.allCases.map(\.rawValue), sort: "-date",
      menus: ["vers", "de", "type", "departement", "territoire"], hasYears: true, for: frame.session.account.role,
      site.installation.model, frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<StateEntryListing.Row> {
    let listing = try StateEntryListing(
      question.query, search: question.asked.search, order: StateEntryListing.Order(rawValue: question.asked.sortKey) ?? .date,
      descending: question.asked.isDescending, offset: offset, limit: limit, connection)
    let total = ListTotal(listing.total)
    return ListContent(rows: listing.rows, total: total, result: Self.isOfExits(question) ? total.phrase("sortie", "sorties") : nil)
  }

  private static func isOfExits(_ question: RecordList) -> Bool { question.query.figure.id == StateEntryListing.exitFigure }

  func detail(_ question: RecordList, _ frame: Frame) -> HTML {
    Self.isOfExits(question)
      ? "<p>Étapes que des équipes ont quittées, et ACI qui ont pris fin.</p>" : "<p>\(Self.words.sentence)</p>"
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<StateEntryListing.Row> {
    // What the figure is worked out of stands beside its records.
    TransitionColumns(
      lists: frame.lists, showsSteps: question.query.figure.id == StateEntryListing.stepFigure, showsExits: Self.isOfExits(question)
    ).columns
  }

  func id(_ row: StateEntryListing.Row) -> Int64 { row.structure.rawValue }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered ? nil : EmptyState("Aucune étape franchie", "Choisissez une autre année, ou importez les états des structures.")
  }
}

/// What the list of transitions says of one.
struct TransitionColumns: Sendable {
  private typealias Column = ListColumn<StateEntryListing.Row>

  let lists: ReferenceLists
  /// The list is that of the time between two stages.
  let showsSteps: Bool
  /// The list is that of exits.
  var showsExits = false

  var columns: ListColumns<StateEntryListing.Row> {
    let date = Column.day("date", "Date") { $0.date.description }
    let team = TeamColumns(lists: lists).identity { showsSteps ? stepNote($0) : showsExits ? exitNote($0) : nil }
    let entry: [Column] = [
      Column("entree", "Entrée dans") {
        XLSX.Cell($0.targets.map { lists.coded($0).label }.joined(separator: "|"))
      } html: { row in
        "\(each: row.targets, separator: " ", { Badge.stage(lists.coded($0)) })"
      },
      Column.text("note", "Note", class: "p3", missing: "Aucune") { $0.note },
    ]
    let steps = showsSteps ? self.steps : showsExits ? [exit] : []
    return ListColumns([date] + team + entry + steps, usual: ["date", "nom", "entree"] + steps.map(\.name) + ["note"])
  }

  private var steps: [Column] {
    [
      Column("precedente", "Étape précédente", class: "p2") {
        XLSX.Cell($0.step.map { lists.label($0.from) })
      } html: {
        Badge.stage($0.step.map { lists.coded($0.from) })
      },
      Column("duree", "Durée", inFile: "Durée (jours)", class: "p2 n", sorts: true) {
        XLSX.Cell($0.step?.days)
      } html: {
        HTML(text: $0.step.map { French.plural($0.days, "jour", "jours") } ?? French.unknown)
      },
    ]
  }

  private var exit: Column {
    Column("sortie", "Sortie de", class: "p2") {
      XLSX.Cell(exits($0).joined(separator: "|"))
    } html: {
      HTML(text: exits($0).joined(separator: ", "))
    }
  }

  private func exits(_ row: StateEntryListing.Row) -> [String] {
    row.left.map { "\(lists.coded($0.state).label), le \(French.day($0.day.description))" }
  }

  private func exitNote(_ row: StateEntryListing.Row) -> HTML? {
    "<small class=\"repli\">sortie\u{A0}: \(exits(row).joined(separator: ", "))</small>"
  }

  private func stepNote(_ row: StateEntryListing.Row) -> HTML? {
    row.step.map { step in
      """
      <small class="repli">\(French.plural(step.days, "jour", "jours")) après\u{A0}: \(lists.label(step.from))</small>
      """
    }
  }
}

extension ReferenceLists {
  /// A stage or a mark with the federation's own words for it.
  func coded(_ state: StateCode) -> CodedLabel {
    switch state {
    case .stage(let stage): coded(stage)
    case .facet(let facet): coded(facet)
    }
  }
}
