import Foundation
import Records
import Store

/// What mechanisms keep of somebody beside the records: messages, jobs, views, files that wait, names of files. Nobody mends these by
/// hand; what certainly names the person goes with them.
struct PersonTraces {
  let person: NamedPerson
  /// What stands where the name was.
  let title: String
  let connection: any Connection

  func clear() throws {
    try clearImages()
    try clearOutbox()
    try clearJobs()
    try clearViews()
    try clearFiles()
    try clearLetters()
    try clearLinks()
    try clearReceivedMails()
  }

  /// Links that were sent to the person lead nowhere any more; what was answered by them stays answered.
  private func clearLinks() throws {
    for row in try connection.rows("SELECT id, email, COALESCE(name, '') FROM sheet_request") {
      let (id, email, name): (Int64, String, String) = (try row[0], try row[1], try row[2])
      guard person.isReached(at: email) || person.isCalled(name) else { continue }
      try connection.execute(
        "UPDATE sheet_request SET email = \(Self.nowhere), name = \(title), through = sent_on WHERE id = \(id)")
      try connection.execute("UPDATE sheet_answer SET answered_by = \(title) WHERE request_id = \(id)")
    }
    try connection.execute(
      """
      UPDATE facilitation_invitation SET email = \(Self.nowhere), name = \(title), words = NULL, through = sent_on
      WHERE person_id IN \(list: person.ids)
      """)
    for row in try connection.rows("SELECT facilitation_id, address, name FROM facilitation_calendar") {
      let (id, address, name): (Int64, String, String) = (try row[0], try row[1], try row[2])
      guard person.isReached(at: address) || person.isCalled(name) else { continue }
      try connection.execute("DELETE FROM facilitation_calendar WHERE facilitation_id = \(id) AND address = \(address)")
    }
  }

  /// Other people's own records are not this person's, however they are called.
  private func clearImages() throws {
    try Recorder.forget(connection) { kind, record, text in
      (kind != Erasure.people || person.ids.contains(record)) && kind != Accounts.auditKind && person.isNamed(in: text)
    }
  }

  /// A message to the person is emptied, and does not leave any more; in those to others the name is replaced.
  private func clearOutbox() throws {
    for row in try connection.rows("SELECT id, content, reason FROM outbox") {
      let (id, content, reason): (Int64, String, String?) = (try row[0], try row[1], try row[2])
      guard person.isNamed(in: content.withoutEscapedBreaks) || reason.map(person.isNamed) == true else { continue }
      let mail = try JSONDecoder().decode(OutgoingMail.self, from: Data(content.utf8))
      let isTheirs = (mail.to + mail.cc).contains { person.isReached(at: $0.address) }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let kept = String(decoding: try encoder.encode(isTheirs ? Self.emptied : mended(mail)), as: UTF8.self)
      try connection.execute(
        "UPDATE outbox SET content = \(kept), reason = \(reason.map { person.mended($0, certainOnly: true) }) WHERE id = \(id)")
      guard isTheirs else { continue }
      try connection.execute("DELETE FROM outbox_attachment WHERE mail_id = \(id)")
      try connection.execute("DELETE FROM outbox_file WHERE mail_id = \(id)")
      try connection.execute(
        "UPDATE outbox SET state = \(MailState.abandoned) WHERE id = \(id) AND state IN \(list: [MailState.waiting, .uncertain].map(\.rawValue))"
      )
    }
    for row in try connection.rows("SELECT mail_id, position, name FROM outbox_attachment") {
      let (mail, position, name): (Int64, Int, String) = (try row[0], try row[1], try row[2])
      guard person.isNamed(in: name) else { continue }
      try connection.execute(
        "UPDATE outbox_attachment SET name = \(Self.fileName(like: name)) WHERE mail_id = \(mail) AND position = \(position)")
    }
  }

  /// What stands where an address was.
  static let nowhere = "personne@anonyme.invalid"

  private static let emptied = OutgoingMail(
    to: [.init(nowhere)], subject: "Message effacé", text: "Ce message est effacé avec la personne qui l’a reçu.")

