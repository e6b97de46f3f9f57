import Federation
import Markup
import Records
import Store
import WebSupport

extension Site {
  /// Making a block of a report, and changing it.
  var reportBlockPages: RecordPages {
    let figures = installation.model.figures
    let layouts = BlockLayouts(figures)
    return RecordPages(
      site: self, kind: "blocs", path: "/blocs", place: .report, area: .figures,
      words: RecordWords(list: "Rédaction", new: "Nouveau bloc", change: "Modifier le bloc") { entries in
        entries["titre"].flatMap { $0.isEmpty ? nil : $0 } ?? BlockNature(rawValue: entries["nature"] ?? "")?.label ?? "Bloc"
      },
      layouts: layouts.all, isPart: true,
      defaults: { frame in
        ["annee": String(frame.year), "nature": BlockNature.text.rawValue, "redacteur": frame.session.account.email]
      },
      shown: { entries, _, connection in try layouts.of(entries, connection) },
      aid: { id, entries, frame, connection in try BlockAid(id, entries, figures, frame, connection)?.html ?? .empty })
  }
}

/// What the form of a block asks, by what it is.
private struct BlockLayouts {
  typealias Layout = RecordFormBuilder.Layout

  private let figures: [FormField.Choice]
  private let dimensions: [FormField.Choice]

  init(_ registry: FigureRegistry) {
    figures = registry.figures.map { .init($0.id, $0.label) }
    var seen: Set<String> = []
    dimensions = registry.figures.flatMap(\.factSet.dimensions).filter { seen.insert($0.code).inserted }.map { .init($0.code, $0.label) }
  }

  /// All fields, for what is read of a form.
  var all: [Layout] {
    var known: Set<String> = ["annee", "nature", "rang"]
    let others = BlockNature.allCases.flatMap(of).filter { known.insert($0.name).inserted }
    return [Layout("annee"), Layout("nature"), Layout("rang")] + others
  }

  /// With what the records offer to the block.
  func of(_ entries: Entries, _ connection: any Connection) throws -> [Layout] {
    let nature = BlockNature(rawValue: entries["nature"] ?? "") ?? .text
    let offers = try Int(entries["annee"] ?? "").map { try BlockOffer.all(for: nature, of: $0, connection) } ?? []
    return of(nature).map { layout in
      guard layout.isTicked else { return layout }
      var layout = layout
      layout.offered = offers.map { .init($0.code, $0.words) }
      return layout
    }
  }

  func of(_ nature: BlockNature) -> [Layout] {
    switch nature {
    case .chapter: [title("Titre du chapitre", isNeeded: true), essential]
    case .text:
      [title("Titre"), text("Texte", help: Self.help), state] + people + [essential]
    case .quote:
      [
        text("Ce qui est dit", help: French.typeset("Sans guillemets : ils viennent tout seuls.")), Layout("qui"), Layout("fonction"),
        state,
      ] + people + [essential]
    case .figures: [title("Titre"), numbers("Chiffres, dans l’ordre"), essential]
    case .teamMap, .targets: [title("Titre"), essential]
    case .chart:
      [
        title("Titre"), numbers("Chiffre"), dimension("dimension", "Ventiler par"), dimension("puis", "Puis par"),
        Layout("presentation", isWide: true, isSegmented: true), essential,
      ]
    case .timeline:
      [title("Titre"), ticks("Dates reprises des fiches"), lines("Autres temps forts", help: Self.momentHelp), state] + people + [essential]
    case .people:
      [title("Titre"), ticks("Personnes qui ont un compte"), lines("Autres personnes", help: Self.peopleHelp), state] + people + [essential]
    case .photo:
      [
        title("Légende"), needed("alternative", "Ce que montre la photo", help: "Lu à qui ne la voit pas."),
        Layout("credit", label: "Crédit"), state,
      ] + people + [essential]
    }
  }

  private static let help = French.typeset(
    """
    Une ligne vide sépare deux paragraphes ; « **gras** », « *italique* », « - » pour une liste, « ### » pour un intertitre. \
    Un chiffre se met par son code, « [[contacts.count]] » : la liste des codes est sous le formulaire.
    """)

  private func title(_ label: String, isNeeded: Bool = false) -> Layout {
    var layout = Layout("titre", label: label, isWide: true)
    layout.isNeeded = isNeeded
    return layout
  }

  private func text(_ label: String, help: String) -> Layout { Layout("texte", label: label, isWide: true, help: help) }

  private func needed(_ name: String, _ label: String, help: String) -> Layout {
    var layout = Layout(name, label: label, isWide: true, help: help)
    layout.isNeeded = true
    return layout
  }

  private func numbers(_ label: String) -> Layout {
    var layout = Layout("chiffres", label: label, isWide: true, help: "Tapez les premières lettres d’un chiffre.")
    layout.isNeeded = true
    layout.offered = figures
    return layout
  }

