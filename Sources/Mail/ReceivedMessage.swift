import Foundation
import Markdown

/// A message that somebody sent to the federation, as a program understands it.
public struct ReceivedMessage: Sendable {
  /// Without its brackets; `nil` when it has none.
  public let messageID: String?
  public let from: [MailAddress]
  public let to: [MailAddress]
  public let cc: [MailAddress]
  public let subject: String
  public let date: Date?
  /// What it says, as plain text, with what it was forwarded from.
  public let text: String
  public let attachments: [MailAttachment]
  /// Written by a program, or to a list of subscribers.
  public let isAutomatic: Bool
  /// The server that took the message says that it does not come from where it says (RFC 8601).
  public let isForged: Bool
  /// Addresses in the headers of what it forwards.
  public let forwarded: [MailAddress]
  /// What it says of messages that did not arrive, when it is such a report (RFC 3464).
  public let report: DeliveryReport?

  /// Reads whatever it is: what cannot be understood is left out.
  public init(_ bytes: [UInt8]) {
    let root = MIMEPart(bytes[...])
    let headers = root.headers
    messageID = headers["message-id"].flatMap(Self.identifier)
    from = MailAddress.list(headers["from"] ?? "")
    to = headers.all("to").flatMap(MailAddress.list)
    cc = headers.all("cc").flatMap(MailAddress.list)
    subject = (headers.text("subject") ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    date = headers["date"].flatMap(MailDate.init)?.date
    let automatic = (headers["auto-submitted"] ?? "no").lowercased()
    isAutomatic =
      !automatic.hasPrefix("no") || ["bulk", "junk", "list", "auto_reply"].contains((headers["precedence"] ?? "").lowercased())
      || headers["x-loop"] != nil || headers["list-id"] != nil || headers["return-path"] == "<>"
      || headers.contentType.type == "multipart/report"
    isForged = Self.isForged(headers["authentication-results"] ?? "")
    var content = MessageContent()
    content.read(root)
    text = String(content.text.prefix(Self.textLimit)).trimmingCharacters(in: .whitespacesAndNewlines)
    attachments = content.attachments
    forwarded = content.forwarded + ForwardedBlock.addresses(in: text)
    report = DeliveryReport(root)
  }

  /// In characters.
  private static let textLimit = 100_000

  /// - Parameter results: the first such header, which the last server wrote.
  private static func isForged(_ results: String) -> Bool {
    let words = results.lowercased().filter { !$0.isWhitespace }
    if words.contains("dmarc=") { return words.contains("dmarc=fail") }
    return !words.contains("dkim=pass") && !words.contains("spf=pass") && (words.contains("dkim=fail") || words.contains("spf=fail"))
  }

  static func identifier(_ text: String) -> String? {
    guard let start = text.firstIndex(of: "<"), let end = text[start...].firstIndex(of: ">") else { return nil }
    let inside = text[text.index(after: start)..<end].trimmingCharacters(in: .whitespaces)
    return inside.isEmpty || inside.utf8.count > 900 ? nil : inside
  }
}

/// What the parts of a message say, and the files among them.
private struct MessageContent {
  var text = ""
  var attachments: [MailAttachment] = []
  var forwarded: [MailAddress] = []

  /// A picture within the text that is smaller, in bytes, is part of a signature.
  private static let signature = 30_000

  mutating func read(_ part: MIMEPart) {
    let type = part.headers.contentType.type
    let isFile = part.headers.disposition.type == "attachment" || part.headers.fileName != nil
    switch type {
    case "multipart/alternative":
      // The plainest that says something.
      var readings = part.parts.map { part -> MessageContent in
        var content = MessageContent()
        content.read(part)
        return content
      }
      let plain = part.parts.firstIndex { $0.headers.contentType.type == "text/plain" }
      let said = [plain].compactMap(\.self) + Array(readings.indices)
      guard let best = said.first(where: { readings[$0].text.contains { !$0.isWhitespace } }) ?? readings.indices.first else { return }
      add(readings.remove(at: best))
      for other in readings { attachments += other.attachments }
    case _ where type.hasPrefix("multipart/"): for piece in part.parts { read(piece) }
    case "message/rfc822":
      guard let inner = part.parts.first else { return }
      let headers = inner.headers
      let lines = [("De", "from"), ("Date", "date"), ("À", "to"), ("Cc", "cc"), ("Objet", "subject")].compactMap { label, name in
        headers.text(name).map { "\(label) : \($0)" }
      }
      forwarded += ["from", "to", "cc"].compactMap { headers[$0] }.flatMap(MailAddress.list)
      text += "\n---- Message transmis ----\n\(lines.joined(separator: "\n"))\n\n"
      read(inner)
    case "text/plain" where !isFile, "" where !isFile: say(part.text)
    case "text/html" where !isFile: say(HTMLReading.text(part.text))
    case _ where type.hasPrefix("image/") && part.headers["content-id"] != nil && part.content.count < Self.signature: break
    default:
      let name = part.headers.fileName ?? "piece"
      attachments.append(MailAttachment(name: name, mediaType: type, content: part.content))
    }
  }

