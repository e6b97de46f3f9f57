import Records
import Store

extension Capability {
  /// What colleagues say to each other on records, and what each of them is told.
  static let comments = Capability(
    "comments", migrations: [NoticeChoice.migration], settings: [.digestHour])
}

extension Setting {
  static let digestHour = integer(
    "synthese_heure", help: "Heure de la synthèse quotidienne des notifications, par courriel", default: 7, in: 0...23)
}
