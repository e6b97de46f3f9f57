import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// A list of the directory, searched by name and narrowed by reference lists: of people, of organisations.
struct NamedList: ListQuestion {
  var asked: ListAddress
  let fileName: String
  private let menus: [(name: String, list: ReferenceList)]
  private let chosen: [String: [String]]

  /// - Parameter menus: the reference lists that narrow it, by the name of their items.
  init(_ words: ListWords, _ request: Request, menus: KeyValuePairs<String, ReferenceList>, _ frame: Frame) {
    let items = request.queryItems
    asked = ListAddress(words.path, items, sortKeys: ["nom"], sort: "nom")
    fileName = "\(words.name)-\(frame.today)"
    self.menus = menus.map { ($0.key, $0.value) }
    var chosen: [String: [String]] = [:]
    for (name, value) in items where !value.isEmpty {
      guard let list = menus.first(where: { $0.key == name })?.value else {
        if !ListAddress.ownItems.contains(name) { asked.warn(unknown: name, value) }
        continue
      }
      let isKnown = value == ReferenceValue.unknown.code || frame.lists.values(of: list).contains { $0.code == value }
      if !isKnown {
        asked.warn(unknown: name, value)
      } else if chosen[name]?.contains(value) != true {
        chosen[name, default: []].append(value)
        asked.apply(name, value)
      }
    }
    self.chosen = chosen
  }

  func values(_ menu: String) -> [String] { chosen[menu] ?? [] }

  func years(_ frame: Frame, _ connection: any Connection) throws -> [Tabs.Tab] { [] }

  func facets(_ frame: Frame) -> [WebSupport.Facet] {
    menus.map { menu in
      let on = values(menu.name)
      let offered = frame.lists.values(of: menu.list) + (on.contains(ReferenceValue.unknown.code) ? [.unknown] : [])
      return WebSupport.Facet(
        menu.name, menu.list.label, offered.map { WebSupport.Facet.Choice($0.code, $0.label, isOn: on.contains($0.code)) })
    }
  }
}
