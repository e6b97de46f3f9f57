import Foundation
import Store
import TestSupport
import Testing

struct FiguresCommandTests {
  private func world(_ engine: Engine) async throws -> Program {
    let program = try await Program.ready(engine)
    let structures = try file(
      """
      reference;type;nom;departement;etat;depuis;nb_professionnels
      S1;msp;Un;38;ouverte;2020-01-01;12
      S2;cpts;Deux;38;contact;2024-05-01;
      S3;esp;Trois;01;contact;2021-01-01;5
      """)
    let exchanges = try file(
      """
      date;canal;structures;themes;duree_minutes;reference
      2024-01-02;telephone;S1;cpts|covid;30;E1
      2024-06-02;visio;S1|S3;cpts;15;E2
      2024-07-02;visio;;;;E3
      2023-07-02;visio;S3;covid;60;E4
      """)
    #expect(try await program.run("import", "structures", structures).status == 0)
    #expect(try await program.run("import", "echanges", exchanges).status == 0)
    return program
  }

  private func rows(_ program: Program, _ arguments: String...) async throws -> [FigureAnswer] {
    let running = try program.start(["figures", "--format", "json"] + arguments)
    await running.end()
    #expect(running.outcome.status == 0 && running.outcome.errors.isEmpty, "\(running.outcome.errors)")
    return try running.outcome.figureRows()
  }

