import Records
import Store

/// Somebody's own requests, which go with them: who asked, how they were to be reached, and what they said.
extension FirstContact {
  /// Of requests `t`: what tells whose they are, the tied person's name included.
  static let namingText: SQL = """
    COALESCE((SELECT \(Person.fullName) FROM person p WHERE p.id = t.person_id), '') || ' ; ' || COALESCE(t.first_name, '') || ' '
      || t.last_name || ' ; ' || COALESCE(t.email, '') || ' ; ' || COALESCE(t.phone, '')
    """

  /// Leaves the day, the place and what became of it, which figures count.
  /// - Parameter title: what stands where the name was.
  static func forget(_ person: NamedPerson, as title: String, _ recorder: Recorder, _ connection: any Connection) throws {
    let own = try connection.rows("SELECT t.id, \(namingText) FROM first_contact t").compactMap { row -> Int64? in
      person.isNamed(in: try row[1]) ? try row[0] : nil
    }
    guard !own.isEmpty else { return }
    try connection.execute(
      """
      UPDATE first_contact SET last_name = \(title), first_name = NULL, email = NULL, phone = NULL, request = NULL
      WHERE id IN \(list: own)
      """)
    let kind = FirstContactRecords()
    try recorder.noteErasure(of: own, kind, connection)
    for id in own {
      try Recorder.forget(["lastName", "firstName", "email", "phone", "request"], of: id, kind: kind.name, connection)
    }
  }
}
