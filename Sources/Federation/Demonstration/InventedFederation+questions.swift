import Records
import Store
import Tables

/// What teams asked experts since the beginning of the year; the latest ones wait.
extension InventedFederation {
  private static let expert = "EXPERT-1"

  private static let questions: [(domain: String, question: String, answer: String)] = [
    (
      "juridique", "Un médecin remplaçant peut-il être associé de la SISA ?",
      "Non, tant qu’il n’est qu’un remplaçant : il faut exercer à son compte, ou collaborer."
    ),
    (
      "comptable", "La rémunération de l’accord conventionnel est-elle soumise à la TVA quand elle paie une coordination ?",
      "Pas pour les soins. La part qui rémunère un service rendu à des tiers peut l’être."
    ),
    (
      "fiscal", "Une association de CPTS paie-t-elle la taxe sur les salaires ?",
      "Oui, si elle n’est pas soumise à la TVA, au-delà de l’abattement."
    ),
    (
      "social", "Quelle convention collective pour une coordinatrice à mi-temps ?",
      "Aucune n’est obligatoire : celle des cabinets médicaux est la plus suivie."
    ),
  ]

  func expertTable() -> Table {
    let rows = questionCount == 0 ? [] : [[Self.expert, "Poncetti", "Jeanne", "expert@demonstration.example"]]
    return Table(header: ["reference", "nom", "prenom", "courriel"], rows: numbered(rows))
  }

  private var questionCount: Int { teams.count < 20 || size.people < 60 ? 0 : 10 }

  func questionTable() -> Table {
    let inTeams = teams.filter { $0.type != .isole }
    let start = today.adding(days: -300)
    let rows = (0..<questionCount).map { index -> [String] in
      let one = Self.questions[index % Self.questions.count]
      let received = start.adding(days: 30 * index)
      // Of the last three, one is not sent yet, and two are not answered.
      let (isSent, isAnswered) = (index < 9, index < 7)
      let isShared = index < 4
      return [
        "QUE-" + padded(index + 1, to: 2), inTeams[index * 11 % inTeams.count].reference, received.description, one.domain, one.question,
        Self.expert, isSent ? "courriel" : "", isSent ? received.adding(days: 2).description : "", isAnswered ? one.answer : "",
        isAnswered ? received.adding(days: 12).description : "", isAnswered ? String(30 + 15 * (index % 4)) : "",
        isAnswered ? (index % 3 == 0 ? "non" : "oui") : "", isShared ? "\(one.question) \(one.answer)" : "",
        isShared ? received.adding(days: 20).description : "",
      ]
    }
    return Table(
      header: [
        "reference", "structure", "recue_le", "domaine", "question", "expert", "envoi", "transmise_le", "reponse", "repondue_le",
        "duree_minutes", "adherente", "partage", "partagee_le",
      ], rows: numbered(rows))
  }
}
