import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Federation

/// Expense claims, from the draft to the payment (FAC-06).
@Suite struct ExpenseClaimTests {
  private static let people = """
    reference;nom;prenom;commune;courriel
    P1;Quintarel;Zoé;38185;zoe@exemple.fr
    P2;Lantieri;Hervé;38421;herve@exemple.fr
    P3;Barandon;Adèle;;tresor@exemple.fr

    """

  private static func day(_ text: String) -> CivilDate { CivilDate(iso: text) ?? .distantPast }

  private func account(_ world: Installation, _ role: Role, _ email: String) async throws -> Account {
    try await world.accounts.create(email: email, name: "Odile", role: role, password: "quatre mots bien longs")
  }

  private func prepare(_ world: Installation) async throws {
    try await world.bring("personnes", Self.people)
    try await world.settings.set("frais_taux_km", to: "0,40", since: Self.day("2025-01-01"))
    try await world.settings.set("frais_taux_km", to: "0,529", since: Self.day("2026-01-01"))
    try await world.settings.set("frais_indemnite_demi_journee", to: "75", since: Self.day("2025-01-01"))
    try await world.settings.set("frais_plafond", to: "200")
  }

  private func claim(_ world: Installation, _ reference: String) async throws -> (id: Identifier<ExpenseClaim>, total: Int, state: String) {
    try await world.database.read { connection in
      let row = try #require(
        try connection.first("SELECT id, total, state FROM expense_claim WHERE reference = \(reference) AND removed_at IS NULL"))
      return (try row[0], try row[1], try row[2])
    }
  }

  /// A few claims that were sent.
  private func sent(_ world: Installation, _ more: String = "") async throws {
    try await prepare(world)
    let outcome = try await world.bring(
      "frais",
      """
      reference;personne;date;objet;depart;arrivee;km;peage;etat
      N1;P1;2025-03-01;Réunion;Voiron;Grenoble;86;;envoyee
      N2;P2;2025-03-02;Réunion;;;;22,50;envoyee
      N3;P3;2025-03-03;Bureau;Voiron;Lyon;10;;envoyee
      \(more)
      """)
    #expect(outcome.refused.isEmpty, "\(outcome.refused)")
  }

  private func refusal(_ body: () async throws -> Void) async throws -> String {
    do {
      try await body()
      return ""
    } catch let refusal as Refusal {
      return refusal.sentence
    } catch let refusal as FieldRefusal {
      return "\(refusal.field) \(refusal.sentence)"
    }
  }

  /// Each claim is worth what the settings of its day say; a bad line says why.
  @Test(arguments: Engine.allCases) func claimsComeAndGoInFiles(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await prepare(world)
      _ = try await account(world, .chargeMission, "zoe2@exemple.fr")
      try await world.bring("personnes", "reference;nom;courriel\nP4;Salarie;zoe2@exemple.fr\n")
      let outcome = try await world.bring(
        "frais",
        """
        reference;personne;date;objet;depart;arrivee;km;peage;repas;autre;autre_objet;demi_journees;etat
        N1;P1;2025-03-01;Réunion;Voiron;Grenoble;86;;;;;;
        N2;P1;2026-03-01;Réunion;Voiron;Grenoble;86,5;4,60;12;3;Photocopies;1;envoyee
        N3;P1;2024-12-31;Réunion;Voiron;Grenoble;86;;;;;;
        N4;P1;2025-03-04;Réunion;Voiron;Grenoble;-3;;;;;;
        N5;P1;2025-03-05;Réunion;Voiron;Grenoble;0;;;;;;
        N6;P1;2025-03-06;Réunion;Voiron;;86;;;;;;
        N7;P1;2090-01-01;Réunion;;;;4;;;;;
        N8;P1;2025-03-08;Réunion;;;;;;;;;envoyee
        N9;P1;2025-03-09;Réunion;;;;150;60;;;;
        N10;P4;2025-03-10;Réunion;;;;4;;;;;
        N11;P1;2025-03-11;Réunion;;;;4;;;;;approuvee
        N12;P1;2025-03-12;Réunion;;;;;;8;;;
        N13;P1;2025-03-13;Réunion;;;;4,605;;;;;
        N14;P1;2025-03-01;Repas;;;;;9,90;;;;

        """, ImportOptions(leavesRefused: true))
      #expect(outcome.created == 3, "\(outcome)")
      #expect(
        outcome.refused.map(\.fault.column) == [
          "km", "km", "km", "arrivee", "date", "total", "total", "personne", "etat", "autre_objet", "peage",
        ], "\(outcome.refused)")
      #expect(outcome.refused.first?.fault.reason.contains("frais_taux_km") == true)
      #expect(outcome.warnings.contains { $0.contains("Zoé Quintarel a déjà une note de frais le 01/03/2025") }, "\(outcome.warnings)")
      #expect(try await claim(world, "N1").total == 3_440)
      // 86,5 × 0,529 = 45,7585; with 4,60, 12, 3 and 75.
      #expect(try await claim(world, "N2").total == 4_576 + 460 + 1_200 + 300 + 7_500)
      let again = try await world.bring("frais", try await world.take("frais"))
      #expect(again.unchanged == 3 && again.refused.isEmpty && again.created == 0, "\(again)")
    }
  }

  /// From sent to paid; nobody decides on their own, and what was agreed to stays what it was.
  @Test(arguments: Engine.allCases) func claimsAreDecidedOn(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await sent(world)
      let desk = ExpenseDesk(world, actor: try await account(world, .tresorerie, "tresor@exemple.fr"))
      let staff = ExpenseDesk(world, actor: try await account(world, .chargeMission, "c@exemple.fr"))
      let (first, second, own) = (try await claim(world, "N1"), try await claim(world, "N2"), try await claim(world, "N3"))
      #expect(try await refusal { _ = try await staff.approve(first.id, total: 3_440, withoutReceipt: true) }.contains("Votre rôle"))
      #expect(try await refusal { _ = try await desk.approve(own.id, total: own.total, withoutReceipt: true) }.contains("est la vôtre"))
      #expect(try await refusal { _ = try await desk.refuse(own.id, because: "Non") }.contains("est la vôtre"))
      #expect(try await refusal { _ = try await desk.approve(first.id, total: 1, withoutReceipt: true) }.contains("Le montant a changé"))
      // A toll of more than ten euros without a receipt is asked about.
      let unproved = try await refusal { _ = try await desk.approve(second.id, total: 2_250, withoutReceipt: false) }
      #expect(unproved.hasPrefix("sans_justificatif"))
      _ = try await desk.approve(second.id, total: 2_250, withoutReceipt: true)
      #expect(try await refusal { _ = try await desk.refuse(first.id, because: " ") }.hasPrefix("motif"))
      _ = try await desk.refuse(first.id, because: "Une autre voiture")
      #expect(try await claim(world, "N1").state == "refusee")
      // Refused, it is mended and sent again; approved, it is not.
      try await world.bring("frais", "reference;personne;date;objet;km\nN1;P1;2025-03-01;Réunion;80\n")
      _ = try await staff.send(first.id)
      let again = try await claim(world, "N1")
      #expect(again.total == 3_200 && again.state == "envoyee")
      #expect(
        try await refusal { try await world.bring("frais", "reference;personne;date;objet;km\nN1;P1;2025-03-01;Réunion;70\n") }
          .contains("« N1 » est envoyée"))
      _ = try await desk.approve(first.id, total: 3_200, withoutReceipt: false)
      #expect(
        try await refusal { try await world.bring("frais", "reference;personne;date;objet;peage\nN2;P2;2025-03-02;Réunion;99\n") }
          .contains("approuvée"))
      #expect(
        try await refusal { try await world.bring("frais", "reference;personne;date;objet;etat\nN2;P2;2025-03-02;Réunion;brouillon\n") }
          .contains("par les boutons"))
      // A rate that is corrected later changes nothing of it.
      try await world.settings.set("frais_taux_km", to: "0,10", since: Self.day("2025-01-01"))
      _ = try await staff.waive(first.id)
      let waived = try await claim(world, "N1")
      #expect(waived.total == 3_200 && waived.state == "abandonnee")
      let waivers = try await world.database.read { try ExpenseWaivers(2026, on: Self.day("2026-11-30"), $0) }
      #expect(waivers.total == 3_200 && waivers.people.map(\.name) == ["Zoé Quintarel"])
      _ = try await desk.reopen(first.id)
      #expect(try await claim(world, "N1").state == "approuvee")
      let thrown = try await refusal { _ = try await world.editor(of: ExpenseClaimRecords(), for: staff.actor).remove(first.id.rawValue) }
      #expect(thrown.contains("reste au registre"))
    }
  }

  /// Two who pay at the same second make one batch; it is numbered without a gap and reopened while it is the last.
  @Test(arguments: Engine.allCases) func paymentsAreBatches(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await sent(world)
      let direction = ExpenseDesk(world, actor: try await account(world, .direction, "d@exemple.fr"))
      let desk = ExpenseDesk(world, actor: try await account(world, .tresorerie, "t@exemple.fr"))
      #expect(try await refusal { _ = try await desk.pay("") }.contains("Aucune note"))
      for reference in ["N1", "N2"] {
        let claim = try await claim(world, reference)
        _ = try await desk.approve(claim.id, total: claim.total, withoutReceipt: true)
      }
      func mark() async throws -> String { try await world.database.read { try ExpensePayment.Preview($0).mark } }
      let shown = try await mark()
      #expect(try await refusal { _ = try await desk.pay("2-1-x") }.contains("La liste a changé"))
      var made: Set<Identifier<ExpensePayment>> = []
      try await withThrowingTaskGroup(of: Identifier<ExpensePayment>.self) { group in
        for payer in [desk, direction, desk, direction] { group.addTask { try await payer.pay(shown) } }
        for try await id in group { made.insert(id) }
      }
      let id = try #require(made.first)
      #expect(made.count == 1)
      func found() async throws -> (payment: ExpensePayment, lines: [ExpensePayment.Line]) {
        let payment = try await world.database.read { try ExpensePayment.one(id, $0) }
        guard let payment else { throw Refusal("no payment") }
        return payment
      }
      let first = try await found()
      #expect(first.payment.number == 1 && first.payment.total == 5_690 && first.lines.map(\.amount) == [2_250, 3_440])
      #expect(try await claim(world, "N1").state == "payee")
      #expect(try await refusal { try await desk.reopen(id, because: "Erreur") }.contains("Seule la direction"))
      #expect(try await refusal { try await direction.reopen(id, because: "") }.hasPrefix("motif"))
      try await direction.reopen(id, because: "Virement rejeté")
      #expect(try await claim(world, "N1").state == "approuvee")
      // The same list again is another batch, with the next number; the first one goes on saying what it said.
      let next = try await desk.pay(try await mark())
      #expect(next != id)
      let again = try await found()
      #expect(again.lines.map(\.amount) == [2_250, 3_440] && again.payment.reason == "Virement rejeté" && again.payment.isFollowed)
      #expect(try await refusal { try await direction.reopen(id, because: "Encore") }.contains("déjà rouvert"))
      let numbers = try await world.database.read { try ExpensePayment.all($0).map(\.number) }
      #expect(numbers == [2, 1])
      let last = try await claim(world, "N3")
      _ = try await desk.approve(last.id, total: last.total, withoutReceipt: true)
      _ = try await desk.pay(try await mark())
      #expect(try await refusal { try await direction.reopen(next, because: "Encore") }.contains("Un autre paiement a suivi"))
    }
  }

  /// Who writes their own reads no other's, changes none, and none that is agreed to.
  @Test(arguments: Engine.allCases) func oneReadsOnesOwn(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await sent(world)
      let zoe = try await account(world, .facilitateur, "ZOE@exemple.fr")
      let (own, other) = (try await claim(world, "N1"), try await claim(world, "N2"))
      let seen = try await world.database.read { connection in
        (
          try ExpenseListing(
            .init(), for: zoe, search: "", order: .date, descending: true, offset: 0, limit: 50, connection
          ).rows.map(\.reference), try zoe.writable(.expenses, among: [own.id.rawValue, other.id.rawValue], connection),
          try zoe.mayReadFiles(of: other.id.rawValue, kind: "frais", connection), try ExpenseClaim.ownReference(of: zoe, connection)
        )
      }
      #expect(seen.0 == ["N1"] && seen.1 == [own.id.rawValue] && !seen.2 && seen.3 == "P1")
      let desk = ExpenseDesk(world, actor: zoe)
      #expect(try await refusal { _ = try await desk.takeBack(other.id) }.contains("n’existe plus"))
      #expect(try await refusal { _ = try await desk.approve(own.id, total: 3_440, withoutReceipt: true) }.contains("Votre rôle"))
      _ = try await desk.takeBack(own.id)
      _ = try await desk.send(own.id)
      let treasurer = ExpenseDesk(world, actor: try await account(world, .tresorerie, "t@exemple.fr"))
      _ = try await treasurer.approve(own.id, total: 3_440, withoutReceipt: true)
      #expect(try await world.database.read { try zoe.writable(.expenses, among: [own.id.rawValue], $0) }.isEmpty)
      _ = try await desk.waive(own.id)
      // Two who bear the address: nobody is meant.
      try await world.bring("personnes", "reference;nom;courriel\nP5;Homonyme;zoe@exemple.fr\n")
      #expect(
        try await refusal { _ = try await world.database.read { try ExpenseClaim.ownReference(of: zoe, $0) } }.contains("relié à aucune"))
    }
  }

  /// Whoever is anonymised keeps no name on their claims, which are worth what they were.
  @Test(arguments: Engine.allCases) func anErasureLeavesTheClaims(_ engine: Engine) async throws {
    try await withInstallation(engine) { world async throws in
      try await sent(world, "N4;P2;2025-03-04;Trajet de Hervé Lantieri;Chez Hervé Lantieri;Lyon;10;;envoyee\n")
      let direction = try await account(world, .direction, "d@exemple.fr")
      let claim = try await claim(world, "N4")
      _ = try await ExpenseDesk(world, actor: direction).approve(claim.id, total: claim.total, withoutReceipt: true)
      let person: Identifier<Person> = try #require(
        try await world.database.read { try $0.value("SELECT id FROM person WHERE reference = 'P2'") })
      let dossier = try #require(try await world.database.read { try PersonDossier(person, $0) })
      #expect(dossier.held.contains { $0.matter == .expenses && $0.count == 2 })
      let export = try await world.database.read { connection in
        let file = try PersonExport(
          dossier, federation: "Essai", on: .lastDay(of: 2025), ReferenceLists(connection), words: { $0.rawValue }, connection
        ).file()
        return String(decoding: file, as: UTF8.self)
      }
      #expect(export.contains("notesDeFrais") && export.contains("Trajet de Hervé Lantieri"))
      let order = PersonalDataDesk.Order([person], texts: dossier.texts.map(\.code), because: .demand)
      _ = try await PersonalDataDesk(world, actor: direction).erase(order, confirmedBy: "anonymiser")
      let left = try await world.database.read { connection in
        try connection.rows("SELECT purpose || COALESCE(origin, ''), total FROM expense_claim WHERE person_id = \(person)").map {
          (try $0[0] as String, try $0[1] as Int)
        }
      }
      #expect(left.count == 2 && left.allSatisfy { !$0.0.contains("Lantieri") } && left.reduce(0) { $0 + $1.1 } == 2_650)
    }
  }
}
