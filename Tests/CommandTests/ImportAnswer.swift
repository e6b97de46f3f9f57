import Foundation
import Testing

/// What `import --json` prints.
struct ImportAnswer: Decodable, Equatable {
  struct Refused: Decodable, Equatable {
    let line: Int
    let column: String
    let value: String
    let reason: String
  }

  let importID: String?
  let created: Int
  let changed: Int
  let unchanged: Int
  let refused: [Refused]
  let warnings: [String]

  enum CodingKeys: String, CodingKey {
    case importID = "import"
    case created, changed, unchanged, refused, warnings
  }

  var counts: [Int] { [created, changed, unchanged] }
}

extension Run {
  /// The answer to `--json`, whose shape is part of the contract.
  func importAnswer() throws -> ImportAnswer {
    let object = try #require(try JSONSerialization.jsonObject(with: output) as? [String: Any])
    #expect(Set(object.keys) == ["import", "created", "changed", "unchanged", "refused", "warnings"])
    return try JSONDecoder().decode(ImportAnswer.self, from: output)
  }

  /// The rows of `figures --format json`.
  func figureRows() throws -> [FigureAnswer] {
    try JSONDecoder().decode([FigureAnswer].self, from: output)
  }
}

/// One row of `figures --format json`.
struct FigureAnswer: Decodable, Equatable {
  struct Record: Decodable, Equatable {
    let id: String
    let reference: String
  }

  let figure: String
  let period: String
  let dimensions: [String: String]
  /// Null is a mean of nothing.
  let value: Double?
  let unit: String
  let source: String?
  let records: [Record]?

  /// The value of a figure that counts.
  var count: Int? { value.map { Int($0) } }
}
