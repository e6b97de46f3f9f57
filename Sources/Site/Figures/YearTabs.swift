import Federation
import Markup
import Records
import Store
import WebSupport

extension Tabs.Tab {
  /// The years that hold facts, the latest first, each with what `link` gives.
  static func years(current: Int, _ frame: Frame, _ connection: any Connection, link: (Int) -> Link) throws -> [Tabs.Tab] {
    try ActivityReport.years(today: frame.today, connection).reversed().map { year in
      Tabs.Tab(String(year), link(year), isCurrent: year == current)
    }
  }
}

extension RecordList {
  /// The same list in other years.
  func years(_ frame: Frame, _ connection: any Connection) throws -> [Tabs.Tab] {
    let undated = address.removing("date")
    return try Tabs.Tab.years(current: query.period.year, frame, connection) { undated.setting("annee", String($0)) }
  }
}
