import Records
import Store
import Tables

/// The programmes in which teams are enrolled, from the beginning of last year.
extension InventedFederation {
  private struct Programme {
    let reference: String
    let name: String
    let kind: String
    let funder: String
    let steps: [String]
    /// Days after the first of January of last year; no last day when there is none.
    let days: (from: Int, through: Int?)
    let places: Int
    let teams: Int
    /// Days between two workshops.
    let rhythm: Int
    let minutes: Int
  }

  private static let programmes = [
    Programme(
      reference: "PRG-1", name: "Écrire son projet de santé", kind: "ecriture", funder: "ARS",
      steps: ["Diagnostic", "Axes du projet", "Écriture", "Dépôt"], days: (30, 330), places: 8, teams: 8, rhythm: 50, minutes: 180),
    Programme(
      reference: "PRG-2", name: "Premiers protocoles pluriprofessionnels", kind: "protocoles", funder: "",
      steps: ["Choix du thème", "Rédaction", "Mise en œuvre"], days: (200, 640), places: 10, teams: 6, rhythm: 60, minutes: 120),
    Programme(
      reference: "PRG-3", name: "Démarrage de coordination", kind: "coordination", funder: "ARS",
      steps: ["Recrutement", "Premières réunions", "Autonomie"], days: (90, nil), places: 6, teams: 5, rhythm: 40, minutes: 240),
    Programme(
      reference: "PRG-4", name: "SECPA, promotion de l’année", kind: "secpa", funder: "Assurance maladie", steps: [],
      days: (400, 780), places: 12, teams: 4, rhythm: 45, minutes: 210),
  ]

  private var firstDay: CivilDate { CivilDate.firstDay(of: today.year - 1) }

  func programmeTable() -> Table {
    let rows = Self.programmes.map { programme in
      [
        programme.reference, programme.name, programme.kind, programme.funder, firstDay.adding(days: programme.days.from).description,
        programme.days.through.map { firstDay.adding(days: $0).description } ?? "", String(programme.places),
        "charge-mission@demonstration.example", programme.steps.joined(separator: "|"),
      ]
    }
    return Table(
      header: ["reference", "nom", "nature", "financeur", "debut", "fin", "places", "responsable", "etapes"], rows: numbered(rows))
  }

  /// Of each programme, teams that are not those of another one.
  private func teams(of index: Int) -> [Team] {
    let inTeams = teams.filter { $0.type != .isole }
    guard !inTeams.isEmpty else { return [] }
    let wanted = min(Self.programmes[index].teams, inTeams.count)
    return (0..<wanted).map { inTeams[(index * 11 + $0 * 5) % inTeams.count] }.reduce(into: []) { kept, team in
      if !kept.contains(where: { $0.reference == team.reference }) { kept.append(team) }
    }
  }

  func enrolmentTable() -> Table {
    var rows: [[String]] = []
    for (index, programme) in Self.programmes.enumerated() {
      for (place, team) in teams(of: index).enumerated() {
        let entered = firstDay.adding(days: programme.days.from + 7 * (place % 3))
        guard entered <= today else { continue }
        let steps = programme.steps.enumerated().map { (entered.adding(days: 10 + 55 * $0 + 6 * place), $1) }.filter { $0.0 <= today }
        let through = programme.days.through.map { firstDay.adding(days: $0) }
        let isOver = through.map { $0 <= today } ?? false
        let gaveUp = place == 3 && entered.adding(days: 120) <= today
        let state = gaveUp ? "abandon" : isOver ? (place % 2 == 0 ? "poursuite" : "terminee") : "en_cours"
        let left = gaveUp ? entered.adding(days: 120) : isOver ? through : nil
        rows.append([
          "INS-" + padded(rows.count + 1, to: 3), programme.reference, team.reference, entered.description,
          steps.filter { step in left.map { step.0 <= $0 } ?? true }.map { "\($0.0) \($0.1)" }.joined(separator: "|"),
          programme.kind == "coordination" ? String(40 + 20 * (place % 2)) : "", state, left?.description ?? "",
          gaveUp ? "Départ de la porteuse du projet." : "",
        ])
      }
    }
    return Table(
      header: ["reference", "programme", "structure", "entree_le", "etapes", "heures_accordees", "suite", "fin_le", "motif"],
      rows: numbered(rows))
  }

  func workshopTable() -> Table {
    var rows: [[String]] = []
    for (index, programme) in Self.programmes.enumerated() {
      let begins = firstDay.adding(days: programme.days.from + 21)
      let last = min(programme.days.through.map { firstDay.adding(days: $0) } ?? today.adding(days: 40), today.adding(days: 40))
      let days = last.days(since: begins)
      guard days >= 0 else { continue }
      for number in 0...(days / programme.rhythm) {
        let date = begins.adding(days: number * programme.rhythm)
        let isAhead = date > today
        // Those who came that day: one team in four was kept away, and who had given up no longer comes.
        let present = teams(of: index).enumerated().filter { place, _ in
          (place + number) % 4 != 1 && (place != 3 || date < begins.adding(days: 99))
        }.map(\.element)
        rows.append([
          "SEA-" + padded(rows.count + 1, to: 3), programme.reference, String(number + 1),
          programme.steps.isEmpty ? "" : programme.steps[min(number / 2, programme.steps.count - 1)], date.description, "12:30",
          String(programme.minutes), number % 3 == 0 ? "Visio" : "Maison des associations", "charge-mission@demonstration.example",
          isAhead ? "" : present.map(\.reference).joined(separator: "|"), isAhead ? "" : String(present.count * (2 + number % 3)),
        ])
      }
    }
    return Table(
      header: [
        "reference", "programme", "numero", "objet", "date", "heure", "duree_minutes", "lieu", "animation", "structures", "personnes",
      ], rows: numbered(rows))
  }
}
