import Records
import Store
import Tables

/// What teams asked of their peers, over the years of the log.
extension InventedFederation {
  private static let asked: [(type: String, need: String)] = [
    ("conseil_sisa", "L’équipe hésite sur les statuts de la SISA et aimerait entendre une équipe qui l’a créée."),
    ("si_choix", "Choisir entre deux logiciels : voir l’écran d’une équipe qui en utilise un depuis un an."),
    ("sensibilisation_professionnels", "Première réunion avec les professionnels du bassin, pour dire ce que travailler ensemble change."),
    ("conseil_coordination", "Définir le poste de coordination et son temps."), ("visite", "Visiter une équipe installée dans ses murs."),
    ("conseil_immobilier", "Les locaux sont trop petits : comment d’autres ont-ils fait ?"),
    ("mediation", "Deux associés ne se parlent plus ; l’équipe demande un regard extérieur."),
    ("protocoles_cooperation", "Mettre en place un premier protocole de coopération."),
    ("conseil_aci", "Préparer la première année d’ACI."), ("conseil_pluripro", "Lancer les réunions de concertation."),
  ]

  /// People who help others: some of the first ones of the directory.
  private func helper(_ number: Int) -> String { size.people < 40 ? "" : personReference(number % size.facilitators * 3) }

  /// Their profiles: one of them is resting, one is away for a month.
  func facilitatorTable() -> Table {
    let expertises = ReferenceList.expertise.seeds.map(\.code)
    let rows = (0..<(size.people < 40 ? 0 : size.facilitators)).map { index -> [String] in
      let away = today.adding(days: 10)
      return [
        personReference(index * 3), (0..<3).map { expertises[(index * 3 + $0 * 5) % expertises.count] }.joined(separator: "|"),
        index % 4 == 3 ? "" : String(40 + 20 * (index % 5)),
        index == 4 ? "\(away) au \(away.adding(days: 30))" : "", index % 2 == 0 ? "Formation initiale des facilitateurs" : "",
        index == 7 ? today.adding(days: -60).description : "",
      ]
    }
    return Table(
      header: ["personne", "expertises", "rayon_km", "absences", "formations", "en_pause_depuis"], rows: numbered(rows))
  }

  func facilitationTable() -> Table {
    let start = CivilDate.firstDay(of: today.year - size.years + 2)
    let days = today.days(since: start)
    let count = size.facilitations
    let inTeams = teams.filter { $0.type != .isole }
    guard !inTeams.isEmpty, days > 0 else { return Table(header: ["reference"], rows: []) }
    let rows = (0..<count).map { index -> [String] in
      let requested = start.adding(days: days * index / count)
      let (type, need) = Self.asked[index % Self.asked.count]
      let team = inTeams[(index * 7) % inTeams.count]
      let other = index % 11 == 0 ? inTeams[(index * 7 + 3) % inTeams.count].reference : ""
      let met = requested.adding(days: 20 + index % 25)
      let isOver = met <= today
      let state = !isOver ? "" : index % 17 == 5 ? "annulee" : "tenue"
      let isHeld = state == "tenue"
      // Of what is ahead, some have a day, some nobody yet.
      let hasDay = isHeld || (!isOver && index % 3 == 0)
      return [
        "FAC-" + padded(index + 1, to: count < 1_000 ? 3 : 4), requested.description,
        [team.reference, other].filter { !$0.isEmpty }.joined(separator: "|"),
        type, need, index % 9 == 0 ? "oui" : "", index % 2 == 0 ? "collective" : "individuelle",
        "charge-mission@demonstration.example",
        isHeld || hasDay ? [helper(index), helper(index + 5)].prefix(index % 3 == 0 ? 1 : 2).joined(separator: "|") : "",
        index % 4 == 0 ? "visio" : "sur_place", hasDay ? met.description : "", hasDay ? "12:30" : "",
        isHeld ? String(60 + 30 * (index % 4)) : "", state, state == "annulee" ? "L’équipe a trouvé elle-même." : "",
        // One is left to write to the facilitator who signs in.
        isHeld && index % 6 != 0 && index != 75
          ? "## Ce qui a été partagé\n\nL’expérience d’une équipe voisine.\n\n## Ce que l’équipe a décidé\n\n- Avancer pas à pas." : "",
        isHeld && index % 2 == 0 ? String(4 + index % 2) : "",
      ]
    }
    return Table(
      header: [
        "reference", "demandee_le", "structures", "type_facilitation", "besoin", "urgente", "format", "coordination", "facilitateurs",
        "modalite", "date", "heure", "duree_minutes", "etat", "motif", "bilan", "satisfaction",
      ], rows: numbered(rows))
  }
}
