import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/seances`: the sittings of the commissions (SUP-10).
struct CommissionSittingList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "seances", title: "Commissions", sentence: "Les séances, leurs dossiers et les avis rendus.", place: .commissions,
    area: .directory,
    filters: "Filtrer les séances", search: "Équipe présentée", one: "séance", many: "séances", everything: "Toutes",
    unmatched: "Aucune séance ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> NamedList {
    NamedList(Self.words, request, menus: ["commission": .commission], sortKeys: ["date"], sort: "-date", frame)
  }

  func content(
    _ question: NamedList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<CommissionSittingListing.Row> {
    let listing = try CommissionSittingListing(
      commissions: question.values("commission"), search: question.asked.search, descending: question.asked.isDescending, offset: offset,
      limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: NamedList, _ frame: Frame) -> ListColumns<CommissionSittingListing.Row> {
    let lists = frame.lists
    typealias Column = ListColumn<CommissionSittingListing.Row>
    let columns: [Column] = [
      Column.day("date", "Date") { $0.date.description },
      Column("seance", "Séance", isTitle: true) {
        XLSX.Cell(lists.label(of: $0.commission, in: .commission))
      } html: { row in
        """
        <a href="\(Link.sitting(row.id))">\(lists.label(of: row.commission, in: .commission))</a>\
        <small>\(row.department ?? "Toute la région")</small>
        """
      },
      Column.text("departement", "Département") { $0.department },
      Column.day("depot", "Dépôt avant le", class: "p2 n", sorts: false, missing: "–") { $0.filingDeadline?.description },
      Column("dossiers", "Dossiers", class: "n") {
        XLSX.Cell($0.files.all)
      } html: { row in
        HTML(text: String(row.files.all))
      },
      Column("favorables", "Avis favorables", class: "p2 n") {
        XLSX.Cell($0.files.favourable)
      } html: { row in
        HTML(text: row.files.judged == 0 ? "–" : "\(row.files.favourable) sur \(row.files.judged)")
      },
      Column.text("lieu", "Lieu ou visio") { $0.place }, Column.text("reference", "Référence") { $0.reference },
    ]
    return ListColumns(columns, usual: ["date", "seance", "depot", "dossiers", "favorables"])
  }

  func id(_ row: CommissionSittingListing.Row) -> Int64 { row.id.rawValue }

  func name(_ row: CommissionSittingListing.Row) -> String { row.reference }

  func detail(_ question: NamedList, _ frame: Frame) -> HTML {
    "<p>\(Self.words.sentence) \(LinkedText("Tous les dossiers de l’année", Link("/dossiers", query: [("annee", String(frame.year))])).html)</p>"
  }

  func nothing(
    _ question: NamedList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered
      ? nil
      : EmptyState(
        "Aucune séance pour l’instant", "Notez la prochaine séance et sa date limite de dépôt, puis les dossiers que vous y présentez.",
        action: frame.session.account.role.scope(.write, .directory) == .all ? LinkedText("Nouvelle séance", "/seances/nouveau") : nil)
  }
}

/// `/dossiers`: the files behind the figures of commissions.
struct CommissionFileList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "dossiers", title: "Dossiers de commission", sentence: "Chaque dossier, au jour de sa séance.", place: .commissions,
    area: .directory, filters: "Filtrer les dossiers", search: "Équipe", one: "dossier", many: "dossiers", everything: "Tous",
    unmatched: "Aucun dossier ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> RecordList {
    try RecordList(
      Self.words.path, request, of: "commissions.files", period: Period(year: frame.year),
      sortKeys: CommissionFileListing.Order.allCases.map(\.rawValue), sort: "-seance",
      menus: ["avis", "commission", "departement", "territoire", "type", "accompagnee"], hasYears: true, for: frame.session.account.role,
      site.installation.model, frame.lists, connection)
  }

  func content(
    _ question: RecordList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<CommissionFileSummary> {
    let listing = try CommissionFileListing(
      question.query, search: question.asked.search, order: CommissionFileListing.Order(rawValue: question.asked.sortKey) ?? .date,
      descending: question.asked.isDescending, offset: offset, limit: limit, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total))
  }

  func columns(_ question: RecordList, _ frame: Frame) -> ListColumns<CommissionFileSummary> {
    let lists = frame.lists
    typealias Column = ListColumn<CommissionFileSummary>
    let columns: [Column] = [
      Column.day("seance", "Séance") { $0.date.description },
      Column("nom", "Équipe", sorts: true, isTitle: true) {
        XLSX.Cell($0.team.name)
      } html: { row in
        """
        <a href="\(Link.structure(row.team.id))">\(row.team.name)</a>\
        <small><a href="\(Link.sitting(row.sitting))">\(lists.label(of: row.commission, in: .commission))</a></small>
        """
      },
      Column.text("commission", "Commission") { lists.label(of: $0.commission, in: .commission) },
      Column("avis", "Avis") {
        XLSX.Cell($0.opinion.map { lists.label($0) })
      } html: {
        CommissionWords.badge($0.opinion, lists)
      },
      Column.day("favorable_le", "Avis favorable le", class: "p2 n", sorts: false, missing: "–") { $0.recognisedOn?.description },
      Column.day("depose_le", "Déposé le", class: "p3 n", sorts: false, missing: "–") { $0.filedOn?.description },
      Column.text("accompagnee", "Accompagnée avant", class: "p3") { $0.isSupported ? "Oui" : "Non" },
      Column.text("departement", "Département") { $0.team.department },
      Column.text("motif", "Réserves ou motif") { $0.reason }, Column.text("reference", "Référence") { $0.reference },
    ]
    return ListColumns(columns, usual: ["seance", "nom", "avis", "favorable_le", "depose_le", "accompagnee"])
  }

  func id(_ row: CommissionFileSummary) -> Int64 { row.id.rawValue }

  func name(_ row: CommissionFileSummary) -> String { row.team.name }

  func detail(_ question: RecordList, _ frame: Frame) -> HTML {
    "<p>\(Self.words.sentence) \(LinkedText("Toutes les séances", "/seances").html)</p>"
  }

  func nothing(
    _ question: RecordList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered
      ? nil
      : EmptyState(
        "Aucun dossier cette année", "Un dossier s’ajoute sur la page de sa séance. Voyez aussi les autres années.",
        action: LinkedText("Toutes les séances", "/seances"))
  }
}
