import Foundation

/// A PostgreSQL server of one test's own, to be stopped and started under the feet of what uses it.
///
/// It answers on a socket in its own folder, so that it needs no port and disturbs no other test's server. What it has
/// acknowledged outlives its processes, as on a server that is set up to be relied upon.
public final class TestPostgresServer: Sendable {
  /// How it is stopped.
  public enum Manner: String, Sendable, CaseIterable {
    /// Connections are cut, what they did is undone, and the server ends in order.
    case fast
    /// As a crash: everything ends at once, and the next start recovers from the log.
    case immediate
  }

  /// Of its database `postgres`.
  public let address: String
  private let folder: URL
  private let programs: URL
  private let guardian: Process

  /// Runs `body` with a server, and removes it.
  public static func with<Value>(_ body: (TestPostgresServer) async throws -> Value) async throws -> Value {
    let server = try await TestPostgresServer()
    do {
      let value = try await body(server)
      await server.remove()
      return value
    } catch {
      await server.remove()
      throw error
    }
  }

  private init() async throws {
    programs = try Self.installedPrograms()
    // The path of a socket is at most 107 bytes long.
    folder = URL(fileURLWithPath: "/tmp/maillage-pg-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    // PostgreSQL refuses to run as root.
    if getuid() == 0, let owner = getpwnam("postgres") { chown(folder.path, owner.pointee.pw_uid, owner.pointee.pw_gid) }
    let host = folder.path.replacing("/", with: "%2F")
    address = "postgres://test@\(host)/postgres"
    guardian = try Self.guardian(of: folder, programs)
    do {
      try await run("initdb", "--username=test", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
      try await start()
    } catch {
      await remove()
      throw error
    }
  }

  public func start() async throws {
    // Processes die here, the machine does not: nothing has to reach the disk, but commits must reach the log.
    let options = "-k \(folder.path) -c listen_addresses='' -c fsync=off -c synchronous_commit=on -c max_connections=50"
    try await run("pg_ctl", "--log=\(folder.path)/data/server.log", "--wait", "--silent", "--options=\(options)", "start")
  }

  public func stop(_ manner: Manner) async throws {
    try await run("pg_ctl", "--mode=\(manner.rawValue)", "--wait", "--silent", "stop")
  }

  private func remove() async {
    try? await stop(.immediate)
    kill(guardian.processIdentifier, SIGKILL)
    try? FileManager.default.removeItem(at: folder)
  }

  /// Ends the server when the tests are killed: its input ends with them.
  private static func guardian(of folder: URL, _ programs: URL) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let stop = command(programs.appending(path: "pg_ctl"), ["--pgdata=\(folder.path)/data", "--mode=immediate", "--silent", "stop"])
    process.arguments = ["-c", "while read -r line; do :; done; \"$@\"; rm -rf \"$0\"", folder.path] + stop
    process.standardInput = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func run(_ program: String, _ arguments: String...) async throws {
    let process = Process()
    // Foundation takes a process to be running as long as anybody holds what it inherited, and a server that was started in the
    // background would (6.3, 2026-11).
    let closing = "for fd in /proc/$$/fd/*; do ((${fd##*/} > 2)) && eval \"exec ${fd##*/}>&-\"; done; exec \"$@\""
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments =
      ["-c", closing, "bash"] + Self.command(programs.appending(path: program), ["--pgdata=\(folder.path)/data"] + arguments)
    // Of root's folder the server's user may not be able to read even the name.
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let (ended, continuation) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in continuation.finish() }
    try process.run()
    for await _ in ended {}
    guard process.terminationStatus == 0 else {
      let log = (try? String(contentsOf: folder.appending(path: "data/server.log"), encoding: .utf8)) ?? ""
      throw TestSetUpError(description: "\(program) failed. \(log.suffix(500))")
    }
  }

  private static func command(_ program: URL, _ arguments: [String]) -> [String] {
    let command = [program.path] + arguments
    return getuid() == 0 ? ["/usr/sbin/runuser", "-u", "postgres", "--"] + command : command
  }

  /// Debian keeps the server's programs outside PATH, one folder per version.
  private static func installedPrograms() throws -> URL {
    let debian = URL(fileURLWithPath: "/usr/lib/postgresql")
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: debian.path)) ?? []
    let newest = versions.sorted { $0.compare($1, options: .numeric) == .orderedDescending }.map { debian.appending(path: "\($0)/bin") }
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { URL(fileURLWithPath: String($0)) }
    guard let folder = (newest + path).first(where: { FileManager.default.isExecutableFile(atPath: $0.appending(path: "initdb").path) })
    else {
      throw TestSetUpError(description: "PostgreSQL is missing: run scripts/setup.")
    }
    return folder
  }
}
