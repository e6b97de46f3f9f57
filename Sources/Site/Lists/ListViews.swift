import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// The views of a list that its reader has, over its page.
struct ListViews: Sendable {
  private let words: ListWords
  private let views: [SavedView]
  private let asked: [(name: String, value: String)]

  init(of words: ListWords, _ request: Request, _ frame: Frame, _ connection: any Connection) throws {
    self.words = words
    views = try SavedView.all(of: words.name, for: frame.session.account, connection)
    asked = request.queryItems
  }

  /// The one that the reader's list opens with.
  var `default`: SavedView? { views.first(where: \.isDefault) }

  /// Where an address that asks for nothing leads.
  var opening: Link? { asked.isEmpty ? `default`.map { words.link($0) } : nil }

  /// The view that the address is, whatever the page of it.
  private var current: SavedView? {
    let items = Self.saved(asked)
    return items.isEmpty ? nil : views.first { Self.saved(words.link($0).query) == items }
  }

  /// What is said of a view that asks for what is there no more.
  func messages(_ address: ListAddress) -> [Message] {
    guard !address.warnings.isEmpty, let current else { return [] }
    let text = "La vue « \(current.name) » demande ce qui n’existe plus ; le reste est affiché."
    return [Message(.warning, French.typeset(text))]
  }

  /// - Parameter address: that of the list as it is shown.
  func tabs(_ address: ListAddress) -> Tabs? {
    let current = self.current
    let whole = address.bare
    let everything = Tabs.Tab(
      words.everything, `default` == nil ? whole : whole.adding(ListAddress.everything.name, ListAddress.everything.value),
      isCurrent: current == nil && address.isBare)
    var actions: [PageAction] = []
    if let current {
      actions.append(PageAction("Modifier la vue", .edit, .view(current.id)))
    } else if !address.isBare {
      let query = SavedViewQuery.text(address.link)
      actions.append(PageAction("Enregistrer la vue", .add, Link("/vues/nouvelle", query: [("liste", words.name), ("requete", query)])))
    }
    guard !views.isEmpty || !actions.isEmpty else { return nil }
    return Tabs(
      "Vues", [everything] + views.map { Tabs.Tab($0.name, words.link($0), isCurrent: $0 == current) }, actions: actions)
  }

  /// What of an address a view holds, in an order of its own; columns stand in theirs.
  private static func saved(_ items: [(name: String, value: String)]) -> [String] {
    let kept = SavedViewQuery.items(items)
    let columns = kept.filter { $0.name == ColumnMenu.parameter }.flatMap { $0.value.split(separator: ",") }
    let others = kept.filter { $0.name != ColumnMenu.parameter }.map { "\($0.name)=\($0.value)" }.sorted()
    return others + columns.map { "\(ColumnMenu.parameter)=\($0)" }
  }
}

/// What of a list's address a view keeps: its filters, its order and its columns, not the place in the pages.
enum SavedViewQuery {
  /// Far more than the boxes that a person ticks.
  static let mostItems = 100
  private static let left = Receipt.items.union(["page", "apres", "avant", ListAddress.everything.name, "csrf"])

  static func items(_ items: [(name: String, value: String)]) -> [(name: String, value: String)] {
    items.filter { !$0.value.isEmpty && !left.contains($0.name) }
  }

  /// As it is stored.
  static func text(_ link: Link) -> String {
    let kept = Link("?", query: items(link.query).map { ($0.name, $0.value) })
    return String(kept.address.drop { $0 == "?" })
  }
}

extension ListWords {
  /// The list as a view has it.
  func link(_ view: SavedView) -> Link { Link(ownPath: "/\(name)?\(view.query)") ?? path }
}

extension Link {
  static func view(_ id: Identifier<SavedView>) -> Link { "/vues/\(id.description)" }
}
