import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// The lists of teams, of their transitions, of their professionals and of the communes covered, and the page of one structure.
struct StructuresSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    StructureList(site: site).add(to: routes)
    TransitionList(site: site).add(to: routes)
    HeadcountList(site: site).add(to: routes)
    CommuneList(site: site).add(to: routes)
    TypeChangeList(site: site).add(to: routes)
    OpenedSiteList(site: site).add(to: routes)
    routes.get("structures/{id}", use: show)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let id = Identifier<Structure>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let showsExchanges = context.session.account.role.areas.contains(.exchanges)
    let showsHistory = request.uri.queryParameters["o"] == "etapes" || !showsExchanges
    let before = request.uri.queryParameters["avant"].flatMap { CivilDate(iso: String($0)) }
    let (page, frame) = try await site.read(request, context) { connection, frame -> StructurePage? in
      guard let sheet = try StructureSheet(id, for: frame.session.account, asOf: frame.today, connection) else { return nil }
      let (exchanges, older) =
        showsHistory ? ([], nil) : try Self.wholeDays(with: id, for: frame.session.account, before: before, connection)
      let writes = try frame.session.account.mayWrite(.directory, id.rawValue, connection)
      var page = StructurePageBuilder(
        sheet: sheet, lists: frame.lists, today: frame.today, showsExchanges: showsExchanges, writes: writes, before: before,
        saysFollower: frame.session.account.role.scope(.write, .portfolios) == .all
      ).page(exchanges: exchanges, older: older, showsHistory: showsHistory)
      page.people = sheet.members.map { member in
        let words =
          member.functions.map { frame.lists.label(of: $0, in: .function) }
          + [member.profession.map { frame.lists.label(of: $0, in: .profession) }].compactMap(\.self)
        return .init(name: member.name, link: .person(member.person), note: words.joined(separator: ", "))
      }
      page.tasks = TaskList.card("À faire", sheet.tasks, on: .structure(id), showsTeams: false, frame)
      page.facilitations = FacilitationWords.card(sheet, frame)
      page.programmes = ProgrammeWords.card(sheet, writes: frame.session.account.role.scope(.write, .directory) == .all, frame)
      page.introductions = IntroductionWords.card(sheet, writes: frame.session.account.role.scope(.write, .directory) == .all, frame)
      page.readings = ReadingWords.card(sheet, frame)
      page.commissions = CommissionWords.card(sheet, frame)
      page.notices += [SuccessionCard.notice(sheet.successions, on: frame.today)].compactMap(\.self)
      page.successions = SuccessionCard(team: sheet.reference, successions: sheet.successions, writes: writes).html
      let margin = try site.margin(of: id.rawValue, kind: "structures", frame, connection)
      (page.files, page.comments) = (margin.files, margin.comments)
      return page
    }
    guard var page else { throw try await site.elsewhere(id.rawValue, site.structurePages) }
    page.actions = site.structurePages.actions(id.rawValue, frame)
    if let writing = site.structurePages.letterAction(id.rawValue, frame) { page.actions.insert(writing, at: 0) }
    if context.session.account.role.scope(.write, .exchanges) == .all {
      let noting = Link(Site.noting, query: [("structures", page.reference)])
      page.actions.insert(PageAction("Ajouter un échange", .add, noting, isPrincipal: true, opensDialog: true), at: 0)
    }
    let isSuccession = request.queryItems.contains { $0.name == PartSection.kind && $0.value == "successions" }
    let part: Link = isSuccession ? "/successions" : "/etapes"
    return site.page(
      page.name, at: .structures, page.html(), frame, about: [("structures", page.reference)],
      messages: Receipt.messages(request, path: part, csrf: frame.session.csrf))
  }
}

extension StructuresSection {
  /// About thirty exchanges. A page holds whole days, for the next one is asked by the day before which it begins.
  private static func wholeDays(
    with id: Identifier<Structure>, for reader: Account, before day: CivilDate?, _ connection: any Connection
  ) throws -> (exchanges: [ExchangeSummary], older: CivilDate?) {
    var limit = 31
    var found = try ExchangeSummary.latest(with: id, for: reader, before: day, limit: limit, connection)
    while found.count == limit, found.first?.date == found.last?.date {
      limit *= 2
      found = try ExchangeSummary.latest(with: id, for: reader, before: day, limit: limit, connection)
    }
    guard found.count == limit, let cut = found.last?.date else { return (found, nil) }
    return (found.filter { $0.date > cut }, cut.next)
  }
}

extension Link {
  static func structure(_ id: Identifier<Structure>) -> Link { "/structures/\(id.description)" }
  static func exchange(_ id: Identifier<Exchange>) -> Link { "/echanges/\(id.description)" }
}
