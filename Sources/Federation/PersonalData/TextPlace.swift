import Records
import Store

/// A column in which people write freely, and may write of somebody: what a search for a person's name reads, and what one may mend.
///
/// Two functions read the same places, so that what the page of a person lists is what an erasure finds.
struct TextPlace: Sendable {
  /// « exchange.subject »: how the place is told apart in forms, and kept with an erasure.
  var code: String { "\(table).\(column)" }
  /// « Objet d’un échange ».
  let label: String
  let table: String
  let column: String
  /// The kind of record whose own column it is; `nil` for what is no record.
  let kind: String?
  /// What tells a row of the table aliased `t`: its identifier, or that of the record whose rows are mended together.
  let row: SQL
  /// The text is that of a row of the record `owner`, not of the record itself.
  let isPart: Bool
  /// The column that keeps the text as it is searched, by how it is made.
  let folded: (column: String, fold: @Sendable (String) -> String)?
  /// The identifier of the record on whose page the text is read, of the table aliased `t`, and that page.
  let owner: SQL
  let page: Page

  enum Page: String, Sendable { case exchange, structure, task, target, report, letter, meeting, facilitation, sitting, programme, none }

  init(
    _ label: String, _ table: String, _ column: String, kind: String? = nil,
    folded: (column: String, fold: @Sendable (String) -> String)? = nil, owner: SQL = "t.id", row: SQL = "t.id", isPart: Bool = false,
    _ page: Page = .none
  ) {
    self.row = row
    self.isPart = isPart
    (self.label, self.table, self.column, self.kind, self.folded) = (label, table, column, kind, folded)
    (self.owner, self.page) = (owner, page)
  }

