import Federation
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/cibles`: where the federation stands beside what it wants to reach (DIR-06, R16).
struct TargetsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("cibles") { request, context -> Response in
      let (page, frame) = try await read(request, context)
      let receipts = Receipt.messages(request, path: "/cibles", csrf: frame.session.csrf)
      return site.page(TargetsPage.title, at: .targets, page.html, frame, messages: receipts + page.warnings)
    }
    for format in TableFileFormat.allCases {
      routes.get("cibles.\(format.rawValue)") { request, context -> Response in
        let (page, _) = try await read(request, context)
        if let warning = page.warning { throw Refusal(warning) }
        return try await format.download(
          "cibles-\(page.day)", title: TargetsPage.title, header: TargetsPage.header, rows: page.lines)
      }
    }
  }

  private func read(_ request: Request, _ context: SignedInContext) async throws -> (TargetsPage, Frame) {
    let registry = site.installation.model.figures
    return try await site.read(request, context) { connection, frame in
      let asked = AskedPeriod(request.queryItems, today: frame.today, isList: false)
      let period = asked.period ?? Period(asOf: frame.today)
      return TargetsPage(
        progress: try TargetProgress.all(period, registry, connection), day: period.through, frame: frame, warning: asked.warning,
        years: try Tabs.Tab.years(current: period.year, frame, connection) { Link("/cibles", query: [("annee", String($0))]) },
        asked: request.queryItems.filter { AskedPeriod.items.contains($0.name) })
    }
  }
}

extension Site {
  /// Declaring a target and changing it.
  var targetPages: RecordPages {
    RecordPages(
      site: self, kind: "cibles", path: "/cibles", place: .targets, area: .figures,
      words: RecordWords(list: TargetsPage.title, new: "Nouvelle cible", change: "Modifier la cible") { $0["libelle"] ?? "Cible" },
      layouts: [
        .init("libelle", isWide: true, help: "Comme on la nomme\u{A0}: «\u{202F}Centres de santé ouverts fin 2026\u{202F}»."),
        .init("mesure", help: "Ce que l’on compte pour dire où l’on en est."),
        .init("type", help: "Vide\u{A0}: tous les types."),
        .init("valeur", help: "Un nombre de structures, ou un pourcentage\u{A0}: 54, ou 83,8."),
        .init("echeance", label: "À atteindre pour le"),
        .init("base_le", label: "Point de départ, le", help: "Le jour depuis lequel on mesure le chemin."),
        .init("base", label: "Valeur au départ", help: "Vide\u{A0}: comptée ce jour-là dans les fiches."),
        .init("departement", help: "Numéro ou nom\u{202F}; sans département ni territoire, toute la région."), .init("territoire"),
        .init("source", help: "Le document qui la fixe."), .init("commentaire"),
      ],
      hasOwnPage: false, isPart: true)
  }
}
