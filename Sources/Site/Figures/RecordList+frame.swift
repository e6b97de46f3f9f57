import Federation
import Markup
import Records
import Store
import WebSupport

extension RecordList {
  /// What stands around the rows of its page.
  /// - Parameters:
  ///   - codes: the dimensions offered as filters, those that the figure has.
  ///   - result: what the filters leave, « 70 échanges ».
  ///   - hasYears: the list is one of facts during a year.
  func listFrame(
    _ label: String, search placeholder: String, by codes: [String], sortKeys: [String], shown: Int, total: Int, result: String,
    hasYears: Bool = true, _ frame: Frame, _ connection: any Connection
  ) throws -> ListFrame {
    ListFrame(
      years: hasYears ? try years(frame, connection) : [],
      filters: FilterBar(
        label, current: address, search: .init(placeholder, value: search), facets: try facets(codes, frame, connection), result: result),
      sorting: sorting(sortKeys), pagination: pagination(shown: shown, total: total), files: [.exportCSV(export(.csv))] + exportActions)
  }
}
