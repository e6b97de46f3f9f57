import Federation
import Foundation
import Records
@testable import Store

extension Engine: CaseIterable {
  /// Every test of the domain runs on both engines.
  public static let allCases: [Engine] = [.sqlite, .postgres]
}

/// What keeps the tests from running, in one sentence.
public struct TestSetUpError: Error, CustomStringConvertible {
  public let description: String

  public init(description: String) {
    self.description = description
  }
}

/// What a test's database holds besides the program's schema, lists and geography.
public enum TestContent: String, Sendable {
  case nothing
  /// The smallest demonstration.
  case demonstration
}

/// Makes databases for tests: each one its own, copied from a template that is made once a run.
public actor TestDatabases {
  public static let shared = TestDatabases()

  private let folder = FileManager.default.temporaryDirectory.appending(path: "maillage-\(UUID().uuidString)")
  private var templates: [String: Task<Void, any Error>] = [:]
  private var serial = 0

  /// The project's own geography.
  public static var geography: Geography {
    Geography(folder: root.appending(path: "Assets/geography"))
  }

  /// The checkout that the tests belong to.
  public static var root: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  }

  /// A database without any table.
  public func empty(_ engine: Engine) async throws -> DatabaseLocation {
    serial += 1
    switch engine {
    case .sqlite:
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      return .sqlite(path: folder.appending(path: "empty-\(serial).sqlite").path)
    case .postgres:
      return try create("empty_\(name)_\(serial)", template: "template1")
    }
  }

  /// A database with the program's schema, lists and geography, and nothing else unless it is asked for.
  public func migrated(_ engine: Engine, holding content: TestContent = .nothing) async throws -> DatabaseLocation {
    // One task a template, for others ask while the first one waits.
    let key = "\(engine) \(content)"
    let template = templates[key] ?? Task { try await makeTemplate(engine, content) }
    templates[key] = template
    try await template.value
    return try copy(engine, content)
  }

  private func copy(_ engine: Engine, _ content: TestContent) throws -> DatabaseLocation {
    serial += 1
    switch engine {
    case .sqlite:
      let copy = folder.appending(path: "copy-\(serial).sqlite")
      try FileManager.default.copyItem(at: folder.appending(path: "\(content).sqlite"), to: copy)
      return .sqlite(path: copy.path)
    case .postgres:
      return try create("copy_\(name)_\(serial)", template: "\(content)_\(name)")
    }
  }

  /// Throws a database away once its test is over: a run makes hundreds of them.
  public func remove(_ location: DatabaseLocation) throws {
    switch location {
    case .sqlite(let path):
      for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    case .postgres(let address):
      let server = try PostgresConnection(try self.address(of: "postgres"), setUp: "SELECT 1")
      try server.simple("DROP DATABASE \(address.split(separator: "/").last ?? "") WITH (FORCE)")
    }
  }

  private func makeTemplate(_ engine: Engine, _ content: TestContent) async throws {
    // The demonstration is put into a copy of what is only migrated.
    if content != .nothing { try await remove(migrated(engine)) }
    let location: DatabaseLocation
    switch engine {
    case .sqlite:
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let file = folder.appending(path: "\(content).sqlite")
      if content != .nothing { try FileManager.default.copyItem(at: folder.appending(path: "\(TestContent.nothing).sqlite"), to: file) }
      location = .sqlite(path: file.path)
    case .postgres:
      location = try create("\(content)_\(name)", template: content == .nothing ? "template1" : "\(TestContent.nothing)_\(name)")
    }
    let database = try location.openForTest()
    switch content {
    case .nothing: _ = try await Model.federation(geography: Self.geography).migrate(database)
    case .demonstration:
      // Its identifiers are of the minute before: those of the tests do not meet them.
      let ids = IdentifierSource(now: { TestClock.now.addingTimeInterval(-60) })
      _ = try await Demonstration(.forTest(database, ids: ids)).make(reset: false, size: .sample)
    }
    await database.close()
    // A template cannot be copied while somebody is connected to it.
    if engine == .postgres { try await waitUntilUnused("\(content)_\(name)") }
  }

  private func waitUntilUnused(_ database: String) async throws {
    let server = try PostgresConnection(try address(of: "postgres"), setUp: "SELECT 1")
    while try server.value("SELECT count(*) FROM pg_stat_activity WHERE datname = \(database)", as: Int.self) != 0 {
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  private var name: String { folder.lastPathComponent.lowercased().filter { $0.isLetter || $0.isNumber } }

  private func create(_ name: String, template: String) throws -> DatabaseLocation {
    let server = try PostgresConnection(try address(of: "postgres"), setUp: "SELECT 1")
    try server.simple("CREATE DATABASE \(name) TEMPLATE \(template)")
    return .postgres(address: try address(of: name))
  }

  /// The throwaway server of the test command, with another database's name.
  private func address(of database: String) throws -> String {
    guard let server = ProcessInfo.processInfo.environment["MAILLAGE_TEST_POSTGRES"], let slash = server.lastIndex(of: "/") else {
      throw TestSetUpError(description: "MAILLAGE_TEST_POSTGRES is not set: run the tests by « make test », which starts a server.")
    }
    return server[...slash] + database
  }
}

/// Runs `body` on an empty database of its own.
public func withDatabase<Value>(_ engine: Engine, _ body: (any Database) async throws -> Value) async throws -> Value {
  let location = try await TestDatabases.shared.empty(engine)
  let database = try location.openForTest()
  return try await closing(database, at: location) { try await body(database) }
}

/// Runs `body` on an installation of its own: migrated, empty unless told otherwise, its clock at 21 November 2026, passwords hashed at
/// minimum cost.
public func withInstallation<Value>(
  _ engine: Engine, holding content: TestContent = .nothing, siteURL: String? = nil,
  now: @escaping @Sendable () -> Date = { TestClock.now }, _ body: (Installation) async throws -> Value
) async throws -> Value {
  let location = try await TestDatabases.shared.migrated(engine, holding: content)
  let database = try location.openForTest()
  let installation = Installation.forTest(database, ids: IdentifierSource(now: now), siteURL: siteURL, now: now)
  return try await closing(database, at: location) { try await body(installation) }
}

extension Installation {
  fileprivate static func forTest(
    _ database: any Database, ids: IdentifierSource, siteURL: String? = nil, now: @escaping @Sendable () -> Date = { TestClock.now }
  ) -> Installation {
    Installation(
      database: database, geography: TestDatabases.geography, ids: ids, hasher: PasswordHasher(memory: 8, passes: 1), siteURL: siteURL,
      now: now)
  }
}

private func closing<Value>(_ database: any Database, at location: DatabaseLocation, _ body: () async throws -> Value) async throws -> Value
{
  let result: Result<Value, any Error>
  do { result = .success(try await body()) } catch { result = .failure(error) }
  await database.close()
  try await TestDatabases.shared.remove(location)
  return try result.get()
}

extension DatabaseLocation {
  /// Without a limit of time: a machine that runs many tests at once is slow, not wrong.
  func openForTest() throws -> any Database { try open(patience: .maintenance) }
}

public enum TestClock {
  /// 21 November 2026, 11 in the morning in Paris.
  public static let now = Date(timeIntervalSince1970: 1_795_255_200)
}
