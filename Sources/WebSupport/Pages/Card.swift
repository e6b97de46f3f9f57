import Markup

/// A titled part of a page.
public struct Card: Sendable {
  /// Unique on the page: it ties the section to its title.
  public var id: String
  public var title: String
  public var aside: HTML
  public var content: HTML

  public init(_ id: String, _ title: String, aside: HTML = .empty, _ content: HTML) {
    self.id = id
    self.title = title
    self.aside = aside
    self.content = content
  }

  public var html: HTML {
    """
    <section class="carte" aria-labelledby="t-\(id)"><header><h2 id="t-\(id)">\(title)</h2>\(aside)</header>
    \(content)</section>
    """
  }
}

/// What is known of a record, label by label.
public struct Facts: Sendable {
  public struct Fact: Sendable {
    public var label: String
    public var values: [LinkedText]

    /// An unknown value is written « Non renseigné ».
    public init(_ label: String, _ value: String?, _ link: Link? = nil) {
      self.init(label, [LinkedText(value.flatMap { $0.isEmpty ? nil : $0 } ?? French.unknown, link)])
    }

    public init(_ label: String, _ values: [LinkedText]) {
      self.label = label
      self.values = values.isEmpty ? [LinkedText(French.unknown)] : values
    }
  }

  public var facts: [Fact]

  public init(_ facts: [Fact]) {
    self.facts = facts
  }

  public var html: HTML {
    """
    <dl class="defs">\(each: facts, fact)</dl>
    """
  }

  private func fact(_ fact: Fact) -> HTML {
    """
    <dt>\(fact.label)</dt><dd>\(each: fact.values, separator: ", ", \.html)</dd>
    """
  }
}
