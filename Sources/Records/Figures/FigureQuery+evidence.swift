import Store

extension FigureQuery {
  /// All that the figure is made of, as a subquery: `record`, one of the records behind it; `cell`, the codes under which it counts,
  /// joined by `|`; `fact`, the record of the fact set by which it does so, itself unless things that facts touch are counted; and
  /// `amount`, what it adds, and in a share `whole`, what it adds to the whole. What is kept of it (a published report) gives the same figure again, whatever becomes of the records.
  public var evidence: SQL {
    let codes: SQL = dimensions.isEmpty ? "''" : dimensions.map(expression).joined(by: " || '|' || ")
    // Without a bridge a record has one row already.
    let each: SQL = joins(with: nil).isEmpty ? "SELECT" : "SELECT DISTINCT"
    let one: SQL = "CAST(1 AS \(.int))"
    return switch figure.measure {
    case .count, .reported:
      "\(each) \(codes) AS cell, f.id AS record, f.id AS fact, \(one) AS amount, \(Self.none) AS whole \(facts(joining: nil, where: []))"
    case .sum(let column), .mean(let column), .median(let column):
      "\(each) \(codes) AS cell, f.id AS record, f.id AS fact, \(column) AS amount, \(Self.none) AS whole \(facts(joining: nil, where: []))"
    case .share(let part, let whole):
      "\(each) \(codes) AS cell, f.id AS record, f.id AS fact, \(part) AS amount, \(whole) AS whole \(facts(joining: nil, where: []))"
    case .distinct(let subject):
      """
      SELECT DISTINCT \(codes) AS cell, \(subject.id) AS record, f.id AS fact, \(one) AS amount, \(Self.none) AS whole
      \(facts(joining: subject.bridge, where: subject.conditions))
      """
    }
  }

  private static let none: SQL = "CAST(NULL AS \(.int))"
}
