import Records
import Store

extension Role {
  /// Whether the role brings files of a kind of record, and takes them back: it writes all records of the area.
  public func mayImport(_ kind: String) -> Bool {
    guard scope(.write, .imports) == .all else { return false }
    switch kind {
    case "structures", "etats", "types", "sites", "effectifs", "phases", "personnes", "fonctions", "organisations", "contacts",
      "territoires", "zonages", "successions", "seances", "dossiers", "programmes",
      "inscriptions", "seances_programme", "mises_en_relation":
      return scope(.write, .directory) == .all
    case "echanges": return scope(.write, .exchanges) == .all
    case "facilitations", "facilitateurs": return scope(.write, .facilitations) == .all
    case "relectures", "remarques_relecture": return scope(.write, .readings) == .all
    case "questions": return scope(.write, .questions) == .all
    case "heures": return scope(.write, .volunteering) == .all
    case "frais": return scope(.write, .imports) == .all && scope(.write, .expenses) == .all
    case "premiers_contacts": return scope(.write, .firstContacts) == .all
    case "modeles_courriel": return scope(.write, .letters) == .all
    case "comptes_rendus", "decisions": return scope(.write, .meetings) == .all
    case "taches": return scope(.write, .tasks) == .all
    case "series", "blocs", "cibles": return scope(.write, .figures) == .all
    // Of a kind that this list does not know, nobody has said who else may.
    default: return self == .direction
    }
  }
}

extension Installation {
  /// Brings files in, and takes them back, in somebody's name.
  public func importer(for account: Account) -> Importer {
    Importer(database: database, ids: ids, now: now, actor: account.id.rawValue, permits: permits(of: account))
  }

  /// The files that somebody has brought by the browser.
  public func waitingFiles(of account: Account) -> WaitingFiles {
    WaitingFiles(
      database: database, ids: ids, now: now, account: account.id.rawValue, permits: permits(of: account), sources: Self.importSources)
  }

  /// The exports of other programs that are recognised.
  /// Those of Zoho CRM are told by more of their titles: « Note - Content » and « Note Content » fold alike.
  public static let importSources = ImportSource.zoho + ImportSource.pipedrive

  /// A file changes no record that its reader may not read.
  private func permits(of account: Account) -> Importer.Permits {
    { kind, records, connection in
      guard let area = RecordTitles.tables.first(where: { $0.kind == kind })?.area else { return Set(records) }
      return try account.writable(area, among: records, connection)
    }
  }

  /// The kinds of records of which the role brings files.
  public func importKinds(for role: Role) -> [any RecordKind] { model.kinds.filter { role.mayImport($0.name) } }
}
