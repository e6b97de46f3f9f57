import Foundation

/// A real IMAP server on this machine (Dovecot, by `Tests/MailTests/imap_server.py`), for one test.
public final class TestMailbox: Sendable {
  public let port: Int
  private let folder: URL
  private let process: Process
  private let ended: AsyncStream<Void>

  public static let password = "mot_de_passe:é@"

  /// What a mailbox of its INBOX is reached by.
  public func address(password: String = TestMailbox.password, folder: String = "") -> String {
    let encoded = password.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    return "imap://boite:\(encoded)@127.0.0.1:\(port)/\(folder)?tls=aucun"
  }

  /// Runs `body` with a server, and ends it.
  public static func with<Value>(_ body: (TestMailbox) async throws -> Value) async throws -> Value {
    let server = try await TestMailbox()
    do {
      let value = try await body(server)
      await server.stop()
      return value
    } catch {
      await server.stop()
      throw error
    }
  }

  private init() async throws {
    guard FileManager.default.isExecutableFile(atPath: Self.program) else {
      throw TestSetUpError(description: "\(Self.program) is missing: run scripts/setup.")
    }
    // The path of a socket is at most 107 bytes long.
    folder = URL(fileURLWithPath: "/tmp/maillage-imap-\(UUID().uuidString.prefix(8))")
    for name in ["", "run", "mail", "mail/new", "mail/cur", "mail/tmp"] {
      try FileManager.default.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: false)
    }
    port = try await TestMailServer.freePort()
    let isRoot = getuid() == 0
    try Self.settings(folder, port: port, isRoot: isRoot).write(
      to: folder.appending(path: "dovecot.conf"), atomically: true, encoding: .utf8)
    // Dovecot gives nobody a mailbox as root.
    if isRoot, let owner = getpwnam("nobody") {
      for name in ["mail", "mail/new", "mail/cur", "mail/tmp"] {
        chown(folder.appending(path: name).path, owner.pointee.pw_uid, owner.pointee.pw_gid)
      }
    }
    process = Process()
    process.executableURL = try TestMailServer.python()
    process.arguments = [TestDatabases.root.appending(path: "Tests/MailTests/imap_server.py").path, Self.program, folder.path]
    input = Pipe()
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in continuation.finish() }
    ended = stream
    try process.run()
    let ready = folder.appending(path: "run/master.pid")
    while process.isRunning, !FileManager.default.fileExists(atPath: ready.path) { try await Task.sleep(for: .milliseconds(20)) }
  }

  private let input: Pipe

  private static let program = "/usr/sbin/dovecot"

  /// Delivers a message; lines end as they travel.
  /// - Returns: its number in the mailbox, the first being 1, when nothing else is delivered at once.
  public func deliver(_ bytes: [UInt8], name: String) throws {
    let file = folder.appending(path: "mail/tmp/\(name)")
    try Data(bytes).write(to: file)
    if getuid() == 0, let owner = getpwnam("nobody") { chown(file.path, owner.pointee.pw_uid, owner.pointee.pw_gid) }
    try FileManager.default.moveItem(at: file, to: folder.appending(path: "mail/new/\(name)"))
  }

  private func stop() async {
    try? input.fileHandleForWriting.close()
    for await _ in ended {}
  }

  private static func settings(_ folder: URL, port: Int, isRoot: Bool) -> String {
    let (user, group) = (name(getpwuid(getuid())?.pointee.pw_name), name(getgrgid(getgid())?.pointee.gr_name))
    let owner = isRoot ? getpwnam("nobody")?.pointee.pw_uid ?? 65_534 : getuid()
    let ownerGroup = isRoot ? getpwnam("nobody")?.pointee.pw_gid ?? 65_534 : getgid()
    return """
      base_dir = \(folder.path)/run
      state_dir = \(folder.path)/run
      log_path = \(folder.path)/log
      protocols = imap
      listen = 127.0.0.1
      ssl = no
      disable_plaintext_auth = no
      default_internal_user = \(isRoot ? "dovecot" : user)
      default_internal_group = \(isRoot ? "dovecot" : group)
      default_login_user = \(isRoot ? "dovenull" : user)
      first_valid_uid = 0
      mail_location = maildir:\(folder.path)/mail
      passdb {
        driver = static
        args = password=\(Self.password)
      }
      userdb {
        driver = static
        args = uid=\(owner) gid=\(ownerGroup) home=\(folder.path)
      }
      service imap-login {
        chroot =
        inet_listener imap {
          address = 127.0.0.1
          port = \(port)
        }
        inet_listener imaps {
          port = 0
        }
      }
      service anvil {
        chroot =
      }
      service stats {
        chroot =
      }
      """
  }

  private static func name(_ text: UnsafeMutablePointer<CChar>?) -> String { text.map { String(cString: $0) } ?? "" }
}
