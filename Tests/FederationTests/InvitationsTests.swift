import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

struct InvitationsTests {
  private static let password = "quatre mots bien longs"

  fileprivate struct World: Sendable {
    let installation: Installation
    let clock: MovingClock
    let direction: Account

    var accounts: Accounts { installation.accounts }
    var manager: AccountManager { accounts.manager(direction) }

    /// The text of the latest message, and the secret of its link.
    func mail() async throws -> (to: String, text: String, secret: String) {
      let mail = try #require(try await installation.database.read { try PostedMail.list([.waiting], $0).first }).mail
      let secret = try #require(mail.text.firstMatch(of: /https:\/\/maillage\.exemple\.fr\/lien\/([0-9a-f]{64})\n/))
      return (mail.to[0].address, mail.text, String(secret.1))
    }

    func mailCount() async throws -> Int { try await installation.database.read { try PostedMail.list([.waiting], $0).count } }

    func state(_ id: Identifier<Account>) async throws -> AccountState? {
      try await installation.database.read { try AccountSummary(id, $0)?.state }
    }

    func invite(_ email: String = "camille@exemple.fr", _ role: Role = .chargeMission) async throws -> Identifier<Account> {
      try await manager.invite(.init(email: email, name: "Camille Roussel", role: role))
    }
  }

  private func withWorld(_ engine: Engine, _ body: @Sendable (World) async throws -> Void) async throws {
    let clock = MovingClock()
    try await withInstallation(engine, siteURL: "https://maillage.exemple.fr/", now: { clock.now }) { installation in
      let direction = try await installation.accounts.create(
        email: "odile@exemple.fr", name: "Odile Marchandet", role: .direction, password: Self.password)
      try await body(World(installation: installation, clock: clock, direction: direction))
    }
  }

