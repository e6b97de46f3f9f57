import Records
import Store
import Tables

/// Health projects that are read before commissions: those of last year are rendered, of the latest ones somebody is still reading.
extension InventedFederation {
  static let openReading = "RLC-09"
  static let projects = [
    ("projet-de-sante-version-1.txt", "Projet de santé, première version.\n\nDiagnostic du territoire, missions, parcours.\n"),
    ("projet-de-sante-version-2.txt", "Projet de santé, deuxième version.\n\nDiagnostic complété, parcours des personnes âgées.\n"),
  ]

  private static let remarks: [(section: String, text: String)] = [
    ("diagnostic", "Donner la part des plus de 75 ans et l’offre de soins à vingt minutes."),
    ("parcours", "Le parcours de la personne âgée s’arrête à la sortie de l’hôpital : dire qui prend la suite."),
    ("coordination", "Le temps de coordination n’est pas écrit."), ("gouvernance", "Joindre les statuts de l’association."),
    ("protocoles", "Un protocole au moins est attendu pour l’ouverture."), ("usagers", "Dire comment les patients sont associés."),
  ]

  private var readTeams: [Team] {
    teams.filter { team in
      [.msp, .cpts].contains(team.type) && team.stages.contains { $0.state == Stage.ecriture.rawValue && $0.since <= today }
    }
  }

  /// Files that are still to be presented, with their references.
  private var waitingFiles: [(reference: String, team: Team)] {
    presentations.enumerated().filter { $0.element.opinion == nil }.map { ("DOS-" + padded($0.offset + 1, to: 3), $0.element.team) }
  }

  private var readingCount: Int { readTeams.count < 12 || waitingFiles.count < 3 ? 0 : 10 }

  func readingTable() -> Table {
    let rows = (0..<readingCount).map { index -> [String] in
      let isOpen = index >= 7
      // One of those that are open is late, the others still have time.
      let requested = isOpen ? today.adding(days: -30 + index) : today.adding(days: -330 + 40 * index)
      let due = isOpen ? today.adding(days: index == 7 ? -4 : 3 * index - 12) : requested.adding(days: 21)
      let state = isOpen ? (index == 7 ? "demandee" : "en_cours") : index % 3 == 0 ? "close" : "rendue"
      let readers = ["charge-mission@demonstration.example", "assistance@demonstration.example"].prefix(index % 3 == 1 ? 2 : 1)
      let file = isOpen ? waitingFiles[index - 7] : nil
      return [
        "RLC-" + padded(index + 1, to: 2), (file?.team ?? readTeams[index * 3 % readTeams.count]).reference, requested.description,
        due.description, file?.reference ?? "", readers.joined(separator: "|"), state,
        isOpen ? "" : requested.adding(days: 15 + 2 * index).description,
      ]
    }
    return Table(
      header: ["reference", "structure", "demandee_le", "a_rendre_le", "dossier", "relecteurs", "etat", "rendue_le"], rows: numbered(rows))
  }

  func remarkTable() -> Table {
    let rows = (0..<readingCount).flatMap { index in
      (0..<(index < 7 ? 2 : 3)).map { place -> [String] in
        let remark = Self.remarks[(index + place * 2) % Self.remarks.count]
        let isSettled = index < 7 && place == 0
        return [
          "RMQ-\(padded(index + 1, to: 2))-\(place + 1)", "RLC-" + padded(index + 1, to: 2), remark.section, "1",
          "charge-mission@demonstration.example", remark.text, isSettled ? today.adding(days: -20).description : "",
        ]
      }
    }
    return Table(header: ["reference", "relecture", "partie", "version_lue", "auteur", "texte", "reglee_le"], rows: numbered(rows))
  }
}
