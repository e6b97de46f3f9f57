import Foundation
import Store
import TestSupport
import Testing

/// A disk without room: one clear sentence, nothing half done, and everything works again once there is room.
///
/// A limit on the size of files (`ulimit -f`, in blocks of 512 bytes) stands for a small disk: it needs no rights, and the
/// system refuses the write in the middle of what is being written just as it does when the disk is full.
struct FullDiskTests {
  private static func limit(kilobytes: Int) -> String { "ulimit -f \(kilobytes * 2); exec \"$0\" \"$@\"" }
  private static let fullOutput = "exec \"$0\" \"$@\" > /dev/full"
  private static let count = 4_000

  private func prepared(_ engine: Engine) async throws -> Program {
    let program = try await Program.ready(engine)
    let structures = (["reference;type;nom;departement"] + (0..<20).map { "S\($0);msp;Équipe \($0);38" }).joined(separator: "\n")
    try #require(try await program.run("import", "structures", try file(structures)).status == 0)
    return program
  }

  private static let exchanges =
    (["date;canal;structures;themes;objet;reference"]
    + (0..<count).map { "2024-03-05;visio;S\($0 % 20);covid|cpts;Objet \($0);E\($0)" }).joined(separator: "\n")

  private func expectRefusal(_ run: Run, _ what: String) {
    #expect(run.isRefusal && run.errors.contains("plein"), "\(what): \(run.status) \(run.errors)")
    #expect(run.output.isEmpty, "\(what)")
  }

  private func expectSound(_ program: Program, exchanges: Int, _ what: String) async throws {
    let check = try await program.run("check")
    #expect(check.status == 0, "\(what): \(check.text)\(check.errors)")
    #expect(try await program.run("export", "echanges").lines.count == exchanges + 1, "\(what)")
  }

  @Test func anImportThatFillsTheDiskIsWhollyAbsent() async throws {
    let program = try await prepared(.sqlite)
    let path = try file(Self.exchanges)
    for kilobytes in [4, 36, 100, 700, 1_500] {
      let run = try await program.run("import", "echanges", path, script: Self.limit(kilobytes: kilobytes))
      expectRefusal(run, "\(kilobytes)")
      try await expectSound(program, exchanges: 0, "\(kilobytes)")
    }
    #expect(try await program.run("import", "echanges", path, "--json").importAnswer().counts == [Self.count, 0, 0])
    try await expectSound(program, exchanges: Self.count, "with room")
  }

  /// The server's disk, not ours: it says so with a code of its own.
  @Test func anImportThatFillsTheServersDiskIsWhollyAbsent() async throws {
    let program = try await prepared(.postgres)
    let path = try file(Self.exchanges)
    let database = try program.location.open()
    try await database.write { connection in
      try connection.execute(
        """
        CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$
        """)
      try connection.execute(
        "CREATE TRIGGER full_disk BEFORE INSERT ON exchange FOR EACH ROW WHEN (NEW.reference = 'E3000') EXECUTE FUNCTION fill()")
    }
    expectRefusal(try await program.run("import", "echanges", path), "full")
    try await expectSound(program, exchanges: 0, "full")
    try await database.write { _ = try $0.execute("DROP TRIGGER full_disk ON exchange") }
    await database.close()
    #expect(try await program.run("import", "echanges", path, "--json").importAnswer().counts == [Self.count, 0, 0])
    try await expectSound(program, exchanges: Self.count, "with room")
  }