  private static let momentHelp = French.typeset(
    """
    Une ligne par temps fort : la date, deux-points, le titre ; après une barre « | », une phrase ; après une autre, un lien. Par exemple : \
    « 15/03 : Journée régionale | 120 personnes à Valence | https://exemple.fr » ou « 2 oct. : Assemblée générale ».
    """)
  private static let peopleHelp = French.typeset(
    """
    Une personne par ligne : le nom, puis sa fonction après une barre « | », et une précision après une autre si vous voulez. Une personne \
    cochée au-dessus prend la fonction écrite ici : « Claire Vasseur | Chargée de mission ».
    """)

  private func ticks(_ label: String) -> Layout {
    var layout = Layout("repris", label: label, isWide: true)
    layout.isTicked = true
    return layout
  }

  private func lines(_ label: String, help: String) -> Layout { Layout("lignes", label: label, isWide: true, help: help) }

  private func dimension(_ name: String, _ label: String) -> Layout {
    var layout = Layout(name, label: label, empty: "Rien")
    layout.offered = dimensions
    return layout
  }

  private var state: Layout {
    let help = "Changer ce qui était relu en refait un brouillon, sauf si vous choisissez ici un autre état en même temps."
    return Layout("etat", label: French.typeset("Où en est-il ?"), isWide: true, help: help, isSegmented: true)
  }
  private var people: [Layout] { [Layout("redacteur", label: "Qui l’écrit"), Layout("echeance", label: "Pour le")] }
  private var essential: Layout { Layout("essentiel", label: "Aussi dans l’essentiel", isSegmented: true) }
}

extension BlockOffer {
  /// « 15 mars : MSP du Lac : ACI signé », « Claire Vasseur, chargée de mission »
  fileprivate var words: String {
    if let moment { return "\(French.dayAndMonth(moment.date))\u{A0}: \(moment.title)" }
    return [person?.name, person?.role].compactMap(\.self).joined(separator: ", ")
  }
}

/// What helps to write a text: the figures with what they give now, and the text of the year before.
struct BlockAid: Sendable {
  struct Figure: Sendable {
    var id: String
    var label: String
    var value: String
    /// By what it is split: what may follow a bar in its code.
    var dimensions: [String]
  }

  var year: Int
  var figures: [Figure]
  var former: FormerText?

  /// `nil` for blocks without a text.
  init?(_ id: Int64?, _ entries: Entries, _ registry: FigureRegistry, _ frame: Frame, _ connection: any Connection) throws {
    guard let nature = BlockNature(rawValue: entries["nature"] ?? ""), nature == .text || nature == .quote else { return nil }
    let block = try id.flatMap { try ReportBlock.one(Identifier(rawValue: $0), connection) }
    year = block?.year ?? Int(entries["annee"] ?? "") ?? frame.year
    let period = ActivityReport.period(year, today: frame.today)
    let queries = try registry.figures.map { try FigureQuery($0, period) }
    figures = zip(queries, try SmallCounts.values(of: queries, connection)).map { query, values in
      let value = values.first ?? .nothing(in: query.figure.manner)
      return Figure(
        id: query.figure.id, label: query.figure.label, value: value.spoken, dimensions: query.figure.factSet.dimensions.map(\.code))
    }
    former = try FormerText(of: block?.copiedFrom, connection)
  }

  var html: HTML {
    """
    \(former?.html)\(Card("chiffres", "Les chiffres dans le texte", content).html)
    """
  }

  private var content: HTML {
    """
    <p class="note">Écrivez le code là où va le nombre\u{A0}: il suit les fiches jusqu’à la publication. «\u{202F}|avant\u{202F}» donne l’année \
    d’avant, «\u{202F}|evolution\u{202F}» l’écart, «\u{202F}|canal=telephone\u{202F}» une partie\u{A0}: \
    <code>[[contacts.count|canal=telephone|avant]]</code>. Sous chaque chiffre\u{A0}: ce qui le découpe.</p>
    <div class="champ" data-cherche hidden><label for="c-cherche-chiffre">Chercher un chiffre</label><input id="c-cherche-chiffre" type="search"></div>
    \(table.html)
    """
  }

  private var table: DataTable {
    DataTable(
      "Chiffres de \(year)", columns: [.init("Chiffre"), .init("En \(year)", class: "n"), .init("Code")],
      rows: figures.map { figure in
        """
        <tr><th scope="row">\(figure.label)<small>\(figure.dimensions.joined(separator: ", "))</small></th><td class="n">\(figure.value)</td>\
        <td><code data-insere>[[\(figure.id)]]</code></td></tr>

        """
      }, hasLinks: false)
  }
}
