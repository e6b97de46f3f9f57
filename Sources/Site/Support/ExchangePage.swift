import Markup
import WebSupport

/// `/echanges/…`: one exchange, what was said and with whom.
struct ExchangePage: Sendable {
  struct Team: Sendable {
    var name: String
    var link: Link?
    var type: CodedLabel?
    var place: String?
  }

  var breadcrumb: Breadcrumb
  /// The first line of what is to be remembered.
  var heading: String?
  /// ISO text.
  var date: String
  var channel: CodedLabel
  var minutes: Int?
  var author: String?
  var reference: String?
  /// Whether the file that brought the exchange says that the team was new.
  var declaredNew: Bool?
  var note: String?
  /// Who reads it, in words.
  var visibility: String
  var isConfidential = false
  var themes: [LinkedText]
  var natures: [LinkedText] = []
  var teams: [Team]
  var organisations: [LinkedText] = []
  /// Whom its teams were put in touch with.
  var introductions: [LinkedText] = []
  var people: [LinkedText] = []
  var actions: [PageAction] = []
  /// What is left to do after it.
  var tasks: HTML?
  var files = HTML.empty
  var comments = HTML.empty

  func html() -> HTML {
    """
    \(breadcrumb.html)
    \(PageHeader(title, detail: summary, actions: actions).html)
    <div class="duo">
    <div class="pile">\(noteCard)\(tasks)\(Card("equipes", "Équipes", teamList).html)\(comments)\(files)</div>
    <div class="pile">\(Card("fiche", "Fiche", Facts(facts).html).html)\(Card("themes", "Thèmes", themeList).html)</div>
    </div>
    """
  }

  private var title: String {
    heading ?? "Échange du \(French.fullDay(date))"
  }

  private var summary: HTML {
    """
    <div class="rangee"><span class="jeton">\(Icon.channel(channel.code).html) \(channel.label)</span>\
    <small><time datetime="\(date)">\(French.longDay(date))</time></small>\(isConfidential ? Badge.confidential : .empty)</div>
    """
  }

  private var noteCard: HTML? {
    note.map { Card("note", "Ce qu’il faut retenir", "<p class=\"recit texte\">\($0)</p>").html }
  }

  private var teamList: HTML {
    if teams.isEmpty { return "<p class=\"note\">Cet échange n’est rattaché à aucune équipe.</p>" }
    return """
      <ul class="liste">\(each: teams, team)</ul>
      """
  }

  private func team(_ team: Team) -> HTML {
    """
    <li>\(team.type.map(Badge.type))<div class="corps"><span>\(LinkedText(team.name, team.link).html)</span>\
    <small>\(team.place ?? "Commune non renseignée")</small></div></li>
    """
  }

  private var facts: [Facts.Fact] {
    [
      .init("Canal", channel.label), natures.isEmpty ? .init("Nature", "Sans nature") : .init("Nature", natures),
      .init("Durée", minutes.map(French.minutes)),
      .init("Auteur", author), .init("Qui peut lire", visibility),
    ]
      + (organisations.isEmpty ? [] : [.init("Organisations", organisations)])
      + (people.isEmpty ? [] : [.init("Personnes", people)])
      + (introductions.isEmpty ? [] : [.init("Mises en relation", introductions)])
      + (declaredNew.map { [.init("Nouvelle équipe", $0 ? "Oui, déclarée" : "Non, déclarée")] } ?? [])
      + (reference.map { [.init("Référence", $0)] } ?? [])
  }

  private var themeList: HTML {
    if themes.isEmpty { return "<p class=\"note\">Sans thème</p>" }
    return """
      <ul class="rangee">\(each: themes, theme)</ul>
      """
  }

  private func theme(_ theme: LinkedText) -> HTML {
    """
    <li class="jeton">\(theme.html)</li>
    """
  }
}
