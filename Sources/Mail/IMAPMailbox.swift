import CCurlShim
import Foundation

/// A mailbox on a server, and how to speak to it. The password is in no description of it.
public struct IMAPMailbox: Sendable {
  private let address: MailServerAddress
  private let folder: String
  let patience: SMTPServer.Patience

  /// Reads `imap://utilisateur:motdepasse@hôte:port/dossier` (encrypted by STARTTLS, port 143 unless given) or `imaps://…` (encrypted
  /// from the start, 993), as `SMTPServer` reads its address; without a folder, `INBOX`. `nil` for anything else.
  public init?(_ text: String, patience: SMTPServer.Patience = SMTPServer.Patience()) {
    guard let address = MailServerAddress(text, schemes: ("imap", "imaps"), ports: (143, 993)), address.user != nil,
      address.password != nil
    else { return nil }
    let folder = address.path.drop { $0 == "/" }
    // What would end the quotes in which the folder is sent; servers have a spelling of their own for other letters.
    guard folder.utf8.allSatisfy({ (32...126).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else { return nil }
    (self.address, self.patience) = (address, patience)
    self.folder = folder.isEmpty ? "INBOX" : String(folder)
  }

  /// A message as the server has it.
  public struct Message: Sendable {
    public let number: Int
    /// Of the whole message.
    public let size: Int
    /// Its header lines alone, when it is larger than was wanted.
    public let bytes: [UInt8]
    public let isWhole: Bool
  }

  /// Hands over the messages that came after one, in their order, each before the next one is fetched.
  /// - Parameters:
  ///   - position: the number of the last one, and that of the server's numbering; from the first message when there is none, or the
  ///     server has begun to number anew.
  ///   - sizeLimit: the header lines alone are fetched of a larger message.
  ///   - most: how many at a time; the next reading goes on.
  /// - Throws: `IMAPFailure`, and what `take` throws.
  public func read(
    after position: (validity: Int, last: Int)?, sizeLimit: Int, most: Int,
    _ take: (_ validity: Int, Message) async throws -> Void
  ) async throws {
    let session = try IMAPSession(server)
    let answer = try await session.ask(root, "STATUS \"\(folder)\" (UIDVALIDITY UIDNEXT)", limit: Self.listLimit)
    guard let validity = Self.number(after: "UIDVALIDITY", in: answer), let next = Self.number(after: "UIDNEXT", in: answer) else {
      throw IMAPFailure(code: 0)
    }
    let last = position.flatMap { $0.validity == validity ? $0.last : nil } ?? 0
    guard next > last + 1 else { return }
    let list = try await session.ask(mailbox, "UID FETCH \(last + 1):* (UID RFC822.SIZE)", limit: Self.listLimit)
    let found = list.split(whereSeparator: \.isNewline).compactMap { line -> (number: Int, size: Int)? in
      guard let number = Self.number(after: "UID", in: line), let size = Self.number(after: "RFC822.SIZE", in: line) else { return nil }
      return (number, size)
    }.filter { $0.number > last }.sorted { $0.number < $1.number }
    for message in found.prefix(most) {
      let isWhole = message.size <= sizeLimit
      let url = "\(mailbox);UID=\(message.number)\(isWhole ? "" : "/;SECTION=HEADER")"
      // What a server counts and what it sends may differ by the ends of lines.
      let bytes = try await session.fetch(url, limit: isWhole ? sizeLimit + 1_000_000 : 1_000_000)
      try await take(validity, Message(number: message.number, size: message.size, bytes: bytes, isWhole: isWhole))
    }
  }

  /// Of an answer that lists messages, in bytes.
  private static let listLimit = 8_000_000

  /// `… (UID 12 RFC822.SIZE 345)`.
  private static func number(after word: String, in text: some StringProtocol) -> Int? {
    let words = text.split { $0.isWhitespace || "()".contains($0) }
    guard let index = words.firstIndex(where: { $0 == word }), index + 1 < words.count else { return nil }
    return Int(words[index + 1])
  }

  private var root: String { "\(address.encryption == .immediate ? "imaps" : "imap")://\(address.host):\(address.port)/" }
  private var mailbox: String { root + (folder.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? folder) + "/" }

  private var server: (MailServerAddress, SMTPServer.Patience) { (address, patience) }
}

extension IMAPMailbox: CustomStringConvertible, CustomReflectable {
  public var description: String { "\(root.replacing("://", with: "://\(address.user ?? "")@"))\(folder)" }

  /// Without it, `dump` and the description of whatever holds a mailbox would show the password.
  public var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}

/// Why a mailbox could not be read.
public struct IMAPFailure: Error, Sendable {
  public enum Kind: Sendable {
    case unreachable, certificate, authentication, folder, other
  }

  public let kind: Kind

  /// - Parameter code: libcurl's.
  init(code: Int) {
    kind =
      switch code {
      case 5...7, 28, 52, 55, 56: .unreachable
      case 35, 58...60, 64, 66, 77, 83, 90, 91: .certificate
      case 67: .authentication
      case 9, 78: .folder
      default: .other
      }
  }

  /// A French sentence.
  public var sentence: String {
    switch kind {
    case .unreachable: "Le serveur de la boîte ne répond pas."
    case .certificate: "La connexion chiffrée avec le serveur de la boîte ne s’établit pas, ou son certificat n’est pas reconnu."
    case .authentication: "Le serveur de la boîte refuse l’identifiant ou le mot de passe."
    case .folder: "Le dossier demandé n’est pas dans la boîte."
    case .other: "Le serveur de la boîte n’a pas répondu comme prévu."
    }
  }
}

/// One conversation. libcurl blocks: on a queue of its own, never on a cooperative thread.
///
/// `@unchecked`: the session and its bytes are touched on that queue only, one question after another.
private final class IMAPSession: @unchecked Sendable {
  private let queue = DispatchQueue(label: "imap")
  private let session: OpaquePointer

  init(_ server: (address: MailServerAddress, patience: SMTPServer.Patience)) throws {
    let memory = CTexts()
    let address = server.address
    var described = mail_server(
      url: nil, user: memory.text(address.user), password: memory.text(address.password), ca_file: memory.text(address.certificates),
      requires_tls: address.encryption == .required ? 1 : 0, verifies: address.verifies ? 1 : 0,
      connect_seconds: Int(server.patience.connection.components.seconds), total_seconds: Int(server.patience.total.components.seconds))
    guard let session = withExtendedLifetime(memory, { imap_open(&described) }) else { throw IMAPFailure(code: 27) }
    self.session = session
  }

  deinit { imap_close(session) }

  /// The server's answer to a command.
  func ask(_ url: String, _ command: String, limit: Int) async throws -> String {
    String(decoding: try await answer(url, command, limit), as: UTF8.self)
  }

  func fetch(_ url: String, limit: Int) async throws -> [UInt8] { try await answer(url, nil, limit) }

  private func answer(_ url: String, _ command: String?, _ limit: Int) async throws -> [UInt8] {
    try await withCheckedThrowingContinuation { continuation in
      queue.async {
        var (bytes, length): (UnsafeRawPointer?, Int) = (nil, 0)
        let code = imap_ask(self.session, url, command, limit, &bytes, &length)
        continuation.resume(
          with: code == 0 ? .success(Array(UnsafeRawBufferPointer(start: bytes, count: length))) : .failure(IMAPFailure(code: Int(code))))
      }
    }
  }
}
