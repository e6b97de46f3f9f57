import Markup

/// A table of figures: every number opens the records it counts.
public struct FigureTable: Sendable {
  public struct Row: Sendable {
    public var label: LinkedText
    public var cells: [LinkedText]

    public init(_ label: LinkedText, _ cells: [LinkedText]) {
      self.label = label
      self.cells = cells
    }
  }

  public var caption: String
  /// What the rows are: « Département ».
  public var rowTitle: String
  /// What the columns are; the last one may be the total of each row.
  public var columns: [String]
  public var rows: [Row]
  public var total: Row?

  public init(_ caption: String, rowTitle: String, columns: [String], rows: [Row], total: Row? = nil) {
    self.caption = caption
    self.rowTitle = rowTitle
    self.columns = columns
    self.rows = rows
    self.total = total
  }

  public var html: HTML {
    """
    <div class="tableau simple"\(attribute: "tabindex", hasLinks ? nil : "0")\(attribute: "role", hasLinks ? nil : "region")\
    \(attribute: "aria-label", hasLinks ? nil : caption)><table><caption>\(caption)</caption>
    <thead><tr><th scope="col">\(rowTitle)</th>\(each: columns, header)</tr></thead>
    <tbody>\(each: rows, row)</tbody>\(total.map(foot))</table></div>
    """
  }

  // A table without links takes the focus itself, so that the keyboard can scroll it on a small screen.
  private var hasLinks: Bool {
    rows.contains { $0.label.link != nil || $0.cells.contains { $0.link != nil } }
  }

  private func header(_ title: String) -> HTML {
    """
    <th scope="col" class="n">\(title)</th>
    """
  }

  private func row(_ row: Row) -> HTML {
    """
    <tr><th scope="row">\(row.label.html)</th>\(each: row.cells, cell)</tr>

    """
  }

  private func cell(_ cell: LinkedText) -> HTML {
    """
    <td class="n">\(cell.html)</td>
    """
  }

  private func foot(_ total: Row) -> HTML {
    """
    <tfoot>\(row(total))</tfoot>
    """
  }
}
