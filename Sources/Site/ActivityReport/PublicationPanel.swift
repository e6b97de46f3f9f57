import Federation
import Markup
import Store
import WebSupport

/// An edition by what people call it.
struct EditionLabel: Sendable {
  var year: Int
  var number: Int
  /// ISO text.
  var date: String
  var author: String?

  var link: Link { .edition(year, number) }

  /// « édition 2, corrigée ».
  var name: String { "édition \(number)\(number > 1 ? ", corrigée" : "")" }
}

extension EditionLabel {
  init(_ edition: ReportEdition) {
    self.init(year: edition.year, number: edition.number, date: edition.publishedOn.description, author: edition.author)
  }
}

/// What has been published of a year, above its figures as they are now.
struct PublicationPanel: Sendable {
  var year: Int
  /// The newest first.
  var editions: [EditionLabel]
  /// Since the newest edition.
  var changes: Int
  /// The reader may publish a year of which there is no edition yet.
  var isWaiting = false

  var html: HTML? {
    guard let latest = editions.first else { return isWaiting ? waiting : nil }
    return Card(
      "publication", "Publié le \(French.fullDay(latest.date)), \(latest.name)",
      """
      <p><a href="\(latest.link)">Voir l’édition publiée</a>, qui ne bouge plus. Les chiffres de cette page suivent les fiches\u{A0}: \
      <a href="\(Link.reportChanges(year))">\(Self.count(changes)) depuis la publication</a>.</p>\
      \(editions.count > 1 ? earlier : .empty)
      """
    ).html
  }

  /// The number stays on the line of its noun.
  static func count(_ changes: Int) -> String {
    "\(French.number(changes))\u{A0}\(changes < 2 ? "modification" : "modifications")"
  }

  private var waiting: HTML {
    Card(
      "publication", "Pas encore publié",
      "<p>Les chiffres de cette page suivent les fiches. Publier le rapport en garde une édition qui ne bougera plus.</p>"
    ).html
  }

  private var earlier: HTML {
    """
    <p class="note">Avant elle\u{A0}: \(each: editions.dropFirst(), separator: "\u{202F}; ", item)</p>
    """
  }

  private func item(_ edition: EditionLabel) -> HTML {
    """
    <a href="\(edition.link)">\(edition.name)</a>, du \(French.fullDay(edition.date))
    """
  }
}

/// What an edition says of itself, above its figures.
struct EditionHeading: Sendable {
  var edition: EditionLabel
  /// The edition that corrects it.
  var newer: EditionLabel?

  var breadcrumb: Breadcrumb {
    Breadcrumb([LinkedText("Rapport d’activité \(edition.year)", .report(edition.year))], current: edition.name.capitalizedFirst)
  }

  var sentence: String {
    "\(edition.name.capitalizedFirst), publiée le \(French.fullDay(edition.date))\(edition.author.map { " par \($0)" } ?? "")."
  }

  var notice: HTML {
    guard let newer else {
      return Message(
        .information,
        content: """
          Ces chiffres sont ceux de la publication\u{A0}: rien ne les change plus. \
          <a href="\(Link.report(edition.year))">Voir les chiffres d’aujourd’hui</a>
          """
      ).html
    }
    return Message(
      .warning,
      content: """
        Cette édition a été corrigée le \(French.fullDay(newer.date)). <a href="\(newer.link)">Voir l’\(newer.name)</a>
        """
    ).html
  }
}
