import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/organisations`: whom the federation works with, and the page of each.
struct OrganisationsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("organisations", use: list)
    for format in TableFileFormat.allCases {
      routes.get("organisations.\(format.rawValue)") { request, context in try await export(request, context, as: format) }
    }
    routes.get("organisations/{id}", use: show)
  }

  @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let ((html, messages), frame) = try await site.read(request, context) { connection, frame in
      let list = Self.namedList(request, frame.lists)
      let listing = try OrganisationListing(
        search: list.search, natures: list.values("nature"), offset: list.offset, limit: NamedList.pageSize, connection)
      let html = try list.frame(
        "Filtrer les organisations", facets: [list.facet("nature", .organisationNature, frame.lists)], shown: listing.rows.count,
        total: listing.total, result: French.plural(listing.total, "organisation", "organisations")
      ).html(
        "Organisations", sentence: "ARS, Assurance maladie, collectivités, écoles\u{A0}: celles avec qui la fédération travaille.",
        columns: [.init("Organisation"), .init("Commune", class: "p3"), .init("Contact", class: "p2")],
        rows: listing.rows.map { row($0, frame.lists) },
        empty: EmptyState("Aucune organisation pour l’instant", "Ajoutez-en une, ou importez le fichier des organisations."),
        unmatched: "Aucune organisation ne correspond")
      return (html, list.messages)
    }
    let receipts = Receipt.messages(request, path: "/organisations", csrf: frame.session.csrf)
    return site.page("Organisations", at: .organisations, html, frame, messages: messages + receipts)
  }

  private static func namedList(_ request: Request, _ lists: ReferenceLists) -> NamedList {
    NamedList("/organisations", request, facets: ["nature": .organisationNature], lists)
  }

  /// All rows of the list as it is shown, not only those of the page.
  private func export(_ request: Request, _ context: SignedInContext, as format: TableFileFormat) async throws -> Response {
    let (rows, frame) = try await site.read(request, context) { connection, frame in
      let list = try Self.namedList(request, frame.lists).checkedForFile()
      let listing = try OrganisationListing(
        search: list.search, natures: list.values("nature"), offset: 0, limit: 1_000_000, connection)
      return listing.rows.map { row in
        [
          XLSX.Cell(row.name), XLSX.Cell(frame.lists.label(of: row.nature, in: .organisationNature)), XLSX.Cell(row.commune),
          XLSX.Cell(row.phone), XLSX.Cell(row.email),
        ]
      }
    }
    let header = ["Nom", "Nature", "Commune", "Téléphone", "Courriel"]
    return try await format.download("organisations-\(frame.today)", title: "Organisations", header: header, rows: rows)
  }

  private func row(_ row: OrganisationListing.Row, _ lists: ReferenceLists) -> HTML {
    """
    <tr><th scope="row"><a href="\(Link.organisation(row.id))">\(row.name)</a>\
    <small>\(lists.label(of: row.nature, in: .organisationNature))</small></th>\
    <td class="p3">\(row.commune ?? French.unknown)</td><td class="p2">\(Contacts(phone: row.phone, email: row.email).html)</td></tr>

    """
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let id = Identifier<Organisation>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let (sheet, frame) = try await site.read(request, context) { connection, frame in
      try OrganisationSheet(id, for: frame.session.account, connection)
    }
    guard let sheet else { throw HTTPError(.notFound) }
    let lists = frame.lists
    let contacts: [HTML] = sheet.contacts.map { contact in
      """
      <li><div class="corps"><span>\(contact.person)</span><small>\(lists.label(of: contact.function, in: .organisationFunction)), \
      \(PeopleSection.dates(contact.since, contact.through))</small></div></li>

      """
    }
    let place = [sheet.address, [sheet.postcode, sheet.commune].compactMap(\.self).joined(separator: " ")].compactMap(\.self)
    let facts = Facts([
      .init("Nature", lists.label(of: sheet.nature, in: .organisationNature)),
      .init("Départements", sheet.departments.joined(separator: ", ")),
      .init("Adresse", place.filter { !$0.isEmpty }.joined(separator: ", ")),
      .init("Courriel", sheet.email, sheet.email.flatMap(Link.init(email:))),
      .init("Téléphone", sheet.phone, sheet.phone.flatMap(Link.init(phone:))), .init("Référence", sheet.reference),
    ])
    let content: HTML = """
      \(Breadcrumb([LinkedText("Organisations", "/organisations")], current: sheet.name).html)
      \(PageHeader(sheet.name, detail: "<p>\(lists.label(of: sheet.nature, in: .organisationNature))</p>", actions: site.organisationPages.actions(id.rawValue, frame)).html)
      <div class="duo"><div class="pile">\(Card("contacts", "Contacts", contacts.isEmpty ? "<p class=\"note\">Aucun contact connu.</p>" : "<ul class=\"liste\">\(contacts)</ul>").html)\
      \(ExchangesCard(exchanges: sheet.exchanges, lists: lists, isShown: frame.session.account.role.areas.contains(.exchanges)).html)</div>\
      <div class="pile">\(Card("fiche", "Fiche", facts.html).html)</div></div>
      """
    return site.page(sheet.name, at: .organisations, content, frame, messages: Receipt.messages(request))
  }
}
