import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// The public form of first contacts: what it takes, and what it refuses.
@Suite struct FirstContactDoorTests {
  private static let entries: Entries = [
    "nom": "Barandon", "prenom": "Adèle", "profession": "infirmier", "courriel": "Adele@Exemple.fr", "telephone": "", "commune": "Grenoble",
    "projet": "non", "demande": "Par où commencer ?",
  ]
  private static let token = String(repeating: "a", count: 64)

  private func sent(
    _ opened: FirstContactDoor.Opened, _ changes: Entries = [:], token: String = token, stamp: String? = nil, agrees: Bool = true
  ) -> FirstContactDoor.Sent {
    .init(
      id: opened.id, stamp: stamp ?? opened.stamp, token: token, entries: Self.entries.merging(changes) { $1 }, agrees: agrees)
  }

  private func withDoor(
    _ engine: Engine, _ body: (Installation, FirstContactDoor, MovingClock) async throws -> Void
  ) async throws {
    let clock = MovingClock()
    try await withInstallation(engine, now: { clock.now }) { world async throws in
      try await body(world, FirstContactDoor(world), clock)
    }
  }

  private func file(_ world: Installation) async throws -> String { try await world.take("premiers_contacts") }

  private func mails(_ world: Installation) async throws -> [OutgoingMail] {
    try await world.database.read { try PostedMail.list(MailState.allCases, $0) }.map(\.mail)
  }

  private let somewhere = Origin(client: "192.0.2.1", browser: nil)

