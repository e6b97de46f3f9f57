import Documents
import Federation
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Markup
import Records
import Store
import WebSupport

/// The web site of one federation.
public struct Site: Sendable {
  let installation: Installation
  let files: StaticFiles
  let cookies: SiteCookies
  /// What lays out PDF files; without it pages offer none.
  let compiler: TypstCompiler?
  private let isSecure: Bool
  private let proxies: TrustedProxies
  /// What may be added from any page, each by those who may write there.
  private var addable: [(area: Area, action: PageAction)] = []

  /// - Parameters:
  ///   - isSecure: the site is reached by https.
  ///   - proxies: those whose word is taken for where a request comes from.
  public init(
    _ installation: Installation, files: StaticFiles, isSecure: Bool, proxies: TrustedProxies = .local, compiler: TypstCompiler? = nil
  ) {
    self.installation = installation
    self.files = files
    self.isSecure = isSecure
    self.proxies = proxies
    self.compiler = compiler.flatMap { $0.isInstalled ? $0 : nil }
    cookies = SiteCookies(isSecure: isSecure)
    addable = recordPages.filter { !$0.isPart }.map {
      ($0.area, PageAction($0.words.new, $0.place.icon, $0.path.appending("nouveau"), opensDialog: $0.more != nil))
    }
  }

