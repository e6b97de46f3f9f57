import Store

extension RecordEditor {
  /// One named operation on several records, which are made or changed together, or not at all: a plan is copied, blocks change places.
  /// - Parameters:
  ///   - subject: what the event is about.
  ///   - isJudged: each is checked as if somebody had entered it; not for what is only moved or copied, whose faults are told where it stands.
  ///   - make: what is to be written, asked for inside the transaction; nothing is done when it gives nothing.
  /// - Throws: `Refusal` when one of them cannot be stored as asked.
  public func write(
    as operation: Operation, about subject: Int64, isJudged: Bool = true,
    _ make: @escaping @Sendable (any Connection, Kind.Context) throws -> [RecordWrite<Kind.Draft>]
  ) async throws {
    try await database.write { connection in
      var reading = try reading(connection)
      var writes: [RecordWrite<Kind.Draft>] = []
      for write in try make(connection, reading.context) where write.draft != write.old {
        var draft = write.draft
        let faults = kind.faults(in: &draft, isNew: write.isNew, unread: [], &reading)
        guard faults.isEmpty || !isJudged else { throw Refusal(faults.map { "\($0.column) : \($0.reason)" }.joined(separator: " ; ")) }
        writes.append(RecordWrite(id: write.id, isNew: write.isNew, old: write.old, draft: draft))
      }
      guard !writes.isEmpty else { return }
      try recorder.write(kind, writes, as: operation, subject: subject, connection, reading.context)
    }
  }
}
