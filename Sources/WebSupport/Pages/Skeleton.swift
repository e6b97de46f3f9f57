import Markup

/// The colours that a reader has chosen, against those of the system.
public enum Theme: String, Sendable {
  case light = "clair"
  case dark = "sombre"
}

/// Everything around the body of a page: language, title, style sheet and scripts, all from this site.
public struct Skeleton: Sendable {
  public var title: String
  public var theme: Theme?
  public var scripts: [Link]
  /// `public` on the pages that anybody opens.
  public var bodyClass: String?

  public init(title: String, theme: Theme? = nil, scripts: [Link] = ["/assets/maillage.js"]) {
    self.title = title
    self.theme = theme
    self.scripts = scripts
  }

  public func html(_ body: HTML) -> HTML {
    """
    <!doctype html>
    <html lang="fr"\(attribute: "data-theme", theme?.rawValue)>
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(title) – Maillage</title>
    <meta name="color-scheme" content="light dark">
    <meta name="theme-color" content="#0c3741">
    <link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/assets/maillage.css">
    \(each: scripts, script)</head>
    <body\(attribute: "class", bodyClass)>
    <a class="evite" href="#contenu">Aller au contenu</a>
    \(body)
    </body>
    </html>

    """
  }

  private func script(_ address: Link) -> HTML {
    """
    <script src="\(address)" type="module"></script>

    """
  }
}
