import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// A list of the directory as its address says it, searched by name and narrowed by reference lists: of people, of organisations.
struct NamedList {
  let search: String
  let page: Int
  let address: Link
  private let chosen: [String: [String]]
  let messages: [Message]

  static let pageSize = 50

  /// - Parameter facets: the reference lists that narrow it, by the name of their items.
  init(_ path: Link, _ request: Request, facets: [String: ReferenceList], _ lists: ReferenceLists) {
    let items = request.queryItems
    var (chosen, messages): ([String: [String]], [Message]) = ([:], [])
    var applied: [(String, String)] = []
    for (name, value) in items where !value.isEmpty {
      if let list = facets[name] {
        let isKnown = value == ReferenceValue.unknown.code || lists.values(of: list).contains { $0.code == value }
        if isKnown, chosen[name]?.contains(value) != true {
          chosen[name, default: []].append(value)
          applied.append((name, value))
        } else if !isKnown {
          messages.append(
            Message(.warning, French.typeset("Le filtre « \(name) : \(value.prefix(60)) » n’existe pas : il n’est pas appliqué.")))
        }
      } else if name == "q" {
        applied.append((name, value))
      }
    }
    search = String((items.last { $0.name == "q" }?.value ?? "").prefix(200))
    page = max(1, min(Int(items.last { $0.name == "page" }?.value ?? "") ?? 1, 100_000))
    address = Link(path, query: applied)
    self.chosen = chosen
    self.messages = messages
  }

  var offset: Int { (page - 1) * Self.pageSize }

  func values(_ facet: String) -> [String] { chosen[facet] ?? [] }

  func facet(_ name: String, _ list: ReferenceList, _ lists: ReferenceLists) -> WebSupport.Facet {
    WebSupport.Facet(
      name, list.label, lists.values(of: list).map { WebSupport.Facet.Choice($0.code, $0.label, isOn: values(name).contains($0.code)) })
  }

  /// - Throws: `Elsewhere` to the first page, when the list has fewer pages than asked for.
  func frame(_ label: String, facets: [WebSupport.Facet], shown: Int, total: Int, result: String) throws -> ListFrame {
    if shown == 0, page > 1 { throw Elsewhere(link: address) }
    let last = offset + shown
    return ListFrame(
      filters: FilterBar(label, current: address, search: .init("Nom", value: search), facets: facets, result: result),
      sorting: Sorting(current: address, by: "nom", keys: []),
      pagination: Pagination(
        from: shown == 0 ? 0 : offset + 1, to: last, of: total,
        previous: page > 1 ? address.setting("page", String(page - 1)) : nil,
        next: last < total ? address.setting("page", String(page + 1)) : nil),
      files: [.exportCSV(export(.csv)), PageAction("Exporter (.xlsx)", .download, export(.xlsx))])
  }

  /// The same list as a file: the suffix goes before the query.
  private func export(_ format: TableFileFormat) -> Link {
    Link(Link(ownPath: "\(address.withoutQuery.address).\(format.rawValue)") ?? "/", query: address.query.map { ($0.name, $0.value) })
  }

  /// The rows of a file, which cannot say beside them what was left out.
  /// - Throws: `Refusal` when the address asks for what cannot be done.
  func checkedForFile() throws -> NamedList {
    guard messages.isEmpty else {
      throw Refusal("Ce fichier n’a pas été fait, car il aurait contenu plus que demandé : un filtre de l’adresse n’existe pas.")
    }
    return self
  }
}
