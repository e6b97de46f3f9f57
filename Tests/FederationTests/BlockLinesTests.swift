import Records
import Testing

@testable import Federation

/// High points and people, one a line.
struct BlockLinesTests {
  @Test func aLineIsAHighPoint() {
    let text = "15/03 : La journée\u{A0}: ateliers | 120 personnes\n\n- 2025-06-01: Assemblée ||https://exemple.fr/a\n1/12/2025 : Clôture"
    let moments = BlockLines(moments: text, of: 2025).parts
    #expect(
      moments == [
        YearMoment(date: "2025-03-15", title: "La journée\u{A0}: ateliers", text: "120 personnes"),
        YearMoment(date: "2025-06-01", title: "Assemblée", link: "https://exemple.fr/a"), YearMoment(date: "2025-12-01", title: "Clôture"),
      ])
    #expect(BlockLines(moments: "", of: 2025).parts == [])
  }

  @Test(arguments: [
    ("La journée", "ligne 1 : commencez par la date"), ("\n32/01 : X", "ligne 2 : « 32/01 » n’est pas une date"),
    ("15/03/2024 : X", "n’est pas de l’année 2025"), ("15/03 :", "dites ce qu’il s’est passé"),
    ("15/03 : X | a | javascript:x", "il commence par https:// ou par /"), ("15/03 : X | a | //ailleurs.fr", "n’est pas un lien"),
    ("15/03 : X | a | /b | c", "un titre, une phrase et un lien au plus"),
  ])
  func aLineThatIsNoneIsSaid(_ text: String, _ reason: String) {
    let read = BlockLines(moments: text, of: 2025)
    #expect(read.parts == [] && read.faults.count == 1 && read.faults[0].contains(reason), "\(read.faults)")
  }

  /// The other lines say their own, and each that cannot be read is told at once.
  @Test func allFaultsAreToldAtOnce() {
    let read = BlockLines(moments: "Rien\n15/03 : Journée\n\n30/02 : Jamais\n1/4/2024 : Avant", of: 2025)
    #expect(read.parts.map(\.title) == ["Journée"])
    #expect(read.faults.map { String($0.prefix(8)) } == ["ligne 1 ", "ligne 4 ", "ligne 5 "])
  }

  @Test(arguments: [
    ("2 oct.", "2025-10-02"), ("2 oct", "2025-10-02"), ("1er mars", "2025-03-01"), ("14 févr. 2025", "2025-02-14"),
    ("3\u{A0}août", "2025-08-03"), ("31 DÉC.", "2025-12-31"), ("5 juil.", "2025-07-05"), ("6 juin", "2025-06-06"),
  ])
  func aMonthIsSpelled(_ day: String, _ date: String) {
    #expect(BlockLines(moments: "\(day) : Journée", of: 2025).parts.map(\.date) == [date])
  }

  /// « jui » may be June or July.
  @Test(arguments: ["5 jui.", "31 févr.", "mars", "2 octembre", "2 oct. 2024", "x mars"])
  func anotherMonthIsNone(_ day: String) {
    let read = BlockLines(moments: "\(day) : Journée", of: 2025)
    #expect(read.parts == [] && read.faults.count == 1)
  }

  @Test(
    arguments: [
      ("https://exemple.fr/a", nil, "https://exemple.fr/a"), ("www.exemple.fr", nil, "https://www.exemple.fr"),
      ("/chiffres", nil, "/chiffres"),
      ("120 personnes | www.exemple.fr", "120 personnes", "https://www.exemple.fr"), ("120 personnes |", "120 personnes", nil),
    ] as [(String, String?, String?)])
  func aLinkIsKnownAfterTheTitle(_ rest: String, _ text: String?, _ link: String?) {
    let moments = BlockLines(moments: "15/03 : Journée | \(rest)", of: 2025).parts
    #expect(moments == [YearMoment(date: "2025-03-15", title: "Journée", text: text, link: link)])
  }

  @Test func aLineIsSomebody() {
    #expect(
      BlockLines(people: "Solène Aubertin | Présidente | Infirmière\nYvan Marchetou").parts == [
        ReportPerson(name: "Solène Aubertin", role: "Présidente", detail: "Infirmière"), ReportPerson(name: "Yvan Marchetou"),
      ])
    #expect(BlockLines(people: "| Présidente").faults == ["ligne 1 : commencez par le nom"])
    #expect(BlockLines(people: String(repeating: "Zoé\n", count: 81)).faults == ["81 lignes : 80 au plus"])
  }
}