  static let all: [TextPlace] = [
    TextPlace(
      "Objet d’un échange", "exchange", "subject", kind: "echanges",
      folded: ("subject_fold", { Fold.searchText([$0]) }), .exchange),
    TextPlace(
      "Auteur d’un échange", "exchange", "author", kind: "echanges", folded: ("author_code", { Fold.code($0) }), .exchange),
    TextPlace("Titre d’une tâche", "todo", "title", kind: "taches", .task),
    TextPlace("Note d’une tâche", "todo", "note", kind: "taches", .task),
    TextPlace("Personne chargée d’une tâche", "todo", "assignee", kind: "taches", .task),
    TextPlace("Notes d’une structure", "structure", "notes", kind: "structures", .structure),
    tag,
    TextPlace("Note d’une étape", "structure_state", "note", kind: "etats", owner: "t.structure_id", .structure),
    TextPlace("Note d’une phase", "phase_correction", "note", kind: "phases", owner: "t.structure_id", .structure),
    TextPlace("Note d’un suivi", "team_follower", "note", kind: "suivis", owner: "t.structure_id", .structure),
    TextPlace("Note d’une succession", "succession", "note", kind: "successions", owner: "t.from_id", .structure),
    TextPlace("Source d’un effectif", "headcount", "source", kind: "effectifs", owner: "t.structure_id", .structure),
    TextPlace("Note d’un remplacement", "delegation", "note", kind: "remplacements"),
    TextPlace("Correction proposée d’une fiche", "sheet_proposal", "proposed"),
    TextPlace("Fiche telle qu’une équipe l’a lue", "sheet_proposal", "before"),
    TextPlace("Demande d’un premier contact", "first_contact", "request", kind: "premiers_contacts"),
    TextPlace("Réponse à un premier contact", "first_contact", "answer", kind: "premiers_contacts"),
    TextPlace("Personne chargée d’un premier contact", "first_contact", "assignee", kind: "premiers_contacts"),
    TextPlace("Titre d’un compte rendu", "meeting", "title", kind: "comptes_rendus", .meeting),
    TextPlace("Lieu d’une réunion", "meeting", "place", kind: "comptes_rendus", .meeting),
    TextPlace("Ordre du jour d’une réunion", "meeting", "agenda", kind: "comptes_rendus", .meeting),
    TextPlace("Texte d’un compte rendu", "meeting", "body", kind: "comptes_rendus", .meeting),
    TextPlace(
      "Personne nommée dans un compte rendu", "meeting_attendee", "name", kind: "comptes_rendus", owner: "t.meeting_id", isPart: true,
      .meeting),
    TextPlace("Décision", "decision", "body", kind: "decisions", owner: "t.meeting_id", .meeting),
    TextPlace("Besoin d’une facilitation", "facilitation", "need", kind: "facilitations", .facilitation),
    TextPlace("Bilan d’une facilitation", "facilitation", "report", kind: "facilitations", .facilitation),
    TextPlace("Lieu d’une facilitation", "facilitation", "place", kind: "facilitations", .facilitation),
    TextPlace("Motif d’une facilitation", "facilitation", "reason", kind: "facilitations", .facilitation),
    TextPlace("Avis sur une facilitation", "facilitation", "feedback", kind: "facilitations", .facilitation),
    TextPlace("Personne qui demande une facilitation", "facilitation", "requester", kind: "facilitations", .facilitation),
    TextPlace("Coordination d’une facilitation", "facilitation", "coordinator", kind: "facilitations", .facilitation),
    TextPlace(
      "Facilitateur nommé", "facilitation_person", "name", kind: "facilitations", owner: "t.facilitation_id", isPart: true, .facilitation),
    TextPlace("Lieu d’une séance", "commission_sitting", "place", kind: "seances", .sitting),
    TextPlace("Note d’une séance", "commission_sitting", "note", kind: "seances", .sitting),
    TextPlace("Réserves ou motif d’un avis", "commission_file", "reason", kind: "dossiers", owner: "t.sitting_id", .sitting),
    TextPlace("Nom d’un programme", "support_programme", "name", kind: "programmes", folded: ("name_fold", { Fold.key($0) }), .programme),
    TextPlace("Financeur d’un programme", "support_programme", "funder", kind: "programmes", .programme),
    TextPlace("Responsable d’un programme", "support_programme", "manager", kind: "programmes", .programme),
    TextPlace("Étapes d’un programme", "support_programme", "steps", kind: "programmes", .programme),
    TextPlace("Note d’un programme", "support_programme", "note", kind: "programmes", .programme),
    TextPlace(
      "Motif d’un abandon", "programme_enrolment", "reason", kind: "inscriptions", owner: "t.programme_id", .programme),
    TextPlace(
      "Étape d’une équipe dans un programme", "programme_step", "step", kind: "inscriptions", owner: "t.enrolment_id", isPart: true),
    TextPlace("Objet d’une séance de programme", "workshop", "topic", kind: "seances_programme", owner: "t.programme_id", .programme),
    TextPlace("Lieu d’une séance de programme", "workshop", "place", kind: "seances_programme", owner: "t.programme_id", .programme),
    TextPlace(
      "Personne qui anime une séance de programme", "workshop", "leader", kind: "seances_programme", owner: "t.programme_id", .programme),
    TextPlace("Question à un expert", "expert_question", "body", kind: "questions", owner: "t.structure_id", .structure),
    TextPlace("Réponse d’un expert", "expert_question", "answer", kind: "questions", owner: "t.structure_id", .structure),
    TextPlace("Réponse partagée d’un expert", "expert_question", "shared", kind: "questions", owner: "t.structure_id", .structure),
    TextPlace("Note d’une relecture", "project_reading", "note", kind: "relectures", owner: "t.structure_id", .structure),
    TextPlace(
      "Remarque d’une relecture", "reading_remark", "body", kind: "remarques_relecture",
      owner: "(SELECT r.structure_id FROM project_reading r WHERE r.id = t.reading_id)", .structure),
    TextPlace("Objet d’une mise en relation", "introduction", "purpose", kind: "mises_en_relation", owner: "t.structure_id", .structure),
    TextPlace("Suite d’une mise en relation", "introduction", "note", kind: "mises_en_relation", owner: "t.structure_id", .structure),
    TextPlace("Formations d’un facilitateur", "facilitator", "training", kind: "facilitateurs"),
    TextPlace("Note sur un facilitateur", "facilitator", "note", kind: "facilitateurs"),
    TextPlace("Objet d’heures bénévoles", "volunteer_hours", "purpose", kind: "heures"),
    TextPlace("Motif de refus d’heures bénévoles", "volunteer_hours", "reason", kind: "heures"),
    TextPlace("Objet d’une note de frais", "expense_claim", "purpose", kind: "frais"),
    TextPlace("Départ d’un trajet remboursé", "expense_claim", "origin", kind: "frais"),
    TextPlace("Arrivée d’un trajet remboursé", "expense_claim", "destination", kind: "frais"),
    TextPlace("Dépense d’une note de frais", "expense_claim", "other_purpose", kind: "frais"),
    TextPlace("Motif de refus d’une note de frais", "expense_claim", "reason", kind: "frais"),
    TextPlace("Motif de réouverture d’un paiement", "expense_payment", "reason"),
    TextPlace("Source d’une cible", "target", "source", kind: "cibles", .target),
    TextPlace("Commentaire d’une cible", "target", "note", kind: "cibles", .target),
    TextPlace("Source d’une valeur reprise", "series_value", "source", kind: "series"),
    TextPlace("Titre d’un bloc du rapport", "report_block", "title", kind: "blocs", owner: "t.year", .report),
    TextPlace("Texte d’un bloc du rapport", "report_block", "body", kind: "blocs", owner: "t.year", .report),
    TextPlace("Description d’une photo du rapport", "report_block", "alternative", kind: "blocs", owner: "t.year", .report),
    TextPlace("Crédit d’une photo du rapport", "report_block", "credit", kind: "blocs", owner: "t.year", .report),
    TextPlace("Rédaction d’un bloc du rapport", "report_block", "author", kind: "blocs", owner: "t.year", .report),
    TextPlace(
      "Commentaire sur le rapport", "report_comment", "text",
      owner: "(SELECT b.year FROM report_block b WHERE b.id = t.block_id)", .report),
    TextPlace("Objet d’un courriel", "letter", "subject", .letter),
    TextPlace("Texte d’un courriel", "letter", "body", .letter),
    TextPlace("Objet d’un courriel reçu", "received_mail", "subject"),
    TextPlace("Texte d’un courriel reçu", "received_mail", "body"),
    TextPlace("Note sur un courriel reçu", "received_mail", "detail"),
    TextPlace("Objet d’un modèle de courriel", "letter_template", "subject", kind: "modeles_courriel"),
    TextPlace("Texte d’un modèle de courriel", "letter_template", "body", kind: "modeles_courriel"),
    TextPlace("Commentaire sur une fiche", RecordComment.table, "text", owner: "t.record_id"),
  ]

