import Records
import Store

/// What records are called where those of several kinds stand together, or many of one: in the bin, in a batch.
public enum RecordTitles {
  static let tables: [(kind: String, area: Area, table: SQL, title: SQL)] = [
    ("structures", .directory, "structure", "name"),
    (
      "etats", .directory, "structure_state",
      """
      (SELECT s.name FROM structure s WHERE s.id = structure_id) || ', ' || COALESCE(
        (SELECT MIN(v.label) FROM reference_value v WHERE v.code = state AND v.list IN (\(Stage.list.name), \(Facet.list.name))), state)
      """
    ),
    (
      "suivis", .portfolios, "team_follower",
      "(SELECT s.name FROM structure s WHERE s.id = structure_id) || ', suivi à partir du ' || since"
    ),
    ("personnes", .directory, "person", "COALESCE(first_name || ' ', '') || last_name"),
    (
      "consentements", .directory, "consent",
      "(SELECT COALESCE(p.first_name || ' ', '') || p.last_name FROM person p WHERE p.id = person_id) || ', consentement du ' || given_on"
    ),
    ("finalites", .personalData, "processing", "name"),
    ("organisations", .directory, "organisation", "name"),
    (
      "successions", .directory, "succession",
      "(SELECT s.name || ', ' || t.name FROM structure s, structure t WHERE s.id = from_id AND t.id = to_id)"
    ),
    (
      "contacts", .directory, "organisation_contact",
      "(SELECT p.last_name || ', ' || o.name FROM person p, organisation o WHERE p.id = person_id AND o.id = organisation_id)"
    ),
    (
      "territoires", .directory, "territory_department",
      "(SELECT r.name FROM territory r WHERE r.code = territory_department.territory) || ', ' || department"
    ),
    ("echanges", .exchanges, "exchange", "COALESCE(subject, date)"),
    (
      "facilitations", .facilitations, "facilitation",
      """
      COALESCE((SELECT MIN(v.label) FROM reference_value v WHERE v.list = 'facilitation_type' AND v.code = facilitation.type), 'Facilitation')
        || ', ' || COALESCE(date, requested_on)
      """
    ),
    ("seances", .directory, "commission_sitting", "'Séance du ' || date"),
    (
      "dossiers", .directory, "commission_file",
      """
      (SELECT s.name FROM structure s WHERE s.id = structure_id) || ', séance du '
        || (SELECT c.date FROM commission_sitting c WHERE c.id = sitting_id)
      """
    ),
    ("programmes", .directory, "support_programme", "name"),
    (
      "questions", .questions, "expert_question",
      "(SELECT s.name FROM structure s WHERE s.id = structure_id) || ', question du ' || received_on"
    ),
    (
      "relectures", .readings, "project_reading",
      "(SELECT s.name FROM structure s WHERE s.id = structure_id) || ', relecture demandée le ' || requested_on"
    ),
    ("remarques_relecture", .readings, "reading_remark", "body"),
    (
      "mises_en_relation", .directory, "introduction",
      "(SELECT s.name FROM structure s WHERE s.id = structure_id) || ', mise en relation du ' || date"
    ),
    (
      "inscriptions", .directory, "programme_enrolment",
      """
      (SELECT s.name FROM structure s WHERE s.id = structure_id) || ', '
        || (SELECT g.name FROM support_programme g WHERE g.id = programme_id)
      """
    ),
    (
      "seances_programme", .directory, "workshop",
      "(SELECT g.name FROM support_programme g WHERE g.id = programme_id) || ', séance du ' || date"
    ),
    (
      "facilitateurs", .facilitations, "facilitator",
      "(SELECT COALESCE(p.first_name || ' ', '') || p.last_name FROM person p WHERE p.id = person_id) || ', facilitateur'"
    ),
    (
      "heures", .volunteering, "volunteer_hours",
      "(SELECT COALESCE(p.first_name || ' ', '') || p.last_name FROM person p WHERE p.id = person_id) || ', heures du ' || date"
    ),
    (
      "frais", .expenses, "expense_claim",
      "(SELECT COALESCE(p.first_name || ' ', '') || p.last_name FROM person p WHERE p.id = person_id) || ', frais du ' || date"
    ),
    ("premiers_contacts", .firstContacts, "first_contact", "COALESCE(first_name || ' ', '') || last_name || ', ' || received_on"),
    ("modeles_courriel", .letters, "letter_template", "name"),
    ("comptes_rendus", .meetings, "meeting", "title || ', ' || date"), ("decisions", .meetings, "decision", "body"),
    ("taches", .tasks, "todo", "title"),
    ("cibles", .figures, "target", "label"),
    ("blocs", .figures, "report_block", "COALESCE(title, speaker, 'Bloc sans titre') || ', rapport ' || year"),
  ]

  /// Parts of records, which are named only where a merge is taken back.
  private static let parts: [(kind: String, area: Area, table: SQL, title: SQL)] = [
    (
      "fonctions", .directory, "person_function",
      "(SELECT p.last_name || ', ' || s.name FROM person p, structure s WHERE p.id = person_id AND s.id = structure_id)"
    ),
    ("sites", .directory, "site", "COALESCE(name, (SELECT c.name FROM commune c WHERE c.code = site.commune))"),
    ("effectifs", .directory, "headcount", "'Effectif du ' || date"), ("types", .directory, "structure_type", "'Type depuis le ' || since"),
    ("phases", .directory, "phase_correction", "'Phase corrigée depuis le ' || since"),
  ]

  /// The table of a kind.
  public static func table(of kind: String) -> SQL? { tables.first { $0.kind == kind }?.table }

  /// Those of a kind, in the bin or not, by their identifiers.
  public static func titles(of ids: [Int64], kind: String, _ connection: any Connection) throws -> [Int64: String] {
    guard !ids.isEmpty, let entry = (tables + parts).first(where: { $0.kind == kind }) else { return [:] }
    let rows = try connection.rows("SELECT id, \(entry.title) FROM \(entry.table) WHERE id IN \(list: ids)")
    return Dictionary(uniqueKeysWithValues: try rows.map { (try $0[0] as Int64, try $0[1] as String) })
  }
}
