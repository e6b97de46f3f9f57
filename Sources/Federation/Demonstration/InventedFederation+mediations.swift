import Records
import Tables

extension InventedFederation {
  /// A few of them were mediations: their authors and the direction alone read those.
  func mediationTable() -> Table {
    let words = "Médiation entre deux associés : ce qui s’est dit reste entre nous."
    let rows = mediations.map { $0 + [words, Self.name(of: .chargeMission), Visibility.confidential.rawValue] }
    return Table(header: ["date", "canal", "reference", "objet", "auteur", "visibilite"], rows: numbered(rows))
  }
}
