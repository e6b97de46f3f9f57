import Markup

/// The order of a list: `tri=nom` goes up, `tri=-nom` goes down.
public struct Sorting: Sendable {
  public var current: Link
  public var key: String
  public var isDescending: Bool
  /// The columns that the list can be sorted by; the others have no link.
  public var keys: Set<String>
  public static let parameter = "tri"

  /// The address is that of the list as it is shown, without its place in the pages.
  public init(current: Link, by key: String, descending: Bool = false, keys: Set<String>) {
    self.current = current
    self.key = key
    self.isDescending = descending
    self.keys = keys
  }

  func link(_ key: String) -> Link {
    let turns = key == self.key && !isDescending
    return current.setting(Self.parameter, turns ? "-\(key)" : key)
  }
}

/// A list of records as a table; the page writes the rows, in the order of the columns.
public struct DataTable: Sendable {
  public struct Column: Sendable {
    public var title: String
    public var key: String?
    /// The class of its cells: `n` for numbers and dates, `p2` or `p3` for what leaves a narrow table first.
    public var className: String?

    public init(_ title: String, key: String? = nil, class className: String? = nil) {
      self.title = title
      self.key = key
      self.className = className
    }
  }

  public var caption: String
  public var columns: [Column]
  public var sorting: Sorting?
  /// The heading cell over what stands before the columns of each row.
  public var lead: HTML
  public var rows: [HTML]
  /// A table without links takes the focus itself, so that the keyboard can scroll it on a small screen.
  public var hasLinks: Bool
  /// Columns that somebody chose may be more than there is room for: the table then scrolls beside its names.
  public var scrolls = false

  public init(
    _ caption: String, columns: [Column], sorting: Sorting? = nil, lead: HTML = .empty, rows: [HTML], hasLinks: Bool = true
  ) {
    self.lead = lead
    self.hasLinks = hasLinks
    self.caption = caption
    self.columns = columns
    self.sorting = sorting
    self.rows = rows
  }

  public var html: HTML {
    """
    <div class="tableau\(scrolls ? " defile" : "")"\(attribute: "tabindex", hasLinks ? nil : "0")\(attribute: "role", hasLinks ? nil : "region")\
    \(attribute: "aria-label", hasLinks ? nil : caption)><table><caption class="sr">\(caption)</caption>
    <thead><tr>\(lead)\(each: columns, header)</tr></thead>
    <tbody>
    \(rows)</tbody></table></div>
    """
  }

  private func header(_ column: Column) -> HTML {
    guard let sorting, let key = column.key, sorting.keys.contains(key) else {
      return """
        <th scope="col"\(attribute: "class", column.className)>\(column.title)</th>
        """
    }
    let order = sorting.key == key ? (sorting.isDescending ? "descending" : "ascending") : nil
    return """
      <th scope="col"\(attribute: "class", column.className)\(attribute: "aria-sort", order)>\
      <a href="\(sorting.link(key))">\(column.title)</a></th>
      """
  }
}
