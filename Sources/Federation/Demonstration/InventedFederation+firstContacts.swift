import Records
import Store
import Tables

extension InventedFederation {
  /// Those who asked for the first time in two years, most of them answered; the latest wait.
  func firstContactTable() -> Table {
    // Apart, so that nothing else changes with them.
    var random = SeededRandom(seed: 11)
    let requests = [
      "Nous sommes trois infirmières et un médecin dans le même village, et nous aimerions exercer ensemble. Par où commencer ?",
      "Je cherche à savoir ce qu’est une équipe de soins primaires avant d’en parler à mes collègues.",
      "La mairie nous propose un local : faut-il déjà un projet de santé ?",
      "Jeune installée, je voudrais rejoindre une équipe existante près de chez moi.",
      "Notre centre de santé aimerait travailler avec les libéraux du canton.",
    ]
    let answers = [
      "projet": "Première rencontre prévue avec les professionnels intéressés.", "oriente": "Orientée vers la CPTS voisine.",
      "sans_suite": "Pas de suite pour l’instant ; nous restons disponibles.",
    ]
    let departments = Self.territories.flatMap(\.departments)
    let states: [FirstContactState] = [.project, .directed, .project, .dropped, .directed]
    let professions = ["infirmier", "medecin_generaliste", "kinesitherapeute", "sage_femme", "pharmacien"]
    let rows = (0..<24).map { index -> [String] in
      let age = index < 4 ? [1, 3, 9, 16][index] : 21 + 27 * (index - 4)
      let day = today.adding(days: -age)
      let state = index < 3 ? FirstContactState.waiting : index == 3 ? .underWay : states[index % states.count]
      let department = departments[(index * 5 + 9) % departments.count]
      let reference = "PC-" + padded(index + 1, to: 3)
      let person = somebodyNew(index)
      let agrees = index % 3 != 1
      return [
        reference, day.description, (agrees ? Channel.formulaire : .telephone).rawValue, person.last, person.first,
        professions[index % professions.count], "\(reference.lowercased())@demandes.example",
        commune(in: department, using: &random), index % 2 == 0 ? "oui" : "non", requests[index % requests.count], state.rawValue,
        state == .waiting ? "" : "charge-mission@demonstration.example",
        agrees ? "J’accepte que la fédération garde ces informations pour me répondre et m’accompagner." : "",
        agrees ? day.description : "", state.isOver ? day.adding(days: min(age, 2 + index % 9)).description : "",
        answers[state.rawValue] ?? "",
      ]
    }
    return Table(
      header: [
        "reference", "recu_le", "canal", "nom", "prenom", "profession", "courriel", "commune", "projet", "demande", "etat", "charge",
        "accord", "accord_le", "repondu_le", "reponse",
      ],
      rows: numbered(rows))
  }
}
