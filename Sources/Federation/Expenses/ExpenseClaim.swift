import Records
import Store

/// What somebody who is not on the payroll spent for the federation on a day, and asks back (FAC-06, R19).
public enum ExpenseClaim {}

/// Where a claim stands.
public enum ExpenseState: String, CodedValue {
  case draft = "brouillon"
  case sent = "envoyee"
  case approved = "approuvee"
  /// To be mended and sent again.
  case refused = "refusee"
  case paid = "payee"
  /// The person gives it up: a gift to the federation.
  case waived = "abandonnee"

  public static let list = ReferenceList("expense_state", label: "État", of: ExpenseState.self)

  public var label: String {
    switch self {
    case .draft: "Brouillon"
    case .sent: "Envoyée"
    case .approved: "Approuvée"
    case .refused: "Refusée"
    case .paid: "Payée"
    case .waived: "Abandonnée en don"
    }
  }

  /// Nobody has said yet that it is owed: what it is worth follows the settings.
  public var isOpen: Bool { [.draft, .sent, .refused].contains(self) }
  /// What it says may be changed.
  public var isMendable: Bool { [.draft, .refused].contains(self) }
}

/// What money was spent on.
public enum ExpenseNature: String, CaseIterable, Sendable {
  case journey, tolls, parking, train, meals, other, indemnity

  public var label: String {
    switch self {
    case .journey: "Trajet en voiture"
    case .tolls: "Péages"
    case .parking: "Stationnement"
    case .train: "Train et transports"
    case .meals: "Repas"
    case .other: "Autre dépense"
    case .indemnity: "Indemnité"
    }
  }

  /// Whether it comes with a receipt, above an amount.
  var needsReceipt: Bool { [.tolls, .train, .meals, .other].contains(self) }
}

/// One line of a claim.
public struct ExpenseLine: Sendable, Equatable {
  public let nature: ExpenseNature
  /// In cents.
  public let amount: Int
}

extension Setting {
  /// What a kilometre is worth, in thousandths.
  public static let expenseRate = euros("frais_taux_km", help: "Remboursement d’un kilomètre", decimals: 3)
  /// What the presence of half a day is worth.
  public static let expenseIndemnity = euros("frais_indemnite_demi_journee", help: "Indemnité d’une demi-journée")
  public static let expenseCeiling = euros("frais_plafond", help: "Montant le plus élevé d’une note de frais")
  public static let expenseReceipt = euros(
    "frais_seuil_justificatif", help: "Montant d’une ligne au-delà duquel un justificatif est demandé", default: "10")
}

extension Capability {
  static let expenses = Capability(
    "expenses", migrations: [ExpenseClaim.migration], lists: [ExpenseState.list],
    settings: [.expenseRate, .expenseIndemnity, .expenseCeiling, .expenseReceipt], kinds: [ExpenseClaimRecords()])
}

