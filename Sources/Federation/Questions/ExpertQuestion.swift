import Records
import Store

/// A team's question that an expert answers (SUP-06).
public enum ExpertQuestion {}

public enum QuestionState: String, CodedValue {
  case received = "recue"
  case sent = "transmise"
  case answered = "repondue"
  /// What was answered is there for all teams, without a name.
  case shared = "partagee"
  case dropped = "abandonnee"

  public static let list = ReferenceList("question_state", label: "Avancement de la question", of: QuestionState.self)

  public var label: String {
    switch self {
    case .received: "Reçue"
    case .sent: "Transmise"
    case .answered: "Répondue"
    case .shared: "Partagée"
    case .dropped: "Sans suite"
    }
  }
}

/// How the expert was given it.
public enum QuestionManner: String, CodedValue {
  case mail = "courriel"
  case byHand = "main"

  public static let list = ReferenceList("question_manner", label: "Envoi de la question", of: QuestionManner.self)

  public var label: String {
    switch self {
    case .mail: "Par un courriel d’ici"
    case .byHand: "Autrement"
    }
  }
}

extension ReferenceList {
  /// What it is about.
  public static let questionDomain = ReferenceList(
    "question_domain", label: "Domaine de la question",
    seeds: [
      Seed("juridique", "Juridique"), Seed("comptable", "Comptable"), Seed("fiscal", "Fiscal"), Seed("social", "Social et emploi"),
      Seed("immobilier", "Immobilier"), Seed("systeme_information", "Système d’information"), Seed("autre", "Autre"),
    ])
}

extension Setting {
  public static let questionMemberRate = euros(
    "questions_taux_adherent", help: "Prix d’une heure d’expert pour une équipe adhérente", default: "150")
  public static let questionOtherRate = euros(
    "questions_taux_non_adherent", help: "Prix d’une heure d’expert pour une équipe non adhérente", default: "220")
}

extension Capability {
  static let questions = Capability(
    "questions", migrations: [ExpertQuestion.migration], lists: [QuestionState.list, QuestionManner.list, .questionDomain],
    settings: [.questionMemberRate, .questionOtherRate], kinds: [QuestionRecords()], figures: ExpertQuestion.figures)
}

extension ExpertQuestion {
  static let migration = Migration(
    "202611231503-questions",
    [
      """
      CREATE TABLE expert_question (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, structure_id \(.id) NOT NULL REFERENCES structure (id),
        exchange_id \(.id) REFERENCES exchange (id), domain \(.text) NOT NULL, received_on \(.date) NOT NULL, body \(.text) NOT NULL,
        expert_id \(.id) REFERENCES person (id), organisation_id \(.id) REFERENCES organisation (id), manner \(.text), sent_on \(.date),
        answer \(.text), answered_on \(.date), minutes \(.int) CHECK (minutes >= 0), member \(.bool), shared \(.text), shared_on \(.date),
        state \(.text) NOT NULL, version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant),
        CHECK ((answer IS NULL) = (answered_on IS NULL)), CHECK (shared_on IS NULL OR shared IS NOT NULL)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX expert_question_reference ON expert_question (reference) WHERE removed_at IS NULL",
      "CREATE INDEX expert_question_received ON expert_question (received_on, id) WHERE removed_at IS NULL",
      "CREATE INDEX expert_question_structure ON expert_question (structure_id)",
      "CREATE INDEX expert_question_exchange ON expert_question (exchange_id) WHERE exchange_id IS NOT NULL",
      "CREATE INDEX expert_question_expert ON expert_question (expert_id) WHERE expert_id IS NOT NULL",
      "CREATE INDEX expert_question_organisation ON expert_question (organisation_id) WHERE organisation_id IS NOT NULL",
    ])

  static let searchSource = SearchSource(
    "questions", from: "expert_question q", id: "q.id", where: "q.removed_at IS NULL",
    ["q.body": .words, "q.answer": .words, "q.shared": .words, "q.reference": .key])

  /// The questions `q` that an account may read: an expert, those that were sent to the person of the directory with their address.
  static func readable(by reader: Account) -> SQL {
    switch reader.role.scope(.read, .questions) {
    case .all: "1 = 1"
    case .own:
      """
      (q.sent_on IS NOT NULL AND q.expert_id IN (
        SELECT e.id FROM person e WHERE e.removed_at IS NULL AND LOWER(e.email) = \(reader.email.lowercased())))
      """
    case .none, .ownTerritory, .ownDepartments: "1 = 0"
    }
  }

  /// In cents, of the time that an answer took, at the rate of its day; `nil` while something of it is not known.
  public static func amount(_ minutes: Int?, isMember: Bool?, on day: CivilDate?, _ settings: Settings) -> Int? {
    guard let minutes, let isMember, let day else { return nil }
    return settings.cents(isMember ? .questionMemberRate : .questionOtherRate, on: day).map { ($0 * minutes + 30) / 60 }
  }
}
