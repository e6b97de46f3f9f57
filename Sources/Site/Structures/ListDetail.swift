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

  var column: StructureListPage.DetailColumn { .init(title: title, key: order.rawValue) }

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
  var detail: ListDetail? { ListDetail(figure: query.figure.id) }
}
