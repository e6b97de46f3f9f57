import Records
import Store

extension PersonTraces {
  /// Letters stay, with a number where the person was; a link of theirs leads nowhere any more, and what waited for them does not leave.
  func clearLetters() throws {
    for row in try connection.rows("SELECT id, person_id, address FROM letter_recipient WHERE address IS NOT NULL OR person_id IS NOT NULL")
    {
      let (id, record, address): (Int64, Int64?, String?) = (try row[0], try row[1], try row[2])
      guard record.map(person.ids.contains) == true || address.map(person.isReached) == true else { continue }
      try connection.execute(
        """
        UPDATE letter_recipient SET name = \(title), first_name = NULL, last_name = NULL, address = NULL, digest = NULL,
          exclusion = CASE WHEN mail_id IS NULL THEN COALESCE(exclusion, \(Letter.Exclusion.erased)) ELSE exclusion END
        WHERE id = \(id)
        """)
    }
    for row in try connection.rows("SELECT address FROM letter_opposition") {
      let address: String = try row[0]
      if person.isReached(at: address) { try connection.execute("DELETE FROM letter_opposition WHERE address = \(address)") }
    }
    for (table, owner) in [("letter_file", "letter_id"), ("outbox_file", "mail_id")] as [(SQL, SQL)] {
      for row in try connection.rows("SELECT \(owner), position, name FROM \(table)") {
        let (id, position, name): (Int64, Int, String) = (try row[0], try row[1], try row[2])
        guard person.isNamed(in: name) else { continue }
        try connection.execute(
          "UPDATE \(table) SET name = \(Self.fileName(like: name)) WHERE \(owner) = \(id) AND position = \(position)")
      }
    }
  }
}
