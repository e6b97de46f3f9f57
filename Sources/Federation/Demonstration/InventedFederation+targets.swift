import Records
import Store
import Tables

extension InventedFederation {
  /// What the region agreed on with its funder, as far as the teams of each type can be counted.
  func targetTable() -> Table {
    let (base, due) = (CivilDate.firstDay(of: today.year - 2), CivilDate.lastDay(of: today.year + 1))
    func count(_ type: StructureType) -> Int { teams.count { $0.type == type } }
    func row(
      _ label: String, _ measure: TargetMeasure, _ type: StructureType?, _ goal: Int, department: String = "", territory: String = "",
      due: CivilDate, note: String = ""
    ) -> [String] {
      [
        label, measure.rawValue, type?.rawValue ?? "", measure.isShare ? "" : base.description, String(goal), due.description, department,
        territory, "Contrat avec l’ARS", note,
      ]
    }
    let rows = [
      row("Maisons de santé ouvertes", .open, .msp, count(.msp) * 9 / 10, due: due),
      row("Centres de santé ouverts", .open, .cds, count(.cds) * 8 / 10, due: due),
      row("ESP ouvertes ou en projet", .openAndPlanned, .esp, count(.esp) + 6, due: due),
      row("Maisons de santé de plus dans l’Est", .growth, .msp, 8, territory: "est", due: .lastDay(of: today.year)),
      row("Maisons de santé ouvertes en Isère", .open, .msp, 12, department: "38", due: .lastDay(of: today.year - 1)),
      row("Région couverte par des CPTS", .population, .cpts, 100, due: due, note: "Chaque habitant dans le périmètre d’une CPTS."),
    ]
    let header = [
      "libelle", "mesure", "type", "base_le", "valeur", "echeance", "departement", "territoire", "source", "commentaire", "reference",
    ]
    return Table(header: header, rows: numbered(rows.enumerated().map { $1 + ["CIBLE-" + padded($0 + 1, to: 3)] }))
  }
}