  @Test(arguments: Engine.allCases) func aBackupWithoutRoomLeavesTheOneBefore(_ engine: Engine) async throws {
    let program = try await prepared(engine)
    let folder = try temporaryFolder()
    let archive = folder.appending(path: "archive").path
    try #require(try await program.run("backup", archive).status == 0)
    let before = try Data(contentsOf: URL(fileURLWithPath: archive))
    try #require(try await program.run("settings", "nom", "Une autre").status == 0)
    for kilobytes in [36, 400] {
      expectRefusal(try await program.run("backup", archive, script: Self.limit(kilobytes: kilobytes)), "\(kilobytes)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: archive)) == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["archive"])
    }
    expectRefusal(try await program.run("backup", "/dev/full"), "/dev/full")
    let type = try FileManager.default.attributesOfItem(atPath: "/dev/full")[.type] as? FileAttributeType
    #expect(type == .typeCharacterSpecial)
    let other = try await Program.fresh(engine)
    #expect(try await other.run("restore", archive).status == 0)
    #expect(try await other.run("export", "structures").output == (try await program.run("export", "structures").output))
  }

  @Test func aRestorationWithoutRoomCanBeDoneAgain() async throws {
    let program = try await prepared(.sqlite)
    let archive = try temporaryFolder().appending(path: "archive").path
    try #require(try await program.run("backup", archive).status == 0)
    let other = try await Program.fresh(.sqlite)
    for kilobytes in [4, 36, 600] {
      expectRefusal(try await other.run("restore", archive, script: Self.limit(kilobytes: kilobytes)), "\(kilobytes)")
    }
    let restored = try await other.run("restore", archive)
    #expect(restored.status == 0, "\(restored.errors)")
    #expect(try await other.run("export", "structures").lines.count == 21)
    #expect(try await other.run("check").status == 0)
  }

  @Test func aMigrationWithoutRoomCanBeDoneAgain() async throws {
    let program = try await Program.fresh(.sqlite)
    for kilobytes in [4, 36, 600] {
      expectRefusal(try await program.run("migrate", script: Self.limit(kilobytes: kilobytes)), "\(kilobytes)")
    }
    #expect(try await program.run("migrate").status == 0)
    #expect(try await program.run("check").status == 0)
  }

  @Test func anAnswerThatCannotBeWrittenIsNoSuccess() async throws {
    let program = try await prepared(.sqlite)
    let folder = try temporaryFolder()
    let path = folder.appending(path: "structures.csv").path
    for arguments in [
      ["export", "structures"], ["figures", "--year", "2024", "--format", "json"], ["figures", "--year", "2024", "--format", "csv"],
      ["figures", "--year", "2024"], ["check"], ["settings"], ["import", "--list"],
    ] {
      let running = try program.start(arguments, script: Self.fullOutput)
      await running.end()
      expectRefusal(running.outcome, "\(arguments)")
    }
    expectRefusal(try await program.run("export", "structures", "--output", "/dev/full"), "/dev/full")
    try await bringNotes(program)
    expectRefusal(try await program.run("export", "structures", "--output", path, script: Self.limit(kilobytes: 36)), "limit")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    #expect(try await program.run("export", "structures", "--output", path).status == 0)
  }

  /// So much text that an export of it does not fit.
  private func bringNotes(_ program: Program) async throws {
    let notes = String(repeating: "Une note. ", count: 400)
    let lines = (0..<20).map { "S\($0);msp;Équipe \($0);38;\(notes)" }
    let path = try file((["reference;type;nom;departement;notes"] + lines).joined(separator: "\n"))
    try #require(try await program.run("import", "structures", path).status == 0)
  }

  /// People see that nothing was saved and what to do, and go on reading.
  @Test func aSiteWithoutRoomSaysSoAndGoesOnReading() async throws {
    let program = try await prepared(.sqlite)
    try await program.makeAccount()
    let browser = Browser()
    let server = try await Server.start(program, script: Self.limit(kilobytes: 240))
    var open: [String] = []
    var answer = try await browser.signIn(server, Program.email, Program.password)
    while answer.status == 303, open.count < 100 {
      open.append(try #require(answer.cookie("maillage")))
      answer = try await browser.signIn(server, Program.email, Program.password)
    }
    #expect(answer.status == 500 && answer.text.contains("disque de la base de données est plein"), "\(answer.status)")
    #expect(answer.text.contains("Numéro de référence"))
    #expect(!open.isEmpty && answer.cookie("maillage") == nil)
    for secret in open { #expect(try await browser.isSignedIn(server, secret)) }
    #expect(try await browser.ask(server, "/sante").status == 200)
    await server.process.terminate()
    let later = try await Server.start(program)
    for secret in open { #expect(try await browser.isSignedIn(later, secret)) }
    #expect(try await browser.signIn(later, Program.email, Program.password).status == 303)
    await later.process.terminate()
    browser.close()
    #expect(try await program.run("check").status == 0)
  }
}