  /// The server, ready to run.
  /// - Parameter whenRunning: called once with the port it listens on.
  public func application(
    host: String, port: Int, logger: Logger, whenRunning: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> some ApplicationProtocol {
    Application(
      router: router(), configuration: .init(address: .hostname(host, port: port)),
      onServerRunning: { channel in whenRunning(channel.localAddress?.port ?? port) }, logger: logger)
  }

  /// The route table shows who may enter: everybody, people signed in, and then by area.
  func router() -> Router<SiteContext> {
    let router = Router(context: SiteContext.self, options: [.autoGenerateHeadEndpoints])
    router.add(middleware: SecurityHeaders(isSecure: isSecure))
    router.add(middleware: ErrorMiddleware(site: self))
    router.get("sante") { _, _ in try await health() }
    router.get("assets/{name}") { request, context in try files.response(context.parameters.require("name"), request) }

    CalendarFeedSection(site: self).add(to: router.group())

    let people = router.group().add(middleware: SessionMiddleware(accounts: installation.accounts, cookies: cookies))
      .add(middleware: ProgramMiddleware(site: self))
    SignInSection(site: self).add(to: people)
    LinkSection(site: self).add(to: people)
    CodeSection(site: self).add(to: people)
    PasskeySection(site: self).add(to: people)
    PublicContactSection(site: self).add(to: people)
    UnsubscriptionSection(site: self).add(to: people)
    PublicSheetSection(site: self).add(to: people)
    PublicInvitationSection(site: self).add(to: people)
    // With everything around it that a page has, the session too: what `make bench` compares pages with.
    people.get("robots.txt") { _, _ in Response.robots }
    people.get("/") { _, context in Response.seeOther(context.session.map { home(of: $0) } ?? "/connexion") }

    let entered = people.group(context: SignedInContext.self)
    SignOutSection(site: self).add(to: entered)
    AccountSection(site: self).add(to: entered)
    SecondFactorSection(site: self).add(to: entered)
    OwnPasskeysSection(site: self).add(to: entered)
    OwnFeedSection(site: self).add(to: entered)
    ProgramKeySection(site: self).add(to: entered)
    let members = entered.group().add(middleware: EnrolmentMiddleware())
    RoleSection(site: self).add(to: members)
    StructuresSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .directory)))
    StructureMapSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .directory)))
    PeopleSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .directory)))
    OrganisationsSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .directory)))
    successionParts.add(to: members.group().add(middleware: AreaMiddleware(area: .directory)))
    stateParts.add(to: members.group().add(middleware: AreaMiddleware(area: .directory)))
    followerParts.add(to: members.group().add(middleware: AreaMiddleware(area: .directory)))
    consentParts.add(to: members.group().add(middleware: AreaMiddleware(area: .directory)))
    PersonalDataSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .personalData)))
    contactParts.add(to: members.group().add(middleware: AreaMiddleware(area: .directory)))
    TerritoriesSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .directory)))
    ExchangesSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .exchanges)))
    ReceivedMailsSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .exchanges, verb: .write)))
    FirstContactsSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .firstContacts)))
    FirstContactsSection(site: self).addWriting(
      to: members.group().add(middleware: AreaMiddleware(area: .firstContacts, verb: .write)))
    LettersSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .letters)))
    LettersSection(site: self).addWriting(to: members.group().add(middleware: AreaMiddleware(area: .letters, verb: .write)))
    MeetingsSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .meetings)))
    MeetingsSection(site: self).addWriting(to: members.group().add(middleware: AreaMiddleware(area: .meetings, verb: .write)))
    FacilitationsSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .facilitations)))
    FacilitationsSection(site: self).addWriting(
      to: members.group().add(middleware: AreaMiddleware(area: .facilitations, verb: .write)))
    OwnSpaceSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .ownFacilitations)))
    VolunteeringSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .volunteering)))
    VolunteeringSection(site: self).addWriting(to: members.group().add(middleware: AreaMiddleware(area: .volunteering, verb: .write)))
    VolunteeringSection(site: self).addClosing(to: members.group().add(middleware: AreaMiddleware(area: .volunteering, verb: .publish)))
    ExpensesSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .expenses)))
    ExpensesSection(site: self).addWriting(to: members.group().add(middleware: AreaMiddleware(area: .expenses, verb: .write)))
    ExpensesSection(site: self).addDeciding(to: members.group().add(middleware: AreaMiddleware(area: .expenses, verb: .publish)))
    CommissionsSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .directory)))
    CommissionsSection(site: self).addWriting(to: members.group().add(middleware: AreaMiddleware(area: .directory, verb: .write)))
    ProgrammesSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .directory)))
    ProgrammesSection(site: self).addWriting(to: members.group().add(middleware: AreaMiddleware(area: .directory, verb: .write)))
    QuestionsSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .questions)))
    QuestionsSection(site: self).addWriting(to: members.group().add(middleware: AreaMiddleware(area: .questions, verb: .write)))
    QuestionsSection(site: self).addAnswering(to: members.group().add(middleware: AreaMiddleware(area: .questions, verb: .publish)))
    ReadingsSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .readings)))
    ReadingsSection(site: self).addWriting(to: members.group().add(middleware: AreaMiddleware(area: .readings, verb: .write)))
    IntroductionList(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .directory)))
    for pages in recordPages {
      let writers = members.group().add(middleware: AreaMiddleware(area: pages.area, verb: .write))
      pages.add(to: writers)
      if !pages.batched.isEmpty { BatchSection(pages: pages).add(to: writers) }
      if pages.isMerged {
        DuplicatesSection(pages: pages).add(to: writers)
        MergeSection(pages: pages).add(to: writers)
      }
    }
    BinSection(site: self).add(to: members)
    QualitySection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .directory, verb: .write)))
    SheetReviewsSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .directory, verb: .write)))
    SuggestionsSection(site: self).add(to: members)
    ViewsSection(site: self).add(to: members)
    SearchSection(site: self).add(to: members)
    AttachmentsSection(site: self).add(to: members)
    CommentsSection(site: self).add(to: members)
    NoticesSection(site: self).add(to: members)
    let tasks = members.group().add(middleware: AreaMiddleware(area: .tasks))
    DaySection(site: self).add(to: tasks)
    TasksSection(site: self).add(to: tasks)
    PortfolioSection(site: self).add(to: tasks)
    PortfolioSection(site: self).addManaging(to: members.group().add(middleware: AreaMiddleware(area: .portfolios)))
    let figures = members.group().add(middleware: AreaMiddleware(area: .figures))
    FiguresSection(site: self).add(to: figures)
    BoardSheetSection(site: self).add(to: figures)
    ReportSection(site: self).add(to: figures)
    EditionsSection(site: self).add(to: figures)
    TargetsSection(site: self).add(to: figures)
    DepartmentsSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .sheets)))
    DepartmentFileSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .exchanges)))
    DraftSection(site: self).add(to: figures)
    DraftSection(site: self).addWriting(to: figures.group().add(middleware: AreaMiddleware(area: .figures, verb: .write)))
    PublicationSection(site: self).add(to: figures.group().add(middleware: AreaMiddleware(area: .figures, verb: .publish)))
    ErasureSection(site: self).add(to: figures.group().add(middleware: AreaMiddleware(area: .figures, verb: .publish)))
    AccountsSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .accounts)))
    ImportsSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .imports, verb: .write)))
    RightsSection(site: self).add(to: members.group().add(middleware: AreaMiddleware(area: .rights)))
    // Whatever does not exist does not say so to somebody who has not signed in.
    for path: RouterPath in [
      "**", "structures/{id}/**", "echanges/{id}/**", "taches/{id}/**", "personnes/{id}/**", "organisations/{id}/**", "rapports/{year}/**",
      "comptes/{id}/**", "rapports/{year}/editions", "rapports/{year}/editions/{number}/**", "vues/{id}/**", "imports/{id}/**",
      "contacts/{id}/**", "etapes/{id}/**", "successions/{id}/**",
      "territoires/{id}/**", "pieces/{id}/**", "commentaires/{id}/**", "notifications/{id}/**", "blocs/{id}/**", "cibles/{id}/**",
      "departements/{code}/**",
      "passations/{id}/**", "suivis/{id}/**", "premiers-contacts/{id}/**", "facilitations/{id}/**", "facilitateurs/{id}/**",
      "comptes-rendus/{id}/**",
      "decisions/{id}/**", "consentements/{id}/**", "courriels/{id}/**", "courriels-recus/{id}/**", "modeles-courriels/{id}/**",
      "donnees-personnelles/{id}/**", "seances/{id}/**", "dossiers/{id}/**", "programmes/{id}/**", "inscriptions/{id}/**",
      "seances-programme/{id}/**", "mises-en-relation/{id}/**", "relectures/{id}/**", "questions/{id}/**",
      "remarques-relecture/{id}/**", "mon-espace/**",
      "heures/{id}/**", "benevoles/{id}/**", "benevolat/{year}/**", "frais/{id}/**", "remboursements/{id}/**", "abandons-frais/{year}/**",
    ] {
      members.get(path) { _, _ -> Response in throw HTTPError(.notFound) }
    }
    return router
  }

  private func health() async throws -> String {
    _ = try await installation.database.read { try $0.value("SELECT 1", as: Int.self) }
    return "ok\n"
  }

  /// The kinds of records that people make and change in the browser.
  var recordPages: [RecordPages] {
    [
      exchangePages, taskPages, structurePages, statePages, followerPages, successionPages, personPages, organisationPages, contactPages,
      consentPages, processingPages, territoryPages, firstContactPages, facilitatorPages, facilitationPages, sittingPages,
      commissionFilePages, programmePages, enrolmentPages, workshopPages, introductionPages, readingPages, remarkPages, questionPages,
      hoursPages, expensePages, meetingPages, decisionPages, letterTemplatePages,
      reportBlockPages,
      targetPages,
    ]
  }

  /// The lists whose addresses people keep as views.
  static let lists = [
    StructureList.words, TransitionList.words, HeadcountList.words, CommuneList.words, ExchangeList.words, PersonList.words,
    OrganisationList.words, TypeChangeList.words, OpenedSiteList.words, FirstContactList.words, FacilitationList.words,
    FacilitatorList.words, MeetingList.words, DecisionList.words, CommissionSittingList.words, CommissionFileList.words,
    ProgrammeList.words, WorkshopList.words, IntroductionList.words, ReadingList.words, QuestionList.words, HoursList.words,
    ExpenseList.words,
  ]

  /// Where an exchange is noted.
  static let noting: Link = "/echanges/nouveau"

  /// What the account may add from any page.
  func additions(for account: Account) -> [PageAction] {
    addable.filter { account.role.scope(.write, $0.area) != .none }.map(\.action)
  }

  /// Where a request comes from.
  func origin(of request: Request, _ context: SiteContext) -> Origin {
    Origin(
      client: proxies.client(forwarded: request.headers, peer: context.peer),
      browser: request.headers[.userAgent].flatMap(BrowserName.plain))
  }

  /// The first page that a role opens: that of the day for those who work in it.
  func home(of session: Session) -> Link {
    let areas = session.account.role.areas
    if areas.contains(.tasks) { return "/aujourdhui" }
    if areas.contains(.ownFacilitations) { return "/mon-espace" }
    if areas.contains(.directory) { return "/structures" }
    if areas.contains(.questions) { return "/questions" }
    return areas.contains(.accounts) ? "/comptes" : areas.contains(.sheets) ? "/departements" : Self.waitingRoom
  }

  /// The page of the roles that open none yet.
  static let waitingRoom: Link = "/accueil"

  /// A page of the house around `content`.
  /// - Parameters:
  ///   - subject: what an exchange that is added from here is about, as items of its form.
  ///   - words: what the search of the header holds.
  ///   - shortcuts: parts of the page that a phone reaches with a thumb.
  func page(
    _ title: String, at place: Place?, _ content: HTML, _ frame: Frame, about subject: [(String, String)] = [], messages: [Message] = [],
    searching words: String = "", shortcuts: [NavigationGroup.Item] = [], status: HTTPResponse.Status = .ok
  ) -> Response {
    let account = frame.session.account
    var layout = Layout(
      title: title, organisation: frame.federation, navigation: Place.navigation(current: place, for: account.role, year: frame.year),
      user: SignedInUser(
        name: account.name, role: account.role.label, csrf: frame.session.csrf, profile: "/compte",
        otherRoles: account.roles.filter { $0 != account.role }.map { CodedLabel($0.rawValue, $0.label) },
        unread: account.role.isStaff ? frame.session.unread : nil),
      search: account.role.areas.isSubset(of: [.ownFacilitations, .expenses, .questions]) ? nil : Layout.Search(value: words),
      additions: additions(for: account).map { addition in
        var addition = addition
        if addition.link == Self.noting { addition.link = Link(Self.noting, query: subject) }
        return addition
      }, messages: frame.news + messages, theme: frame.theme)
    layout.answersForm = frame.answersForm
    layout.shortcuts = shortcuts
    return .page(layout.html(content), status: status)
  }

  /// What a form of the session's own pages sent.
  /// - Throws: `StaleForm` when it is not one of them.
  func form(_ request: Request, _ context: SignedInContext) async throws -> FormItems {
    let form = try await request.form()
    guard !request.isFromElsewhere, form["csrf"] == context.session.csrf else {
      throw StaleForm(held: request.isFromElsewhere ? nil : HeldForm(request, form))
    }
    return form
  }

  /// Reads the database for a page, with what every page needs beside it.
  func read<Value: Sendable>(
    _ request: Request, _ context: SignedInContext, _ work: @escaping @Sendable (any Connection, Frame) throws -> Value
  ) async throws -> (Value, Frame) {
    try await read(request, context.session, work)
  }

  func read<Value: Sendable>(
    _ request: Request, _ session: Session, _ work: @escaping @Sendable (any Connection, Frame) throws -> Value
  ) async throws -> (Value, Frame) {
    let (theme, now, answersForm) = (request.theme, installation.now, request.method == .post)
    let (items, path) = (request.queryItems, request.uri.path)
    return try await installation.database.read { connection in
      let preferences = try Preferences(connection)
      let settings = preferences.settings
      let today = settings.today(now())
      let frame = Frame(
        session: session, federation: settings.text(.federationName, on: today), today: today,
        zone: settings.timeZone(now()), settings: settings, departments: settings.departments(on: today), lists: preferences.lists,
        theme: theme,
        answersForm: answersForm,
        news: try changeNews(items, csrf: session.csrf) + Receipt.news(items, on: path, for: session.account, connection))
      return (try work(connection, frame), frame)
    }
  }
}
