import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/corbeille`: what was thrown away, with the way back.
struct BinSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("corbeille", use: show)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let pages = site.recordPages
    guard Place.bin.isOpen(to: context.session.account.role) else { throw HTTPError(.forbidden) }
    let (entries, frame) = try await site.read(request, context) { connection, frame in
      try Bin(for: frame.session.account, connection).entries
    }
    let rows: [HTML] = entries.compactMap { entry in
      let page = pages.first { $0.kind == entry.kind }
      guard let path = entry.kind == Bin.attachments ? Link.attachments : page?.path else { return nil }
      let link = path.appending(Identifier<Bin>(rawValue: entry.id).description)
      let button = PostButton("Rétablir", action: link.appending("retablir"), csrf: frame.session.csrf)
      let way =
        entry.successor.flatMap { id in page.map { LinkedText("Fusionnée, voir la fiche gardée", $0.link(id)).html } } ?? button.html
      return """
        <tr><th scope="row">\(entry.title)<small>\(page?.words.list ?? "Pièces jointes")</small></th><td class="p2">\(entry.account ?? "Commande")</td>\
        <td class="p2">\(frame.moment(entry.removedAt))</td><td>\(way)</td></tr>

        """
    }
    let table = DataTable(
      "Corbeille", columns: [.init("Fiche"), .init("Supprimée par", class: "p2"), .init("Le", class: "p2"), .init("")], rows: rows)
    let content: HTML = """
      \(PageHeader("Corbeille", sentence: "Ce qui a été supprimé, et que l’on peut rétablir tel quel.").html)
      \(rows.isEmpty ? EmptyState("La corbeille est vide", "Une fiche supprimée s’y retrouve, avec son historique.").html : table.html)
      """
    return site.page("Corbeille", at: .bin, content, frame, messages: Receipt.messages(request))
  }
}
