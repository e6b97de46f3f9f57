import Markup
import WebSupport

/// `/structures/…`: one team, its way so far and what happened with it.
struct StructurePage: Sendable {
  /// A part of the record, at its own address.
  enum Content: Sendable {
    /// - Parameter hidden: how many exchanges the reader may not see.
    case timeline([Timeline.Entry], older: Link?, hidden: Int = 0)
    /// - Parameter adding: for who may date another one.
    case history([StateHistory.Span], adding: PageAction? = nil)
  }

  struct Member: Sendable {
    var name: String
    var link: Link
    /// « Coordinateur, infirmier ».
    var note: String
  }

  struct Site: Sendable {
    var name: String
    var address: String?
    var isMain = false
    var isClosed = false
    /// When it opened and closed, in words.
    var dates: String?
  }

  var breadcrumb: Breadcrumb
  var name: String
  var reference: String
  var type: CodedLabel
  var stage: CodedLabel?
  var situation: CodedLabel?
  var place: String?
  /// ISO text of the past date the record is asked at.
  var asOf: String?
  var actions: [PageAction] = []
  /// What rules say of the team that somebody has to know.
  var notices: [Message] = []
  var rail: LifeCycleRail
  var tabs: [Tabs.Tab]
  var content: Content
  var facts: [Facts.Fact]
  var phone: String?
  var email: String?
  var website: String?
  var sites: [Site] = []
  var people: [Member] = []
  /// What is left to do with the team.
  var tasks: HTML?
  /// Those that are under way, and how to ask for one.
  var facilitations = HTML.empty
  /// The programmes in which it takes part.
  var programmes = HTML.empty
  /// Whom it was put in touch with.
  var introductions = HTML.empty
  /// The re-readings of its health project.
  var readings = HTML.empty
  /// The commissions before which it was presented.
  var commissions = HTML.empty
  var successions = HTML.empty
  var files = HTML.empty
  /// What colleagues say of the team.
  var comments = HTML.empty

  func html() -> HTML {
    """
    \(breadcrumb.html)
    \(PageHeader(name, detail: badges, actions: actions).html)
    \(each: notices, \.html)\(rail.html)
    \(Tabs("Rubriques de la fiche", tabs).html)
    <div class="duo">
    \(mainColumn)
    <div class="pile">\(tasks)\(contacts)\(facilitations)\(programmes)\(comments)\(Card("fiche", "Fiche", Facts(facts).html).html)\(peopleList)\(siteList)\(introductions)\(readings)\(commissions)\(successions)\(files)</div>
    </div>
    """
  }

  private var badges: HTML {
    """
    <div class="rangee">\(Badge.type(type))\(Badge.stage(stage))\(situation.map(Badge.situation))\
    <small>\(place ?? "Commune non renseignée")\(asOf.map { ", au \(French.fullDay($0))" } ?? "")</small>\(calling)</div>
    """
  }

  /// On a telephone the card of contacts is far down the page.
  private var calling: HTML {
    phone.flatMap { Link(phone: $0) }.map { "<small>\(LinkedText(phone ?? "", $0).html)</small>" } ?? .empty
  }

  private var mainColumn: HTML {
    switch content {
    case .timeline(let entries, let older, let hidden): Card("fil", "Fil d’activité", timeline(entries, older, hidden)).html
    case .history(let spans, let adding):
      Card("etapes", "Historique des étapes", aside: adding?.button ?? .empty, StateHistory(spans: spans).html).html
    }
  }

  private func timeline(_ entries: [Timeline.Entry], _ older: Link?, _ hidden: Int) -> HTML {
    if entries.isEmpty, older == nil, hidden > 0 {
      return EmptyState(unseen(hidden), "Ces échanges relèvent d’un autre territoire que le vôtre, ou sont confidentiels.").html
    }
    if entries.isEmpty {
      return EmptyState("Rien de noté pour l’instant", "Les échanges et les étapes de l’équipe s’inscriront ici.").html
    }
    return """
      \(Timeline(entries).html)\(older.map(olderLink))\(hidden > 0 ? "<p class=\"note\">\(unseenOthers(hidden))</p>" : .empty)
      """
  }

  private func unseenOthers(_ count: Int) -> String {
    French.plural(count, "autre échange, non visible pour vous", "autres échanges, non visibles pour vous")
  }

  private func unseen(_ count: Int) -> String {
    French.plural(count, "échange, non visible pour vous", "échanges, non visibles pour vous")
  }

  private func olderLink(_ link: Link) -> HTML {
    """
    <p><a class="bouton petit" href="\(link)">Voir ce qui précède</a></p>
    """
  }
}

extension StructurePage {
  private var contacts: HTML {
    let lines = [phoneLine, emailLine, websiteLine].compactMap { $0 }
    let content: HTML = lines.isEmpty ? "<p class=\"note\">Aucun moyen de contact renseigné.</p>" : "<ul class=\"liste\">\(lines)</ul>"
    return Card("contacts", "Contacts", content).html
  }

  private var phoneLine: HTML? {
    phone.map { contact(.telephone, "Téléphone", LinkedText($0, Link(phone: $0))) }
  }

  private var emailLine: HTML? {
    email.map { contact(.letter, "Courriel", LinkedText($0, Link(email: $0))) }
  }

  private var websiteLine: HTML? {
    website.map { contact(.link, "Site", LinkedText($0, Link(untrusted: $0) ?? Link(untrusted: "https://\($0)"))) }
  }

  private func contact(_ icon: Icon, _ label: String, _ value: LinkedText) -> HTML {
    """
    <li><span class="rond" aria-hidden="true">\(icon.html)</span>\
    <div class="corps"><span>\(value.html)</span><small>\(label)</small></div></li>
    """
  }

  /// The first ones; a large team has its others behind a disclosure.
  private var peopleList: HTML? {
    if people.isEmpty { return nil }
    let (first, others) = (people.prefix(8), people.dropFirst(8))
    let more: HTML =
      others.isEmpty
      ? .empty
      : """
      <details><summary class="suite">\(French.plural(others.count, "autre personne", "autres personnes"))</summary>\
      <ul class="liste">\(each: others, member)</ul></details>
      """
    return Card("personnes", "Personnes (\(people.count))", "<ul class=\"liste\">\(each: first, member)</ul>\(more)").html
  }

  private func member(_ member: Member) -> HTML {
    """
    <li><div class="corps"><a class="titre" href="\(member.link)">\(member.name)</a><small>\(member.note)</small></div></li>
    """
  }

  private var siteList: HTML? {
    if sites.isEmpty { return nil }
    return Card("sites", "Sites", "<ul class=\"liste\">\(each: sites, site)</ul>").html
  }

  private func site(_ site: Site) -> HTML {
    """
    <li><span class="rond d" aria-hidden="true">\(Icon.place.html)</span>\
    <div class="corps"><span>\(site.name)\(standing(site))</span><small>\(site.address ?? "Adresse non renseignée")</small>\
    \(site.dates.map(dates))</div></li>
    """
  }

  private func standing(_ site: Site) -> HTML {
    if site.isClosed { return " \(Badge.state("Fermé", .ended))" }
    return site.isMain ? " \(Badge.state("Site principal", .complete))" : .empty
  }

  private func dates(_ text: String) -> HTML {
    """
    <small>\(text)</small>
    """
  }
}
