import Markup

/// What stands around the rows of a list page: its years, its filters, its order, its place in the pages and its files.
public struct ListFrame: Sendable {
  /// Lists of dated facts show one year.
  public var years: [Tabs.Tab]
  public var filters: FilterBar
  public var sorting: Sorting
  public var pagination: Pagination
  /// The list as it is shown, as files.
  public var files: [PageAction]

  public init(years: [Tabs.Tab] = [], filters: FilterBar, sorting: Sorting, pagination: Pagination, files: [PageAction] = []) {
    self.years = years
    self.filters = filters
    self.sorting = sorting
    self.pagination = pagination
    self.files = files
  }

  /// The page around `rows`, which are in the order of the columns.
  /// - Parameters:
  ///   - empty: what is said when there is nothing to filter.
  ///   - unmatched: what is said when the filters leave nothing.
  public func html(
    _ title: String, sentence: String, columns: [DataTable.Column], rows: [HTML], empty: EmptyState, unmatched: String
  ) -> HTML {
    """
    \(PageHeader(title, sentence: sentence, actions: files).html)
    \(years.isEmpty ? .empty : Tabs("Années", years).html)
    \(filters.html)
    \(rows.isEmpty ? nothing(empty, unmatched) : table(DataTable(title, columns: columns, sorting: sorting, rows: rows)))
    """
  }

  private func table(_ table: DataTable) -> HTML {
    """
    \(table.html)
    \(pagination.html)
    """
  }

  private func nothing(_ empty: EmptyState, _ unmatched: String) -> HTML {
    guard filters.cleared != filters.current else { return empty.html }
    let action = LinkedText("Effacer les filtres", filters.cleared)
    return EmptyState(unmatched, "Retirez un filtre ou cherchez un autre mot.", action: action).html
  }
}
