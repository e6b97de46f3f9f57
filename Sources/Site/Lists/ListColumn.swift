import Markup
import Records
import Store
import Tables
import WebSupport

/// One column of a list: what it says of a row on the page, on paper and in files.
struct ListColumn<Row: Sendable>: Sendable {
  /// In the address, and in files' order: `colonnes=nom&colonnes=etape`. Also that of its order, when the list can be sorted by it.
  let name: String
  let title: String
  /// The heading in files, where it says more than on the page.
  let fileTitle: String
  /// The class of its cells: `n` for numbers and dates, `p2` or `p3` for what leaves a narrow table first.
  let className: String?
  let sorts: Bool
  /// What the row is called, with the link to its record: always there.
  let isTitle: Bool
  let cell: @Sendable (Row) -> XLSX.Cell
  let html: @Sendable (Row) -> HTML

  init(
    _ name: String, _ title: String, inFile fileTitle: String? = nil, class className: String? = nil, sorts: Bool = false,
    isTitle: Bool = false, cell: @escaping @Sendable (Row) -> XLSX.Cell, html: @escaping @Sendable (Row) -> HTML
  ) {
    self.name = name
    self.title = title
    self.fileTitle = fileTitle ?? title
    self.className = className
    self.sorts = sorts
    self.isTitle = isTitle
    self.cell = cell
    self.html = html
  }

  /// A column of plain words; where there are none, the page says `missing`.
  static func text(
    _ name: String, _ title: String, inFile fileTitle: String? = nil, class className: String? = nil, sorts: Bool = false,
    missing: String = French.unknown, _ text: @escaping @Sendable (Row) -> String?
  ) -> ListColumn {
    ListColumn(name, title, inFile: fileTitle, class: className, sorts: sorts) { row in
      XLSX.Cell(text(row))
    } html: { row in
      HTML(text: text(row).flatMap { $0.isEmpty ? nil : $0 } ?? missing)
    }
  }

  /// A day.
  static func day(
    _ name: String, _ title: String, inFile fileTitle: String? = nil, class className: String? = nil, sorts: Bool = true,
    missing: String = French.unknown, _ day: @escaping @Sendable (Row) -> String?
  ) -> ListColumn {
    ListColumn(name, title, inFile: fileTitle, class: className, sorts: sorts) { row in
      day(row).map(XLSX.Cell.date) ?? .text("")
    } html: { row in
      guard let date = day(row) else { return HTML(text: missing) }
      return """
        <time datetime="\(date)">\(French.day(date))</time>
        """
    }
  }

  /// - Parameter isFree: the reader chose the columns: none hides, be the page narrow.
  func element(_ row: Row, isFree: Bool) -> HTML {
    if isTitle { return "<th scope=\"row\">\(html(row))</th>" }
    return """
      <td\(attribute: "class", shownClass(isFree: isFree))>\(html(row))</td>
      """
  }

  func heading(isFree: Bool) -> DataTable.Column {
    DataTable.Column(title, key: sorts ? name : nil, class: shownClass(isFree: isFree))
  }

  private func shownClass(isFree: Bool) -> String? {
    guard isFree, let className else { return className }
    let kept = className.split(separator: " ").filter { !$0.hasPrefix("p") }.joined(separator: " ")
    return kept.isEmpty ? nil : kept
  }
}

/// The columns of a list, and which of them its page shows unless it is told.
struct ListColumns<Row: Sendable>: Sendable {
  /// In the order of whole files.
  let all: [ListColumn<Row>]
  /// The names of those of the page, in its order.
  let usual: [String]

  init(_ all: [ListColumn<Row>], usual: [String]) {
    self.all = all
    self.usual = usual
  }

  var sortKeys: [String] { all.filter(\.sorts).map(\.name) }
}

/// The columns that are shown: those that the address names, in its order, or the usual ones.
struct ColumnChoice<Row: Sendable>: Sendable {
  let columns: ListColumns<Row>
  let shown: [ListColumn<Row>]
  /// The address says which: the page, the files and the paper then hold exactly these.
  let isChosen: Bool
  /// Columns asked for that the list does not have: said, and left out.
  let unknown: [String]

  init(_ asked: [String], of columns: ListColumns<Row>) {
    self.columns = columns
    let byName = Dictionary(columns.all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let found = asked.compactMap { byName[$0] }
    unknown = asked.filter { byName[$0] == nil }
    isChosen = !found.isEmpty
    let chosen = isChosen ? found : columns.usual.compactMap { byName[$0] }
    shown = chosen.contains(where: \.isTitle) ? chosen : columns.all.filter(\.isTitle) + chosen
  }

  /// - Throws: `Refusal` when a column is asked for that the list does not have: a file would not say that it is missing.
  func checkedForFile() throws -> Self {
    guard let name = unknown.first else { return self }
    throw Refusal("La colonne « \(name.prefix(60)) » n’existe pas dans cette liste.")
  }

  /// Those of a file: a whole one unless the address says which.
  var inFile: [ListColumn<Row>] { isChosen ? shown : columns.all }

  var messages: [Message] {
    unknown.map { name in
      Message(.warning, French.typeset("La colonne « \(name.prefix(60)) » n’existe pas dans cette liste : elle n’est pas affichée."))
    }
  }

  var headings: [DataTable.Column] { shown.map { $0.heading(isFree: isChosen) } }

  /// - Parameter lead: a cell before the row's own, the box that ticks it.
  func html(_ row: Row, lead: HTML = .empty) -> HTML {
    """
    <tr>\(lead)\(each: shown, { $0.element(row, isFree: isChosen) })</tr>

    """
  }

  /// The disclosure by which the reader chooses.
  /// - Parameter address: that of the list as it is shown.
  func menu(_ address: Link) -> ColumnMenu {
    let names = shown.map(\.name)
    let choices = shown + columns.all.filter { !names.contains($0.name) }
    return ColumnMenu(
      address: address, isChosen: isChosen,
      choices: choices.map { .init($0.name, $0.fileTitle, isOn: names.contains($0.name), isFixed: $0.isTitle) })
  }
}
