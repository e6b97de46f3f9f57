import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/qualite`: what is to be completed in the directory (DIR-15), a number a rule, each with the list of exactly these.
struct QualitySection {
  let site: Site

  static let path: Link = "/qualite"

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("qualite", use: show)
  }

  private struct Row {
    let label: String
    let sentence: String
    let number: LinkedText
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let model = site.installation.model
    let ((question, (teams, claps), people), frame) = try await site.read(request, context) { connection, frame in
      // The words of the address narrow teams as they do in their list.
      let question = try RecordList(
        Self.path, request, of: "structures.count", period: Period(asOf: frame.today), today: frame.today,
        menus: ["departement", "territoire"], for: frame.session.account.role, model, frame.lists, connection)
      return (question, try Self.teams(question, model, frame, connection), try Self.people(frame, connection))
    }
    let filters = FilterBar(
      "Restreindre la qualité de l’annuaire", current: question.asked.link, facets: question.facets(frame),
      result: question.query.filters.isEmpty ? "Toute la fédération" : "Équipes restreintes")
    let duplicates = [site.structurePages, site.personPages, site.organisationPages].map { LinkedText($0.words.list, $0.duplicatesPath) }
    let isNarrowed = !question.query.filters.isEmpty
    let content: HTML = """
      \(PageHeader("Qualité de l’annuaire", sentence: "Ce qui manque aux fiches, règle par règle. Chaque nombre ouvre la liste des fiches à compléter.").html)
      \(filters.html)
      \(Card("equipes", "Équipes", aside: Self.confirmations, Self.table("Équipes à compléter", teams)).html)
      \(Card("esp-clap", "Règle ESP-CLAP", Self.table("ESP-CLAP à suivre", claps)).html)
      \(Card("personnes", "Personnes", "\(isNarrowed ? "<p class=\"note\">De toute la fédération, sans les filtres ci-dessus.</p>" : .empty)\(Self.table("Personnes à compléter", people))").html)
      \(Card("doublons", "Doublons probables", "<p>\(each: duplicates, separator: ", ", \.html)</p>").html)
      """
    let warnings = question.asked.warnings.map { Message(.warning, $0) }
    return site.page("Qualité de l’annuaire", at: .quality, content, frame, messages: warnings)
  }

  private static var confirmations: HTML {
    let links = [
      LinkedText(SheetReviewsSection.askingTitle, SheetReviewsSection.asking),
      LinkedText(SheetReviewsSection.title, SheetReviewsSection.reviews),
    ]
    return "<span class=\"rangee\">\(each: links, \.html)</span>"
  }

  /// Teams to complete, and those that somebody has something to do about by the rule of ESP-CLAP (R11).
  private static func teams(
    _ question: RecordList, _ model: Model, _ frame: Frame, _ connection: any Connection
  ) throws -> (teams: [Row], claps: [Row]) {
    let query = question.query
    let dimensions = ["qualite", "regle_esp_clap", "fiche_confirmee"]
    let values = try FigureQuery.values(
      of: dimensions.map { try FigureQuery(query.figure, query.period, by: [$0], where: query.filters) }, connection)
    let counts = zip(dimensions, values.map(FigureReading.byCode))
    let numbers = Dictionary(uniqueKeysWithValues: counts.map { ($0, $1) })
    func number(_ dimension: String, _ code: String) -> LinkedText {
      LinkedText(numbers[dimension]?[code]?.value ?? 0, frame.records(query, Filter(dimension, code)))
    }
    let rows = StructureQuality.allCases.filter { $0 != .complete }.map { rule in
      Row(
        label: frame.lists.label(rule), sentence: rule.sentence(frame.settings, on: frame.today), number: number("qualite", rule.rawValue))
    }
    let claps = ClapRule.pressing.map { rule in
      Row(label: frame.lists.label(rule), sentence: "", number: number("regle_esp_clap", rule.rawValue))
    }
    let sentence = "Personne de l’équipe ne l’a confirmée depuis \(frame.settings.integer(.confirmedMonths, on: frame.today)) mois."
    let unconfirmed = Row(label: "Fiche non confirmée", sentence: sentence, number: number("fiche_confirmee", "non"))
    guard frame.readsExchanges else { return (rows + [unconfirmed], claps) }
    let unmet = try model.figures.figure("support.unmet")
    let narrowed = try FigureQuery(unmet, query.period, where: query.filters.filter { unmet.factSet.dimension($0.dimension) != nil })
    let count = try narrowed.total(connection)
    let unmetTeams = Row(
      label: unmet.label, sentence: "Ni réunion, ni visio, ni visite depuis le délai de leur phase.",
      number: LinkedText(count.value ?? 0, frame.records(narrowed)))
    return (rows + [unconfirmed, unmetTeams], claps)
  }

  private static func people(_ frame: Frame, _ connection: any Connection) throws -> [Row] {
    try PersonQuality.counts(connection).map { rule, count in
      Row(
        label: frame.lists.label(rule), sentence: rule.sentence,
        number: LinkedText(count, Link("/personnes", query: [("qualite", rule.rawValue)])))
    }
  }

  private static func table(_ title: String, _ rows: [Row]) -> HTML {
    let lines: [HTML] = rows.map { row in
      """
      <tr><th scope="row">\(row.label)\(row.sentence.isEmpty ? .empty : "<small>\(French.typeset(row.sentence))</small>")</th><td class="n">\(row.number.html)</td></tr>

      """
    }
    return DataTable(title, columns: [.init("Règle"), .init("Fiches", class: "n")], rows: lines).html
  }
}
