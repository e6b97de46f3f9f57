import Records
import Store

/// The blocks of yearly reports, in forms and files (REP-02).
struct ReportBlockRecords: RecordKind {
  struct Draft: Equatable, Sendable, Codable {
    var year: Int?
    var nature: BlockNature?
    /// Its place in the outline: smaller ones stand before it.
    var rank: Int?
    var title: String?
    var text: String?
    var speaker: String?
    var speakerRole: String?
    /// Identities of figures joined by `|`, in the author's order.
    var figures: String?
    var dimension: String?
    var form: ChartForm?
    var alternative: String?
    var credit: String?
    var isEssential: Bool?
    var state: BlockState?
    var author: Named<Account>?
    var due: CivilDate?
    var reference: String?
    /// The block of an earlier year that it stands in for.
    var copiedFrom: Identifier<ReportBlock>?
    var secondDimension: String?
    /// High points or people, one a line.
    var lines: String?
    /// Codes of `BlockOffer` joined by `|`.
    var taken: String?
  }

  struct Context: AccountContext {
    let lists: ReferenceLists
    let accounts: NameIndex<Account>
    /// Where the last block of each year stands.
    var lastRanks: [Int: Int]
    /// How far each block has come, by its reference or what stands for it.
    let states: [String: BlockState]
  }

  let name = "blocs"
  let label = "Blocs du rapport d’activité"
  let table = "report_block"
  /// What people said of a block is theirs: an import that is taken back leaves a block that somebody commented.
  let ownedTables: [OwnedTable] = []
  let blank = Draft()
  let registry: FigureRegistry
  let fields: [Field<Draft, Context>]

  /// Of a report nobody has more, and the form of its plan stays one that is read.
  static let mostFigures = 24
  static let longestText = 20_000

  init(_ registry: FigureRegistry) {
    self.registry = registry
    fields = [
      .integer("annee", label: "Année", \.year, in: 1900...2100, isRequired: true),
      .coded("nature", label: "Nature", \.nature, isRequired: true),
      .integer("rang", label: "Rang", \.rank, in: 0...1_000_000_000),
      .text("titre", label: "Titre", \.title),
      .value(
        "texte", label: "Texte", \.text, input: .paragraph(limit: Self.longestText), print: { text, _ in text },
        parse: { text, _ in
          let cleaned = PastedText.cleaned(text)
          guard cleaned.count <= Self.longestText else { throw Refusal("\(cleaned.count) caractères : \(Self.longestText) au plus") }
          return cleaned
        }),
      .text("qui", label: "Qui le dit", \.speaker),
      .text("fonction", label: "Fonction", \.speakerRole),
      .value("chiffres", label: "Chiffres", \.figures, input: .records(of: "chiffres"), print: { text, _ in text }) { text, _ in
        try Self.checked(text, registry)
      },
      .text("dimension", label: "Ventiler par", \.dimension, limit: 80),
      .text("puis", label: "Puis par", \.secondDimension, limit: 80),
      .coded("presentation", label: "Présentation", \.form),
      .text("alternative", label: "Texte de remplacement", \.alternative, limit: 400),
      .text("credit", label: "Crédit", \.credit),
      .yesNo("essentiel", label: "Dans l’essentiel", \.isEssential),
      .coded("etat", label: "État", \.state),
      .account("redacteur", label: "Rédaction", \.author),
      .date("echeance", label: "Pour le", \.due),
      .value(
        "repris", label: "Repris des fiches", \.taken, input: .records(of: "reprises"), print: { text, _ in text },
        parse: { text, _ in
          let codes = Self.figures(text)
          guard codes.count <= 400, codes.allSatisfy({ $0.count <= 80 }) else { throw Refusal("\(codes.count) reprises : 400 au plus") }
          return codes.joined(separator: "|")
        }),
      .value(
        "lignes", label: "Lignes", \.lines, input: .paragraph(limit: BlockLine.longest), print: { text, _ in text },
        parse: { text, _ in
          let cleaned = PastedText.cleaned(text)
          guard cleaned.count <= BlockLine.longest else { throw Refusal("\(cleaned.count) caractères : \(BlockLine.longest) au plus") }
          return cleaned
        }),
      .text("reference", label: "Référence", \.reference, limit: 80),
    ]
  }

  static func figures(_ text: String) -> [String] { text.split(separator: "|").map(String.init) }

  /// Figures by their identity or their label, once each.
  private static func checked(_ text: String, _ registry: FigureRegistry) throws -> String {
    var ids: [String] = []
    for part in text.split(whereSeparator: { $0 == "|" || $0.isNewline }) {
      let wanted = Fold.key(part)
      guard !wanted.isEmpty else { continue }
      guard let figure = registry.figures.first(where: { $0.id == wanted || Fold.key($0.label) == wanted }) else {
        throw Refusal("« \(part) » n’est pas un chiffre connu")
      }
      if !ids.contains(figure.id) { ids.append(figure.id) }
    }
    guard ids.count <= mostFigures else { throw Refusal("\(ids.count) chiffres : \(mostFigures) au plus") }
    return ids.joined(separator: "|")
  }