  @Test(arguments: Engine.allCases) func itIsKeptOnceWithWhatWasAgreedTo(_ engine: Engine) async throws {
    try await withDoor(engine) { world, door, clock async throws in
      let opened = try #require(try await door.open(nil, token: Self.token))
      clock.move(by: .seconds(20))
      let twice = sent(opened)
      for _ in 0..<2 { #expect(try await door.receive(twice, from: somewhere) == .kept) }
      let file = try await file(world)
      #expect(file.contains(";formulaire;Barandon;Adèle;infirmier;adele@exemple.fr;;38185;non;Par où commencer ?;a_traiter;"))
      #expect(file.contains("J’accepte que la fédération (Ma fédération) garde ces informations"))
      #expect(file.split(whereSeparator: \.isNewline).count == 2)
      let mails = try await mails(world)
      #expect(mails.count == 1 && mails[0].to.map(\.address) == ["adele@exemple.fr"])
      #expect(!mails[0].text.contains("Adèle") && !mails[0].text.contains("commencer"))
      // Another one from the same address is kept and not acknowledged again; nor when the house does not want it.
      let again = try #require(try await door.open(nil, token: Self.token))
      clock.move(by: .seconds(20))
      #expect(try await door.receive(sent(again), from: somewhere) == .kept)
      #expect(try await self.mails(world).count == 1)
      try await world.settings.set("premiers_contacts_accuse", to: "non")
      let other = try #require(try await door.open(nil, token: Self.token))
      clock.move(by: .seconds(20))
      #expect(try await door.receive(sent(other, ["courriel": "b@exemple.fr"]), from: somewhere) == .kept)
      #expect(try await self.mails(world).count == 1)
    }
  }

  @Test(arguments: Engine.allCases) func whatWasNotFilledInHereIsNotTaken(_ engine: Engine) async throws {
    try await withDoor(engine) { world, door, clock async throws in
      let opened = try #require(try await door.open(nil, token: Self.token))
      clock.move(by: .seconds(1))
      #expect(try await door.receive(sent(opened), from: somewhere) == .tooFast)
      // Corrected at once, with the stamp that goes on.
      let kept = try #require(try await door.open(opened.id, token: "b", keeping: sent(opened)))
      clock.move(by: .seconds(3))
      let forged = "\(Int64(clock.now.timeIntervalSince1970 * 1_000) - 60_000)." + String(repeating: "0", count: 64)
      for stamp in ["", "x", "1.2.3", forged, "9999999999999999999.00", String(opened.stamp.dropLast(2))] {
        #expect(try await door.receive(sent(opened, stamp: stamp), from: somewhere) == .stale, "\(stamp)")
      }
      #expect(try await door.receive(sent(opened, token: "another browser"), from: somewhere) == .stale)
      #expect(try await door.receive(sent(kept, token: "b"), from: somewhere) == .kept)
      let old = try #require(try await door.open(nil, token: Self.token))
      clock.move(by: .seconds(90_000))
      #expect(try await door.receive(sent(old), from: somewhere) == .stale)
      // Nobody agrees to a text that was another one.
      let changed = try #require(try await door.open(nil, token: Self.token))
      clock.move(by: .seconds(20))
      try await world.settings.set("premiers_contacts_accord", to: "Un tout autre texte que celui que l’on a lu.")
      #expect(try await door.receive(sent(changed), from: somewhere) == .stale)
      try await world.settings.set("premiers_contacts_formulaire", to: "non")
      #expect(try await door.open(nil, token: Self.token) == nil)
      await #expect(throws: Refusal.self) { try await door.receive(sent(changed), from: somewhere) }
      #expect(try await file(world).split(whereSeparator: \.isNewline).count == 2)
    }
  }

  @Test(arguments: Engine.allCases) func badInputIsRefusedFieldByField(_ engine: Engine) async throws {
    try await withDoor(engine) { world, door, clock async throws in
      let opened = try #require(try await door.open(nil, token: Self.token))
      clock.move(by: .seconds(20))
      let cases: [(Entries, String)] = [
        (["nom": ""], "nom"), (["commune": "Nullepart-sur-Rien"], "commune"), (["commune": "Saint-Martin"], "commune"),
        (["commune": ""], "commune"), (["courriel": "pas une adresse"], "courriel"), (["courriel": ""], "courriel"),
        (["telephone": "appelez-moi"], "telephone"), (["courriel": "", "telephone": "06 12"], "telephone"),
        (["telephone": "15"], "telephone"),
        (["demande": ""], "demande"),
        (["demande": String(repeating: "a", count: 10_000)], "demande"), (["nom": String(repeating: "é", count: 101)], "nom"),
        (["profession": "sorcier"], "profession"), (["projet": "peut-être"], "projet"),
      ]
      for (changes, field) in cases {
        guard case .refused(let faults) = try await door.receive(sent(opened, changes), from: somewhere) else {
          Issue.record("\(field) is taken: \(changes.values.first?.prefix(20) ?? "")")
          continue
        }
        #expect(Array(faults.keys) == [field], "\(field)")
        #expect(faults.values.allSatisfy { $0.first?.isUppercase == true || $0.hasPrefix("«") || $0.first?.isNumber == true })
      }
      #expect(try await door.receive(sent(opened, agrees: false), from: somewhere) != .kept)
      #expect(try await file(world).split(whereSeparator: \.isNewline).count == 1)
      // Whatever people write is kept as it is, but for signs that nobody sees.
      let odd = "<script>alert(1)</script> 👩‍⚕️ שלום \u{202E}abc\u{0}\u{7}"
      #expect(try await door.receive(sent(opened, ["nom": odd, "demande": odd]), from: somewhere) == .kept)
      let (name, request): (String?, String?) = try await world.database.read {
        let row = try $0.first("SELECT last_name, request FROM first_contact")
        return (try row?[0], try row?[1])
      }
      #expect(name == "<script>alert(1)</script> 👩‍⚕️ שלום abc" && request == name)
    }
  }

  @Test(arguments: Engine.allCases) func onePlaceSendsOnlySoMany(_ engine: Engine) async throws {
    try await withDoor(engine) { world, door, clock async throws in
      var refused = 0
      for index in 0..<14 {
        let opened = try #require(try await door.open(nil, token: Self.token))
        clock.move(by: .seconds(5))
        do {
          #expect(try await door.receive(sent(opened, ["courriel": "p\(index)@exemple.fr"]), from: somewhere) == .kept)
        } catch is TooManyAttempts {
          refused += 1
        }
      }
      #expect(refused == 2)
      #expect(try await file(world).split(whereSeparator: \.isNewline).count == 13)
      #expect(try await mails(world).count == 12)
      let opened = try #require(try await door.open(nil, token: Self.token))
      clock.move(by: .seconds(5))
      #expect(try await door.receive(sent(opened), from: Origin(client: "192.0.2.2", browser: nil)) == .kept)
    }
  }
}
