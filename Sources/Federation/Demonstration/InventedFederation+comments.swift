extension InventedFederation {
  /// What colleagues say of the first team, in their order.
  static let comments: [(role: Role, text: String)] = [
    (.chargeMission, "Le bail du local se signe en décembre. @\(name(of: .assistance)), pouvez-vous retrouver le plan de financement ?"),
    (.assistance, "Il est joint au dernier échange : https://exemple.fr/plan. @\(name(of: .direction)) doit le valider."),
  ]
}
