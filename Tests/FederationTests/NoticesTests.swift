import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// What the watchers of a record are told, on the site and by mail.
@Suite struct NoticesTests {
  private typealias House = CommentsTests.House

  private static func exchange(_ house: House, _ items: Entries, by account: Account) async throws -> Int64 {
    let id = house.world.ids.next(Exchange.self).rawValue
    let usual: Entries = ["date": "2026-11-20", "canal": "telephone", "structures": "M1", "objet": "Un appel"]
    let outcome = try await house.world.editor(of: ExchangeRecords(), for: account).create(
      id, entering: usual.merging(items) { $1 }, heedsWarnings: false)
    #expect(outcome == .saved(version: 1))
    return id
  }

  @Test(arguments: Engine.allCases)
  func watchersLearnOfExchangesAndStages(_ engine: Engine) async throws {
    try await CommentsTests.withHouse(engine) { house async throws in
      for watcher in [house.claire, house.camille] {
        try await house.desk(watcher).watch(house.team, of: "structures", true)
        try await house.desk(watcher).watch(house.id("structure", "M2"), of: "structures", true)
      }
      // With two teams that one watches, one notice; nobody is told of their own.
      _ = try await Self.exchange(house, ["structures": "M1|M2"], by: house.claire)
      #expect(try await house.notices(house.camille).map(\.matter) == [.exchange])
      #expect(try await house.notices(house.camille).first?.title == "Un appel")
      #expect(try await house.notices(house.claire).isEmpty)
      // Who may not read it is not told; nor is anybody of what is long past.
      _ = try await Self.exchange(house, ["visibilite": "confidentielle", "auteur": "Odile Marchandet"], by: house.odile)
      _ = try await Self.exchange(house, ["date": "2024-01-01"], by: house.odile)
      #expect(try await house.notices(house.camille).count == 1)
      #expect(try await house.notices(house.claire).isEmpty)
      let states = house.world.editor(of: StateRecords(), for: house.claire)
      #expect(
        try await states.create(
          house.world.ids.next(DatedState.self).rawValue,
          entering: ["structure": "M1", "etat": "ecriture", "depuis": "2026-11-19"], heedsWarnings: false) == .saved(version: 1))
      let told = try await house.notices(house.camille)
      #expect(told.map(\.matter) == [.stage, .exchange] && told.first?.state?.code == "ecriture" && told.first?.title == "MSP du Val")
      // By the form of the team, and by a file, it is the same.
      try await house.world.bring("structures", "reference;type;nom;departement;etat;depuis\nM2;msp;MSP du Mont;38;ecriture;2026-11-18\n")
      #expect(try await house.notices(house.claire).map(\.matter) == [.stage])
      #expect(try await house.notices(house.claire).first?.actor == nil)
      // What one does not want to know is not told.
      try await NoticeDesk(house.world, for: house.camille).choose([.mention])
      _ = try await Self.exchange(house, ["objet": "Un autre"], by: house.claire)
      #expect(try await house.notices(house.camille).filter { $0.matter == .exchange }.count == 1)
    }
  }

  @Test(arguments: Engine.allCases)
  func anImportThatIsTakenBackIsNoNews(_ engine: Engine) async throws {
    try await CommentsTests.withHouse(engine) { house async throws in
      try await house.desk(house.camille).watch(house.team, of: "structures", true)
      let exchange = try await house.world.bring(
        "echanges", "date;canal;structures;objet;reference\n2026-11-20;telephone;M1;Un appel;I1\n")
      let stage = try await house.world.bring("etats", "structure;etat;depuis\nM1;ecriture;2026-11-19\n")
      #expect(try await house.notices(house.camille).map(\.matter) == [.stage, .exchange])
      for (outcome, left) in [(exchange, [NoticeMatter.stage]), (stage, [])] {
        let id = try #require(outcome.importID)
        #expect(try await house.world.importer.undo(id, house.world.model.kinds).kept.isEmpty)
        #expect(try await house.notices(house.camille).map(\.matter) == left)
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func theyAreReadOneByOneOrAllAtOnce(_ engine: Engine) async throws {
    try await CommentsTests.withHouse(engine) { house async throws in
      for text in ["@Noé Pralong un", "@Noé Pralong deux", "@Noé Pralong trois"] { try await house.say(text, house.claire) }
      let all = try await house.notices(house.camille)
      #expect(all.map(\.excerpt) == ["@Noé Pralong trois", "@Noé Pralong deux", "@Noé Pralong un"])
      let desk = NoticeDesk(house.world, for: house.camille)
      try await desk.markRead(all[0].id)
      // Somebody else's stays as it is.
      try await NoticeDesk(house.world, for: house.odile).markRead(all[1].id)
      #expect(try await NoticeDesk(house.world, for: house.odile).entry(all[1].id) == nil)
      #expect(try await house.notices(house.camille).map(\.isRead) == [false, false, true])
      try await desk.markRead()
      #expect(try await house.notices(house.camille).allSatisfy(\.isRead))
    }
  }

  private static func letters(_ world: Installation) async throws -> [OutgoingMail] {
    try await world.database.read { try PostedMail.list([.waiting], $0).map(\.mail) }
  }

  /// As two servers do on one database, at the same time.
  private static func run(_ world: Installation) async throws {
    let job = NoticeDigestJob(letters: world.noticeLetters)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 1...2 {
        group.addTask { _ = try await JobRunner([job], world.database, ids: world.ids, now: world.now).runDue() }
      }
      try await group.waitForAll()
    }
  }

  @Test(arguments: Engine.allCases)
  func oneLetterADayWhenThereIsSomethingNew(_ engine: Engine) async throws {
    let clock = MovingClock()
    try clock.set("2026-11-21T05:30:00Z")
    try await CommentsTests.withHouse(engine, siteURL: "https://maillage.exemple.fr/", now: { clock.now }) { house async throws in
      let world = house.world
      try await Self.run(world)
      try await house.say("Secret de fabrication @Noé Pralong", house.claire)
      try await house.say("Vu zirconium @Odile Marchandet", house.claire, on: house.note, of: "echanges")
      // 6.30 in Paris: not yet.
      try await Self.run(world)
      #expect(try await Self.letters(world).isEmpty)
      try clock.set("2026-11-21T06:00:01Z")
      try await Self.run(world)
      try await Self.run(world)
      let sent = try await Self.letters(world)
      #expect(sent.flatMap(\.to).map(\.address).sorted() == ["no@exemple.fr", "od@exemple.fr"])
      let text = sent.map { "\($0.subject) \($0.text)" }.joined()
      #expect(text.contains("Claire Vasselin vous a mentionné\u{A0}: MSP du Val") && text.contains("une note confidentielle"))
      for secret in ["zirconium", "Médiation", "Secret de fabrication"] { #expect(!text.contains(secret), "\(secret)") }
      #expect(
        text.contains("https://maillage.exemple.fr/notifications") && text.contains("https://maillage.exemple.fr/compte#t-notifications"))
      // Nothing new, nothing sent; and what was told is not told again.
      try clock.set("2026-11-22T08:00:00Z")
      try await Self.run(world)
      #expect(try await Self.letters(world).count == 2)
      try await house.say("@Noé Pralong encore", house.claire)
      try await house.say("@Odile Marchandet", house.claire)
      // Stopped, read, or closed by then.
      try await NoticeDesk(world, for: house.odile).choose(Set(NoticeChoice.allCases).subtracting([.digest, .promptMention]))
      try clock.set("2026-11-23T08:00:00Z")
      try await Self.run(world)
      let after = try await Self.letters(world)
      #expect(after.count == 3 && after.filter { $0.to.map(\.address) == ["no@exemple.fr"] }.count == 2)
      try await house.say("@Noé Pralong", house.claire)
      try await NoticeDesk(world, for: house.camille).markRead()
      try clock.set("2026-11-24T08:00:00Z")
      try await Self.run(world)
      #expect(try await Self.letters(world).count == 3)
    }
  }

  @Test(arguments: Engine.allCases)
  func theHourIsTheFederationsAndOldOnesGo(_ engine: Engine) async throws {
    let clock = MovingClock()
    try clock.set("2026-07-01T00:30:00Z")
    try await CommentsTests.withHouse(engine, now: { clock.now }) { house async throws in
      try await house.world.settings.set("synthese_heure", to: "18")
      try await house.say("@Noé Pralong", house.claire)
      try clock.set("2026-07-01T15:59:00Z")
      try await Self.run(house.world)
      #expect(try await Self.letters(house.world).isEmpty)
      try clock.set("2026-07-01T16:00:01Z")
      try await Self.run(house.world)
      #expect(try await Self.letters(house.world).count == 1)
      try await NoticeDesk(house.world, for: house.camille).markRead()
      try clock.set("2027-01-05T16:00:01Z")
      try await Self.run(house.world)
      #expect(try await house.notices(house.camille).isEmpty)
    }
  }

  @Test(arguments: Engine.allCases)
  func aMentionComesAtOnceToWhoAsksForThat(_ engine: Engine) async throws {
    try await CommentsTests.withHouse(engine) { house async throws in
      try await house.say("@Noé Pralong", house.claire)
      #expect(try await Self.letters(house.world).isEmpty)
      try await NoticeDesk(house.world, for: house.camille).choose(Set(NoticeChoice.allCases))
      let id = house.world.ids.next(RecordComment.self)
      for _ in 1...2 {
        _ = try await house.desk(house.claire).write(id, on: house.team, of: "structures", "Secret, @Noé Pralong")
      }
      let sent = try await Self.letters(house.world)
      #expect(sent.map(\.subject) == ["Claire Vasselin vous a mentionné dans Maillage"])
      #expect(sent.first?.text.contains("MSP du Val") == true && sent.first?.text.contains("Secret") == false)
    }
  }
}
