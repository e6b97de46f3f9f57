import Foundation
import Store
import TestSupport
import Testing

/// The figures printed in real activity reports come back from the files of `samples/`.
struct SamplesTests {
  private func sample(_ path: String) -> String {
    TestDatabases.root.appending(path: "samples").appending(path: path).path
  }

  private func bring(_ program: Program, _ kind: String, _ path: String) async throws {
    let run = try await program.run("import", kind, sample(path), "--json")
    let answer = try run.importAnswer()
    #expect(run.status == 0 && answer.refused.isEmpty && answer.importID != nil, "\(path) \(run.errors)")
    #expect(answer.created > 0 && answer.changed == 0 && answer.unchanged == 0)
  }

  private func figures(_ program: Program, _ arguments: String...) async throws -> [String: Int] {
    let running = try program.start(["figures", "--format", "json"] + arguments)
    await running.end()
    #expect(running.outcome.status == 0, "\(running.outcome.errors)")
    let rows = try running.outcome.figureRows()
    return Dictionary(
      uniqueKeysWithValues: rows.map { row in
        (row.dimensions.sorted { $0.key > $1.key }.map(\.value).joined(separator: " "), row.count ?? -1)
      })
  }

  @Test(arguments: Engine.allCases) func grandEst(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    try await bring(program, "structures", "grand-est-2021/structures.csv")
    try await bring(program, "etats", "grand-est-2021/etats.csv")
    let count = ["--figure", "structures.count", "--by", "type,situation"]
    #expect(
      try await figures(program, "--as-of", "2021-12-31", count[0], count[1], count[2], count[3]) == [
        "cds fonctionnement": 45, "cds projet": 8, "esp fonctionnement": 25, "esp projet": 53, "msp aci": 130, "msp hors_aci": 23,
        "msp projet": 54,
      ])
    #expect(
      try await figures(program, "--as-of", "2022-12-31", count[0], count[1], count[2], count[3]) == [
        "cds fonctionnement": 45, "cds projet": 8, "esp fonctionnement": 25, "esp projet": 53, "msp aci": 138, "msp hors_aci": 20,
        "msp projet": 49,
      ])
    #expect(try await figures(program, "--year", "2021", count[0], count[1]) == ["": 338])
    #expect(try await program.run("check").status == 0)
  }

  @Test(arguments: Engine.allCases) func paysDeLaLoire(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    try await bring(program, "structures", "pays-de-la-loire-2023/structures.csv")
    try await bring(program, "echanges", "pays-de-la-loire-2023/echanges.csv")
    #expect(
      try await figures(program, "--year", "2023", "--figure", "contacts.new_structures", "--by", "departement") == [
        "44": 8, "49": 3, "72": 3, "85": 4,
      ])
    #expect(try await figures(program, "--year", "2022", "--figure", "contacts.new_structures") == ["": 0])
  }

  /// What the report printed stands in for the exchanges until these are there.
  @Test(arguments: Engine.allCases) func paysDeLaLoireFromItsReportAlone(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    try await bring(program, "series", "pays-de-la-loire-2023/series.csv")
    let question = ["figures", "--format", "json", "--year", "2023", "--figure", "contacts.new_structures", "--by", "departement"]
    func rows() async throws -> [FigureAnswer] {
      let running = try program.start(question)
      await running.end()
      return try running.outcome.figureRows()
    }
    let printed = try await rows()
    #expect(printed.map { "\($0.dimensions["departement"] ?? "") \($0.count ?? -1)" } == ["44 8", "49 3", "72 3", "85 4"])
    #expect(printed.allSatisfy { $0.source == "Rapport d’activité 2023" })
    #expect(try await figures(program, "--year", "2023", "--figure", "contacts.new_structures") == ["": 18])
    try await bring(program, "structures", "pays-de-la-loire-2023/structures.csv")
    try await bring(program, "echanges", "pays-de-la-loire-2023/echanges.csv")
    let counted = try await rows()
    #expect(counted.map(\.value) == printed.map(\.value) && counted.allSatisfy { $0.source == nil })
    #expect(try await program.run("check").status == 0)
  }

  @Test(arguments: Engine.allCases) func auvergneRhoneAlpes(_ engine: Engine) async throws {
    let program = try await Program.ready(engine)
    try await bring(program, "territoires", "auvergne-rhone-alpes/territoires.csv")
    let teams = ["03", "15", "43", "63", "26", "38", "73", "74", "01", "07", "42", "69"].map { "T\($0);esp;Équipe \($0);\($0)" }
    let path = try file((["reference;type;nom;departement"] + teams).joined(separator: "\n"))
    #expect(try await program.run("import", "structures", path).status == 0)
    let counts = try await figures(program, "--year", "2019", "--figure", "structures.count", "--by", "territoire")
    #expect(counts.values.sorted() == [4, 4, 4] && counts["non_renseigne"] == nil, "\(counts)")
    #expect(try await figures(program, "--year", "2017", "--figure", "structures.count", "--by", "territoire") == ["non_renseigne": 12])
  }

  /// The way that the guide shows: the files of a folder, one after the other in the order of their numbers.
  @Test(arguments: ["rapport-auvergne-rhone-alpes-2023", "rapport-pays-de-la-loire-2023"])
  func aReportIsRebuiltFromItsFolder(_ folder: String) async throws {
    let program = try await Program.ready(.sqlite)
    let names = try FileManager.default.contentsOfDirectory(atPath: sample(folder)).filter { $0.wholeMatch(of: /\d\d-[a-z]+\.csv/) != nil }
    #expect(names.count >= 7)
    for name in names.sorted() {
      let kind = String(name.dropFirst(3).dropLast(4))
      let run = try await program.run("import", kind, sample("\(folder)/\(name)"), "--creer-valeurs")
      #expect(run.status == 0 && run.errors.isEmpty && !run.text.contains("attention"), "\(name) \(run.text) \(run.errors)")
    }
    let output = try temporaryFolder()
    let (page, paper) = (output.appending(path: "\(folder).html"), output.appending(path: "\(folder).pdf"))
    for target in [page, paper] {
      let run = try await program.run("report", "--year", "2023", "--output", target.path)
      #expect(run.status == 0, "\(run.errors)")
    }
    let text = try String(contentsOf: page, encoding: .utf8)
    // No reference is left as it was written, and numbers that were taken over say their source.
    #expect(!text.contains("[[") && text.contains("source\u{A0}: Rapport d’activité 2023"))
    #expect(text.contains(folder.contains("loire") ? "2\u{202F}382" : "572\u{202F}000"))
    #expect(try Data(contentsOf: paper).starts(with: Data("%PDF-".utf8)))
    #expect(try await program.run("report", "publish", "--year", "2023").text == "Rapport 2023 publié : édition 1.\n")
    #expect(try await program.run("report", "editions", "--year", "2023").lines.count == 1)
    #expect(try await program.run("check").text == "Tout est en ordre.\n")
  }

  /// One text for both engines: whatever is asked, the same bytes come back.
  @Test func bothEnginesAnswerAlike() async throws {
    var answers: [[Data]] = []
    for engine in Engine.allCases {
      let program = try await Program.ready(engine)
      for (kind, path) in [
        ("territoires", "auvergne-rhone-alpes/territoires.csv"), ("structures", "grand-est-2021/structures.csv"),
        ("etats", "grand-est-2021/etats.csv"), ("structures", "pays-de-la-loire-2023/structures.csv"),
        ("echanges", "pays-de-la-loire-2023/echanges.csv"),
      ] { try await bring(program, kind, path) }
      var outputs: [Data] = []
      for question in [
        ["--year", "2021"], ["--year", "2023"], ["--as-of", "2022-06-30", "--by", "departement"], ["--year", "2023", "--by", "type,phase"],
      ] {
        for format in ["json", "csv", "table"] {
          let running = try program.start(["figures", "--format", format] + question)
          await running.end()
          #expect(running.outcome.status == 0 && !running.outcome.output.isEmpty, "\(running.outcome.errors)")
          outputs.append(running.outcome.output)
        }
      }
      for kind in ["structures", "etats", "territoires"] { outputs.append(try await program.run("export", kind).output) }
      answers.append(outputs)
    }
    #expect(answers[0] == answers[1])
  }
}