  @Test(arguments: Engine.allCases) func somebodyInvitedChoosesAPasswordOnce(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let id = try await world.invite(" Camille@Exemple.FR ")
      let mail = try await world.mail()
      #expect(mail.to == "camille@exemple.fr")
      #expect(mail.text.contains("Bonjour Camille Roussel,") && mail.text.contains("Odile Marchandet vous ouvre un accès"))
      #expect(mail.text.contains("jusqu’au 28/11/2026"))
      #expect(try await world.state(id) == .invited)
      // Without a password nobody comes in, not even with none.
      for password in ["", Self.password] {
        #expect(try await world.accounts.signIn(email: "camille@exemple.fr", password: password) == nil)
      }
      guard case .open(.invitation, "Camille Roussel", "camille@exemple.fr") = try await world.accounts.link(mail.secret) else {
        Issue.record("the link is not open")
        return
      }
      let accept = { (password: String, again: String) in
        try await world.accounts.accept(invitation: mail.secret, password: password, again: again, from: .here)
      }
      await #expect(throws: FieldRefusal.self) { try await accept("court", "court") }
      await #expect(throws: FieldRefusal.self) { try await accept(Self.password, Self.password + "x") }
      // An invitation is no sign-in without a password.
      await #expect(throws: LinkRefusal.self) { try await world.accounts.signIn(link: mail.secret, from: .here) }
      let secret = try await accept(Self.password, Self.password).secret
      #expect(try await world.accounts.session(secret: secret)?.account.id == id)
      #expect(try await world.state(id) == .active)
      await #expect(throws: LinkRefusal.self) { try await accept(Self.password, Self.password) }
      guard case .used = try await world.accounts.link(mail.secret) else {
        Issue.record("the link is still open")
        return
      }
      #expect(try await world.accounts.signIn(email: "camille@exemple.fr", password: Self.password) != nil)
      await #expect(throws: Refusal.self) { try await world.manager.inviteAgain(id) }
    }
  }

  @Test(arguments: Engine.allCases) func anInvitationEndsAndAnotherTakesItsPlace(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let id = try await world.invite()
      let first = try await world.mail().secret
      world.clock.move(by: .seconds(7 * 86_400 - 1))
      if case .open = try await world.accounts.link(first) {} else { Issue.record("it ends too early") }
      try await world.manager.inviteAgain(id)
      let second = try await world.mail().secret
      #expect(second != first)
      guard case .used = try await world.accounts.link(first) else {
        Issue.record("the earlier invitation is open")
        return
      }
      world.clock.move(by: .seconds(7 * 86_400))
      guard case .expired = try await world.accounts.link(second) else {
        Issue.record("the invitation is open")
        return
      }
      for wrong in ["", "x", String(repeating: "0", count: 64), second.uppercased(), second + "0"] {
        guard case .unknown = try await world.accounts.link(wrong) else {
          Issue.record("\(wrong)")
          continue
        }
      }
    }
  }

  @Test(arguments: Engine.allCases) func aLinkSignsInOnceAndLetsAPasswordBeChosen(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.accounts.requestLink(email: " Odile@Exemple.fr", from: .here)
      let mail = try await world.mail()
      #expect(mail.to == "odile@exemple.fr" && mail.text.contains("15\u{A0}minutes"))
      let secret = try await world.accounts.signIn(link: mail.secret, from: .here).secret
      await #expect(throws: LinkRefusal.self) { try await world.accounts.signIn(link: mail.secret, from: .here) }
      let session = try #require(try await world.accounts.session(secret: secret))
      #expect(session.isFreshByLink)
      let other = "cinq mots encore plus longs"
      try await world.accounts.changePassword(in: session, from: "", to: other, again: other)
      #expect(try await world.accounts.signIn(email: "odile@exemple.fr", password: Self.password) == nil)
      // Later, or by password, the present one is asked for.
      world.clock.move(by: .seconds(1_800))
      let later = try #require(try await world.accounts.session(secret: secret))
      #expect(!later.isFreshByLink)
      await #expect(throws: FieldRefusal.self) {
        try await world.accounts.changePassword(in: later, from: "", to: Self.password, again: Self.password)
      }
      let byPassword = try #require(try await world.accounts.signIn(email: "odile@exemple.fr", password: other)).secret
      #expect(try await world.accounts.session(secret: byPassword)?.isFreshByLink == false)
    }
  }

  @Test(arguments: Engine.allCases) func aLinkIsForOneQuarterOfAnHourWhateverTheClock(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.accounts.requestLink(email: "odile@exemple.fr", from: .here)
      let secret = try await world.mail().secret
      world.clock.move(by: .seconds(899))
      if case .open = try await world.accounts.link(secret) {} else { Issue.record("it ends too early") }
      world.clock.move(by: .seconds(1))
      await #expect(throws: LinkRefusal.self) { try await world.accounts.signIn(link: secret, from: .here) }
      // Set back to before the link was made.
      world.clock.move(by: .seconds(-3_600))
      await #expect(throws: LinkRefusal.self) { try await world.accounts.signIn(link: secret, from: .here) }
    }
  }

  @Test(arguments: Engine.allCases) func nobodyLearnsWhoHasAnAccountAndNoMailboxIsFilled(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      for email in ["personne@exemple.fr", "odile@exemple.fr"] {
        for _ in 0..<3 { try await world.accounts.requestLink(email: email, from: .here) }
        await #expect(throws: TooManyAttempts(seconds: 900)) { try await world.accounts.requestLink(email: email, from: .here) }
      }
      #expect(try await world.mailCount() == 3)
      for wrong in ["", "pas une adresse", "a@b", "x y@exemple.fr"] {
        await #expect(throws: FieldRefusal.self) { try await world.accounts.requestLink(email: wrong, from: .here) }
      }
    }
  }

  @Test(arguments: Engine.allCases) func twoClicksAtOnceOpenOneSession(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.accounts.requestLink(email: "odile@exemple.fr", from: .here)
      let secret = try await world.mail().secret
      let opened = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<8 { group.addTask { (try? await world.accounts.signIn(link: secret, from: .here)) != nil } }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(opened == 1)
    }
  }

  @Test(arguments: Engine.allCases) func aClosedAccountIsShutAtOnce(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let id = try await world.invite()
      let secret = try await world.accounts.accept(
        invitation: try await world.mail().secret, password: Self.password, again: Self.password, from: .here
      ).secret
      try await world.accounts.requestLink(email: "camille@exemple.fr", from: .here)
      let link = try await world.mail().secret
      let posted = try await world.mailCount()
      try await world.manager.close(id)
      #expect(try await world.state(id) == .closed)
      #expect(try await world.accounts.session(secret: secret) == nil)
      #expect(try await world.accounts.signIn(email: "camille@exemple.fr", password: Self.password) == nil)
      guard case .closedAccount = try await world.accounts.link(link) else {
        Issue.record("the link is open")
        return
      }
      await #expect(throws: LinkRefusal.self) { try await world.accounts.signIn(link: link, from: .here) }
      try await world.accounts.requestLink(email: "camille@exemple.fr", from: .here)
      #expect(try await world.mailCount() == posted)
      await #expect(throws: Refusal.self) { try await world.accounts.resetPassword(ofEmail: "camille@exemple.fr", to: Self.password) }
      try await world.manager.reopen(id)
      // What was open before stays shut.
      #expect(try await world.accounts.session(secret: secret) == nil)
      await #expect(throws: LinkRefusal.self) { try await world.accounts.signIn(link: link, from: .here) }
      #expect(try await world.accounts.signIn(email: "camille@exemple.fr", password: Self.password) != nil)
      let operations: [String] = try await world.installation.database.read { connection in
        try connection.rows("SELECT operation FROM event WHERE kind = 'comptes' AND subject_id = \(id) ORDER BY id").map { try $0[0] }
      }
      #expect(operations == ["compte", "invitation", "mot_de_passe", "fermeture", "reouverture"])
    }
  }

  @Test(arguments: Engine.allCases) func theLastDirectionStays(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let byCommand = world.accounts.manager(nil)
      let last = { (error: Refusal?) in error?.sentence.hasPrefix("C’est le dernier accès de direction") == true }
      // Somebody invited who has never come in does not count.
      let invited = try await world.invite("claire@exemple.fr", .direction)
      #expect(last(await #expect(throws: Refusal.self) { try await byCommand.close(world.direction.id) }))
      #expect(
        last(
          await #expect(throws: Refusal.self) {
            try await world.manager.changeRole(of: world.direction.id, to: .assistance, territory: nil, structure: nil)
          }))
      await #expect(throws: Refusal.self) { try await world.manager.close(world.direction.id) }
      _ = try await world.accounts.accept(
        invitation: try await world.mail().secret, password: Self.password, again: Self.password, from: .here)
      // Each closes the other at the same moment: one of them stays.
      let claire = try #require(try await world.account(invited))
      let closed = await withTaskGroup(of: Bool.self) { group in
        for (actor, other) in [(world.direction, invited), (claire, world.direction.id)] {
          group.addTask { (try? await world.accounts.manager(actor).close(other)) != nil }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(closed == 1)
    }
  }

  @Test(arguments: Engine.allCases) func aRoleAsksForItsPlaceAndEndsSessions(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      try await world.installation.bring("territoires", "code;nom;departement;depuis\nest;Est;38;2020-01-01\n")
      try await world.installation.bring("structures", "reference;type;nom;departement\nS1;msp;Maison;38\n")
      func invite(_ role: Role, _ territory: String?, _ structure: String?) async throws -> Identifier<Account> {
        try await world.manager.invite(
          .init(email: "\(role.rawValue)@exemple.fr", name: "Camille", role: role, territory: territory, structure: structure))
      }
      for (role, territory, structure, field) in [
        (Role.referent, nil, nil, "territoire"), (.referent, "", "", "territoire"), (.referent, "nord", nil, "territoire"),
        (.membreEquipe, nil, nil, "structure"), (.membreEquipe, nil, " ", "structure"), (.gestionnaireEquipe, nil, "S9", "structure"),
      ] {
        let refusal = await #expect(throws: FieldRefusal.self) { try await invite(role, territory, structure) }
        #expect(refusal?.field == field)
      }
      let member = try await invite(.membreEquipe, nil, " s1 ")
      #expect(try await world.installation.database.read { try AccountSummary(member, $0)?.structure } == "S1")
      let secret = try await world.accounts.accept(
        invitation: try await world.mail().secret, password: Self.password, again: Self.password, from: .here
      ).secret
      try await world.manager.changeRole(of: member, to: .referent, territory: "est", structure: nil)
      #expect(try await world.accounts.session(secret: secret) == nil)
      let referent = try #require(try await world.account(member))
      #expect(referent.role == .referent && referent.territory == "est")
      let change: String? = try await world.installation.database.read { connection in
        try connection.value(
          "SELECT i.change FROM event e JOIN image i ON i.event_id = e.id WHERE e.operation = 'role' AND e.account_id = \(world.direction.id)"
        )
      }
      #expect(change?.contains("membre_equipe") == true && change?.contains("referent") == true)
    }
  }

  @Test(arguments: Engine.allCases) func whoAdministersTheSystemDoesNotMakeDirections(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      let technique = try await world.accounts.create(email: "t@exemple.fr", name: "T", role: .technique, password: Self.password)
      let manager = world.accounts.manager(technique)
      let id = try await manager.invite(.init(email: "a@exemple.fr", name: "A", role: .assistance))
      await #expect(throws: Refusal.self) { try await manager.invite(.init(email: "b@exemple.fr", name: "B", role: .direction)) }
      await #expect(throws: Refusal.self) { try await manager.changeRole(of: id, to: .direction, territory: nil, structure: nil) }
      await #expect(throws: Refusal.self) { try await manager.changeRole(of: technique.id, to: .direction, territory: nil, structure: nil) }
      await #expect(throws: Refusal.self) { try await manager.close(world.direction.id) }
      await #expect(throws: Refusal.self) { try await manager.close(technique.id) }
      try await manager.close(id)
    }
  }

  @Test(arguments: Engine.allCases) func whatCannotBeInvitedIsRefused(_ engine: Engine) async throws {
    try await withWorld(engine) { world async throws in
      for (email, name, field) in [
        ("pas une adresse", "A", "courriel"), ("", "A", "courriel"), ("a@exemple.fr", " ", "nom"),
        ("a@exemple.fr", String(repeating: "a", count: 121), "nom"), (" ODILE@exemple.fr", "A", "courriel"),
      ] {
        let refusal = await #expect(throws: FieldRefusal.self) {
          try await world.manager.invite(.init(email: email, name: name, role: .assistance))
        }
        #expect(refusal?.field == field, "\(email)")
      }
      #expect(try await world.mailCount() == 0)
    }
    // Where nobody has said how the site is reached, no link leads anywhere.
    try await withInstallation(engine) { world async throws in
      await #expect(throws: Refusal.self) { try await world.accounts.requestLink(email: "a@exemple.fr", from: .here) }
      await #expect(throws: Refusal.self) {
        try await world.accounts.manager(nil).invite(.init(email: "a@exemple.fr", name: "A", role: .assistance))
      }
    }
  }
}

extension InvitationsTests.World {
  fileprivate func account(_ id: Identifier<Account>) async throws -> Account? {
    try await installation.database.read { connection in
      try AccountSummary(id, connection).map {
        Account(id: $0.id, email: $0.email, name: $0.name, role: $0.role, territory: $0.territory)
      }
    }
  }
}
