import Federation
import Records
import Store
import Tables
import WebSupport

/// What the directory says more of each team when it lists those of a figure on follow-up.
enum ListDetail: String, Sendable {
  case overdue = "support.overdue"
  case unmet = "support.unmet"

  init?(figure: String?) {
    guard let figure else { return nil }
    self.init(rawValue: figure)
  }

  var title: String {
    switch self {
    case .overdue: "À recontacter avant"
    case .unmet: "Dernière rencontre"
    }
  }

  var order: StructureListing.Order {
    switch self {
    case .overdue: .due
    case .unmet: .lastMeeting
    }
  }

  var column: StructureListPage.DetailColumn { .init(title: title, key: order.rawValue) }

  func text(_ row: StructureListing.Row) -> String {
    switch self {
    case .overdue: row.due.map { "le \(French.day($0.description))" } ?? "Aucune relance"
    case .unmet: row.lastMeeting.map { French.day($0.description) } ?? "Jamais"
    }
  }

  func cell(_ row: StructureListing.Row) -> XLSX.Cell {
    let date = self == .overdue ? row.due : row.lastMeeting
    return date.map { .date($0.description) } ?? XLSX.Cell(nil as String?)
  }
}

extension RecordList {
  var detail: ListDetail? { ListDetail(rawValue: query.figure.id) }
}
