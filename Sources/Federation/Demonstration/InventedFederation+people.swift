import Records
import Store
import Tables

/// The people of an invented federation, and the organisations that it works with. Their names are put together from syllables: whoever bears one does so by chance.
extension InventedFederation {
  private static let firstNames = [
    "Adèle", "Basile", "Céleste", "Diane", "Élio", "Flore", "Gaspard", "Héloïse", "Ismaël", "Jasmine", "Killian", "Louise", "Maïa",
    "Nathanaël", "Ondine", "Perrine", "Quentin", "Rosalie", "Sidonie", "Théodore", "Ulysse", "Violette", "Yaël", "Zéphyr",
  ]

  private static let beginnings = [
    "Bar", "Bel", "Cham", "Cor", "Dar", "Des", "Fav", "Gal", "Hur", "Jal", "Lan", "Mar", "Mon", "Nor", "Pal", "Quer", "Ros", "Sar", "Tar",
    "Val",
  ]

  private static let middles = ["an", "ar", "el", "en", "er", "im", "in", "on", "or", "os", "our", "ul"]

  private static let endings = [
    "bert", "cet", "chon", "dier", "don", "flot", "gaud", "land", "let", "lier", "mont", "net", "quin", "rel", "set", "sin", "teau", "tier",
    "vel", "vot",
  ]

  func personReference(_ index: Int) -> String { "PERS-" + padded(index + 1, to: 6) }

  /// The reference of one of them for every third exchange.
  mutating func somebody() -> String {
    guard size.people > 0, Int.random(in: 0..<3, using: &peopleRandom) == 0 else { return "" }
    return personReference(Int.random(in: 0..<size.people, using: &peopleRandom))
  }

  /// Members of one team, a few of two.
  mutating func peopleTable() -> Table {
    let professions = ReferenceList.profession.seeds.map(\.code)
    var rows = (0..<size.people).map { index in
      let team = teams[index % teams.count]
      let second = index % 12 == 0 ? teams.randomElement(using: &peopleRandom)?.reference : nil
      let name = [Self.beginnings, Self.middles, Self.endings].map { $0.randomElement(using: &peopleRandom) ?? "" }.joined()
      let reference = personReference(index)
      return [
        reference, name, Self.firstNames.randomElement(using: &peopleRandom) ?? "", professions.randomElement(using: &peopleRandom) ?? "",
        commune(in: team.department, using: &peopleRandom), "\(reference.lowercased())@personnes.example",
        [team.reference, second].compactMap(\.self).joined(separator: "|"),
      ]
    }
    for index in rows.indices where repeatsFirstPerson(index) { rows[index].replaceSubrange(1...3, with: rows[0][1...3]) }
    // One of the facilitators signs in.
    if rows.count > Self.signingIn {
      let name = Self.name(of: .facilitateur).split(separator: " ").map(String.init)
      (rows[Self.signingIn][1], rows[Self.signingIn][2], rows[Self.signingIn][5]) = (
        name[1], name[0], Demonstration.Login(.facilitateur).email
      )
    }
    return Table(header: ["reference", "nom", "prenom", "profession", "commune", "courriel", "structures"], rows: numbered(rows))
  }

  /// The index of that person: the fourth facilitator.
  static let signingIn = 9

  /// Somebody whom the directory does not know.
  func somebodyNew(_ index: Int) -> (first: String, last: String) {
    let parts = [Self.beginnings, Self.middles, Self.endings].enumerated().map { place, parts in
      parts[(index * (7 + 4 * place) + 3) % parts.count]
    }
    return (Self.firstNames[(index * 5 + 2) % Self.firstNames.count], parts.joined())
  }

  /// Each team's coordination since its beginning, whoever leads it, and who else answers for something in it.
  func functionTable() -> Table {
    let rows = teams.enumerated().flatMap { index, team -> [[String]] in
      let since = team.stages.map(\.since).min()?.description ?? ""
      let second = team.type == .cpts ? "president" : team.type.signsACI ? "gerant" : "leader"
      return ["coordinateur", second, index % 3 == 0 ? "referent_qualite" : "maitre_de_stage"].enumerated().compactMap { place, function in
        // The people of a team follow one another at its distance.
        let person = index + place * teams.count
        return person < size.people ? [personReference(person), team.reference, function, since] : nil
      }
    }
    return Table(header: ["personne", "structure", "fonction", "depuis"], rows: numbered(rows))
  }

  /// The delegations that every département has.
  func organisationTable() -> Table {
    let departments = Self.territories.flatMap(\.departments)
    let rows = departments.flatMap { department in
      [
        ["ARS-\(department)", "ars_delegation", "Délégation départementale de l’ARS (\(department))", department],
        ["CPAM-\(department)", "cpam", "Assurance maladie (\(department))", department],
      ]
    }
    return Table(header: ["reference", "nature", "nom", "departements"], rows: numbered(rows))
  }

  /// What two of the staff have to do around today.
  mutating func taskTable() -> Table {
    let titles = [
      "Rappeler la mairie au sujet des locaux", "Envoyer le modèle de statuts", "Prendre des nouvelles du recrutement",
      "Relire le projet de santé", "Préparer la commission", "Transmettre les coordonnées d’un facilitateur",
    ]
    let tasks = (0..<18).map { index -> [String] in
      let day = today.adding(days: [-6, -3, -1, 0, 1, 2, 4, 7, 9, 12, 16, 21, 25, 30, 33, 40, 45, 60][index])
      let owner = index % 3 == 2 ? Role.direction : .chargeMission
      return [
        titles[index % titles.count], day.description, "tache", "", teams[index * 3 % teams.count].reference,
        "\(owner.rawValue.replacing("_", with: "-"))@demonstration.example", "TACHE-" + padded(index + 1, to: 3),
      ]
    }
    let meetings = [
      ("Comité technique départemental", 2, "14:00"), ("Réunion d’équipe", 4, "09:30"), ("Séminaire des coordinations", 11, "18:30"),
    ]
    let appointments = meetings.enumerated().map { index, meeting in
      [
        meeting.0, today.adding(days: meeting.1).description, "rendez_vous", meeting.2, "", "direction@demonstration.example",
        "RDV-" + padded(index + 1, to: 3),
      ]
    }
    return Table(
      header: ["titre", "echeance", "nature", "heure", "structure", "affectee_a", "reference"], rows: numbered(tasks + appointments))
  }
}
