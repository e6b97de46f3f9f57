import Store

/// A file that another program exports: what its header is recognised by, and what its columns are for.
public struct ImportSource: Sendable {
  /// « pipedrive_activites »: what people choose for such files is kept under it.
  public let code: String
  /// « Pipedrive ».
  public let program: String
  /// « activités ».
  public let content: String
  /// What to do in the other program first.
  public let advice: String?
  /// What such a file may become, the first when nothing else was asked.
  public let targets: [Target]
  private let marks: [[String]]

  /// One kind of record that the lines of such a file may become.
  public struct Target: Sendable {
    public let kind: String
    let columns: [SourceColumn]
    /// What lines are for: those of another value in that column, where the file has it, are left out.
    let keeps: (titles: [String], values: Set<String>)?
    /// Fields without which a line is none of the kind, and is left out.
    let needs: [String]

    public init(
      _ kind: String, keeps: (titles: [String], values: Set<String>)? = nil, needs: [String] = [], _ columns: [SourceColumn]
    ) {
      (self.kind, self.keeps, self.needs, self.columns) = (kind, keeps, needs, columns)
    }
  }

  /// - Parameter marks: titles, as codes; of each group the header has at least one.
  public init(_ code: String, _ program: String, _ content: String, marks: [[String]], advice: String? = nil, _ targets: [Target]) {
    (self.code, self.program, self.content, self.marks) = (code, program, content, marks)
    (self.advice, self.targets) = (advice, targets)
  }

  func recognises(_ header: [String]) -> Bool {
    let titles = Set(header.map(Fold.code))
    return marks.allSatisfy { group in group.contains(where: titles.contains) }
  }

  public func target(_ kind: String) -> Target? { targets.first { $0.kind == kind } }
}

/// Which columns of another program's file fill a field, and how its cells are read.
public struct SourceColumn: Sendable {
  let field: String
  /// As codes, the best first.
  let titles: [String]
  let reading: CellReading
  /// What its values usually mean, by folded value.
  let meanings: [String: String]

  public init(_ field: String, _ titles: [String], _ reading: CellReading = .asWritten, meanings: [String: String] = [:]) {
    (self.field, self.titles, self.reading, self.meanings) = (field, titles, reading, meanings)
  }

  /// The same of a kind that calls its field otherwise.
  public func named(_ old: String, _ new: String) -> SourceColumn {
    field == old ? SourceColumn(new, titles, reading, meanings: meanings) : self
  }
}

/// How a cell of another program's file becomes one that a field reads.
public struct CellReading: Sendable {
  public typealias Function = @Sendable (String, SourceRow) -> String

  /// Once for all lines, for what is looked up in the records.
  let prepare: @Sendable (any Connection) throws -> Function
  /// Reads the columns that it knows, whichever cell it is given: of another column that somebody chose, the cell is taken as it is.
  let isOfItsColumns: Bool

  public init(prepare: @escaping @Sendable (any Connection) throws -> Function) {
    self.prepare = prepare
    isOfItsColumns = true
  }

  public init(_ function: @escaping Function) {
    prepare = { _ in function }
    isOfItsColumns = false
  }

  public static let asWritten = CellReading { cell, _ in cell }
}

/// The other cells of a line.
public struct SourceRow: Sendable {
  let positions: [String: Int]
  let cells: [String]

  /// What stands under the first of these titles that the file has; empty when it has none.
  public func cell(_ titles: [String]) -> String {
    guard let position = titles.lazy.compactMap({ positions[$0] }).first, cells.indices.contains(position) else { return "" }
    return CellText.cleaned(cells[position])
  }
}

extension ImportSource.Target {
  /// The field of each column of a file; empty for those that say nothing to the kind.
  func fields(_ header: [String]) -> [String] {
    var fields = Array(repeating: "", count: header.count)
    for (field, position) in places(header).columns { fields[position] = field }
    return fields
  }

  /// The fields that are worked out from cells of columns that fill another one.
  func additions(_ header: [String]) -> [(column: SourceColumn, position: Int)] { places(header).additions }

  /// How cells under a title are read into a field.
  func reading(_ field: String, under title: String) -> CellReading? {
    guard let column = columns.first(where: { $0.field == field }) else { return nil }
    return column.reading.isOfItsColumns && !column.titles.contains(Fold.code(title)) ? nil : column.reading
  }

  private func places(
    _ header: [String]
  ) -> (columns: [(field: String, position: Int)], additions: [(column: SourceColumn, position: Int)]) {
    let codes = header.map(Fold.code)
    var (filled, taken): (Set<String>, Set<Int>) = ([], [])
    var (places, additions): ([(String, Int)], [(SourceColumn, Int)]) = ([], [])
    for column in columns where !filled.contains(column.field) {
      guard let position = column.titles.lazy.compactMap({ codes.firstIndex(of: $0) }).first else { continue }
      filled.insert(column.field)
      if taken.insert(position).inserted { places.append((column.field, position)) } else { additions.append((column, position)) }
    }
    return (places, additions)
  }
}
