import Federation
import Records
import Store
import Tables
import WebSupport

/// What the directory says more of each team when it lists those of a figure on follow-up, or on professionals.
enum ListDetail: Sendable {
  case overdue, unmet, headcount

  init?(figure: String?) {
    switch figure {
    case "support.overdue": self = .overdue
    case "support.unmet": self = .unmet
    case "structures.professionals", "structures.professionals_mean": self = .headcount
    default: return nil
    }
  }

  var title: String {
    switch self {
    case .overdue: "À recontacter avant"
    case .unmet: "Dernière rencontre"
    case .headcount: "Compté le"
    }
  }

  var order: StructureListing.Order {
    switch self {
    case .overdue: .due
    case .unmet: .lastMeeting
    case .headcount: .headcount
    }
  }

  func text(_ row: StructureListing.Row) -> LinkedText {
    switch self {
    case .overdue: LinkedText(row.due.map { "le \(French.day($0.description))" } ?? "Aucune relance")
    case .unmet: LinkedText(row.lastMeeting.map { French.day($0.description) } ?? "Jamais")
    case .headcount:
      LinkedText(row.headcount.map { French.day($0.date.description) } ?? Self.undated(row), note: row.headcount?.source)
    }
  }

  func cell(_ row: StructureListing.Row) -> XLSX.Cell {
    switch self {
    case .overdue: XLSX.Cell(date: row.due)
    case .unmet: XLSX.Cell(date: row.lastMeeting)
    case .headcount: .text(row.headcount.map { "\($0.date), \($0.source)" } ?? Self.undated(row))
    }
  }

  /// Where nobody counted on a day, the number is the record's own.
  private static func undated(_ row: StructureListing.Row) -> String {
    row.professionals == nil ? French.unknown : "Déclaré, sans date"
  }
}

extension XLSX.Cell {
  fileprivate init(date: CivilDate?) { self = date.map { .date($0.description) } ?? .text("") }
}

extension RecordList {
  /// What is said of follow-up stays with those who read the contact log.
  func detail(for frame: Frame) -> ListDetail? {
    let detail = ListDetail(figure: query.figure.id)
    return detail == .headcount || frame.readsExchanges ? detail : nil
  }

  /// What an empty list of structures says of its figure; `nil` for the directory itself.
  var nothingCounted: EmptyState? {
    switch query.figure.id {
    case "structures.count", "structures.professionals", "structures.professionals_mean": nil
    case "support.overdue":
      EmptyState("Aucune équipe à recontacter", "Aucune date de relance n’est passée \(query.period.phrase(isState: true)).")
    case "support.unmet":
      EmptyState(
        "Aucune équipe non rencontrée", "Toutes ont eu une réunion, une visio ou une visite dans le délai de leur phase.")
    default:
      EmptyState(
        "Aucune équipe pour ce chiffre",
        "«\u{202F}\(query.figure.label)\u{202F}» ne compte rien \(query.period.phrase(isState: query.figure.isState)).")
    }
  }
}