  /// Words that gather teams; a row is all those of a team.
  static let tag = TextPlace(
    "Étiquette d’une équipe", StructureTag.table, "tag", kind: "structures", owner: "t.structure_id", row: "t.structure_id", .structure)

  /// Names typed in an exchange, beside the people of the directory.
  static let typedName = TextPlace(
    "Personne nommée dans un échange", "exchange_person", "name", owner: "t.exchange_id", .exchange)

  static func place(_ code: String) -> TextPlace? { (all + [typedName]).first { $0.code == code } }

  /// Every text of every place: code, identifier of its row, owner, text.
  static var texts: SQL {
    let columns = all.map { place -> SQL in
      let (table, column) = (SQL(unsafeText: place.table), SQL(unsafeText: place.column))
      return
        "SELECT \(place.code) AS place, \(place.row) AS id, \(place.owner) AS owner, t.\(column) AS text FROM \(table) t WHERE t.\(column) IS NOT NULL"
    }
    // A row of an exchange is told by the exchange and its number.
    return
      (columns + [
        """
        SELECT \(typedName.code), t.number, t.exchange_id, t.name FROM exchange_person t WHERE t.name IS NOT NULL
        """
      ]).joined(by: " UNION ALL ")
  }
}

/// A text that names somebody, or may.
public struct NamingText: Sendable {
  /// « exchange.subject:0ABC…: » as forms and erasures call it.
  public let code: String
  public let label: String
  /// What stands before the name, the name, and what follows.
  public let before: String
  public let name: String
  public let after: String
  /// Whether it names nobody else.
  public let isCertain: Bool
  /// Where it is read, when it has a page.
  public let page: Page?

  public enum Page: Sendable {
    case exchange(Identifier<Exchange>), structure(Identifier<Structure>), meeting(Identifier<Meeting>), target, report(Int)
    case task
    case letter(Identifier<Letter>)
    case facilitation(Identifier<Facilitation>)
    case sitting(Identifier<CommissionSitting>)
    case programme(Identifier<SupportProgramme>)
  }

  let row: Int64
  let owner: Int64
  let place: TextPlace

  init?(_ place: TextPlace, row: Int64, owner: Int64, _ text: String, _ person: NamedPerson) {
    let mentions = person.mentions(in: text)
    guard let shown = mentions.first(where: \.isCertain) ?? mentions.first else { return nil }
    (self.place, self.row, self.owner) = (place, row, owner)
    code =
      "\(place.code):\(Identifier<Person>(rawValue: owner))\(place.code == TextPlace.typedName.code ? ":\(row)" : ":\(Identifier<Person>(rawValue: row))")"
    label = place.label
    isCertain = shown.isCertain
    before = (text.distance(from: text.startIndex, to: shown.range.lowerBound) > 60 ? "…" : "") + text[..<shown.range.lowerBound].suffix(60)
    name = String(text[shown.range])
    after = String(text[shown.range.upperBound...].prefix(60)) + (text[shown.range.upperBound...].count > 60 ? "…" : "")
    page =
      switch place.page {
      case .exchange: .exchange(Identifier(rawValue: owner))
      case .structure: .structure(Identifier(rawValue: owner))
      case .task: .task
      case .meeting: .meeting(Identifier(rawValue: owner))
      case .facilitation: .facilitation(Identifier(rawValue: owner))
      case .sitting: .sitting(Identifier(rawValue: owner))
      case .programme: .programme(Identifier(rawValue: owner))
      case .target: .target
      case .report: .report(Int(owner))
      case .letter: .letter(Identifier(rawValue: owner))
      case .none: nil
      }
  }

  /// All those that name a person, certain ones first, in the order of the places.
  static func all(naming person: NamedPerson, _ connection: any Connection) throws -> [NamingText] {
    var found: [NamingText] = []
    try connection.forEach(TextPlace.texts) { row in
      guard let place = TextPlace.place(try row[0]) else { return }
      if let text = NamingText(place, row: try row[1], owner: try row[2], try row[3], person) { found.append(text) }
    }
    let order = Dictionary(
      (TextPlace.all + [TextPlace.typedName]).enumerated().map { ($1.code, $0) }, uniquingKeysWith: { first, _ in first })
    return found.sorted { left, right in
      (left.isCertain ? 0 : 1, order[left.place.code] ?? 0, left.owner, left.row)
        < (right.isCertain ? 0 : 1, order[right.place.code] ?? 0, right.owner, right.row)
    }
  }
}
