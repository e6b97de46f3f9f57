import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/organisations`: whom the federation works with, and the page of each.
struct OrganisationsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    OrganisationList(site: site).add(to: routes)
    routes.get("organisations/{id}", use: show)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let id = Identifier<Organisation>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let (found, frame) = try await site.read(request, context) { connection, frame in
      try OrganisationSheet(id, for: frame.session.account, connection).map { sheet in
        (sheet: sheet, comments: try site.margin(of: id.rawValue, kind: "organisations", frame, connection).comments)
      }
    }
    guard let (sheet, comments) = found else { throw try await site.elsewhere(id.rawValue, site.organisationPages) }
    let lists = frame.lists
    let writes = frame.session.account.role.scope(.write, .directory) != .none
    let contacts: [HTML] = sheet.contacts.map { contact in
      let change = Link("/contacts").appending(contact.id.description).appending("modifier")
      let way: HTML =
        writes
        ? "<div class=\"fin\"><a href=\"\(change)\">Modifier<span class=\"sr\"> le contact \(contact.person)</span></a></div>" : .empty
      return """
        <li><div class="corps"><a class="titre" href="\(Link.person(contact.personID))">\(contact.person)</a>\
        <small>\(lists.label(of: contact.function, in: .organisationFunction)), \
        \(PeopleSection.dates(contact.since, contact.through))</small></div>\
        \(way)</li>

        """
    }
    let adding = PageAction(
      "Ajouter un contact", .add, Link("/contacts/nouveau", query: [("organisation", sheet.reference)]), opensDialog: true, isSmall: true)
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
      \(PageHeader(sheet.name, detail: "<p>\(lists.label(of: sheet.nature, in: .organisationNature))</p>", actions: [site.organisationPages.letterAction(id.rawValue, frame)].compactMap(\.self) + site.organisationPages.actions(id.rawValue, frame)).html)
      <div class="duo"><div class="pile">\(Card("contacts", "Contacts", aside: writes ? adding.button : .empty, contacts.isEmpty ? "<p class=\"note\">Aucun contact connu.</p>" : "<ul class=\"liste\">\(contacts)</ul>").html)\
      \(ExchangesCard(exchanges: sheet.exchanges, lists: lists, isShown: frame.session.account.role.areas.contains(.exchanges)).html)\(comments)</div>\
      <div class="pile">\(Card("fiche", "Fiche", facts.html).html)</div></div>
      """
    let receipts = Receipt.messages(request, path: "/contacts", csrf: frame.session.csrf)
    return site.page(
      sheet.name, at: .organisations, content, frame, about: [("organisations", sheet.reference)], messages: receipts)
  }
}
