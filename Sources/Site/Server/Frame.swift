import Federation
import Foundation
import Hummingbird
import Records
import Store
import WebSupport

/// What every page needs beside its own content.
struct Frame: Sendable {
  let session: Session
  let federation: String
  let today: CivilDate
  /// The federation's own.
  let zone: TimeZone
  let settings: Settings
  /// The federation's own; empty when it has not said.
  let departments: [String]
  let lists: ReferenceLists
  let theme: Theme?
  /// The page answers a form that was sent: its address is not one to come back to.
  let answersForm: Bool
  /// What was done over the page, and is told on top of it whatever the page.
  let news: [Message]

  var year: Int { today.year }

  /// « 21 nov. 2026 à 14 h 05 », on the federation's clocks.
  func moment(_ instant: Instant) -> String { French.moment(instant.date, in: zone) }

  /// The lists behind figures that the reader may open.
  var records: RecordLinks { RecordLinks(role: session.account.role) }

  /// Without the contact log, nothing tells when a team was last heard from; figures are those of the federation all the same.
  var readsExchanges: Bool { session.account.role.areas.contains(.exchanges) }
}

extension Request {
  /// What the person chose with the theme button; without a choice the browser decides.
  var theme: Theme? { cookies["theme"].flatMap { Theme(rawValue: $0.value) } }
}
