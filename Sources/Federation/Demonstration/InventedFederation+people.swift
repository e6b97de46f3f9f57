import Records
import Store
import Tables

/// The people of larger invented federations. Their names are put together from syllables: whoever bears one does so by chance.
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
    guard size.people > 0, Int.random(in: 0..<3, using: &random) == 0 else { return "" }
    return personReference(Int.random(in: 0..<size.people, using: &random))
  }

  /// Members of one team, a few of two.
  mutating func peopleTable() -> Table {
    let professions = ReferenceList.profession.seeds.map(\.code)
    let rows = (0..<size.people).map { index in
      let team = teams[index % teams.count]
      let second = index % 12 == 0 ? teams.randomElement(using: &random)?.reference : nil
      let name = [Self.beginnings, Self.middles, Self.endings].map { $0.randomElement(using: &random) ?? "" }.joined()
      let reference = personReference(index)
      return [
        reference, name, Self.firstNames.randomElement(using: &random) ?? "", professions.randomElement(using: &random) ?? "",
        commune(in: team.department, using: &random), "\(reference.lowercased())@personnes.example",
        [team.reference, second].compactMap(\.self).joined(separator: "|"),
      ]
    }
    return Table(header: ["reference", "nom", "prenom", "profession", "commune", "courriel", "structures"], rows: numbered(rows))
  }

  /// Each team's coordination, since its beginning.
  func functionTable() -> Table {
    let rows = teams.prefix(size.people).enumerated().map { index, team in
      [personReference(index), team.reference, "coordinateur", team.stages.map(\.since).min()?.description ?? ""]
    }
    return Table(header: ["personne", "structure", "fonction", "depuis"], rows: numbered(rows))
  }
}
