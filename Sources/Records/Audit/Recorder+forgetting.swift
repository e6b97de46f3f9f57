import Store

/// What an erasure does to what is kept beside the records: images, words of the search, versions. Who asked to be forgotten is gone
/// from there too, while the events stay, which hold no personal value (GDPR, article 17).
extension Recorder {
  /// Takes the named properties out of images, wherever `isMeant` says so of the record's kind and identifier and of a text that they hold.
  /// - Returns: the number of images that changed.
  @discardableResult
  public static func forget(
    _ connection: any Connection, where isMeant: (_ kind: String, _ record: Int64, _ text: String) -> Bool
  ) throws -> Int {
    var emptied: [(event: Int64, kind: String, record: Int64, text: String)] = []
    try connection.forEach("SELECT event_id, kind, record_id, change FROM image") { row in
      let (kind, record, text): (String, Int64, String) = (try row[1], try row[2], try row[3])
      // The whole text first: most images name nobody.
      guard isMeant(kind, record, text.withoutEscapedBreaks) else { return }
      let change = try Change(text: text)
      let names = Set(change.before.keys).union(change.after.keys).filter { name in
        [change.before[name], change.after[name]].contains { $0?.texts.contains { isMeant(kind, record, $0) } == true }
      }
      guard !names.isEmpty else { return }
      emptied.append((try row[0], kind, record, try change.without(names.sorted()).text()))
    }
    for image in emptied {
      try connection.execute(
        "UPDATE image SET change = \(image.text) WHERE event_id = \(image.event) AND kind = \(image.kind) AND record_id = \(image.record)")
    }
    return emptied.count
  }

  /// Once rows of records were changed by an erasure, without their kind's own writing: versions, words of the search, and one event each
  /// that says so and nothing more. A form that was open then finds another version, and saves nothing over it.
  public func noteErasure(of records: [Int64], _ kind: any RecordKind, _ connection: any Connection) throws {
    guard !records.isEmpty else { return }
    let table = SQL(unsafeText: kind.table)
    try connection.execute("UPDATE \(table) SET version = version + 1 WHERE id IN \(list: records)")
    if let source = kind.searched { try SearchIndex.refresh(source, records, known: records, connection) }
    for row in try connection.rows("SELECT id, version FROM \(table) WHERE id IN \(list: records) ORDER BY id") {
      try note(.erasure, kind.name, try row[0], from: [:], to: [:], version: try row[1], connection)
    }
  }
}

extension Operation {
  /// Somebody, or a picture of them, was taken out for good.
  public static let erasure = Operation(rawValue: "effacement")
}

extension String {
  /// JSON as it is searched for names: an escaped line break would stand against the word that follows it.
  public var withoutEscapedBreaks: String { replacing(#"\n"#, with: " ").replacing(#"\t"#, with: " ").replacing(#"\r"#, with: " ") }
}

extension JSONValue {
  /// Every text in it.
  fileprivate var texts: [String] {
    switch self {
    case .text(let text): [text]
    case .list(let values): values.flatMap(\.texts)
    case .object(let values): values.values.flatMap(\.texts)
    case .null, .bool, .int, .real: []
    }
  }
}
