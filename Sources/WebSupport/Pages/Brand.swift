import Markup

/// The mark of the product: five nodes joined into an M, and its name.
public enum Brand {
  /// In white for the navigation, in teal elsewhere; the middle node is always yellow.
  public static func link(_ home: Link, onDark: Bool, organisation: String? = nil) -> HTML {
    """
    <a class="marque" href="\(home)">\(mark(onDark ? "#fff" : "var(--canard)"))\
    <span>Maillage\(organisation.map(name))</span></a>
    """
  }

  private static func mark(_ ink: String) -> HTML {
    """
    <svg viewBox="0 0 32 32" aria-hidden="true"><path d="M5 26V7l11 12L27 7v19" fill="none" stroke="\(ink)" \
    stroke-width="2.6" stroke-linejoin="round"/><g fill="\(ink)"><circle cx="5" cy="7" r="3.4"/>\
    <circle cx="27" cy="7" r="3.4"/><circle cx="5" cy="26" r="3.4"/><circle cx="27" cy="26" r="3.4"/></g>\
    <circle cx="16" cy="19" r="4.6" fill="var(--mirabelle)"/></svg>
    """
  }

  private static func name(_ organisation: String) -> HTML {
    """
    <br><small>\(organisation)</small>
    """
  }
}
