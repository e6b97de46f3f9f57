import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/notifications`: what one is told of.
struct NoticesSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("notifications", use: show)
    routes.post("notifications/lues", use: markAll)
    routes.post("notifications/{id}/lue", use: mark)
    routes.post("compte/notifications", use: choose)
  }

  private func desk(_ context: SignedInContext) -> NoticeDesk { NoticeDesk(site.installation, for: context.session.account) }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (entries, frame) = try await site.read(request, context) { connection, frame in
      try NoticeEntry.all(of: frame.session.account, connection)
    }
    let page = NoticesPage(
      entries: entries.map { entry in
        NoticesPage.Entry(
          entry, words: Self.words(entry, frame.lists), kind: site.recordPages.first { $0.kind == entry.kind },
          at: frame.moment(entry.at))
      }, csrf: frame.session.csrf)
    return site.page(NoticesPage.title, at: nil, page.html(), frame)
  }

  private static func words(_ entry: NoticeEntry, _ lists: ReferenceLists) -> String {
    let who = entry.actor ?? "Un import"
    return switch entry.matter {
    case .mention: "\(who) vous a mentionné"
    case .comment: "\(who) a commenté"
    case .stage:
      entry.state.map { "\(who) a noté l’étape «\u{202F}\(lists.coded($0).label)\u{202F}»" }
        ?? "\(who) a noté une nouvelle étape"
    case .exchange: "\(who) a noté un échange"
    }
  }

  /// Read from now on; with « ouvrir », on to what it is about.
  @Sendable private func mark(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    guard let id = Identifier<NoticeEntry>(try context.parameters.require("id")), let entry = try await desk(context).entry(id) else {
      throw HTTPError(.notFound)
    }
    try await desk(context).markRead(id)
    guard form["ouvrir"] == "oui", entry.title != nil, let pages = site.recordPages.first(where: { $0.kind == entry.kind }) else {
      return .seeOther("/notifications")
    }
    return .seeOther(NoticesPage.place(of: entry, pages))
  }

  @Sendable private func markAll(_ request: Request, _ context: SignedInContext) async throws -> Response {
    _ = try await site.form(request, context)
    try await desk(context).markRead()
    return .seeOther("/notifications")
  }

  @Sendable private func choose(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    try await desk(context).choose(Set(form.all("choix").compactMap { NoticeChoice(rawValue: $0) }))
    return .seeOther(AccountSection.Deed.notices.link)
  }
}

/// What one is told of, what is new first.
struct NoticesPage: Sendable {
  struct Entry: Sendable {
    var id: String
    /// « Claire Vasseur a commenté ».
    var words: String
    /// What it is about; `nil` when that is closed to the reader by now, or in the bin.
    var title: String?
    var link: Link
    var excerpt: String?
    var at: String
    var isRead: Bool
  }

  static let title = "Notifications"

  var entries: [Entry]
  var csrf: String

  func html() -> HTML {
    """
    \(PageHeader(Self.title, sentence: "Ce que vos collègues vous disent, et ce qui arrive aux fiches que vous suivez.").html)
    \(entries.isEmpty ? nothing : .empty)\(card("non-lues", "Non lues", entries.filter { !$0.isRead }, aside: all))\
    \(card("lues", "Déjà lues", entries.filter(\.isRead), aside: .empty))
    <p class="note"><a href="/compte#t-notifications">Choisir ce que vous recevez, ici et par courriel</a></p>
    """
  }

  private var nothing: HTML {
    EmptyState(
      "Rien pour l’instant",
      "Suivez une fiche, ou écrivez «\u{202F}@Prénom Nom\u{202F}» dans un commentaire\u{A0}: ce qui se passe ensuite s’annonce ici."
    ).html
  }

  private var all: HTML { PostButton("Tout marquer comme lu", action: "/notifications/lues", csrf: csrf).html }

  private func card(_ id: String, _ title: String, _ entries: [Entry], aside: HTML) -> HTML {
    if entries.isEmpty { return .empty }
    return Card(id, "\(title) (\(entries.count))", aside: aside, "<ul class=\"liste\">\(each: entries, item)</ul>").html
  }

  private func item(_ entry: Entry) -> HTML {
    """
    <li><span class="rond\(entry.isRead ? " d" : " b")" aria-hidden="true">\(Icon.bell.html)</span><div class="corps">\
    <span>\(entry.words)</span>\(name(entry))\(entry.excerpt.map(quoted))<small>\(entry.at)</small></div>\
    \(entry.isRead ? .empty : acts(entry))</li>

    """
  }

  private func name(_ entry: Entry) -> HTML {
    guard let title = entry.title else {
      return "<span class=\"note\">Cette fiche est dans la corbeille, ou ne vous est plus ouverte.</span>"
    }
    return """
      <a class="titre" href="\(entry.link)">\(title)</a>
      """
  }

  private func quoted(_ text: String) -> HTML {
    """
    <span class="note" dir="auto">\(text)</span>
    """
  }

  private func acts(_ entry: Entry) -> HTML {
    let action = Link("/notifications").appending(entry.id).appending("lue")
    let opening =
      entry.title == nil ? HTML.empty : PostButton("Ouvrir", action: action, csrf: csrf, hidden: [("ouvrir", "oui")]).html
    return """
      <div class="fin rangee">\(opening)<form method="post" action="\(action)">\(hidden("csrf", csrf))\
      <button class="bouton petit discret">Marquer comme lue</button></form></div>
      """
  }

  /// The comments of the record, where it is about one of them.
  static func place(of entry: NoticeEntry, _ pages: RecordPages) -> Link {
    let home = pages.home(of: entry.record)
    guard entry.matter == .mention || entry.matter == .comment else { return home }
    return Link(ownPath: "\(home.address)#t-commentaires") ?? home
  }
}

extension NoticesPage.Entry {
  init(_ entry: NoticeEntry, words: String, kind pages: RecordPages?, at moment: String) {
    self.init(
      id: entry.id.description, words: words, title: entry.title,
      link: pages.map { NoticesPage.place(of: entry, $0) } ?? "/notifications", excerpt: entry.excerpt, at: moment,
      isRead: entry.isRead)
  }
}

/// On « Mon compte »: what one is told of, and how.
struct NoticeChoicesCard: Sendable {
  var chosen: Set<NoticeChoice>
  var csrf: String

  var html: HTML {
    Card(
      "notifications", "Mes notifications",
      """
      <form class="pile" method="post" action="/compte/notifications">\(hidden("csrf", csrf))
      <fieldset><legend>Être prévenu</legend><div class="coches">\(each: Self.told, tick)</div></fieldset>
      <fieldset><legend>Par courriel</legend><div class="coches">\(each: Self.mailed, tick)</div></fieldset>
      <div class="rangee"><button class="bouton">Enregistrer</button></div></form>
      """
    ).html
  }

  private static let told: [(code: NoticeChoice, label: String)] = [
    (.mention, "Quand un collègue me mentionne"), (.comment, "D’un nouveau commentaire sur une fiche que je suis"),
    (.exchange, "D’un nouvel échange avec qui je suis"), (.stage, "D’une nouvelle étape d’une équipe que je suis"),
  ]
  private static let mailed: [(code: NoticeChoice, label: String)] = [
    (.digest, "Une synthèse par jour, s’il y a du nouveau"), (.promptMention, "Tout de suite, quand un collègue me mentionne"),
  ]

  private func tick(_ choice: (code: NoticeChoice, label: String)) -> HTML {
    """
    <label><input type="checkbox" name="choix" value="\(choice.code.rawValue)"\(attribute: "checked", if: chosen.contains(choice.code))>\
     \(choice.label)</label>
    """
  }
}
