import Records
import Store
import Tables

extension InventedFederation {
  private static let purposes = [
    "Visiter leurs locaux", "Voir comment elles se partagent l’accueil", "Comparer leurs logiciels partagés",
    "Rencontrer leur coordination",
    "Comprendre le financement d’une SISA", "Échanger leurs protocoles",
  ]

  /// Teams that were put in touch since the beginning of last year, mostly with another team; of the latest ones nothing is known yet.
  func introductionTable() -> Table {
    let inTeams = teams.filter { $0.type != .isole }
    let start = CivilDate.firstDay(of: today.year - 1)
    let days = today.days(since: start)
    let count = inTeams.count < 20 || size.people < 60 || days <= 0 ? 0 : 16
    let rows = (0..<count).map { index -> [String] in
      let (team, other) = (inTeams[index * 7 % inTeams.count], inTeams[(index * 7 + 5) % inTeams.count])
      let isWithPerson = index % 4 == 3
      let isWithPartner = index % 8 == 6
      let suite = index >= 13 ? "a_suivre" : index % 5 == 4 ? "sans_suite" : "fait_suite"
      return [
        "REL-" + padded(index + 1, to: 3), start.adding(days: days * index / count).description, team.reference,
        isWithPerson || isWithPartner ? "" : other.reference, isWithPerson ? personReference(index * 3) : "",
        isWithPartner ? "CPAM-\(team.department)" : "", Self.purposes[index % Self.purposes.count], suite,
        suite == "fait_suite" ? "Elles se revoient au printemps." : "",
      ]
    }
    return Table(
      header: ["reference", "date", "structure", "autre_structure", "personne", "organisation", "objet", "suite", "note"],
      rows: numbered(rows))
  }
}
