import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/compte`: everybody's own account.
struct AccountSection {
  let site: Site

  /// What has just been done, as the address of the page says it.
  enum Deed: String {
    case password = "mot-de-passe"
    case session
    case codeEnd = "fin-code"
    case feedEnd = "fin-agenda"
    case keyEnd = "fin-cle"
    case passkey = "cle-acces"
    case passkeyName = "nom-cle-acces"
    case passkeyEnd = "fin-cle-acces"
    case notices = "notifications"

    var message: Message {
      switch self {
      case .password: Message(.success, "Votre mot de passe est changé. Vos autres sessions sont fermées.")
      case .session: Message(.success, "La session est fermée.")
      case .codeEnd: Message(.success, "La double authentification est désactivée. Vos autres sessions sont fermées.")
      case .feedEnd: Message(.success, "L’adresse de votre agenda ne répond plus.")
      case .keyEnd: Message(.success, "La clé n’ouvre plus rien.")
      case .passkey: Message(.success, "La clé d’accès est ajoutée. Un courriel vous le confirme.")
      case .passkeyName: Message(.success, "La clé d’accès a un autre nom.")
      case .passkeyEnd: Message(.success, "La clé d’accès est retirée\u{A0}: elle n’ouvre plus rien. Un courriel vous le confirme.")
      case .notices: Message(.success, "Vos choix de notifications sont enregistrés.")
      }
    }

    var link: Link { Link("/compte", query: [("fait", rawValue)]) }
  }

  /// What the page says beside what is so.
  struct News {
    var messages: [Message] = []
    var fault: (field: String, sentence: String)?
    /// Secrets that have just been made, shown this once.
    var recoveryCodes: [String] = []
    var feedAddress: String?
    var programKey: String?
    /// What was typed, when the form comes back.
    var passkeyName: String?
    var status = HTTPResponse.Status.ok
  }

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("compte", use: show)
    routes.post("compte/mot-de-passe", use: changePassword)
    routes.post("compte/sessions/{id}/fin", use: endSession)
    routes.post("compte/sessions/fin", use: endSessions)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let deed = request.queryItems.first { $0.name == "fait" }.flatMap { Deed(rawValue: $0.value) }
    return try await show(request, context.session, News(messages: [deed?.message].compactMap(\.self)))
  }

  @Sendable private func changePassword(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    return try await refusing(request, context) {
      try await site.installation.accounts.changePassword(
        in: context.session, from: form["ancien"], to: form["nouveau"], again: form["encore"])
      return .seeOther(Deed.password.link)
    }
  }

  @Sendable private func endSession(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    guard let id = Identifier<Session>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    // One that has ended meanwhile is what was wanted.
    _ = try await site.installation.accounts.end(id, of: context.session.account.id)
    return .seeOther(Deed.session.link)
  }

  @Sendable private func endSessions(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    try await site.installation.accounts.endSessions(of: context.session.account.id)
    var response = Response.seeOther("/connexion?fait=deconnexion")
    response.setCookie(site.cookies.expired(site.cookies.session))
    return response
  }

  /// Runs what a form of the page asks for; what is refused is said on the page.
  /// - Parameter name: that of a new passkey, for its form.
  func refusing(
    _ request: Request, _ context: SignedInContext, keeping name: String? = nil, _ work: () async throws -> Response
  ) async throws -> Response {
    do {
      return try await work()
    } catch let refusal as FieldRefusal {
      let fault = (refusal.field, French.typeset(refusal.sentence))
      return try await show(request, context.session, News(fault: fault, passkeyName: name, status: .unprocessableContent))
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(refusal.sentence))
      return try await show(request, context.session, News(messages: [message], passkeyName: name, status: .unprocessableContent))
    } catch let error as TooManyAttempts {
      let news = News(messages: [Message(.error, error.sentence)], status: .tooManyRequests)
      return try await show(request, context.session, news).retry(after: error.seconds)
    }
  }

  /// The page; of the session as it is now, when it has just got a fresh secret.
  func show(_ request: Request, _ session: Session, _ news: News) async throws -> Response {
    let (page, frame) = try await site.read(request, session) { [fault = news.fault] connection, frame in
      var page = try content(session, frame, connection)
      page.fault = fault
      page.secondFactor.fault = fault
      page.key.fault = fault
      page.passkeys?.fault = fault
      return page
    }
    var shown = page
    shown.secondFactor.recoveryCodes = news.recoveryCodes
    shown.feed.secret = news.feedAddress
    shown.key.secret = news.programKey
    if let typed = news.passkeyName { shown.passkeys?.typed = typed }
    let duty = session.mustEnrol ? [Self.duty] : []
    return site.page("Mon compte", at: nil, shown.html(), frame, messages: news.messages + duty, status: news.status)
  }

  private static let duty = Message(
    .warning,
    "Votre fédération demande la double authentification à qui administre\u{A0}: activez-la ci-dessous, ou ajoutez une clé d’accès, pour continuer."
  )

  private func content(_ session: Session, _ frame: Frame, _ connection: any Connection) throws -> AccountPage {
    let (account, now) = (session.account, site.installation.now())
    let feed = try PersonalKey.standing(of: account.id, for: .calendar, connection)
    let key = try PersonalKey.standing(of: account.id, for: .programs, connection)
    return AccountPage(
      name: account.name, email: account.email, role: account.role.label,
      otherRoles: account.roles.filter { $0 != account.role }.map(\.label), territory: try account.territoryName(connection),
      sessions: try account.openSessions(at: now, connection).map { open in
        AccountPage.Session(
          browser: open.browser, since: frame.moment(open.since), lastSeen: French.hour(open.lastSeen.date, in: frame.zone),
          isThisOne: open.id == session.id, end: "/compte/sessions/\(open.id.description)/fin")
      }, csrf: session.csrf, mayForgetPassword: session.isFreshByLink,
      secondFactor: SecondFactorCard(
        state: Self.state(try SecondFactor.state(of: account.id, at: now, connection), account, frame),
        mayForgetPassword: session.isFreshByLink, csrf: session.csrf),
      passkeys: try site.installation.accounts.relyingParty.map { party in
        PasskeyCard(
          site: party.id,
          passkeys: try Passkey.all(of: account.id, connection).map {
            .init(id: $0.id.description, name: $0.name, made: frame.moment($0.madeAt), used: $0.usedAt.map(frame.moment))
          }, asksPassword: !session.isFreshByLink, csrf: session.csrf)
      },
      feed: PersonalKeyCard(
        words: .calendar, standing: feed.map { (madeAt: frame.moment($0.madeAt), role: $0.role.label) },
        mayMake: account.role.areas.contains(.tasks), csrf: session.csrf),
      key: PersonalKeyCard(
        words: .programs, asksPassword: !session.isFreshByLink,
        standing: key.map { (madeAt: frame.moment($0.madeAt), role: $0.role.label) }, csrf: session.csrf),
      notices: account.role.isStaff
        ? NoticeChoicesCard(chosen: try NoticeChoice.all(of: account.id, connection), csrf: session.csrf) : nil,
      mayHandOver: account.role.areas.contains(.tasks)
    )
  }

  private static func state(_ state: SecondFactor.State, _ account: Account, _ frame: Frame) -> SecondFactorCard.State {
    switch state {
    case .off: .off
    case .enrolling(let enrolment):
      .enrolling(groups: enrolment.groups, link: Link(timedCode: enrolment.key, issuer: "Maillage", account: account.email))
    case .on(let since, let left, let knowsTelephone):
      .on(since: frame.moment(since), recoveryCodesLeft: left, knowsTelephone: knowsTelephone)
    }
  }
}