  private mutating func say(_ words: String) { text += (text.isEmpty || text.hasSuffix("\n") ? "" : "\n") + words }

  private mutating func add(_ other: MessageContent) {
    say(other.text)
    attachments += other.attachments
    forwarded += other.forwarded
  }
}

/// The headers that mail programs write into the text of what they forward: « De : … », « From: … ». Only the first such block is read:
/// further ones are of older messages.
enum ForwardedBlock {
  private static let senders: Set = ["de", "from", "expéditeur"]
  private static let others: Set = ["à", "a", "to", "cc", "copie à", "destinataire", "pour"]
  private static let further: Set = ["date", "envoyé", "sent", "objet", "sujet", "subject", "reply-to", "répondre à", "importance"]

  static func addresses(in text: String) -> [MailAddress] {
    var (found, hasBegun): ([MailAddress], Bool) = ([], false)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) where line.contains(where: { !" \t\r>*".contains($0) }) {
      let (label, value) = header(line)
      if !hasBegun {
        hasBegun = senders.contains(label) && value.contains("@")
        if !hasBegun { continue }
      }
      // A long list of addresses goes on in the next line.
      let isNamed = senders.contains(label) || others.contains(label)
      guard isNamed || further.contains(label) || line.contains("@") else { break }
      if !further.contains(label) { found += MailAddress.list(isNamed ? value : String(line)) }
    }
    return found
  }

  private static func header(_ line: Substring) -> (label: String, value: String) {
    let line = line.prefix(2_000).drop { " \t>*".contains($0) }
    guard let colon = line.firstIndex(of: ":") else { return ("", "") }
    let label = line[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: " \u{A0}\u{202F}*")).lowercased()
    let value = String(line[line.index(after: colon)...].filter { $0 != "*" })
    return (label, value.replacing(/\[?mailto:([^\]\s>]+)\]?/) { "<\($0.1)>" })
  }
}

extension MailAddress {
  /// Those of a header: names in quotes, groups and remarks left out; what no server would take is passed over.
  static func list(_ text: String) -> [MailAddress] {
    var (pieces, current): ([String], String) = ([], "")
    var (isQuoted, isEscaped, remarks) = (false, false, 0)
    for character in text {
      if isEscaped {
        current.append(character)
        isEscaped = false
        continue
      }
      switch character {
      case "\\" where isQuoted: isEscaped = true
      case "\"" where remarks == 0:
        isQuoted.toggle()
        current.append(character)
      case "(" where !isQuoted: remarks += 1
      case ")" where !isQuoted && remarks > 0: remarks -= 1
      case _ where remarks > 0: break
      case _ where !isQuoted && (character == "," || character == ";"):
        pieces.append(current)
        current = ""
      case ":" where !isQuoted && !current.contains("@") && !current.contains("<"): current = ""
      default: current.append(character)
      }
    }
    pieces.append(current)
    return pieces.compactMap { piece in
      let trimmed = piece.trimmingCharacters(in: .whitespacesAndNewlines)
      guard let found = MailAddress(parsing: trimmed) else { return nil }
      let name = found.name.map { EncodedWords.decoded($0.trimmingCharacters(in: CharacterSet(charactersIn: " \"'"))) }
      return MailAddress(found.address.lowercased(), name: name.flatMap { $0.isEmpty ? nil : $0 })
    }
  }
}

/// `Sun, 22 Nov 2026 14:05:06 +0100` (RFC 5322), without whatever else stands around it.
struct MailDate {
  let date: Date

  init?(_ text: String) {
    let form = /(\d{1,2})\s+(\w{3})\w*\s+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{4})?/
    guard let match = text.prefix(200).firstMatch(of: form), let day = Int(match.1), var year = Int(match.3), let hour = Int(match.4),
      let minute = Int(match.5),
      let month = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"].firstIndex(of: match.2.lowercased())
    else { return nil }
    if year < 100 { year += year < 50 ? 2_000 : 1_900 }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let parts = DateComponents(
      year: year, month: month + 1, day: day, hour: hour, minute: minute, second: match.6.flatMap { Int($0) } ?? 0)
    guard (1_990...2_200).contains(year), (1...31).contains(day), let date = calendar.date(from: parts) else { return nil }
    let zone = match.7.flatMap { Int($0) } ?? 0
    self.date = date.addingTimeInterval(-Double(zone / 100 * 3_600 + zone % 100 * 60))
  }
}
