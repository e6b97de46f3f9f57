import Records
import Store
import Tables

extension InventedFederation {
  private static let former = [("Valoursin", "Ondine"), ("Quermontel", "Basile"), ("Tarenflot", "Violette")]

  /// People who left their team years ago, and of whom nobody has heard since.
  func formerPeopleTable() -> Table {
    let rows = Self.former.enumerated().map { ["ANCIEN-\($0.offset + 1)", $0.element.0, $0.element.1, "infirmier"] }
    return Table(header: ["reference", "nom", "prenom", "profession"], rows: numbered(rows))
  }

  func formerFunctionTable() -> Table {
    let rows = zip(Self.former.indices, teams).map { index, team in
      [
        "ANCIEN-\(index + 1)", team.reference, "membre", CivilDate.firstDay(of: today.year - 7).description,
        CivilDate.lastDay(of: today.year - 4).adding(days: -40 * index).description,
      ]
    }
    return Table(header: ["personne", "structure", "fonction", "depuis", "jusqua"], rows: numbered(rows))
  }

  /// A few people agreed to be published, one of them took it back; another receives the letter.
  func consentTable() -> Table {
    let publication = "J’accepte que la fédération publie les informations cochées dans l’annuaire ouvert à tous."
    let letter = "J’accepte de recevoir la lettre d’information de la fédération."
    let year = CivilDate.firstDay(of: today.year - 1)
    let rows = [
      (0, ConsentRecords.publication, year.adding(days: 40), "formulaire_papier", publication, "nom|profession|equipe", nil),
      (1, ConsentRecords.publication, year.adding(days: 41), "courriel", publication, "nom|courriel", year.adding(days: 200)),
      (2, "lettres", year.adding(days: 60), "formulaire_en_ligne", letter, "", nil),
    ].filter { $0.0 < size.people }.map { row in
      [personReference(row.0), row.1, row.2.description, row.3, row.4, row.5, row.6?.description ?? ""]
    }
    return Table(header: ["personne", "finalite", "donne_le", "recueil", "texte", "champs", "retire_le"], rows: numbered(rows))
  }
}
