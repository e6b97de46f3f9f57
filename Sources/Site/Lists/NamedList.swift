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
  private let menus: [Menu]
  private let chosen: [String: [String]]

  /// What narrows it: the values of a reference list, or records that it names.
  struct Menu {
    let name: String
    let label: String
    let values: [ReferenceValue]
    var knowsUnknown = false
  }

  /// - Parameters:
  ///   - lists: the reference lists that narrow it, by the name of their items.
  ///   - others: what else does.
  init(
    _ words: ListWords, _ request: Request, menus lists: KeyValuePairs<String, ReferenceList>, others: [Menu] = [],
    sortKeys: [String] = ["nom"], sort: String = "nom", _ frame: Frame
  ) {
    let items = request.queryItems
    asked = ListAddress(words.path, items, sortKeys: sortKeys, sort: sort)
    fileName = "\(words.name)-\(frame.today)"
    menus =
      lists.map { Menu(name: $0.key, label: $0.value.label, values: frame.lists.values(of: $0.value), knowsUnknown: true) } + others
    var chosen: [String: [String]] = [:]
    for (name, value) in items where !value.isEmpty {
      guard let menu = menus.first(where: { $0.name == name }) else {
        if !ListAddress.ownItems.contains(name) { asked.warn(unknown: name, value) }
        continue
      }
      let isKnown = (menu.knowsUnknown && value == ReferenceValue.unknown.code) || menu.values.contains { $0.code == value }
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
      let offered = menu.values + (on.contains(ReferenceValue.unknown.code) ? [.unknown] : [])
      return WebSupport.Facet(
        menu.name, menu.label, offered.map { WebSupport.Facet.Choice($0.code, $0.label, isOn: on.contains($0.code)) })
    }
  }
}