  func context(_ connection: any Connection) throws -> Context {
    var (ranks, states): ([Int: Int], [String: BlockState]) = ([:], [:])
    for row in try connection.rows("SELECT year, rank, id, reference, state FROM report_block WHERE removed_at IS NULL") {
      let (year, id, reference): (Int, Identifier<ReportBlock>, String?) = (try row[0], try row[2], try row[3])
      ranks[year] = max(ranks[year] ?? 0, try row[1])
      states[reference ?? id.description] = try row[4]
    }
    return Context(
      lists: try ReferenceLists(connection), accounts: try NameIndex(accounts: connection), lastRanks: ranks, states: states)
  }

  func key(of draft: Draft, _ context: Context) -> String? { draft.reference }

  func check(_ draft: inout Draft, isNew: Bool, _ reading: inout Reading<Context>) -> [Fault] {
    place(&draft, &reading)
    draft.isEssential = draft.isEssential ?? false
    guard let nature = draft.nature else { return [] }
    if !isNew, !reading.isForm { keepState(&draft, &reading) }
    if isNew, reading.isForm, nature == .photo, draft.state == .approved {
      return [Fault("etat", "la photo se joint ensuite, sur la page du bloc : elle se relit une fois jointe")]
    }
    let faults = draft.bracketed.map { Fault($0, Draft.bracketSentence) } + self.faults(&draft, nature)
    // Who adds a block says something of it; a plan holds places that are still empty.
    return faults.isEmpty && isNew && reading.isForm && draft.saysNothing ? [nature.emptiness] : faults
  }

  /// Without a rank of its own it stands after all that the year has, in the order of the file.
  private func place(_ draft: inout Draft, _ reading: inout Reading<Context>) {
    guard let year = draft.year else { return }
    let last = reading.context.lastRanks[year] ?? 0
    let rank = draft.rank ?? last + ReportDrafting.step
    draft.rank = rank
    reading.context.lastRanks[year] = max(last, rank)
  }

  /// A file approves nothing: sent twice, a file that changes a text would pass it for read.
  private func keepState(_ draft: inout Draft, _ reading: inout Reading<Context>) {
    guard draft.state == .approved, let former = draft.reference.flatMap({ reading.context.states[$0] }), former != .approved else {
      return
    }
    draft.state = former
    reading.warn("ce bloc reste « \(former.label) » : il se relit sur sa page, pas dans un fichier")
  }

  /// What was approved is the text as it stood: changed since, it is to be read again, unless the same save says how far it has come.
  func follow(_ draft: inout Draft, asked: Draft, from base: Draft, stored: Draft) {
    guard draft.state == .approved else { return }
    if asked.state == base.state {
      if asked.words != base.words { draft.state = .draft }
    } else if stored.words != base.words {
      // Whoever approved has not seen what somebody else changed meanwhile.
      draft.state = .inReview
    }
  }

  private func faults(_ draft: inout Draft, _ nature: BlockNature) -> [Fault] {
    // What has a text is no longer to be written; nobody writes what records make.
    let isEmpty =
      switch nature {
      case .photo: false
      case .timeline, .people: (draft.lines ?? "").isEmpty && (draft.taken ?? "").isEmpty
      default: (draft.text ?? "").isEmpty
      }
    if !nature.isWritten {
      draft.state = .approved
    } else if isEmpty {
      draft.state = .toWrite
    } else {
      draft.state = draft.state == nil || draft.state == .toWrite ? .draft : draft.state
    }
    switch nature {
    case .chapter where (draft.title ?? "").isEmpty: return [Fault("titre", "un chapitre a un titre")]
    case .quote where !isEmpty && (draft.speaker ?? "").isEmpty: return [Fault("qui", "dites qui parle")]
    case .photo where (draft.alternative ?? "").isEmpty:
      return [Fault("alternative", "dites ce que montre la photo, pour qui ne la voit pas")]
    case .figures: return figureFaults(draft)
    case .timeline, .people: return lineFaults(draft, nature)
    case .chart: return chartFaults(&draft)
    default: return []
    }
  }

  /// A reference that names no figure is told, and kept: the report is not published with it.
  func review(_ lines: [ReviewedLine<Draft>], _ reading: inout Reading<Context>, _ connection: any Connection) throws {
    for line in lines where line.draft.text != line.old?.text {
      let check = FigureReferenceCheck(registry, reading.context.lists, connection)
      for fault in try check.faults(in: line.draft.text ?? "") { reading.warn(fault, line: line.line == 0 ? nil : line.line) }
    }
  }
}

extension BlockNature {
  /// Why a block without anything in it is not kept.
  fileprivate var emptiness: Fault {
    switch self {
    case .timeline: Fault("lignes", "cochez une date, écrivez une ligne, ou donnez un titre à la frise pour l’écrire plus tard")
    case .people: Fault("lignes", "cochez une personne, écrivez une ligne, ou donnez un titre au bloc pour l’écrire plus tard")
    case .quote: Fault("texte", "écrivez ce qui est dit, ou dites qui parle pour l’écrire plus tard")
    default: Fault("texte", "écrivez le texte, ou donnez un titre au bloc pour l’écrire plus tard")
    }
  }
}

extension ReportBlockRecords.Draft {
  /// Nothing is written, and nothing says what is to be.
  fileprivate var saysNothing: Bool {
    nature?.isWritten == true && nature != .photo && [text, lines, taken, title, speaker].allSatisfy { ($0 ?? "").isEmpty }
  }
}
