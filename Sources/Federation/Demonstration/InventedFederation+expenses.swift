import Records
import Store
import Tables

extension InventedFederation {
  private static let spent:
    [(purpose: String, from: String, to: String, km: String, tolls: String, meals: String, train: String, halfDays: String)] = [
      ("Conseil d’administration", "Grenoble", "Lyon", "214", "26,40", "17,50", "", "1"),
      ("Facilitation d’une équipe", "Voiron", "La Mure", "128,5", "", "", "", "1"),
      ("Comité régional avec l’ARS", "", "", "", "", "15,20", "62,80", "2"),
      ("Visite d’une maison de santé", "Chambéry", "Albertville", "102", "9,80", "", "", ""),
    ]

  /// Claims of elected people and facilitators, one of whom signs in; those that were sent are then decided on.
  func expenseTable() -> Table {
    let first = today.adding(days: -100)
    let rows = (0..<(size.people < 40 ? 0 : 12)).map { index -> [String] in
      let spent = Self.spent[index % Self.spent.count]
      return [
        "FRAIS-" + padded(index + 1, to: 3), personReference(index % 4 * 3), first.adding(days: index * 8).description, spent.purpose,
        spent.from, spent.to, spent.km, spent.tolls, spent.meals, spent.train, spent.halfDays, index >= 10 ? "brouillon" : "envoyee",
      ]
    }
    return Table(
      header: [
        "reference", "personne", "date", "objet", "depart", "arrivee", "km", "peage", "repas", "train", "demi_journees", "etat",
      ], rows: numbered(rows))
  }

  /// In their order.
  static let expenseDecisions: [(claim: String, refusal: String?, isWaived: Bool, isLastOfPayment: Bool)] = [
    ("FRAIS-001", nil, false, false), ("FRAIS-002", nil, false, false), ("FRAIS-003", nil, false, true), ("FRAIS-004", nil, true, false),
    ("FRAIS-005", "Le péage a été payé par la fédération.", false, false), ("FRAIS-006", nil, false, false),
    ("FRAIS-007", nil, false, false),
  ]
}
