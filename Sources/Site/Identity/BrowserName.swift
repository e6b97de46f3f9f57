/// A browser in plain words, from what it says of itself: enough to recognise one's own.
enum BrowserName {
  /// « Firefox sur Windows »; `nil` when it says nothing that is known.
  static func plain(_ userAgent: String) -> String? {
    let (browser, system) = (first(browsers, in: userAgent), first(systems, in: userAgent))
    guard browser != nil || system != nil else { return nil }
    return (browser ?? "Un navigateur") + (system.map { " sur \($0)" } ?? "")
  }

  /// The first that is found counts: most browsers also give the names of others.
  private static let browsers = [
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
  ]

  private static let systems = [
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Macintosh", "Mac"), ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
  ]

  private static func first(_ names: [(sign: String, name: String)], in text: String) -> String? {
    names.first { text.contains($0.sign) }?.name
  }
}