  private func mended(_ mail: OutgoingMail) -> OutgoingMail {
    func clean(_ text: String) -> String { person.mended(text, certainOnly: true) }
    func clean(_ recipient: OutgoingMail.Recipient) -> OutgoingMail.Recipient {
      OutgoingMail.Recipient(
        person.isReached(at: recipient.address) ? Self.nowhere : recipient.address, name: recipient.name.map(clean))
    }
    return OutgoingMail(
      to: mail.to.map(clean), cc: mail.cc.map(clean), replyTo: mail.replyTo.map(clean), subject: clean(mail.subject),
      text: clean(mail.text), html: mail.html.map(clean), headers: mail.headers.mapValues(clean))
  }

  /// What a job was asked, once it is over; and why it failed, which may quote an address.
  private func clearJobs() throws {
    for row in try connection.rows("SELECT id, parameters, error, done_at FROM job") {
      let (id, parameters, error, done): (Int64, String, String?, Instant?) = (try row[0], try row[1], try row[2], try row[3])
      if let error, person.isNamed(in: error) {
        try connection.execute("UPDATE job SET error = \(person.mended(error, certainOnly: true)) WHERE id = \(id)")
      }
      guard person.isNamed(in: parameters.withoutEscapedBreaks) else { continue }
      let kept = done == nil ? person.mended(parameters, certainOnly: true) : "{}"
      try connection.execute("UPDATE job SET parameters = \(kept) WHERE id = \(id)")
    }
  }

  /// A view that looks for the person looks for nobody.
  private func clearViews() throws {
    var changed: Set<Int64> = []
    for row in try connection.rows("SELECT id, name, query FROM saved_view") {
      let (id, name, query): (Identifier<SavedView>, String, String) = (try row[0], try row[1], try row[2])
      let items = query.split(separator: "&")
      let others = items.filter { item in
        let value = item.split(separator: "=", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
        return !person.isSought(by: value.replacing("+", with: " ").removingPercentEncoding ?? value)
      }
      let isNamed = person.isSought(by: name)
      guard isNamed || others.count < items.count else { continue }
      changed.insert(id.rawValue)
      try connection.execute(
        """
        UPDATE saved_view SET name = \(isNamed ? "Vue \(id)" : name), query = \(others.joined(separator: "&")), version = version + 1
        WHERE id = \(id)
        """)
    }
    guard !changed.isEmpty else { return }
    try Recorder.forget(connection) { kind, record, _ in kind == SavedViewDesk.auditKind && changed.contains(record) }
  }

  private func clearFiles() throws {
    for row in try connection.rows("SELECT id, name FROM attachment") {
      let (id, name): (Int64, String) = (try row[0], try row[1])
      guard person.isNamed(in: name) else { continue }
      try connection.execute("UPDATE attachment SET name = \(Self.fileName(like: name)) WHERE id = \(id)")
    }
    for row in try connection.rows("SELECT id, file_name FROM import") {
      let (id, name): (Int64, String) = (try row[0], try row[1])
      guard person.isNamed(in: name) else { continue }
      try connection.execute("UPDATE import SET file_name = \(Self.fileName(like: name)) WHERE id = \(id)")
    }
    // Lines by which a file is known again are made of what they said.
    try connection.execute("DELETE FROM import_line WHERE kind = 'personnes' AND record_id IN \(list: person.ids)")
    for row in try connection.rows("SELECT id FROM import_file") {
      let file: Int64 = try row[0]
      let pieces: [[UInt8]] = try connection.rows("SELECT bytes FROM import_file_piece WHERE file_id = \(file) ORDER BY position").map {
        try $0[0]
      }
      guard mayName(pieces.flatMap(\.self)) else { continue }
      try connection.execute("DELETE FROM import_file_piece WHERE file_id = \(file)")
      try connection.execute("DELETE FROM import_file WHERE id = \(file)")
    }
  }

  /// Files wait for a day, refused lines with them. A workbook cannot be searched here: whoever brought it brings it again.
  private func mayName(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: Array("PK".utf8)) { return true }
    let text = String(bytes: bytes, encoding: .utf8) ?? String(bytes: bytes, encoding: .windowsCP1252) ?? ""
    return !person.mentions(in: text).isEmpty
  }

  /// « piece.pdf »
  static func fileName(like name: String) -> String {
    let ending = name.split(separator: ".").dropFirst().last.map { ".\($0)" } ?? ""
    return "piece\(ending)"
  }
}
