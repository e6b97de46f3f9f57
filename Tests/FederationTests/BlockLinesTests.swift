import Records
import Testing

@testable import Federation

/// High points and people, one a line.
struct BlockLinesTests {
  @Test func aLineIsAHighPoint() throws {
    let text = "15/03 : La journée\u{A0}: ateliers | 120 personnes\n\n- 2025-06-01: Assemblée ||https://exemple.fr/a\n1/12/2025 : Clôture"
    let moments = try BlockLines.moments(text, of: 2025)
    #expect(
      moments == [
        YearMoment(date: "2025-03-15", title: "La journée\u{A0}: ateliers", text: "120 personnes"),
        YearMoment(date: "2025-06-01", title: "Assemblée", link: "https://exemple.fr/a"), YearMoment(date: "2025-12-01", title: "Clôture"),
      ])
    #expect(try BlockLines.moments("", of: 2025) == [])
  }

  @Test(arguments: [
    ("La journée", "ligne 1 : commencez par la date"), ("\n32/01 : X", "ligne 2 : « 32/01 » n’est pas une date"),
    ("15/03/2024 : X", "n’est pas de l’année 2025"), ("15/03 :", "dites ce qu’il s’est passé"),
    ("15/03 : X | a | javascript:x", "un lien commence par https:// ou par /"), ("15/03 : X | a | //ailleurs.fr", "un lien commence"),
    ("15/03 : X | a | /b | c", "un titre, une phrase et un lien au plus"),
  ])
  func aLineThatIsNoneIsSaid(_ text: String, _ reason: String) {
    let refusal = #expect(throws: Refusal.self) { try BlockLines.moments(text, of: 2025) }
    #expect(refusal?.sentence.contains(reason) == true, "\(refusal?.sentence ?? "")")
  }

  @Test func aLineIsSomebody() throws {
    #expect(
      try BlockLines.people("Solène Aubertin | Présidente | Infirmière\nYvan Marchetou") == [
        ReportPerson(name: "Solène Aubertin", role: "Présidente", detail: "Infirmière"), ReportPerson(name: "Yvan Marchetou"),
      ])
    #expect(throws: Refusal.self) { try BlockLines.people("| Présidente") }
    #expect(throws: Refusal.self) { try BlockLines.people(String(repeating: "Zoé\n", count: 81)) }
  }
}
