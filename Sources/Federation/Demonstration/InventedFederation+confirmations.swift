import Records

extension InventedFederation {
  /// What teams answered to « confirmez votre fiche »; without corrections, that all is right.
  static let sheetAnswers: [(team: String, corrections: Entries?)] = [
    ("DEMO-004", nil),
    ("DEMO-006", ["telephone": "04 65 71 20 16", "nb_professionnels": "19"]),
    ("DEMO-011", [SheetConfirmation.coordination: "Ondine Querellin, depuis le 1er septembre"]),
  ]
}
