import Foundation
import Store

/// A message that came into the federation's mailbox, as whoever has read it hands it over.
public struct IncomingMail: Sendable {
  public struct Party: Hashable, Sendable {
    /// In small letters.
    public let address: String
    public let name: String?

    public init(_ address: String, name: String? = nil) {
      self.address = address.lowercased()
      self.name = name.map { String(IncomingMail.plain($0).prefix(200)) }
    }
  }

  /// A message of ours that did not arrive.
  public struct Failure: Sendable {
    let address: String
    let reason: String

    public init(address: String, reason: String) {
      self.address = address.lowercased()
      self.reason = String(IncomingMail.plain(reason).prefix(300))
    }
  }

  let messageID: String?
  let senders: [Party]
  let recipients: [Party]
  /// Those of the message that it forwards.
  let forwarded: [Party]
  let subject: String
  let text: String
  let sentAt: Date?
  let files: [(name: String, bytes: [UInt8])]
  /// As it travelled, in bytes.
  let size: Int
  public var isAutomatic = false
  /// The mail server doubts that it comes from where it says.
  public var isForged = false
  /// More than is read: its text and files have stayed in the mailbox.
  public var isTooLarge = false
  /// What it reports, and of which message of ours.
  public var failures: [Failure] = []
  public var reportedID: String?

  /// The largest message that is read, in bytes as it travels.
  public static let sizeLimit = 25_000_000

  public init(
    messageID: String?, from senders: [Party], to recipients: [Party] = [], forwarded: [Party] = [], subject: String, text: String,
    sentAt: Date?, files: [(name: String, bytes: [UInt8])] = [], size: Int
  ) {
    self.messageID = messageID.map { String($0.prefix(900)) }
    (self.senders, self.recipients, self.forwarded) = (senders, recipients, forwarded)
    self.subject = String(Self.plain(subject).split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(500))
    self.text = String(Self.plain(text).prefix(100_000))
    (self.sentAt, self.files, self.size) = (sentAt, files, size)
  }

  /// What is left of a message whose words cannot be kept.
  static func bare(_ mail: IncomingMail) -> IncomingMail {
    var bare = IncomingMail(
      messageID: mail.messageID, from: mail.senders.map { Party($0.address) }, subject: "", text: "", sentAt: nil, size: mail.size)
    (bare.isAutomatic, bare.isForged, bare.isTooLarge) = (mail.isAutomatic, mail.isForged, mail.isTooLarge)
    return bare
  }

  /// Without what no text holds.
  private static func plain(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 || $0 == "\n" || $0 == "\t" }))
  }

  /// The same of a message that comes twice, whatever way it came.
  func digest(_ files: [String]) -> String {
    let parts =
      [messageID ?? "", sentAt.map { Instant($0).description } ?? "", subject, text] + senders.map(\.address) + recipients.map(\.address)
      + files + [isTooLarge ? String(size) : ""]
    return Secret.digest(parts.map { "\($0.utf8.count):\($0)" }.joined())
  }

  /// Those with whom the sender writes: of a message that is forwarded, those of that one.
  var correspondents: [Party] {
    var seen = Set(senders.map(\.address))
    return ((forwarded.isEmpty ? recipients : forwarded).filter { seen.insert($0.address).inserted }.prefix(100)).map(\.self)
  }
}