extension ExpenseClaim {
  /// What a claim belongs to is no foreign key: it is owed when that goes. Its rate, its indemnity and its total are kept, so that a
  /// setting that changes later changes nothing of what was approved.
  static let migration = Migration(
    "202611231440-expenses",
    [
      """
      CREATE TABLE expense_payment (
        id \(.id) PRIMARY KEY, number \(.int) NOT NULL UNIQUE CHECK (number > 0), paid_on \(.date) NOT NULL, made_at \(.instant) NOT NULL,
        made_by \(.id) NOT NULL REFERENCES account (id), mark \(.text) NOT NULL, count \(.int) NOT NULL CHECK (count > 0),
        total \(.int) NOT NULL CHECK (total > 0), reopened_at \(.instant), reopened_by \(.id) REFERENCES account (id), reason \(.text),
        version \(.int) NOT NULL DEFAULT 1, CHECK ((reopened_at IS NULL) = (reason IS NULL))
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE TABLE expense_claim (
        id \(.id) PRIMARY KEY, reference \(.text) NOT NULL, person_id \(.id) NOT NULL REFERENCES person (id), date \(.date) NOT NULL,
        purpose \(.text) NOT NULL, origin \(.text), destination \(.text), distance \(.int) CHECK (distance > 0), rate \(.int),
        tolls \(.int) CHECK (tolls > 0), parking \(.int) CHECK (parking > 0), train \(.int) CHECK (train > 0),
        meals \(.int) CHECK (meals > 0), other \(.int) CHECK (other > 0), other_purpose \(.text),
        half_days \(.int) CHECK (half_days BETWEEN 1 AND 4), indemnity \(.int), total \(.int) NOT NULL CHECK (total >= 0),
        state \(.text) NOT NULL, reason \(.text), facilitation_id \(.id), meeting_id \(.id), sent_on \(.date), decided_on \(.date),
        decided_by \(.id) REFERENCES account (id), waived_on \(.date), payment_id \(.id) REFERENCES expense_payment (id),
        version \(.int) NOT NULL DEFAULT 1, removed_at \(.instant),
        CHECK (state = 'brouillon' OR state = 'refusee' OR total > 0), CHECK (state <> 'refusee' OR reason IS NOT NULL),
        CHECK ((state = 'payee') = (payment_id IS NOT NULL)), CHECK (state <> 'abandonnee' OR waived_on IS NOT NULL),
        CHECK (distance IS NULL OR rate IS NOT NULL), CHECK (half_days IS NULL OR indemnity IS NOT NULL)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      """
      CREATE TABLE expense_payment_line (
        payment_id \(.id) NOT NULL REFERENCES expense_payment (id), claim_id \(.id) NOT NULL REFERENCES expense_claim (id),
        amount \(.int) NOT NULL CHECK (amount > 0), PRIMARY KEY (payment_id, claim_id)
      ) \(sqlite: "STRICT", postgres: "")
      """,
      "CREATE UNIQUE INDEX expense_claim_reference ON expense_claim (reference) WHERE removed_at IS NULL",
      "CREATE INDEX expense_claim_date ON expense_claim (date, id) WHERE removed_at IS NULL",
      "CREATE INDEX expense_claim_person ON expense_claim (person_id)",
      "CREATE INDEX expense_claim_facilitation ON expense_claim (facilitation_id) WHERE facilitation_id IS NOT NULL",
      "CREATE INDEX expense_claim_state ON expense_claim (state) WHERE state IN ('envoyee', 'approuvee') AND removed_at IS NULL",
    ])

  static let searchSource = SearchSource(
    "frais", from: "expense_claim c", id: "c.id", where: "c.removed_at IS NULL", ["c.reference": .key, "c.purpose": .words])

  /// The claims `c` that an account may read.
  static func readable(by reader: Account) -> SQL {
    switch reader.role.scope(.read, .expenses) {
    case .all: "1 = 1"
    case .own: "c.person_id IN (\(Person.of(reader)))"
    case .none, .ownTerritory, .ownDepartments: "1 = 0"
    }
  }

  /// Those that are kept from an account which reads some; `nil` when none is.
  static func hidden(from reader: Account) -> SQL? {
    guard reader.role.scope(.read, .expenses) != .all else { return nil }
    return "SELECT c.id FROM expense_claim c WHERE NOT (\(readable(by: reader)))"
  }

  /// Of one's own, those that nobody has agreed to yet.
  static func ownOpen(of account: Account) -> SQL {
    "c.person_id IN (\(Person.of(account))) AND c.state IN \(list: ExpenseState.allCases.filter(\.isOpen).map(\.rawValue))"
  }

  /// The reference of the person that an account is.
  /// - Throws: `Refusal` when nobody of the directory is meant, or several.
  public static func ownReference(of account: Account, _ connection: any Connection) throws -> String {
    let found: String? = try connection.value(
      "SELECT p.reference FROM person p WHERE p.id IN (\(Person.of(account)))")
    guard let found else {
      throw Refusal(
        "Votre compte n’est relié à aucune personne de l’annuaire : demandez à la fédération d’y mettre votre adresse \(account.email).")
    }
    return found
  }
}
