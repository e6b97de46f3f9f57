import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing
import WebSupport

@testable import Site

/// Each of these kinds from its file to its list, and back.
struct ImportedKindsTests {
  struct Walk: Sendable, CustomTestStringConvertible {
    let kind: String
    let file: String
    let list: String
    var testDescription: String { kind }
  }

  static let walks = [
    Walk(
      kind: "facilitations", file: "reference;demandee_le;besoin;type_facilitation\nF1;2026-11-05;Quorum des statuts;conseil_juridique\n",
      list: "/facilitations?q=quorum"),
    Walk(kind: "facilitateurs", file: "personne;expertises;rayon_km\nFA1;juridique;40\n", list: "/facilitateurs?q=quintarel"),
    Walk(
      kind: "heures", file: "reference;personne;activite;date;presence_minutes;objet\nH1;FA1;bureau;2026-11-05;60;Budget\n",
      list: "/heures?annee=2026&q=quintarel"),
    Walk(kind: "seances", file: "reference;commission;date;lieu\nC1;ecd;2026-11-05;Salle haute\n", list: "/seances?annee=2026"),
  ]

  @Test(arguments: walks, Engine.allCases) func aFileBecomesAListAndIsTakenBack(_ walk: Walk, _ engine: Engine) async throws {
    try await withSite(engine) { world in
      try await world.installation.bring("personnes", "reference;nom;prenom\nFA1;Quintarel;Zoé\n")
      let visitor = try await world.signedIn()
      let model = try await visitor.get("/imports/modele.csv?sorte=\(walk.kind)")
      let titles = Set(model.text.dropFirst().split(whereSeparator: { ";\r\n".contains($0) }).map(String.init))
      let used = try #require(walk.file.split(separator: "\n").first).split(separator: ";").map(String.init)
      #expect(titles.isSuperset(of: used), "\(model.text)")
      #expect(try await visitor.get("/imports").text.contains("sorte=\(walk.kind)\""))
      #expect(try await visitor.get(walk.list).recordCount ?? 0 == 0)
      let first = try #require(
        try await visitor.bring(Array(walk.file.utf8), named: "\(walk.kind).csv", to: "/imports/nouveau?sorte=\(walk.kind)").location)
      let next = try #require(try await visitor.acceptColumns(first).location)
      let preview = try await visitor.get(next)
      #expect(preview.text.contains("Importer 1 ligne"), "\(preview.text.suffix(3_000))")
      #expect(try await visitor.accept(preview, next).location?.hasSuffix("?fait=importe") == true)
      let list = try await visitor.get(walk.list)
      #expect(list.recordCount == 1)
      let base = next.replacing("/apercu", with: "")
      #expect(try await visitor.get(base).status == 200)
      let undone = try await visitor.post("\(base)/annuler", [("csrf", preview.field("csrf") ?? "")])
      #expect(undone.text.contains("1 fiche retirée."))
      #expect(try await visitor.get(walk.list).recordCount ?? 0 == 0)
    }
  }
}
