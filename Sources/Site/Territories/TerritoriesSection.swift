import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/territoires`: the sets of départements that people look after, and the page of each (DIR-03).
struct TerritoriesSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("territoires", use: list)
    for format in TableFileFormat.allCases {
      routes.get("territoires.\(format.rawValue)") { request, context in try await export(request, context, as: format) }
    }
    routes.get("territoires/{id}", use: show)
  }

  /// A territory with the number of teams that are in it today.
  private typealias Entry = (territory: TerritorySummary, teams: Int)

  private func entries(_ frame: Frame, _ connection: any Connection) throws -> [Entry] {
    var counts: [String: Int] = [:]
    for value in try teams(frame.today).values(connection) { if let code = value.codes.first { counts[code] = value.value ?? 0 } }
    return try TerritorySummary.all(on: frame.today, connection).map { ($0, counts[$0.code] ?? 0) }
  }

  private func teams(_ day: CivilDate) throws -> FigureQuery {
    try FigureQuery(site.installation.model.figures.figure("structures.count"), Period(asOf: day), by: ["territoire"])
  }

  @Sendable private func list(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (entries, frame) = try await site.read(request, context) { connection, frame in try self.entries(frame, connection) }
    let writes = frame.session.account.role.scope(.write, .directory) != .none
    let table = DataTable(
      "Territoires",
      columns: [.init("Territoire"), .init("Départements", class: "p2"), .init("Référents", class: "p3"), .init("Structures", class: "n")],
      rows: entries.map(row))
    let empty = EmptyState(
      "Aucun territoire pour l’instant",
      "Un territoire réunit des départements, à partir d’un jour. Ajoutez-en un, ou importez leur fichier.",
      action: writes ? LinkedText("Ajouter un territoire", "/territoires/nouveau") : nil)
    let files: [PageAction] = [
      .exportCSV("/territoires.csv"), PageAction("Exporter (.xlsx)", .download, "/territoires.xlsx"),
    ]
    let adding = writes ? [PageAction("Ajouter un territoire", .add, "/territoires/nouveau", isPrincipal: true)] : []
    let opensSheets = frame.session.account.role.areas.contains(.figures)
    let sheets = opensSheets ? [PageAction("Fiches des départements", .place, "/departements")] : []
    let content: HTML = """
      \(PageHeader("Territoires", sentence: "Les départements que chaque référent suit, tels qu’ils sont aujourd’hui.", actions: sheets + files + adding).html)
      \(entries.isEmpty ? empty.html : table.html)
      """
    let receipts = Receipt.messages(request, path: "/territoires", csrf: frame.session.csrf)
    return site.page("Territoires", at: .territories, content, frame, messages: receipts)
  }

  private func row(_ entry: Entry) -> HTML {
    let (territory, teams) = entry
    return """
      <tr><th scope="row"><a href="\(Link.territory(territory.code))">\(territory.name)</a></th>\
      <td class="p2">\(Self.text(territory.departments))</td><td class="p3">\(Self.text(territory.referents))</td>\
      <td class="n">\(LinkedText(teams, Self.structures(of: territory.code)).html)</td></tr>

      """
  }

  private func export(_ request: Request, _ context: SignedInContext, as format: TableFileFormat) async throws -> Response {
    let (rows, frame) = try await site.read(request, context) { connection, frame in
      try entries(frame, connection).map { territory, teams in
        [
          XLSX.Cell(territory.code), XLSX.Cell(territory.name), XLSX.Cell(territory.departments.joined(separator: "|")),
          XLSX.Cell(territory.referents.joined(separator: "|")), XLSX.Cell(teams),
        ]
      }
    }
    let header = ["Code", "Nom", "Départements", "Référents", "Structures"]
    return try await format.download("territoires-\(frame.today)", title: "Territoires", header: header, rows: rows)
  }

  /// By the territory's code; what a form says of one of its rows leads there too.
  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let code = try context.parameters.require("id")
    let (found, frame) = try await site.read(request, context) { connection, frame -> (TerritorySheet, Int)? in
      guard let sheet = try TerritorySheet(code, on: frame.today, connection) else {
        guard let id = Identifier<Territory>(code), let own = try TerritorySheet.code(of: id, connection) else { return nil }
        throw Elsewhere(link: Link(.territory(own), query: request.queryItems.map { ($0.name, $0.value) }))
      }
      let teams = try FigureQuery(
        site.installation.model.figures.figure("structures.count"), Period(asOf: frame.today), where: [Filter("territoire", code)])
      return (sheet, try teams.total(connection).value ?? 0)
    }
    guard let (sheet, teams) = found else { throw HTTPError(.notFound) }
    let territory = sheet.summary
    let writes = frame.session.account.role.scope(.write, .directory) != .none
    let adding = PageAction(
      "Ajouter un département", .add, Link("/territoires/nouveau", query: [("code", territory.code), ("nom", territory.name)]),
      opensDialog: true, isSmall: true)
    let memberships: [HTML] = sheet.memberships.map { membership in
      let change = Link("/territoires").appending(membership.id.description).appending("modifier")
      let way: HTML =
        writes
        ? "<div class=\"fin\"><a href=\"\(change)\">Modifier<span class=\"sr\"> le département \(membership.department)</span></a></div>"
        : .empty
      return """
        <li><div class="corps"><span>\(membership.department)</span>\
        <small>\(PeopleSection.dates(membership.since, membership.through))\(membership.isTakenOver ? ", puis dans un autre territoire" : "")</small></div>\(way)</li>

        """
    }
    let facts = Facts([
      .init("Structures", [LinkedText(teams, Self.structures(of: territory.code))]),
      .init("Départements", territory.departments.joined(separator: ", ")),
      .init("Référents", territory.referents.joined(separator: ", ")), .init("Code", territory.code),
    ])
    let content: HTML = """
      \(Breadcrumb([LinkedText("Territoires", "/territoires")], current: territory.name).html)
      \(PageHeader(territory.name, sentence: "Territoire de coordination").html)
      <div class="duo"><div class="pile">\(Card("departements", "Départements au fil du temps", aside: writes ? adding.button : .empty, memberships.isEmpty ? "<p class=\"note\">Aucun département.</p>" : "<ul class=\"liste\">\(memberships)</ul>").html)</div>\
      <div class="pile">\(Card("fiche", "Aujourd’hui", facts.html).html)</div></div>
      """
    return site.page(territory.name, at: .territories, content, frame, messages: Receipt.messages(request))
  }

  private static func structures(of territory: String) -> Link { Link("/structures", query: [("territoire", territory)]) }

  private static func text(_ values: [String]) -> String { values.isEmpty ? French.unknown : values.joined(separator: ", ") }
}

extension Link {
  static func territory(_ code: String) -> Link { "/territoires/\(code)" }
}

extension Site {
  /// Making a territory by its first département, and changing what belongs to it.
  var territoryPages: RecordPages {
    RecordPages(
      site: self, kind: "territoires", path: "/territoires", place: .territories, area: .directory,
      words: RecordWords(list: "Territoires", new: "Nouveau territoire", change: "Modifier le territoire") {
        [$0["nom"], $0["departement"]].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
      },
      layouts: [
        .init("nom", help: "Le même pour tous ses départements."), .init("code", help: "Un mot court, pour les fichiers et les adresses."),
        .init("departement", help: "Numéro ou nom."), .init("depuis", label: "Depuis le"),
        .init("jusqua", label: "Jusqu’au", help: "Dernier jour compris\u{202F}; vide tant que cela dure."),
      ],
      isPart: true)
  }
}
