import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// The rail of a team shows what it reached, and nothing else as done.
struct RailTests {
  private static let teams = "reference;type;nom;departement\nP;msp;Pause;38\nF;msp;Fermeture;38\nO;msp;Saut;38\n"

  private static let states = """
    structure;etat;depuis
    P;contact;2026-01-05
    P;en_pause;2026-03-05
    F;contact;2024-01-05
    F;ecriture;2025-01-05
    F;fermee;2026-03-05
    O;contact;2024-01-05
    O;ecriture;2025-01-05
    """

  private func steps(_ name: String, _ visitor: Visitor) async throws -> [String] {
    let address = try #require(
      try await visitor.get("/structures?q=\(name)&etape=fermee&etape=en_pause&etape=ecriture").records(of: "/structures/").first)
    let text = try await visitor.get(address).text
    let rail = try #require(text.components(separatedBy: "<ol class=\"parcours\">").last?.components(separatedBy: "</ol>").first)
    return rail.components(separatedBy: "<li").dropFirst().map { step in
      let state = step.hasPrefix(" class=\"fait\"") ? "fait" : step.hasPrefix(" aria-current=\"step\"") ? "ici" : "à venir"
      let words = step.components(separatedBy: "<b>").last?.components(separatedBy: "</li>").first ?? ""
      return "\(state) \(words.replacing("</b>", with: ", "))"
    }
  }

  @Test func aPauseLeavesGreyWhatWasNotReached() async throws {
    try await withSite { world in
      #expect(try await world.installation.bring("structures", Self.teams).created == 3)
      #expect(try await world.installation.bring("etats", Self.states).created == 7)
      let visitor = try await world.signedIn()
      #expect(
        try await steps("pause", visitor) == [
          "fait Premier contact, 5 janv. 2026", "ici En pause, depuis le 5 mars 2026", "à venir Étude de faisabilité, à venir",
          "à venir Pré-projet déposé, à venir", "à venir Projet de santé en écriture, à venir", "à venir Projet validé, à venir",
          "à venir Ouverte, à venir",
        ])
      #expect(
        try await steps("fermeture", visitor) == [
          "fait Premier contact, 5 janv. 2024", "fait Étude de faisabilité, Non renseigné", "fait Pré-projet déposé, Non renseigné",
          "fait Projet de santé en écriture, 5 janv. 2025", "ici Fermée, depuis le 5 mars 2026", "à venir Projet validé, non atteinte",
          "à venir Ouverte, non atteinte",
        ])
      #expect(
        try await steps("saut", visitor) == [
          "fait Premier contact, 5 janv. 2024", "fait Étude de faisabilité, Non renseigné", "fait Pré-projet déposé, Non renseigné",
          "ici Projet de santé en écriture, depuis le 5 janv. 2025", "à venir Projet validé, à venir", "à venir Ouverte, à venir",
        ])
    }
  }
}
