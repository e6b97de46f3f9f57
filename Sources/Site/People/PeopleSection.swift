import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/personnes`: the people of the directory, and the page of each.
struct PeopleSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("personnes", use: list)
    for format in TableFileFormat.allCases {
      routes.get("personnes.\(format.rawValue)") { request, context in try await export(request, context, as: format) }
    }
    routes.get("personnes/{id}", use: show)
  }

  @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let ((html, messages), frame) = try await site.read(request, context) { connection, frame in
      let list = Self.namedList(request, frame.lists)
      let listing = try Self.listing(list, frame, offset: list.offset, limit: NamedList.pageSize, connection)
      let facets = [
        list.facet("profession", .profession, frame.lists), list.facet("fonction", .function, frame.lists),
      ]
      let html = try list.frame(
        "Filtrer les personnes", facets: facets, shown: listing.rows.count, total: listing.total,
        result: French.plural(listing.total, "personne", "personnes")
      ).html(
        "Personnes", sentence: "Professionnels, coordinations et partenaires connus de la fédération.",
        columns: [.init("Personne"), .init("Fonctions"), .init("Commune", class: "p3"), .init("Contact", class: "p2")],
        rows: listing.rows.map { row($0, frame.lists) },
        empty: EmptyState("Aucune personne pour l’instant", "Ajoutez-en une, ou importez le fichier des personnes."),
        unmatched: "Aucune personne ne correspond")
      return (html, list.messages)
    }
    let receipts = Receipt.messages(request, path: "/personnes", csrf: frame.session.csrf)
    return site.page("Personnes", at: .people, html, frame, messages: messages + receipts)
  }

  private static func namedList(_ request: Request, _ lists: ReferenceLists) -> NamedList {
    NamedList("/personnes", request, facets: ["profession": .profession, "fonction": .function], lists)
  }

  private static func listing(
    _ list: NamedList, _ frame: Frame, offset: Int, limit: Int, _ connection: any Connection
  ) throws -> PersonListing {
    try PersonListing(
      search: list.search, professions: list.values("profession"), functions: list.values("fonction"), on: frame.today, offset: offset,
      limit: limit, connection)
  }

  /// All rows of the list as it is shown, not only those of the page.
  private func export(_ request: Request, _ context: SignedInContext, as format: TableFileFormat) async throws -> Response {
    let (rows, frame) = try await site.read(request, context) { connection, frame in
      let list = try Self.namedList(request, frame.lists).checkedForFile()
      let lists = frame.lists
      return try Self.listing(list, frame, offset: 0, limit: 1_000_000, connection).rows.map { row in
        [
          XLSX.Cell(row.reference), XLSX.Cell(row.name), XLSX.Cell(row.profession.map { lists.label(of: $0, in: .profession) }),
          XLSX.Cell(row.functions.map { "\(lists.label(of: $0.function, in: .function)), \($0.team)" }.joined(separator: "|")),
          XLSX.Cell(row.commune), XLSX.Cell(row.phone), XLSX.Cell(row.email),
        ]
      }
    }
    let header = ["Référence", "Nom", "Profession", "Fonctions", "Commune", "Téléphone", "Courriel"]
    return try await format.download("personnes-\(frame.today)", title: "Personnes", header: header, rows: rows)
  }

  private func row(_ row: PersonListing.Row, _ lists: ReferenceLists) -> HTML {
    let functions = row.functions.map { LinkedText("\(lists.label(of: $0.function, in: .function)), \($0.team)", .structure($0.structure)) }
    return """
      <tr><th scope="row"><a href="\(Link.person(row.id))">\(row.name)</a>\
      <small>\(row.profession.map { lists.label(of: $0, in: .profession) } ?? "Profession non renseignée")</small></th>\
      <td>\(functions.isEmpty ? "Aucune" : "\(each: functions, separator: "<br>", \.html)")</td>\
      <td class="p3">\(row.commune ?? French.unknown)</td>\
      <td class="p2">\(Contacts(phone: row.phone, email: row.email).html)</td></tr>

      """
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let id = Identifier<Person>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let (sheet, frame) = try await site.read(request, context) { connection, frame in
      try PersonSheet(id, for: frame.session.account, connection)
    }
    guard let sheet else { throw HTTPError(.notFound) }
    let lists = frame.lists
    var actions = site.personPages.actions(id.rawValue, frame)
    if frame.session.account.role.scope(.write, .exchanges) == .all {
      let noting = Link("/echanges/nouveau", query: [("personnes", sheet.reference)])
      actions.insert(PageAction("Ajouter un échange", .add, noting, isPrincipal: true, opensDialog: true), at: 0)
    }
    let functions: [HTML] = sheet.functions.map { function in
      """
      <li><div class="corps">\(LinkedText(function.team, .structure(function.structure)).html)\
      <small>\(lists.label(of: function.function, in: .function)), \(Self.dates(function.since, function.through))</small></div></li>

      """
    }
    let facts = Facts([
      .init("Profession", sheet.profession.map { lists.label(of: $0, in: .profession) }), .init("Commune", sheet.commune),
      .init("Courriel", sheet.email, sheet.email.flatMap(Link.init(email:))),
      .init("Téléphone", sheet.phone, sheet.phone.flatMap(Link.init(phone:))), .init("RPPS", sheet.rpps),
      .init("Référence", sheet.reference),
    ])
    let content: HTML = """
      \(Breadcrumb([LinkedText("Personnes", "/personnes")], current: sheet.name).html)
      \(PageHeader(sheet.name, detail: "<p>\(sheet.profession.map { lists.label(of: $0, in: .profession) } ?? "Profession non renseignée")</p>", actions: actions).html)
      <div class="duo"><div class="pile">\(Card("fonctions", "Fonctions", functions.isEmpty ? "<p class=\"note\">Aucune fonction connue.</p>" : "<ul class=\"liste\">\(functions)</ul>").html)\
      \(ExchangesCard(exchanges: sheet.exchanges, lists: lists, isShown: frame.session.account.role.areas.contains(.exchanges)).html)</div>\
      <div class="pile">\(Card("fiche", "Fiche", facts.html).html)</div></div>
      """
    return site.page(sheet.name, at: .people, content, frame, messages: Receipt.messages(request))
  }

  static func dates(_ since: CivilDate?, _ through: CivilDate?) -> String {
    let start = since.map { "depuis le \(French.day($0.description))" }
    let end = through.map { "jusqu’au \(French.day($0.description))" }
    let words = [start, end].compactMap(\.self).joined(separator: ", ")
    return words.isEmpty ? "sans date" : words
  }
}

/// How one reaches somebody, in one cell.
struct Contacts {
  let phone: String?
  let email: String?

  var html: HTML {
    let lines = [
      phone.map { LinkedText($0, Link(phone: $0)) }, email.map { LinkedText($0, Link(email: $0)) },
    ].compactMap(\.self)
    return lines.isEmpty ? HTML(text: French.unknown) : "\(each: lines, separator: "<br>", \.html)"
  }
}

/// The latest exchanges with somebody.
struct ExchangesCard {
  let exchanges: [ExchangeSummary]
  let lists: ReferenceLists
  let isShown: Bool

  var html: HTML {
    guard isShown else { return .empty }
    let rows: [HTML] = exchanges.map { exchange in
      """
      <li><div class="corps"><a class="titre" href="\(Link.exchange(exchange.id))">\(exchange.subject ?? "Échange")</a>\
      <small>\(French.day(exchange.date.description)), \(lists.label(exchange.channel))\
      \(exchange.author.map { ", \($0)" } ?? "")</small></div></li>

      """
    }
    let content: HTML = rows.isEmpty ? "<p class=\"note\">Aucun échange visible pour vous.</p>" : "<ul class=\"liste\">\(rows)</ul>"
    return Card("echanges", "Derniers échanges", content).html
  }
}

extension Link {
  static func person(_ id: Identifier<Person>) -> Link { "/personnes/\(id.description)" }
  static func organisation(_ id: Identifier<Organisation>) -> Link { "/organisations/\(id.description)" }
}

extension Site {
  /// Making a person, and changing them.
  var personPages: RecordPages {
    RecordPages(
      site: self, kind: "personnes", path: "/personnes", place: .people, area: .directory,
      words: RecordWords(list: "Personnes", new: "Nouvelle personne", change: "Modifier la personne") { entries in
        [entries["prenom"], entries["nom"]].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
      },
      layouts: [
        .init("nom"), .init("prenom"), .init("profession"), .init("courriel"), .init("telephone"),
        .init("commune", help: "Nom ou code INSEE."), .init("rpps"),
        .init("structures", label: "Membre de quelles équipes ?"),
        .init("reference", help: "Celle de la fédération ; laissée vide, elle est donnée."),
      ])
  }

  /// Making an organisation, and changing it.
  var organisationPages: RecordPages {
    RecordPages(
      site: self, kind: "organisations", path: "/organisations", place: .organisations, area: .directory,
      words: RecordWords(list: "Organisations", new: "Nouvelle organisation", change: "Modifier l’organisation") {
        $0["nom", default: "Organisation"]
      },
      layouts: [
        .init("nom", isWide: true), .init("nature"), .init("courriel"), .init("telephone"),
        .init("departements", label: "Départements suivis", help: "Numéros ou noms, séparés par une virgule."), .init("adresse"),
        .init("code_postal"), .init("commune", help: "Nom ou code INSEE."),
        .init("reference", help: "Celle de la fédération ; laissée vide, elle est donnée."),
      ])
  }
}
