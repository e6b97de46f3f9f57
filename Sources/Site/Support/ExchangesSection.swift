import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/echanges` and the page of one exchange.
struct ExchangesSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    ExchangeList(site: site).add(to: routes)
    routes.get("echanges/{id}", use: show)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let id = Identifier<Exchange>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let (found, frame) = try await site.read(request, context) { connection, frame in
      try ExchangeSheet(id, for: frame.session.account, connection).map { sheet in
        var page = Self.page(sheet, frame)
        page.tasks = TaskList.card(
          sheet.tasks.count > 1 ? "Prochaines étapes" : "Prochaine étape", sheet.tasks, on: .exchange(id), showsTeams: false, frame)
        let margin = try site.margin(of: id.rawValue, kind: "echanges", frame, connection)
        (page.files, page.comments) = (margin.files, margin.comments)
        return (
          page: page, asking: Link.facilitationRequest(after: sheet), introducing: Link.introduction(after: sheet),
          questioning: Link.question(after: sheet)
        )
      }
    }
    guard let found else { throw HTTPError(.notFound) }
    var page = found.page
    page.actions = site.exchangePages.actions(id.rawValue, frame)
    if frame.session.account.role.scope(.write, .directory) == .all, let introducing = found.introducing {
      page.actions.insert(PageAction("Mettre en relation", .link, introducing), at: 0)
    }
    if frame.session.account.role.scope(.write, .questions) == .all, let questioning = found.questioning {
      page.actions.append(PageAction("Poser à un expert", .information, questioning))
    }
    if frame.session.account.role.scope(.write, .facilitations) == .all {
      page.actions.insert(PageAction("Demander une facilitation", .facilitation, found.asking), at: 0)
    }
    return site.page(
      page.heading ?? "Échange", at: .exchanges, page.html(), frame, messages: Receipt.messages(request, csrf: frame.session.csrf))
  }

  private static func page(_ sheet: ExchangeSheet, _ frame: Frame) -> ExchangePage {
    let (lists, opensPeople) = (frame.lists, frame.session.account.role.areas.contains(.directory))
    let exchange = sheet.summary
    let year = Link("/echanges", query: [("annee", String(exchange.date.year))])
    return ExchangePage(
      breadcrumb: Breadcrumb(
        [LinkedText("Échanges", "/echanges"), LinkedText(String(exchange.date.year), year)],
        current: exchange.heading ?? French.day(exchange.date.description)),
      heading: exchange.heading, date: exchange.date.description, channel: lists.coded(exchange.channel),
      minutes: exchange.minutes, author: exchange.author,
      reference: exchange.reference, declaredNew: exchange.declaredNew,
      note: exchange.subject == exchange.heading ? nil : exchange.subject,
      visibility: exchange.isConfidential ? French.typeset(Visibility.whoReads) : lists.label(Visibility.team),
      isConfidential: exchange.isConfidential,
      themes: exchange.themes.map { LinkedText(lists.label(of: $0, in: .theme), year.adding("theme", $0)) },
      natures: exchange.natures.map { LinkedText(lists.label(of: $0, in: .nature), year.adding("nature", $0)) },
      teams: exchange.teams.map { team in
        ExchangePage.Team(
          name: team.name, link: .structure(team.id), type: lists.coded(team.type), place: team.commune)
      },
      organisations: sheet.organisations.map { LinkedText($0) },
      introductions: sheet.introductions.map { introduction in
        LinkedText(introduction.words, frame.session.account.role.scope(.write, .directory) == .all ? .introduction(introduction.id) : nil)
      },
      people: sheet.people.map { person in LinkedText(person.name, opensPeople ? person.id.map { .person($0) } : nil) })
  }
}
