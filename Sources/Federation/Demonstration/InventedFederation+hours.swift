import Records
import Store
import Tables

extension InventedFederation {
  private static let given: [(activity: String, purpose: String, minutes: Int, travel: Int?)] = [
    ("conseil_administration", "Conseil d’administration", 150, 70), ("bureau", "Bureau", 90, nil),
    ("representation", "Comité régional avec l’ARS", 180, 90), ("formation", "Journée des facilitateurs", 420, 110),
    ("groupe_travail", "Groupe de travail sur la coordination", 120, nil), ("autre", "Relecture du rapport d’activité", 75, nil),
  ]

  /// Time that elected people and facilitators gave, noted by hand; their facilitations give their own lines. Of the current year, some
  /// are still to be validated.
  func hoursTable() -> Table {
    let start = CivilDate.firstDay(of: today.year - size.years + 2)
    let days = today.days(since: start)
    let rows = (0..<(size.people < 40 || days <= 0 ? 0 : 30)).map { index -> [String] in
      let given = Self.given[index % Self.given.count]
      let isRefused = index == 20
      return [
        "HEURES-" + padded(index + 1, to: 3), personReference(index % 12 * 3), given.activity,
        start.adding(days: days * index / 30).description,
        String(given.minutes + 15 * (index % 3)), given.travel.map(String.init) ?? "", given.purpose,
        isRefused ? "refusee" : index >= 27 ? "proposee" : "validee", isRefused ? "Déjà notées avec la réunion." : "",
      ]
    }
    return Table(
      header: ["reference", "personne", "activite", "date", "presence_minutes", "trajet_minutes", "objet", "etat", "motif"],
      rows: numbered(rows))
  }
}
