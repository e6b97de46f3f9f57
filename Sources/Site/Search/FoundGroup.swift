import Federation
import Markup
import Records
import Store
import WebSupport

/// What one kind of record, or of page, has for some words.
struct FoundGroup: Sendable {
  struct Item: Sendable {
    let title: String
    var detail = ""
    /// The type of a structure.
    var type: CodedLabel?
    let link: Link
    var isExact = false
  }

  /// In addresses: `sorte=taches`.
  let code: String
  let title: String
  /// « 12 », « plus de 1 000 ».
  let count: String
  let items: [Item]
  /// The lists that show all of it.
  var lists: [LinkedText] = []

  /// Of pages and figures: the few that there are.
  init(_ code: String, _ title: String, _ items: [Item]) {
    self.code = code
    self.title = title
    self.items = items
    count = French.number(items.count)
  }

  /// - Parameter year: the present one.
  init(_ group: SearchResults.Group, _ query: SearchQuery, _ lists: ReferenceLists, year: Int) {
    code = group.kind.rawValue
    title = Self.title(of: group.kind)
    let number = French.number(group.total)
    count = group.isCut ? (group.total == 0 ? "à voir dans la liste" : "au moins \(number)") : number
    items = group.hits.map { Self.item($0, of: group.kind, lists) }
    self.lists = Self.lists(of: group, query.text, year: year)
  }

  private static func title(of kind: SearchResults.Kind) -> String {
    switch kind {
    case .structures: "Structures"
    case .people: "Personnes"
    case .organisations: "Organisations"
    case .exchanges: "Échanges"
    case .facilitations: "Facilitations"
    case .tasks: "Tâches"
    case .meetings: "Comptes rendus"
    case .decisions: "Décisions"
    case .programmes: "Programmes d’accompagnement"
    case .firstContacts: "Premiers contacts"
    case .territories: "Territoires"
    }
  }

  private static func item(_ hit: SearchResults.Hit, of kind: SearchResults.Kind, _ lists: ReferenceLists) -> Item {
    func label(_ list: ReferenceList) -> String? { hit.code.map { lists.label(of: $0, in: list) } }
    func details(_ parts: String?...) -> String { parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ") }
    let day = hit.mark.map { French.day($0) }
    switch kind {
    case .structures:
      return Item(
        title: hit.title, detail: details(hit.detail, hit.mark == "fermee" ? "fermée" : nil),
        type: hit.code.map { CodedLabel($0, lists.label(of: $0, in: StructureType.list)) },
        link: .structure(Identifier(rawValue: hit.id)), isExact: hit.isExact)
    case .people:
      return Item(
        title: hit.title, detail: details(label(.profession), hit.detail), link: .person(Identifier(rawValue: hit.id)), isExact: hit.isExact
      )
    case .organisations:
      return Item(
        title: hit.title, detail: details(label(.organisationNature), hit.detail), link: .organisation(Identifier(rawValue: hit.id)),
        isExact: hit.isExact)
    case .exchanges:
      let channel = label(Channel.list)
      return Item(
        title: ExchangeSummary.heading(of: hit.title) ?? "Échange sans objet", detail: details(day, channel, hit.detail),
        link: .exchange(Identifier(rawValue: hit.id)), isExact: hit.isExact)
    case .facilitations:
      return Item(
        title: FacilitationWords.title(hit.title.isEmpty ? nil : hit.title, lists),
        detail: details(label(FacilitationState.list), day, hit.detail), link: .facilitation(Identifier(rawValue: hit.id)),
        isExact: hit.isExact)
    case .tasks:
      return Item(
        title: hit.title, detail: details(label(ToDoState.list), day.map { "échéance le \($0)" }, hit.detail),
        link: Link.task(Identifier(rawValue: hit.id)).appending("modifier"), isExact: hit.isExact)
    case .meetings:
      return Item(
        title: hit.title, detail: details(label(MeetingKind.list), day), link: .meeting(Identifier(rawValue: hit.id)), isExact: hit.isExact)
    case .decisions:
      return Item(
        title: ExchangeSummary.heading(of: hit.title) ?? hit.title, detail: details(hit.detail, day),
        link: .decision(Identifier(rawValue: hit.id)), isExact: hit.isExact)
    case .programmes:
      return Item(
        title: hit.title, detail: details(label(.programmeKind), day.map { "à partir du \($0)" }),
        link: .programme(Identifier(rawValue: hit.id)), isExact: hit.isExact)
    case .firstContacts:
      return Item(
        title: hit.title, detail: details(label(FirstContactState.list), day.map { "reçu le \($0)" }, hit.detail),
        link: .firstContact(Identifier(rawValue: hit.id)), isExact: hit.isExact)
    case .territories:
      return Item(title: hit.title, link: .territory(hit.code ?? ""))
    }
  }

  /// What opens holds as many records as it says: the directory leaves closed teams out, and the contact log shows one year.
  private static func lists(of group: SearchResults.Group, _ words: String, year: Int) -> [LinkedText] {
    func list(_ label: String, _ path: Link, _ items: (String, String)...) -> LinkedText {
      LinkedText(label, Link(path, query: [("q", words)] + items))
    }
    func all(_ path: Link) -> LinkedText { list("Tout voir", path) }
    switch group.kind {
    case .structures:
      let (listed, closed, alone) = (group.count("liste"), group.count("fermee"), group.count("isole"))
      guard !group.isCut, closed + alone > 0 else { return listed > 0 ? [all("/structures")] : [] }
      var lists: [LinkedText] = []
      if listed > 0 { lists.append(list("Tout voir (\(French.number(listed)))", "/structures")) }
      if closed > 0 { lists.append(list(French.plural(closed, "fermée", "fermées"), "/structures", ("etape", "fermee"))) }
      if alone > 0 {
        lists.append(list(French.plural(alone, "professionnel isolé", "professionnels isolés"), "/structures", ("type", "isole")))
      }
      return lists
    case .people: return [all("/personnes")]
    case .organisations: return [all("/organisations")]
    case .meetings: return [all("/comptes-rendus")]
    case .decisions: return [all("/decisions")]
    case .exchanges:
      // Of more than were read, the years of those that were are not the years of all.
      if group.isCut { return (0..<4).map { list(String(year - $0), "/echanges", ("annee", String(year - $0))) } }
      return group.shares.prefix(4).map { year, count in list("\(year) (\(French.number(count)))", "/echanges", ("annee", year)) }
    case .facilitations, .tasks, .programmes, .firstContacts, .territories:
      return group.total > group.hits.count ? [list("Tout voir", "/recherche", ("sorte", group.kind.rawValue))] : []
    }
  }
}
