import Federation
import Markup
import Records
import Store
import WebSupport

extension Tabs.Tab {
  /// The years that hold facts, the latest first, each with what `link` gives.
  static func years(current: Int?, _ frame: Frame, _ connection: any Connection, link: (Int) -> Link) throws -> [Tabs.Tab] {
    try ActivityReport.years(today: frame.today, connection).reversed().map { year in
      Tabs.Tab(String(year), link(year), isCurrent: year == current)
    }
  }
}
