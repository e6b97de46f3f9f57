import Store
import TestSupport
import Testing

struct MigratorTests {
  private static let towns = Migration(
    "202601010800-towns", ["CREATE TABLE town (id \(.id) PRIMARY KEY, name \(.text) NOT NULL) \(.strict)"])
  private static let names = Migration(
    "202601020800-names", ["CREATE INDEX town_name ON town (name)", "INSERT INTO town VALUES (1, 'Évreux')"])

  @Test(arguments: Engine.allCases)
  func migrationsRunOnceInTheOrderOfTheirNames(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      let migrator = Migrator([Self.names, Self.towns])
      let ran = try await migrator.migrate(database)
      #expect(ran == [Self.towns.name, Self.names.name])
      #expect(try await migrator.migrate(database).isEmpty)
      #expect(try await database.column("SELECT name FROM town") == ["Évreux"])
      #expect(try await database.column("SELECT name FROM migration ORDER BY name") == [Self.towns.name, Self.names.name])
      let moments: [Instant] = try await database.column("SELECT applied_at FROM migration")
      #expect(moments.count == 2)
    }
  }

  @Test(arguments: Engine.allCases)
  func aLaterVersionRunsOnlyWhatIsMissing(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      let before = try await Migrator([Self.towns]).migrate(database)
      let after = try await Migrator([Self.towns, Self.names]).migrate(database)
      #expect(before == [Self.towns.name])
      #expect(after == [Self.names.name])
    }
  }

  @Test(arguments: Engine.allCases)
  func aDatabaseOfALaterVersionIsRefused(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      _ = try await Migrator([Self.towns, Self.names]).migrate(database)
      let error = await #expect(throws: SchemaError.self) { try await Migrator([Self.towns]).migrate(database) }
      #expect(error == .newer)
      #expect(try await database.column("SELECT count(*) FROM migration") == [2])
    }
  }

  @Test(arguments: Engine.allCases)
  func verifyTellsMissingOlderAndNewer(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      func verdict(_ migrations: [Migration]) async -> SchemaError? {
        await #expect(throws: SchemaError.self) { try await database.read { try Migrator(migrations).verify($0) } }
      }
      #expect(await verdict([Self.towns]) == .missing)
      _ = try await Migrator([Self.towns]).migrate(database)
      #expect(await verdict([Self.towns, Self.names]) == .older)
      _ = try await Migrator([Self.towns, Self.names]).migrate(database)
      #expect(await verdict([Self.towns]) == .newer)
      try await database.read { try Migrator([Self.towns, Self.names]).verify($0) }
    }
  }

  @Test(arguments: Engine.allCases)
  func aMigrationThatFailsLeavesNothing(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      let wrong = Migration("202601030800-wrong", ["CREATE TABLE person (id \(.id)) \(.strict)", "INSERT INTO town VALUES (1, 'again')"])
      await #expect(throws: DatabaseError.self) { try await Migrator([Self.towns, Self.names, wrong]).migrate(database) }
      let error = await #expect(throws: SchemaError.self) { try await database.read { try Migrator([Self.towns]).verify($0) } }
      #expect(error == .missing)
      await #expect(throws: DatabaseError.self) { try await database.column("SELECT id FROM town", as: Int.self) }
      let ran = try await Migrator([Self.towns, Self.names]).migrate(database)
      #expect(ran.count == 2)
    }
  }

  @Test(arguments: Engine.allCases)
  func aCompletionThatFailsLeavesNothing(engine: Engine) async throws {
    try await withDatabase(engine) { database in
      await #expect(throws: SchemaError.self) { try await Migrator([Self.towns]).migrate(database) { _ in throw SchemaError.older } }
      await #expect(throws: DatabaseError.self) { try await database.column("SELECT id FROM town", as: Int.self) }
    }
  }

  @Test(arguments: Engine.allCases)
  func aNodeThatWaitedForAnotherFindsNothingToDo(engine: Engine) async throws {
    let location = try await TestDatabases.shared.empty(engine)
    let migrator = Migrator([Self.towns, Self.names])
    let isRunning = Signal()
    let (first, second) = (try location.open(), try location.open())
    async let firstRan = migrator.migrate(first) { connection in
      isRunning.raise()
      // On SQLite nothing shows who waits: there the second may also come after the first.
      if engine == .postgres { try Signal.poll { try connection.value(Self.waiting, as: Int.self) == 1 } }
    }
    try await isRunning.arrival()
    let secondRan = try await migrator.migrate(second) { connection throws in
      #expect(try connection.value("SELECT count(*) FROM town", as: Int.self) == 1)
    }
    #expect(try await firstRan == [Self.towns.name, Self.names.name])
    #expect(secondRan.isEmpty)
    await first.close()
    await second.close()
  }

  @Test(arguments: Engine.allCases)
  func nodesThatStartTogetherMigrateOnce(engine: Engine) async throws {
    let location = try await TestDatabases.shared.empty(engine)
    let migrator = Migrator([Self.towns, Self.names])
    let nodes = try (0..<3).map { _ in try location.open() }
    let ran = try await withThrowingTaskGroup(of: [String].self) { group in
      for node in nodes { group.addTask { try await migrator.migrate(node) } }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(ran == [Self.towns.name, Self.names.name])
    for node in nodes { await node.close() }
  }

  /// How many connections of this database wait for the lock of the migrations.
  private static let waiting: SQL = """
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    """
}
