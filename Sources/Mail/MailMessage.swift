import Foundation

/// One message, before it is encoded.
public struct MailMessage: Sendable {
  public let from: MailAddress
  public let to: [MailAddress]
  public let cc: [MailAddress]
  public let replyTo: MailAddress?
  public let subject: String
  public let text: String
  /// The same content as a page, for readers that show one.
  public let html: String?
  public let attachments: [MailAttachment]
  /// The part of `Message-ID` between the angle brackets; two messages with the same one are the same message.
  public let messageID: String
  public let date: Date
  public let headers: [MailHeader]

  public init(
    from: MailAddress, to: [MailAddress], cc: [MailAddress] = [], replyTo: MailAddress? = nil, subject: String, text: String,
    html: String? = nil, attachments: [MailAttachment] = [], messageID: String, date: Date, headers: [MailHeader] = []
  ) {
    self.from = from
    self.to = to
    self.cc = cc
    self.replyTo = replyTo
    self.subject = subject
    self.text = text
    self.html = html
    self.attachments = attachments
    self.messageID = messageID
    self.date = date
    self.headers = headers
  }
}

/// A file that travels with a message.
public struct MailAttachment: Sendable {
  public let name: String
  public let mediaType: String
  public let content: [UInt8]

  /// - Parameter mediaType: `type/subtype`, perhaps with plain parameters (`text/calendar; method=REQUEST`); anything else
  ///   is sent as bytes without a type.
  public init(name: String, mediaType: String, content: [UInt8]) {
    self.name = name
    self.mediaType = Self.isMediaType(mediaType) ? mediaType : "application/octet-stream"
    self.content = content
  }

  /// Whether a mail program is to offer it to the reader's calendar.
  var asksACalendar: Bool {
    mediaType.hasPrefix("text/calendar;") && mediaType.contains("method=")
  }

  private static func isMediaType(_ text: String) -> Bool {
    let pieces = text.split(separator: ";", omittingEmptySubsequences: false)
    let type = pieces[0].split(separator: "/", omittingEmptySubsequences: false)
    return text.utf8.count <= 70 && type.count == 2 && type.allSatisfy(isToken)
      && pieces.dropFirst().allSatisfy { piece in
        let halves = piece.drop { $0 == " " }.split(separator: "=", omittingEmptySubsequences: false)
        return halves.count == 2 && halves.allSatisfy(isToken)
      }
  }

  private static func isToken(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { isAtomByte($0) && !"/?=".utf8.contains($0) || $0 == UInt8(ascii: ".") }
  }
}

/// A header beyond those that every message has: `List-Unsubscribe`, `Auto-Submitted`…
public struct MailHeader: Sendable, Hashable {
  public let name: String
  public let value: String

  /// `nil` when the name is not one of a header, or is that of a header that the message writes itself.
  public init?(_ name: String, _ value: String) {
    let isName = !name.isEmpty && name.utf8.count <= 60 && name.utf8.allSatisfy { (33...126).contains($0) && $0 != UInt8(ascii: ":") }
    let lower = name.lowercased()
    guard isName, !Self.ownNames.contains(lower), !lower.hasPrefix("content-"), !lower.hasPrefix("resent-") else { return nil }
    self.name = name
    self.value = value
  }

  private static let ownNames: Set = [
    "date", "message-id", "from", "sender", "to", "cc", "bcc", "reply-to", "subject", "mime-version", "return-path", "received",
  ]
}
