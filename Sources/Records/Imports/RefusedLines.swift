import Store
import Tables

/// The lines that an import refuses, to be mended and brought again (rules, « Imports »): their cells as they stood under the
/// header as it stood, and a last column with all the reasons of each line.
public struct RefusedLines: Sendable, Equatable {
  public let header: [String]
  public let rows: [[String]]

  public var isEmpty: Bool { rows.isEmpty }

  /// - Parameter table: the file that was read; what an earlier refusal wrote in it gives way.
  public init(_ outcome: ImportOutcome, of table: Table, _ kind: some RecordKind) {
    let labels = Dictionary(kind.importColumns.map { ($0.name, $0.label) }, uniquingKeysWith: { first, _ in first })
    let reasons = Dictionary(grouping: outcome.refused, by: \.line).mapValues { Self.sentence($0, labels) }
    let refused = table.rows.filter { reasons[$0.number] != nil }
    let column = kind.reasonColumn
    // A line may be longer than the header: the reasons still stand under their own title.
    let width = max(table.header.count, refused.map(\.cells.count).max() ?? 0)
    let kept = (0..<width).filter { position in
      position >= table.header.count || Fold.code(table.header[position]) != column
    }
    func cells(_ cells: [String]) -> [String] { kept.map { cells.indices.contains($0) ? cells[$0] : "" } }
    header = cells(table.header) + [column]
    rows = refused.map { cells($0.cells) + [reasons[$0.number] ?? ""] }
  }

  private static func sentence(_ faults: [ImportOutcome.RefusedLine], _ labels: [String: String]) -> String {
    faults.map { "\(labels[$0.fault.column] ?? $0.fault.column)\u{A0}: \($0.fault.reason)" }.joined(separator: "\u{202F}; ")
  }
}

extension RecordKind {
  /// The column that says why a line was refused; imports pass over it.
  ///
  /// Some kinds have a reason of their own, as an event that is cancelled.
  var reasonColumn: String {
    fields.contains { $0.name == "motif" || Fold.code($0.label) == "motif" } ? "motif_du_refus" : "motif"
  }
}
