import Records
import Store

/// What a block of the yearly report is (REP-02).
public enum BlockNature: String, CodedValue {
  /// The title under which the blocks that follow it stand.
  case chapter = "chapitre"
  case text = "texte"
  /// Cards of figures, each beside the year before.
  case figures = "chiffres"
  /// One figure by one dimension, drawn or as a table.
  case chart = "graphique"
  case quote = "citation"
  case photo = "photo"
  /// The year by its high points.
  case timeline = "frise"
  /// Who's who.
  case people = "personnes"
  /// The teams where they stand.
  case teamMap = "carte_equipes"
  /// What the federation wants to reach, and where it is.
  case targets = "cibles"

  public static let list = ReferenceList("report_block_nature", label: "Nature du bloc", of: BlockNature.self)

  public var label: String {
    switch self {
    case .chapter: "Chapitre"
    case .text: "Texte"
    case .figures: "Chiffres"
    case .chart: "Graphique ou tableau"
    case .quote: "Citation"
    case .photo: "Photo"
    case .timeline: "Frise de l’année"
    case .people: "Qui est qui"
    case .teamMap: "Carte des équipes"
    case .targets: "Cibles"
    }
  }

  /// Somebody writes it; the others are made of records as soon as they are chosen.
  public var isWritten: Bool { ![.chapter, .figures, .chart, .teamMap, .targets].contains(self) }
}

/// How far a text of the report has come.
public enum BlockState: String, CodedValue {
  case toWrite = "a_ecrire"
  case draft = "brouillon"
  case inReview = "en_relecture"
  case approved = "relu"

  public static let list = ReferenceList("report_block_state", label: "État du texte", of: BlockState.self)

  public var label: String {
    switch self {
    case .toWrite: "À écrire"
    case .draft: "Brouillon"
    case .inReview: "En relecture"
    case .approved: "Relu"
    }
  }
}

/// How a figure of the report is drawn.
public enum ChartForm: String, CodedValue {
  case table = "tableau"
  case bars = "barres"
  /// Five years side by side.
  case years = "annees"
  /// The départements, the more the darker.
  case map = "carte"
  /// The shape of three to twelve values.
  case radar
  /// Words as large as what they count.
  case cloud = "nuage"

  public static let list = ReferenceList("report_chart_form", label: "Présentation", of: ChartForm.self)

  public var label: String {
    switch self {
    case .table: "Tableau"
    case .bars: "Barres"
    case .years: "Évolution sur cinq ans"
    case .map: "Carte des départements"
    case .radar: "Radar"
    case .cloud: "Nuage de mots"
    }
  }
}

extension Operation {
  static let outlining = Operation(rawValue: "plan")
  static let ordering = Operation(rawValue: "déplacement")
  static let commenting = Operation(rawValue: "commentaire")
  static let settling = Operation(rawValue: "commentaire_regle")
}
