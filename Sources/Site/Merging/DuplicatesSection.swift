import Federation
import Foundation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/structures/doublons` and the like: records of one kind that resemble each other, and those that somebody told apart.
struct DuplicatesSection {
  let pages: RecordPages

  var site: Site { pages.site }

  /// So many pairs a page: who has merged or told apart some sees the next ones.
  private static let most = 50
  private static let told = "ecartes"

  func add(to routes: RouterGroup<SignedInContext>) {
    let path = RouterPath(String(pages.duplicatesPath.address.dropFirst()))
    routes.get(path) { request, context in
      request.queryItems.contains { $0.name == Self.told } ? try await dismissed(request, context) : try await found(request, context)
    }
    routes.post("\(path)/ecarter") { request, context in try await tell(areDuplicates: false, request, context) }
    routes.post("\(path)/reprendre") { request, context in try await tell(areDuplicates: true, request, context) }
  }

  private func found(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let kind = try site.installation.model.kind(pages.kind)
    let ((pairs, apart), frame) = try await site.read(request, context) { connection, _ in
      (try DuplicateFinder.pairs(of: kind, connection), try DuplicateFinder.dismissed(kind.name, connection).count)
    }
    let rows: [HTML] = pairs.prefix(Self.most).map { row($0, frame) }
    let rest = pairs.count - rows.count
    let content: HTML = """
      \(rows.isEmpty ? EmptyState("Aucun doublon en vue", "Les fiches qui se ressemblent par leur nom, un numéro ou une adresse s’affichent ici.").html : list(rows))
      \(rest > 0 ? "<p class=\"note\">Et \(French.plural(rest, "autre paire, moins probable", "autres paires, moins probables")).</p>" : .empty)
      """
    return page(content, counts: (pairs.count, apart), isTold: false, frame, request)
  }

  private func list(_ rows: [HTML]) -> HTML {
    Card("paires", "Les plus probables d’abord", "<ul class=\"liste\">\(rows)</ul>").html
  }

  private func row(_ pair: DuplicatePair, _ frame: Frame) -> HTML {
    let merging = pages.mergePath(pair.first.id, pair.second.id)
    let apart = PostButton(
      "Ce ne sont pas des doublons", action: pages.duplicatesPath.appending("ecarter"), csrf: frame.session.csrf,
      hidden: Self.hidden(pair.first.id, pair.second.id))
    let reasons = pair.reasons.joined(separator: ", ")
    return """
      <li><div class="corps pile fine">\(side(pair.first))\(side(pair.second))<small>\(reasons.prefix(1).uppercased() + reasons.dropFirst())</small>\
      <div class="rangee"><a class="bouton petit" href="\(merging)">Comparer et fusionner<span class="sr"> \(pair.first.name) et \(pair.second.name)</span></a>\
      \(apart.html)</div></div></li>

      """
  }

  private func side(_ side: DuplicatePair.Side) -> HTML {
    """
    <div class="corps"><a class="titre" href="\(pages.link(side.id))">\(side.name)</a><small>\(side.detail)</small></div>
    """
  }

  private static func hidden(_ one: Int64, _ other: Int64) -> [(name: String, value: String)] {
    [("a", Identifier<Site>(rawValue: one).description), ("b", Identifier<Site>(rawValue: other).description)]
  }

  private func dismissed(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let kind = try site.installation.model.kind(pages.kind)
    let ((pairs, titles, names, count), frame) = try await site.read(request, context) { connection, _ in
      let pairs = try DuplicateFinder.dismissed(kind.name, connection)
      let titles = try RecordTitles.titles(of: pairs.flatMap { [$0.first, $0.second] }, kind: kind.name, connection)
      return (pairs, titles, try Account.names(connection), try DuplicateFinder.pairs(of: kind, connection).count)
    }
    let rows: [HTML] = pairs.map { pair in
      let author = pair.account.map { names[$0] ?? "Compte supprimé" } ?? "une commande de l’administrateur"
      let back = PostButton(
        "Comparer à nouveau", action: pages.duplicatesPath.appending("reprendre"), csrf: frame.session.csrf,
        hidden: Self.hidden(pair.first, pair.second))
      let sides = [pair.first, pair.second].map { LinkedText(titles[$0] ?? "Fiche", pages.link($0)) }
      return """
        <li><div class="corps"><span>\(each: sides, separator: " et ", \.html)</span>\
        <small>Écartée le \(frame.moment(pair.at)), par \(author)</small>\
        <div class="rangee">\(back.html)</div></div></li>

        """
    }
    let none = EmptyState("Aucune paire écartée", "Une paire dont on a dit que ce ne sont pas des doublons se retrouve ici.").html
    let content = rows.isEmpty ? none : Card("ecartees", "Ce ne sont pas des doublons", "<ul class=\"liste\">\(rows)</ul>").html
    return page(content, counts: (count, pairs.count), isTold: true, frame, request)
  }

  private func page(_ content: HTML, counts: (found: Int, told: Int), isTold: Bool, _ frame: Frame, _ request: Request) -> Response {
    let path = pages.duplicatesPath
    let tabs = Tabs(
      "Doublons",
      [
        Tabs.Tab("À examiner", path, isCurrent: !isTold, count: counts.found),
        Tabs.Tab("Écartées", path.adding(Self.told, "oui"), isCurrent: isTold, count: counts.told),
      ])
    let sentence = "Deux fiches pour une même réalité\u{A0}? Fusionnez-les, ou dites que ce ne sont pas des doublons."
    let html: HTML = """
      \(Breadcrumb([LinkedText(pages.words.list, pages.path)], current: "Doublons").html)
      \(PageHeader("Doublons", sentence: French.typeset(sentence)).html)
      \(tabs.html)
      \(content)
      """
    return site.page("Doublons", at: pages.place, html, frame, messages: Receipt.messages(request))
  }

  private func tell(areDuplicates: Bool, _ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    guard let one = Identifier<Site>(form["a"]), let other = Identifier<Site>(form["b"]) else { throw HTTPError(.badRequest) }
    func tell(_ kind: some RecordKind) async throws {
      try await site.installation.merges(of: kind, for: context.session.account).tell(
        one.rawValue, other.rawValue, areDuplicates: areDuplicates)
    }
    try await tell(try site.installation.model.kind(pages.kind))
    let path = areDuplicates ? pages.duplicatesPath.adding(Self.told, "oui") : pages.duplicatesPath
    return .seeOther(path.adding(Receipt.parameter, (areDuplicates ? Receipt.likened : .toldApart).rawValue))
  }
}

extension RecordPages {
  var duplicatesPath: Link { path.appending("doublons") }

  /// Where two records are compared, field by field.
  func mergePath(_ one: Int64, _ other: Int64) -> Link {
    path.appending("fusionner").adding("a", Identifier<Site>(rawValue: one).description)
      .adding("b", Identifier<Site>(rawValue: other).description)
  }

  /// Under the title of the list, for those who may do something about it.
  func duplicatesLink(_ frame: Frame) -> HTML {
    guard frame.session.account.role.scope(.write, area) != .none else { return .empty }
    return LinkedText("Chercher les doublons", duplicatesPath).html
  }
}
