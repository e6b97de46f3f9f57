import Markup

/// What happened, newest first, under the name of each month.
public struct Timeline: Sendable {
  /// The colour of the disc; the icon and the words carry the meaning.
  public enum Tone: String, Sendable {
    case teal = "rond"
    case honey = "rond b"
    case purple = "rond c"
    case green = "rond d"
  }

  public struct Entry: Sendable {
    /// ISO text, `2021-11-25`.
    public var date: String
    public var icon: Icon
    public var tone: Tone
    public var title: String
    public var link: Link?
    public var author: String?
    public var text: String?
    public var themes: [String]
    public var minutes: Int?
    public var badge: HTML?

    public init(
      date: String, icon: Icon, tone: Tone = .teal, title: String, link: Link? = nil, author: String? = nil,
      text: String? = nil, themes: [String] = [], minutes: Int? = nil, badge: HTML? = nil
    ) {
      self.date = date
      self.icon = icon
      self.tone = tone
      self.title = title
      self.link = link
      self.author = author
      self.text = text
      self.themes = themes
      self.minutes = minutes
      self.badge = badge
    }
  }

  public var entries: [Entry]

  public init(_ entries: [Entry]) {
    self.entries = entries
  }

  public var html: HTML {
    """
    <ol class="fil">\(each: months, month)</ol>
    """
  }

  private var months: [[Entry]] {
    entries.reduce(into: []) { months, entry in
      if months.last?.first?.date.prefix(7) == entry.date.prefix(7) {
        months[months.count - 1].append(entry)
      } else {
        months.append([entry])
      }
    }
  }

  private func month(_ entries: [Entry]) -> HTML {
    """
    <li class="mois"><span>\(French.month(entries[0].date))</span></li>
    \(each: entries, item)
    """
  }

  private func item(_ entry: Entry) -> HTML {
    """
    <li><span class="\(entry.tone.rawValue)" aria-hidden="true">\(entry.icon.html)</span><div><div class="quoi">\
    <h3>\(LinkedText(entry.title, entry.link).html)</h3>\(time(entry))</div>\(entry.text.map(paragraph))\(details(entry))</div></li>

    """
  }

  private func time(_ entry: Entry) -> HTML {
    let author = entry.author.map { ", \($0)" } ?? ""
    return """
      <time datetime="\(entry.date)">\(French.dayAndMonth(entry.date))\(author)</time>
      """
  }

  private func paragraph(_ text: String) -> HTML {
    """
    <p>\(text)</p>
    """
  }

  private func details(_ entry: Entry) -> HTML {
    if entry.badge == nil && entry.themes.isEmpty && entry.minutes == nil { return .empty }
    return """
      <div class="rangee">\(entry.badge)\(each: entry.themes, chip)\(entry.minutes.map(duration))</div>
      """
  }

  private func chip(_ theme: String) -> HTML {
    """
    <span class="jeton">\(theme)</span>
    """
  }

  private func duration(_ minutes: Int) -> HTML {
    """
    <small>\(French.minutes(minutes))</small>
    """
  }
}
