import Markup

/// What stands around the rows of a list page: its views, its years, its filters, its order, its columns, its place in the pages and its files.
public struct ListFrame: Sendable {
  public var views: Tabs?
  /// Lists of dated facts show one year.
  public var years: [Tabs.Tab]
  public var filters: FilterBar
  public var sorting: Sorting
  public var columns: ColumnMenu?
  public var pagination: Pagination
  /// The list as it is shown, as files.
  public var files: [PageAction]
  /// What is done with ticked rows; each row then begins with its cell.
  public var batch: BatchBar?

  public init(
    views: Tabs? = nil, years: [Tabs.Tab] = [], filters: FilterBar, sorting: Sorting, columns: ColumnMenu? = nil, pagination: Pagination,
    files: [PageAction] = []
  ) {
    self.views = views
    self.years = years
    self.filters = filters
    self.sorting = sorting
    self.columns = columns
    self.pagination = pagination
    self.files = files
  }

  /// The page around `rows`, which are in the order of the columns.
  /// - Parameters:
  ///   - empty: what is said when there is nothing to filter.
  ///   - unmatched: what is said when the filters leave nothing.
  public func html(
    _ title: String, detail: HTML, columns: [DataTable.Column], rows: [HTML], empty: EmptyState?, unmatched: String
  ) -> HTML {
    """
    \(PageHeader(title, detail: detail, menus: [self.columns?.html, export].compactMap(\.self)).html)
    \(views.map(\.html))
    \(years.isEmpty ? .empty : Tabs("Années", years).html)
    \(filters.html)
    \(rows.isEmpty ? nothing(empty, unmatched) : table(DataTable(title, columns: columns, sorting: sorting, lead: batch == nil ? .empty : BatchBar.heading, rows: rows)))
    """
  }

  private var export: HTML? {
    if files.isEmpty { return nil }
    return """
      <details class="menu droite"><summary class="bouton">\(Icon.download.html) Exporter \(Icon.down.html)</summary>\
      <ul class="choisir">\(each: files, \.menuItem)</ul></details>
      """
  }

  private func table(_ table: DataTable) -> HTML {
    var table = table
    table.scrolls = self.columns?.isChosen ?? false
    return """
      \(batch?.html(around: table.html) ?? table.html)
      \(pagination.html)
      """
  }

  private func nothing(_ empty: EmptyState?, _ unmatched: String) -> HTML {
    if let empty { return empty.html }
    let action = LinkedText("Effacer les filtres", filters.cleared)
    return EmptyState(unmatched, "Retirez un filtre ou cherchez un autre mot.", action: action).html
  }
}
