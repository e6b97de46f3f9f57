import Federation
import Store
import TestSupport
import Testing

@testable import Site

/// What goes wrong is told inside the house to those who are in.
struct ErrorPagesTests {
  @Test func theMenuStaysWithSomebodySignedIn() async throws {
    try await withDemonstration { world, direction in
      let team = try await world.visitor.stranger().signedIn(.membreEquipe)
      for (visitor, address, status) in [
        (direction, "/inconnue", 404), (direction, "/chiffres?chiffre=inconnu", 400), (direction, "/structures.csv?type=zzz", 400),
        (team, "/structures", 403),
      ] {
        let answer = try await visitor.get(address)
        #expect(answer.status == status, "\(address)")
        #expect(answer.text.contains("Se déconnecter") && answer.text.contains("<nav class=\"nav\""), "\(address)")
        #expect(!answer.text.contains("Se connecter"), "\(address)")
        #expect(TagBalance.fault(in: answer.text) == nil)
      }
      #expect(try await direction.get("/inconnue").links(to: "/echanges").contains("/echanges"))
      // Without a session there is no house to show.
      let outside = try await world.visitor.get("/assets/inconnue.css")
      #expect(outside.status == 404 && outside.text.contains("Se connecter") && !outside.text.contains("<nav class=\"nav\""))
    }
  }

  @Test func theWaitingRoomIsForThoseWhoHaveNoPage() async throws {
    try await withDemonstration { world, direction in
      #expect(try await direction.get("/accueil").location == "/aujourdhui")
      let team = try await world.visitor.stranger().signedIn(.membreEquipe)
      #expect(try await team.get("/accueil").text.contains("n’ouvre encore aucune page"))
    }
  }

  @Test func aYearThatHasNotBegunHasNoReport() async throws {
    try await withDemonstration { _, direction in
      let answer = try await direction.get("/rapports/2030")
      #expect(answer.status == 404)
      #expect(answer.text.contains("L’année 2030 n’a pas commencé\u{A0}: son rapport n’existe pas encore."))
    }
  }
}