  @Test(arguments: Engine.allCases) func withoutQuestionEveryFigureHasOneRow(_ engine: Engine) async throws {
    let program = try await world(engine)
    let rows = try await rows(program, "--year", "2024")
    let values = Dictionary(uniqueKeysWithValues: rows.map { ($0.figure, $0.value) })
    let known = [
      "structures.count": 3, "structures.professionals": 17, "contacts.count": 3, "contacts.minutes": 45, "contacts.structures": 2,
      "contacts.new_structures": 0,
    ]
    #expect(values.filter { known.keys.contains($0.key) } == known.mapValues(Double.init))
    #expect(values["structures.professionals_mean"] == 8.5 && values["structures.stage_days"] == .some(nil))
    #expect(rows.allSatisfy { $0.period == "2024" && $0.dimensions.isEmpty && $0.records == nil && !$0.unit.isEmpty })
    let before = try await self.rows(program, "--year", "1990")
    #expect(before.map(\.figure) == rows.map(\.figure) && before.allSatisfy { $0.value ?? 0 == 0 })
    // Ratios of nothing, and what only values taken over could tell.
    #expect(
      before.filter { $0.value == nil }.map(\.figure) == [
        "structures.professionals_mean", "structures.stage_days", "coverage.communes_share", "coverage.population_share",
        "commissions.recognition", "events.count", "events.participations", "events.structures", "memberships.count",
        "memberships.professionals", "training.candidates", "training.enrolled", "training.theses", "training.graduates",
        "reported.value",
      ])
  }

  @Test(arguments: Engine.allCases) func aBreakdownHasNoRowOfZeroAndNoTotal(_ engine: Engine) async throws {
    let program = try await world(engine)
    let themes = try await rows(program, "--year", "2024", "--figure", "contacts.count", "--by", "theme")
    #expect(
      themes.map { "\($0.dimensions) \($0.count ?? -1)" } == [
        "[\"theme\": \"covid\"] 1", "[\"theme\": \"cpts\"] 2", "[\"theme\": \"non_renseigne\"] 1",
      ])
    let crossed = try await rows(program, "--year", "2024", "--figure", "contacts.count", "--by", "canal,departement")
    #expect(
      crossed.map { [$0.dimensions["canal"] ?? "", $0.dimensions["departement"] ?? "", String($0.count ?? -1)] } == [
        ["telephone", "38", "1"], ["visio", "01", "1"], ["visio", "38", "1"], ["visio", "non_renseigne", "1"],
      ])
    #expect(crossed.allSatisfy { $0.dimensions.count == 2 })
  }

  @Test(arguments: Engine.allCases) func filtersOnOneDimensionAddUpAndOthersNarrow(_ engine: Engine) async throws {
    let program = try await world(engine)
    func count(_ conditions: String...) async throws -> [Int?] {
      let running = try program.start(
        ["figures", "--format", "json", "--year", "2024", "--figure", "contacts.count"] + conditions.flatMap { ["--where", $0] })
      await running.end()
      return try running.outcome.figureRows().map(\.count)
    }
    #expect(try await count("canal=visio") == [2])
    #expect(try await count("canal=visio", "canal=Téléphone") == [3])
    #expect(try await count("canal=visio", "departement=38") == [1])
    #expect(try await count("departement=01", "departement=38", "canal=visio") == [1])
    #expect(try await count("theme=non_renseigne") == [1])
    #expect(try await count("canal=courriel") == [0])
  }

  @Test(arguments: Engine.allCases) func aDateAsksForTheStateThenAndTheFactsOfTheYear(_ engine: Engine) async throws {
    let program = try await world(engine)
    #expect(try await rows(program, "--as-of", "2024-04-30", "--figure", "structures.count").map(\.value) == [2])
    let facts = try await rows(program, "--as-of", "2024-06-02", "--figure", "contacts.count", "--figure", "contacts.minutes")
    #expect(facts.map(\.value) == [2, 45])
    #expect(facts.map(\.period) == ["2024-06-02", "2024-06-02"])
  }

  @Test(arguments: Engine.allCases) func theRecordsBehindAreNamed(_ engine: Engine) async throws {
    let program = try await world(engine)
    let rows = try await rows(program, "--year", "2024", "--figure", "contacts.structures", "--by", "canal", "--records")
    #expect(rows.map { $0.records?.map(\.reference) ?? [] } == [["S1"], ["S1", "S3"]])
    #expect(rows.allSatisfy { $0.records?.count == $0.count })
    #expect(rows.flatMap { $0.records ?? [] }.allSatisfy { $0.id.count == 13 })
    let none = try await self.rows(program, "--year", "1990", "--figure", "contacts.count", "--records")
    #expect(none.map { $0.records?.count } == [0])
  }

  @Test func tablesAndFilesSayTheSame() async throws {
    let program = try await world(.sqlite)
    let csv = try await program.run("figures", "--year", "2024", "--figure", "structures.count", "--by", "type", "--format", "csv")
    #expect(
      csv.text
        == "\u{FEFF}chiffre;periode;type;valeur;unite\r\nstructures.count;2024;cpts;1;structures\r\nstructures.count;2024;esp;1;structures\r\nstructures.count;2024;msp;1;structures\r\n"
    )
    let table = try await program.run("figures", "--year", "2024", "--figure", "structures.count", "--by", "type")
    #expect(table.lines == ["cpts", "esp", "msp"].map { "structures.count  2024  \($0)  1 structure" })
    #expect(
      try await program.run("figures", "--year", "1990", "--figure", "structures.count", "--by", "type", "--format", "json").text == "[]\n")
  }

  /// Numbers in their unit, to the digit that the figure has; null, and no row of a part, when no record is known.
  @Test(arguments: Engine.allCases) func aMeanHasItsDecimals(_ engine: Engine) async throws {
    let program = try await world(engine)
    let question = ["figures", "--year", "2024", "--figure", "structures.professionals_mean"]
    let json = try program.start(question + ["--records", "--format", "json"])
    await json.end()
    #expect(json.outcome.text.contains("\"unit\":\"professionnels par structure\",\"value\":8.5}"), "\(json.outcome.text)")
    #expect(try json.outcome.figureRows().map { $0.records?.map(\.reference) } == [["S1", "S3"]])
    let split = try await rows(program, "--year", "2024", "--figure", "structures.professionals_mean", "--by", "type")
    #expect(split.map { "\($0.dimensions["type"] ?? "") \($0.value ?? -1)" } == ["esp 5.0", "msp 12.0"])
    let none = try program.start(question + ["--where", "type=cpts", "--records", "--format", "json"])
    await none.end()
    #expect(none.outcome.text.contains("\"value\":null") && none.outcome.text.contains("\"records\":[]"))
    #expect(try await program.run("check").text == "Tout est en ordre.\n")

    let table = try await program.run("figures", "--year", "2024", "--figure", "structures.professionals_mean")
    #expect(table.lines == ["structures.professionals_mean  2024  8,5 professionnels par structure"])
    let before = try await program.run("figures", "--year", "1990", "--figure", "structures.professionals_mean")
    #expect(before.lines == ["structures.professionals_mean  1990  non renseigné"])
    let csv = try await program.run("figures", "--year", "2024", "--figure", "structures.professionals_mean", "--format", "csv")
    #expect(csv.text.hasSuffix("\r\nstructures.professionals_mean;2024;8,5;professionnels par structure\r\n"))
  }

  @Test(arguments: [
    [], ["--year", "2024", "--as-of", "2024-01-01"], ["--year", "20"], ["--year", "-2024"], ["--as-of", "2024-02-30"], ["--as-of", "2024"],
    ["--as-of", ""], ["--year", "2024", "--figure", "contacts.kilometres"], ["--year", "2024", "--figure", ""],
    ["--year", "2024", "--by", "planete"], ["--year", "2024", "--by", ""], ["--year", "2024", "--by", "type,etape,phase"],
    ["--year", "2024", "--figure", "structures.count", "--by", "type,type"],
    ["--year", "2024", "--figure", "structures.count", "--by", "canal"],
    ["--year", "2024", "--by", "type,"], ["--year", "2024", "--where", "type=yourte"], ["--year", "2024", "--where", "type"],
    ["--year", "2024", "--where", "=msp"], ["--year", "2024", "--where", "planete=terre"], ["--year", "2024", "--where", "type="],
    ["--year", "2024", "--format", "xml"], ["--year", "2024", "--figure", "structures.count", "--where", "canal=visio"],
  ]) func whatCannotBeAskedIsRefused(_ arguments: [String]) async throws {
    let running = try await Program.ready(.sqlite).start(["figures"] + arguments)
    await running.end()
    #expect(running.outcome.isRefusal, "\(running.outcome.text) \(running.outcome.errors)")
    #expect(running.outcome.output.isEmpty)
  }
}
