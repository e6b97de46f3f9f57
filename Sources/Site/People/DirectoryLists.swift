import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/personnes`: the people of the directory.
struct PersonList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "personnes", title: "Personnes", sentence: "Professionnels, coordinations et partenaires connus de la fédération.",
    place: .people, area: .directory, filters: "Filtrer les personnes", search: "Nom", one: "personne", many: "personnes",
    everything: "Toutes", unmatched: "Aucune personne ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> NamedList {
    NamedList(Self.words, request, menus: ["profession": .profession, "fonction": .function, "qualite": PersonQuality.list], frame)
  }

  func content(
    _ question: NamedList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<PersonListing.Row> {
    let listing = try PersonListing(
      search: question.asked.search, professions: question.values("profession"), functions: question.values("fonction"),
      quality: question.values("qualite"),
      on: frame.today, descending: question.asked.isDescending, seek: seek, offset: offset, limit: limit,
      countingTo: ListAddress.mostCounted, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total, countedTo: ListAddress.mostCounted))
  }

  func columns(_ question: NamedList, _ frame: Frame) -> ListColumns<PersonListing.Row> {
    let lists = frame.lists
    typealias Column = ListColumn<PersonListing.Row>
    let who: [Column] = [
      Column.text("reference", "Référence") { $0.reference },
      Column("nom", "Personne", inFile: "Nom", sorts: true, isTitle: true) {
        XLSX.Cell($0.name)
      } html: {
        title($0, frame)
      },
      Column.text("profession", "Profession") { $0.profession.map { lists.label(of: $0, in: .profession) } },
      Column("fonctions", "Fonctions") {
        XLSX.Cell($0.functions.map { Self.words(of: $0, lists) }.joined(separator: "|"))
      } html: {
        Self.functions($0, lists)
      },
    ]
    return ListColumns(
      who + [Column.text("commune", "Commune", class: "p3") { $0.commune }] + Column.contacts(phone: { $0.phone }, email: { $0.email }),
      usual: ["nom", "fonctions", "commune", "telephone", "courriel"])
  }

  private func title(_ row: PersonListing.Row, _ frame: Frame) -> HTML {
    let profession = row.profession.map { frame.lists.label(of: $0, in: .profession) } ?? "Profession non renseignée"
    return """
      <a href="\(Link.person(row.id))">\(row.name)</a>\
      <small>\(site.personPages.cell("profession", "Profession", of: row.id, profession, frame))</small>
      """
  }

  private static func words(of function: PersonFunction, _ lists: ReferenceLists) -> String {
    "\(lists.label(of: function.function, in: .function)), \(function.team)"
  }

  private static func functions(_ row: PersonListing.Row, _ lists: ReferenceLists) -> HTML {
    let functions = row.functions.map { LinkedText(words(of: $0, lists), .structure($0.structure)) }
    return functions.isEmpty ? "Aucune" : "\(each: functions, separator: "<br>", \.html)"
  }

  func id(_ row: PersonListing.Row) -> Int64 { row.id.rawValue }

  var pages: RecordPages? { site.personPages }

  func detail(_ question: NamedList, _ frame: Frame) -> HTML {
    "<p>\(Self.words.sentence) \(site.personPages.duplicatesLink(frame))</p>"
  }

  func name(_ row: PersonListing.Row) -> String { row.name }

  func seeks(_ question: NamedList) -> Bool { true }

  func nothing(
    _ question: NamedList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered ? nil : EmptyState("Aucune personne pour l’instant", "Ajoutez-en une, ou importez le fichier des personnes.")
  }
}

/// `/organisations`: whom the federation works with.
struct OrganisationList: SiteList {
  let site: Site

  static let words = ListWords(
    name: "organisations", title: "Organisations",
    sentence: "ARS, Assurance maladie, collectivités, écoles\u{A0}: celles avec qui la fédération travaille.", place: .organisations,
    area: .directory, filters: "Filtrer les organisations", search: "Nom", one: "organisation", many: "organisations",
    everything: "Toutes", unmatched: "Aucune organisation ne correspond")

  func question(_ request: Request, _ frame: Frame, _ connection: any Connection) throws -> NamedList {
    NamedList(Self.words, request, menus: ["nature": .organisationNature], frame)
  }

  func content(
    _ question: NamedList, seek: ListSeek?, offset: Int, limit: Int, _ frame: Frame, _ connection: any Connection
  ) throws -> ListContent<OrganisationListing.Row> {
    let listing = try OrganisationListing(
      search: question.asked.search, natures: question.values("nature"), descending: question.asked.isDescending, seek: seek,
      offset: offset, limit: limit, countingTo: ListAddress.mostCounted, connection)
    return ListContent(rows: listing.rows, total: ListTotal(listing.total, countedTo: ListAddress.mostCounted))
  }

  func columns(_ question: NamedList, _ frame: Frame) -> ListColumns<OrganisationListing.Row> {
    let lists = frame.lists
    typealias Column = ListColumn<OrganisationListing.Row>
    let what: [Column] = [
      Column("nom", "Organisation", inFile: "Nom", sorts: true, isTitle: true) {
        XLSX.Cell($0.name)
      } html: { row in
        let nature = lists.label(of: row.nature, in: .organisationNature)
        return """
          <a href="\(Link.organisation(row.id))">\(row.name)</a>\
          <small>\(site.organisationPages.cell("nature", "Nature", of: row.id, nature, frame))</small>
          """
      },
      Column.text("nature", "Nature") { lists.label(of: $0.nature, in: .organisationNature) },
      Column.text("commune", "Commune", class: "p3") { $0.commune },
    ]
    return ListColumns(
      what + Column.contacts(phone: { $0.phone }, email: { $0.email }) + [Column.text("reference", "Référence") { $0.reference }],
      usual: ["nom", "commune", "telephone", "courriel"])
  }

  func id(_ row: OrganisationListing.Row) -> Int64 { row.id.rawValue }

  var pages: RecordPages? { site.organisationPages }

  func detail(_ question: NamedList, _ frame: Frame) -> HTML {
    "<p>\(Self.words.sentence) \(site.organisationPages.duplicatesLink(frame))</p>"
  }

  func name(_ row: OrganisationListing.Row) -> String { row.name }

  func seeks(_ question: NamedList) -> Bool { true }

  func nothing(
    _ question: NamedList, isFiltered: Bool, _ frame: Frame, _ connection: any Connection
  ) throws -> EmptyState? {
    isFiltered ? nil : EmptyState("Aucune organisation pour l’instant", "Ajoutez-en une, ou importez le fichier des organisations.")
  }
}

extension ListColumn {
  /// How one reaches somebody.
  static func contacts(phone: @escaping @Sendable (Row) -> String?, email: @escaping @Sendable (Row) -> String?) -> [ListColumn] {
    [
      ListColumn("telephone", "Téléphone", class: "p3") { row in
        XLSX.Cell(phone(row))
      } html: { row in
        phone(row).map { LinkedText($0, Link(phone: $0)).html } ?? HTML(text: French.unknown)
      },
      ListColumn("courriel", "Courriel", class: "p2") { row in
        XLSX.Cell(email(row))
      } html: { row in
        email(row).map { LinkedText($0, Link(email: $0)).html } ?? HTML(text: French.unknown)
      },
    ]
  }
}
