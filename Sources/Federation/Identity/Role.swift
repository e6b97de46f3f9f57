import Store

/// What a person may do, as one acts under one role at a time.
public enum Role: String, CaseIterable, Sendable, SQLCodable {
  case technique, direction
  case chargeMission = "charge_mission"
  case assistance, communication, tresorerie, facilitateur, referent, ca, formateur, jury, apprenant
  case gestionnaireEquipe = "gestionnaire_equipe"
  case membreEquipe = "membre_equipe"
  case expert, partenaire

  /// Whether it opens and closes the doors of others.
  public var administers: Bool { scope(.write, .accounts) != .none }

  /// The ordinary role of an account and its further ones, each once.
  static func ordered(_ ordinary: Role, _ others: some Sequence<Role>) -> [Role] {
    [ordinary] + allCases.filter { $0 != ordinary && others.contains($0) }
  }

  static func codes(_ roles: some Sequence<Role>) -> String { roles.map(\.rawValue).joined(separator: "|") }

  public var label: String {
    switch self {
    case .technique: "Administration technique"
    case .direction: "Direction"
    case .chargeMission: "Chargé(e) de mission"
    case .assistance: "Assistance"
    case .communication: "Communication"
    case .tresorerie: "Trésorerie"
    case .facilitateur: "Facilitateur"
    case .referent: "Référent de territoire"
    case .ca: "Conseil d’administration"
    case .formateur: "Formateur"
    case .jury: "Jury"
    case .apprenant: "Apprenant"
    case .gestionnaireEquipe: "Gestionnaire d’équipe"
    case .membreEquipe: "Membre d’équipe"
    case .expert: "Expert"
    case .partenaire: "Partenaire"
    }
  }
}
