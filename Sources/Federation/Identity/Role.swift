import Store

/// What a person may do, as one acts under one role at a time.
public enum Role: String, CaseIterable, Sendable, SQLCodable {
  case technique, direction
  case chargeMission = "charge_mission"
  case assistance, communication, tresorerie, facilitateur, referent, ca, formateur, jury, apprenant
  case gestionnaireEquipe = "gestionnaire_equipe"
  case membreEquipe = "membre_equipe"
  case expert, partenaire

  public var label: String {
    switch self {
    case .technique: "Administration technique"
    case .direction: "Direction"
    case .chargeMission: "Chargé de mission"
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

  /// Which parts of the house the role opens. Parts that need a narrower view than "all of it" stay closed until
  /// that view exists.
  public var areas: Set<Area> {
    switch self {
    case .direction, .chargeMission, .assistance: [.directory, .exchanges, .figures]
    case .communication, .referent, .ca: [.directory, .figures]
    case .tresorerie: [.directory]
    case .technique, .facilitateur, .formateur, .jury, .apprenant, .gestionnaireEquipe, .membreEquipe, .expert, .partenaire: []
    }
  }
}

/// A part of the house that a role opens or not.
public enum Area: Sendable {
  /// Structures, their stages and sites.
  case directory
  /// The contact log.
  case exchanges
  /// Figures and reports.
  case figures
}
