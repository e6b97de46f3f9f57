import Records
import Store

/// The kinds of team (DIR-01). Rules are written on the codes; a federation changes the labels.
public enum StructureType: String, CodedValue {
  case msp, cpts, esp
  case espClap = "esp_clap"
  case cds, isole

  public static let list = ReferenceList("structure_type", label: "Type", of: StructureType.self)

  public var label: String {
    switch self {
    case .msp: "MSP"
    case .cpts: "CPTS"
    case .esp: "ESP"
    case .espClap: "ESP-CLAP"
    case .cds: "CdS"
    case .isole: "Professionnel isolé"
    }
  }

  /// The stages of its rail, in order (R2).
  public var stages: [Stage] {
    switch self {
    case .msp: [.contact, .faisabilite, .preProjet, .ecriture, .valide, .ouverte, .enPause, .fermee]
    case .cpts: [.contact, .formalisation, .lettreIntention, .preProjet, .ecriture, .valide, .ouverte, .enPause, .fermee]
    case .esp, .espClap, .cds: [.contact, .ecriture, .valide, .ouverte, .enPause, .fermee]
    case .isole: [.contact, .fermee]
    }
  }

  /// MSP and CPTS sign an ACI; their situation and phase turn on it (R2, R6).
  public var signsACI: Bool { self == .msp || self == .cpts }
}

/// A step of a team's rail (R2).
public enum Stage: String, CodedValue {
  case contact, faisabilite, formalisation
  case lettreIntention = "lettre_intention"
  case preProjet = "pre_projet"
  case ecriture, valide, ouverte
  case enPause = "en_pause"
  case fermee

  public static let list = ReferenceList("stage", label: "Étape", of: Stage.self)

  public var label: String {
    switch self {
    case .contact: "Premier contact"
    case .faisabilite: "Étude de faisabilité"
    case .formalisation: "Début de formalisation"
    case .lettreIntention: "Lettre d’intention validée"
    case .preProjet: "Pré-projet déposé"
    case .ecriture: "Projet de santé en écriture"
    case .valide: "Projet validé"
    case .ouverte: "Ouverte"
    case .enPause: "En pause"
    case .fermee: "Fermée"
    }
  }
}

/// A dated mark beside the rail, independent of it (R2).
public enum Facet: String, CodedValue {
  case reconnue
  case association, sisa
  case aci
  case aciAvenant = "aci_avenant"
  case aciFin = "aci_fin"
  case fir
  case immobilierPrevu = "immobilier_prevu"
  case immobilierEnCours = "immobilier_en_cours"
  case immobilierLivre = "immobilier_livre"
  case logicielPartage = "logiciel_partage"
  /// Acts that the rule of ESP-CLAP asks for (R11).
  case modelesPresentes = "modeles_presentes"
  case engagementMSP = "engagement_msp"
  case derogationClap = "derogation_esp_clap"

  public static let list = ReferenceList("facet", label: "Repère", of: Facet.self)

  public var label: String {
    switch self {
    case .reconnue: "Reconnue en commission"
    case .association: "Association créée"
    case .sisa: "SISA créée"
    case .aci: "ACI signé"
    case .aciAvenant: "Avenant à l’ACI"
    case .aciFin: "Fin de l’ACI"
    case .fir: "Financement FIR"
    case .immobilierPrevu: "Projet immobilier prévu"
    case .immobilierEnCours: "Projet immobilier en cours"
    case .immobilierLivre: "Locaux livrés"
    case .logicielPartage: "Logiciel partagé"
    case .modelesPresentes: "Modèles MSP et ESP-CLAP présentés"
    case .engagementMSP: "Engagement à devenir MSP"
    case .derogationClap: "Dérogation ESP-CLAP"
    }
  }
}

/// What the printed reports call a team's state (R2), from stage and facets.
public enum Situation: String, CodedValue {
  case projet
  case horsACI = "hors_aci"
  case aci, fonctionnement, clos

  public static let list = ReferenceList("situation", label: "Situation", of: Situation.self)

  public var label: String {
    switch self {
    case .projet: "En projet"
    case .horsACI: "Hors ACI"
    case .aci: "ACI"
    case .fonctionnement: "En fonctionnement"
    case .clos: "Close"
    }
  }
}

/// How mature a team is (R6), from stage and facets.
public enum Phase: String, CodedValue {
  case emergence, ecriture
  case avantACI = "avant_aci"
  case demarrage, mature, clos

  public static let list = ReferenceList("phase", label: "Phase", of: Phase.self)

  public var label: String {
    switch self {
    case .emergence: "Émergence"
    case .ecriture: "Écriture"
    case .avantACI: "Avant ACI"
    case .demarrage: "Démarrage"
    case .mature: "Mature"
    case .clos: "Close"
    }
  }
}
