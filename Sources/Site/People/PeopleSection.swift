import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/personnes`: the people of the directory, and the page of each.
struct PeopleSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    PersonList(site: site).add(to: routes)
    routes.get("personnes/{id}", use: show)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let id = Identifier<Person>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let (found, frame) = try await site.read(request, context) { connection, frame in
      try PersonSheet(id, for: frame.session.account, connection).map { sheet in
        (sheet: sheet, comments: try site.margin(of: id.rawValue, kind: "personnes", frame, connection).comments)
      }
    }
    guard let (sheet, comments) = found else { throw try await site.gone(id) }
    let lists = frame.lists
    var actions = site.personPages.actions(id.rawValue, frame)
    if let writing = site.personPages.letterAction(id.rawValue, frame) { actions.insert(writing, at: 0) }
    if frame.session.account.role.scope(.write, .exchanges) == .all {
      let noting = Link(Site.noting, query: [("personnes", sheet.reference)])
      actions.insert(PageAction("Ajouter un échange", .add, noting, isPrincipal: true, opensDialog: true), at: 0)
    }
    if frame.session.account.role.scope(.read, .personalData) == .all {
      actions.append(PageAction(DossierPage.title, .person, Link.person(id).appending("donnees")))
    }
    if frame.session.account.role.areas.contains(.volunteering) {
      actions.append(PageAction("Heures bénévoles", .clock, .volunteer(id, frame.year)))
    }
    let consents = ConsentsCard(
      person: sheet.reference, consents: sheet.consents, lists: lists,
      writes: frame.session.account.role.scope(.write, .directory) == .all)
    let functions: [HTML] = sheet.functions.map { function in
      """
      <li><div class="corps">\(LinkedText(function.team, .structure(function.structure)).html)\
      <small>\(lists.label(of: function.function, in: .function)), \(Self.dates(function.since, function.through))</small></div></li>

      """
    }
    let returned = sheet.unreachableSince.map { "les courriels en reviennent depuis le \(French.day($0.description))" }
    let email = sheet.email.map { [LinkedText($0, Link(email: $0), note: returned)] } ?? []
    let facts = Facts([
      .init("Profession", sheet.profession.map { lists.label(of: $0, in: .profession) }), .init("Commune", sheet.commune),
      .init("Courriel", email),
      .init("Téléphone", sheet.phone, sheet.phone.flatMap(Link.init(phone:))), .init("RPPS", sheet.rpps),
      .init("Référence", sheet.reference),
    ])
    let content: HTML = """
      \(Breadcrumb([LinkedText("Personnes", "/personnes")], current: sheet.name).html)
      \(PageHeader(sheet.name, detail: "<p>\(sheet.profession.map { lists.label(of: $0, in: .profession) } ?? "Profession non renseignée")</p>", actions: actions).html)
      <div class="duo"><div class="pile">\(Card("fonctions", "Fonctions", functions.isEmpty ? "<p class=\"note\">Aucune fonction connue.</p>" : "<ul class=\"liste\">\(functions)</ul>").html)\
      \(ExchangesCard(exchanges: sheet.exchanges, lists: lists, isShown: frame.session.account.role.areas.contains(.exchanges)).html)\(comments)</div>\
      <div class="pile">\(Card("fiche", "Fiche", facts.html).html)\(consents.html)</div></div>
      """
    return site.page(
      sheet.name, at: .people, content, frame, about: [("personnes", sheet.reference)],
      messages: Receipt.messages(request, csrf: frame.session.csrf))
  }

  static func dates(_ since: CivilDate?, _ through: CivilDate?) -> String {
    let start = since.map { "depuis le \(French.day($0.description))" }
    let end = through.map { "jusqu’au \(French.day($0.description))" }
    let words = [start, end].compactMap(\.self).joined(separator: ", ")
    return words.isEmpty ? "sans date" : words
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
      <li><div class="corps"><a class="titre" href="\(Link.exchange(exchange.id))">\(exchange.heading ?? "Échange")</a>\
      \(exchange.isConfidential ? Badge.confidential : .empty)\
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
        .init("nom"), .init("prenom"), .init("profession", empty: "Profession non renseignée"), .init("courriel"), .init("telephone"),
        .init("commune", help: "Commencez son nom, ou donnez son code INSEE."), .init("rpps"),
        .init("structures", label: "Membre de quelles équipes ?"),
        .init("reference", help: "Celle de la fédération ; laissée vide, elle est donnée."),
      ],
      isMerged: true,
      batched: [.init("profession", label: "Profession"), .init("structures", label: "Équipes")], cells: ["profession"],
      selected: { request, frame, connection in try PersonList(site: self).selected(request, frame, connection) })
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
        .init("code_postal"), .init("commune", help: "Commencez son nom, ou donnez son code INSEE."),
        .init("reference", help: "Celle de la fédération ; laissée vide, elle est donnée."),
      ],
      isMerged: true,
      batched: [.init("nature", label: "Nature")], cells: ["nature"],
      selected: { request, frame, connection in try OrganisationList(site: self).selected(request, frame, connection) })
  }
}
