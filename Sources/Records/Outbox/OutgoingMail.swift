import Store

/// A message that the federation sends, before it has become one of the mail system.
public struct OutgoingMail: Sendable, Equatable, Codable {
  /// A mailbox and the name shown beside it.
  public struct Recipient: Sendable, Equatable, Codable {
    public let address: String
    public let name: String?

    public init(_ address: String, name: String? = nil) {
      self.address = address
      self.name = name
    }
  }

  /// A file that travels with it.
  public struct Attachment: Sendable, Equatable {
    public let name: String
    public let mediaType: String
    public let content: [UInt8]

    public init(name: String, mediaType: String, content: [UInt8]) {
      self.name = name
      self.mediaType = mediaType
      self.content = content
    }
  }

  /// A file of the database that travels with it, and that other messages may carry too.
  public struct StoredFile: Sendable, Equatable {
    public let name: String
    public let digest: String

    public init(name: String, digest: String) {
      self.name = name
      self.digest = digest
    }
  }

  public let to: [Recipient]
  public let cc: [Recipient]
  public let replyTo: Recipient?
  public let subject: String
  public let text: String
  /// The same content as a page.
  public let html: String?
  /// Beyond the usual ones, for instance `List-Unsubscribe`.
  public let headers: [String: String]
  /// In a table of their own.
  public internal(set) var attachments: [Attachment] = []
  /// To be carried once it is posted; they are then among the attachments.
  private(set) var files: [StoredFile] = []

  private enum CodingKeys: CodingKey {
    case to, cc, replyTo, subject, text, html, headers
  }

  public init(
    to: [Recipient], cc: [Recipient] = [], replyTo: Recipient? = nil, subject: String, text: String, html: String? = nil,
    headers: [String: String] = [:], attachments: [Attachment] = [], files: [StoredFile] = []
  ) {
    self.files = files
    self.to = to
    self.cc = cc
    self.replyTo = replyTo
    self.subject = subject
    self.text = text
    self.html = html
    self.headers = headers
    self.attachments = attachments
  }
}

/// How a message is sent when it is not known whether it has left.
public enum MailManner: String, Sendable, SQLCodable {
  /// Never again by itself: it is shown as uncertain, and a person decides.
  case letter = "lettre"
  /// Once more, with the same Message-ID: rather twice than never.
  case notice = "avis"
}

/// Where a message of the outbox stands.
public enum MailState: String, Sendable, SQLCodable, CaseIterable {
  case waiting = "attente"
  /// Being handed over, or its process was killed while it was.
  case underWay = "en_cours"
  case sent = "envoye"
  case refused = "refuse"
  /// The server may have taken it.
  case uncertain = "incertain"
  /// Tried long enough; the server has surely not taken it.
  case abandoned = "abandonne"

  public var label: String {
    switch self {
    case .waiting: "En attente"
    case .underWay: "En cours d’envoi"
    case .sent: "Envoyé"
    case .refused: "Refusé"
    case .uncertain: "Incertain : peut-être parti"
    case .abandoned: "Abandonné"
    }
  }
}
