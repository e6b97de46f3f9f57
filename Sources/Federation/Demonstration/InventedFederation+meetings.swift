import Records
import Store
import Tables

/// The meetings of the last year, and what was decided at them.
extension InventedFederation {
  private var meetings: [(title: String, kind: MeetingKind, daysAgo: Int, isApproved: Bool, body: String)] {
    [
      (
        "Conseil d’administration de printemps", .board, 210, true,
        "## Vie de la fédération\n\nLe conseil fait le point sur l’année : **plus d’équipes accompagnées**, moins de déplacements.\n\n## Projets\n\n- Trois équipes demandent une facilitation.\n- Le budget des journées régionales est reconduit."
      ),
      (
        "Bureau de juin", .bureau, 155, true,
        "Le bureau prépare l’assemblée générale et la campagne d’adhésion."
      ),
      (
        "Rencontre annuelle avec l’ARS", .partners, 90, false,
        "Revue des projets en cours, département par département.\n\n1. Les projets validés dans l’année.\n2. Ceux qui attendent une commission.\n3. Les équipes sans coordination."
      ),
      (
        "Réunion d’équipe de rentrée", .staff, 60, false,
        "Répartition des départements et des journées de l’automne."
      ),
      (
        "Conseil d’administration d’automne", .board, 18, false,
        "Le conseil prend connaissance des équipes à rencontrer avant la fin de l’année."
      ),
    ]
  }

  func meetingTable() -> Table {
    let rows = meetings.enumerated().map { index, meeting -> [String] in
      let day = today.adding(days: -meeting.daysAgo)
      let isStaff = meeting.kind == .staff
      return [
        "CR-" + padded(index + 1, to: 3), meeting.title, day.description, meeting.kind.rawValue,
        index % 2 == 0 ? "Siège de la fédération" : "https://visio.example/federation",
        ["direction@demonstration.example", isStaff ? "charge-mission@demonstration.example" : "ca@demonstration.example", "Basile Ormont"]
          .joined(separator: "|"),
        index % 2 == 0 ? "tresorerie@demonstration.example" : "", index == 2 ? "referent@demonstration.example" : "",
        meeting.kind == .partners ? "ARS-38" : "", "Approbation du compte rendu précédent\nTour de table\nDécisions", meeting.body,
        meeting.isApproved ? day.adding(days: 30).description : "",
      ]
    }
    return Table(
      header: [
        "reference", "titre", "date", "nature", "lieu", "presents", "excuses", "invites", "organisations", "ordre_du_jour", "texte",
        "approuve_le",
      ],
      rows: numbered(rows))
  }

  private var decided: [(meeting: Int, body: String, team: Int?, taskIn: Int?, isDone: Bool)] {
    [
      (1, "Proposer une facilitation à l’équipe, avec un pair d’un autre département.", 3, -170, true),
      (1, "Reconduire le budget des journées régionales.", nil, -180, true),
      (2, "Préparer la campagne d’adhésion.", nil, 20, false),
      (3, "Rencontrer l’équipe avec l’ARS avant la prochaine commission.", 8, 12, false),
      (3, "L’ARS donne son accord au projet de l’équipe.", 11, nil, false),
      (5, "Rencontrer chaque équipe que personne n’a vue depuis un an.", nil, 40, false),
    ]
  }

  /// What is left to do after the decisions.
  func decisionTaskTable() -> Table {
    let rows = decided.enumerated().compactMap { index, decision -> [String]? in
      decision.taskIn.map { days in
        [
          "DEC-T" + padded(index + 1, to: 2), String(decision.body.prefix(120)), today.adding(days: days).description,
          decision.team.map { teams[$0 % teams.count].reference } ?? "",
          index % 2 == 0 ? "charge-mission@demonstration.example" : "direction@demonstration.example",
          decision.isDone ? "faite" : "a_faire", decision.isDone ? today.adding(days: days).description : "",
        ]
      }
    }
    return Table(
      header: ["reference", "titre", "echeance", "structure", "affectee_a", "etat", "faite_le"], rows: numbered(rows))
  }

  func decisionTable() -> Table {
    let rows = decided.enumerated().map { index, decision in
      [
        "DEC-" + padded(index + 1, to: 2), "CR-" + padded(decision.meeting, to: 3), decision.body,
        decision.team.map { teams[$0 % teams.count].reference } ?? "", decision.taskIn == nil ? "" : "DEC-T" + padded(index + 1, to: 2),
      ]
    }
    return Table(header: ["reference", "compte_rendu", "texte", "structures", "tache"], rows: numbered(rows))
  }
}
