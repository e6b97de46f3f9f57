import Federation
import Markup
import Records
import Store
import WebSupport

/// Everything that the reader may see of what some words find: records, pages, figures and reports.
struct SearchAnswer: Sendable {
  let query: SearchQuery
  let groups: [FoundGroup]
  /// `nil` when there are more than were counted.
  let total: Int?

  /// - Parameters:
  ///   - limit: how many of each kind.
  ///   - only: a single kind of record.
  ///   - additions: what the reader may add, found by name as pages are.
  init(
    _ query: SearchQuery, limit: Int, only: SearchResults.Kind? = nil, figures: FigureRegistry, additions: [PageAction], _ frame: Frame,
    _ connection: any Connection
  ) throws {
    let account = frame.session.account
    let results = try SearchResults(query, for: account, on: frame.today, limit: limit, only: only, connection)
    let records = results.groups.map { FoundGroup($0, query, frame.lists, year: frame.year) }
    var pages: [FoundGroup] = []
    if only == nil {
      pages.append(FoundGroup("pages", "Pages", Self.pages(query, additions, frame)))
      pages.append(FoundGroup("chiffres", "Chiffres", Self.figures(query, figures, frame)))
      pages.append(FoundGroup("rapports", "Rapports", Self.reports(query, frame)))
    }
    pages = pages.filter { !$0.items.isEmpty }
    // A code that was typed whole says which record is meant.
    let exact = records.filter { $0.items.contains(where: \.isExact) }
    groups = exact + records.filter { group in !exact.contains { $0.code == group.code } } + pages
    self.query = query
    let counted = results.groups.map(\.total) + pages.map(\.items.count)
    total = results.groups.contains(where: \.isCut) ? nil : counted.reduce(0) { $0 + $1 }
  }

  /// Words that people say for what a page calls otherwise.
  private static let otherNames = [
    "/structures/nouveau": "équipe maison ajouter", "/echanges/nouveau": "noter ajouter appel contact",
    "/taches/nouveau": "ajouter rendez-vous",
    "/personnes/nouveau": "ajouter professionnel contact", "/organisations/nouveau": "ajouter partenaire",
    "/structures": "équipes annuaire",
    "/echanges": "journal contacts", "/personnes": "professionnels annuaire", "/organisations": "partenaires annuaire",
    "/taches": "rendez-vous agenda", "/chiffres": "indicateurs statistiques",
    "/cibles": "objectifs", "/territoires": "départements", "/compte": "mot de passe",
  ]

  private static func pages(_ query: SearchQuery, _ additions: [PageAction], _ frame: Frame) -> [FoundGroup.Item] {
    let role = frame.session.account.role
    var pages: [(label: String, link: Link)] = []
    for item in Place.navigation(current: nil, for: role, year: frame.year).flatMap(\.items) { pages.append((item.label, item.link)) }
    for addition in additions { pages.append((addition.label, addition.link)) }
    pages.append(("Mon compte", "/compte"))
    return pages.filter { query.matches("\($0.label) \(otherNames[$0.link.address] ?? "")") }.map {
      FoundGroup.Item(title: $0.label, link: $0.link)
    }
  }

  private static func figures(_ query: SearchQuery, _ figures: FigureRegistry, _ frame: Frame) -> [FoundGroup.Item] {
    guard frame.session.account.role.areas.contains(.figures) else { return [] }
    return figures.figures.filter { query.matches("\($0.label) \($0.id)") }.map {
      FoundGroup.Item(title: $0.label, detail: $0.unit, link: Link("/chiffres", query: [("chiffre", $0.id)]))
    }
  }

  /// By their year; of the last ones when none is typed.
  private static func reports(_ query: SearchQuery, _ frame: Frame) -> [FoundGroup.Item] {
    guard frame.session.account.role.areas.contains(.figures) else { return [] }
    let years = (2000...max(2000, frame.year)).reversed()
    let found = years.filter { query.matches("Rapport d’activité annuel \($0)") }
    return found.prefix(found.count > 10 ? 3 : 10).map { FoundGroup.Item(title: "Rapport d’activité \($0)", link: "/rapports/\($0)") }
  }
}
