import Federation
import Foundation
import Records
import Store
import TestSupport
import Testing

@testable import Site

/// The house's promise: every number opens the records it counts, and they are as many.
struct FigureLinksTests {
  @Test func everyNumberOfTheReportsOpensItsRecords() async throws {
    try await withDemonstration { _, visitor in
      for year in 2021...2026 {
        let page = try await visitor.get("/rapports/\(year)")
        let links = CountedLink.all(in: page.text)
        #expect(links.count >= (year >= 2024 ? 60 : 8), "\(year): \(links.count)")
        try await expectAgreement(links, on: "/rapports/\(year)", visitor)
      }
    }
  }

  private static let registry = Model.federation(geography: TestDatabases.geography).figures

  /// The kinds of records that have a list page; figures of the others are numbers without a link.
  private static let listed: Set = [
    "structures", "echanges", "etats", "effectifs", "communes", "types", "sites", "facilitations", "dossiers", "programmes",
    "seances_programme", "heures", "mises_en_relation", "relectures", "questions",
  ]

  @Test(arguments: registry.figures.map(\.id)) func everyNumberOfAFigureOpensItsRecords(_ id: String) async throws {
    try await withDemonstration { world, visitor in
      let figure = try Self.registry.figure(id)
      if figure.recordKind == "types" { try await Self.convertTeams(world.installation) }
      let first = "chiffre=\(id)"
      var questions = [first, "\(first)&annee=2024"]
      questions += figure.factSet.dimensions.map { "\(first)&par=\($0.code)" }
      let other = ["type", "couverte"].compactMap { figure.factSet.dimension($0)?.code }.first ?? figure.factSet.dimensions[0].code
      questions.append("\(first)&par=departement&puis=\(other)")
      if figure.factSet.dimension("territoire") != nil { questions.append("\(first)&par=\(other)&puis=territoire&annee=2025") }
      // Of the few teams that are called too late, none is in these two départements.
      let narrow = "\(first)&par=\(other)&departement=38&departement=69"
      questions.append(narrow)
      for question in questions {
        let page = try await visitor.get("/chiffres?\(question)")
        #expect(page.status == 200 && !page.text.contains("message erreur"), "\(question)")
        let links = CountedLink.all(in: page.text, measure: .init(of: id))
        // Nor has a figure of what is covered a part that is not.
        let few = [
          "structures.exits": 0, "structures.conversions": 0, "structures.sites_opened": 0, "support.overdue": 0,
          "structures.validations": 0, "commissions.presented": 0, "commissions.recognition": 0,
          "volunteers.hours": 0, "volunteers.lines": 0, "introductions.count": 0, "readings.requests": 0, "readings.count": 0,
          "questions.count": 0, "questions.minutes": 0,
          "programmes.running": 0, "programmes.closed": 0, "programmes.structures": 0, "programmes.workshops": 0, "programmes.minutes": 0,
          "programmes.participations": 0, "coverage.communes": 1, "coverage.population": 1,
        ]
        // It notes no facilitation, programme or hour before 2025, and few teams were supported before a sitting of 2024.
        let isBefore =
          ["facilitations.", "commissions.", "programmes.", "volunteers.", "introductions.", "readings.", "questions."].contains {
            id.hasPrefix($0)
          }
          && question == "\(first)&annee=2024"
        // The first re-reading was given back, and the first question asked, in the present year.
        let isLate = ["readings.count", "questions."].contains { id.hasPrefix($0) } && question.hasSuffix("annee=2025")
        let least = isBefore || isLate ? 0 : question == narrow ? few[id] ?? 2 : 2
        #expect(Self.listed.contains(figure.recordKind) ? links.count >= least : links.isEmpty, "\(question)")
        // Of a long table, some from all over it.
        let step = max(1, links.count / (question.contains("&puis=") ? 12 : 24))
        try await expectAgreement(stride(from: 0, to: links.count, by: step).map { links[$0] }, on: question, visitor)
      }
    }
  }

  /// The invented federation has no team that changed its type.
  private static func convertTeams(_ installation: Installation) async throws {
    let references: [String] = try await installation.database.read { connection in
      try connection.rows("SELECT reference FROM structure WHERE type = 'msp' ORDER BY reference LIMIT 12").map { try $0[0] }
    }
    let lines = references.enumerated().map {
      "\($1);\($0 % 3 == 0 ? "cds" : "esp");\(2023 + $0 % 4)-03-15\n\($1);msp;\(2023 + $0 % 4)-09-01\n"
    }
    let outcome = try await installation.bring("types", "structure;type;depuis\n\(lines.joined())")
    #expect(outcome.created == 24)
  }

  /// The first year of the figures that the invented federation has neither records nor taken-over values of from the start: its contact
  /// log begins in 2024, and no team changed its type.
  private static let unknown = [
    "structures.conversions": Int.max, "professionals.by_profession": 2024, "support.overdue": 2024, "support.structures": 2024,
    "contacts.partner_meetings": 2024, "contacts.people": 2024, "contacts.new_structures": 2024,
    "first_contacts.count": 2024, "facilitations.count": 2024, "facilitations.structures": 2024, "facilitations.requests": 2024,
    "commissions.presented": 2024, "commissions.recognition": 2024, "programmes.running": 2024, "programmes.closed": 2024,
    "programmes.structures": 2024, "programmes.workshops": 2024, "programmes.minutes": 2024, "programmes.participations": 2024,
    "volunteers.hours": 2024, "volunteers.people": 2024, "volunteers.lines": 2024,
    "introductions.count": 2025, "readings.requests": 2025, "readings.count": 2026, "questions.count": 2026, "questions.minutes": 2026,
  ]

  @Test func everyFigureOfTheIndexOpensItsRecords() async throws {
    try await withDemonstration { _, visitor in
      for year in [2023, 2025, 2026] {
        let page = try await visitor.get("/chiffres?annee=\(year)")
        let rows = page.text.components(separatedBy: "<th scope=\"row\"><a href=\"/chiffres?chiffre=").dropFirst()
        // Nothing was taken over of what the program has no records of.
        #expect(rows.count == Self.registry.figures.filter { !$0.isReported }.count)
        for row in rows {
          let id = String(row.prefix { $0 != "&" && $0 != "\"" })
          let content = row.components(separatedBy: "</tr>")[0]
          let links = CountedLink.all(in: content, measure: .init(of: id))
          let isUnknown = Self.unknown[id].map { year < $0 } ?? false
          #expect(content.contains("Non renseigné") == isUnknown, "\(id) \(year)")
          // What was taken over from before the program has no records, nor has what nobody counted yet.
          let isListed =
            try Self.listed.contains(Self.registry.figure(id).recordKind) && !content.contains("source\u{A0}: ") && !isUnknown
          #expect(links.count == (isListed ? 1 : 0), "\(id)")
          try await expectAgreement(links, on: "/chiffres?annee=\(year)", visitor)
        }
      }
    }
  }

  @Test func partsThatOverlapAreExplained() async throws {
    try await withDemonstration { _, visitor in
      let themes = try await visitor.get("/chiffres?chiffre=contacts.count&par=theme")
      let channels = try await visitor.get("/chiffres?chiffre=contacts.count&par=canal")
      #expect(themes.text.contains("La somme des parts dépasse le total"))
      #expect(!channels.text.contains("La somme des parts dépasse le total"))
    }
  }

  /// Crossed, totals are those of the figure itself: parts that overlap do not add up to them.
  @Test func crossedPartsHaveTheirTotals() async throws {
    try await withDemonstration { _, visitor in
      let crossed = try await visitor.get("/chiffres?chiffre=contacts.count&par=theme&puis=departement&annee=2025")
      #expect(crossed.text.contains("La somme des parts dépasse le total"))
      let whole = try #require(try await visitor.get("/echanges?annee=2025").recordCount)
      let foot = try #require(crossed.text.components(separatedBy: "<tfoot>").last?.components(separatedBy: "</tfoot>").first)
      #expect(foot.contains(">\(whole)</a></td></tr>"))
      let links = CountedLink.all(in: foot)
      #expect(links.count > 3)
      try await expectAgreement(links, on: "foot", visitor)
      let distinct = try await visitor.get("/chiffres?chiffre=structures.count&par=type&puis=departement")
      #expect(!distinct.text.contains("La somme des parts dépasse le total"))
    }
  }

  @Test func aFigureNamesWhatNarrowsIt() async throws {
    try await withDemonstration { _, visitor in
      let page = try await visitor.get("/chiffres?chiffre=contacts.count&annee=2025&canal=visio&canal=telephone&type=msp")
      #expect(page.text.contains("Canal\u{A0}: Téléphone ou Visio\u{202F}; Type\u{A0}: MSP, du 1er janv. au 31 déc. 2025."))
      #expect(try await visitor.get("/chiffres?chiffre=contacts.count").text.contains("Toute la fédération, du"))
    }
  }

  @Test func anUnknownDimensionIsSaid() async throws {
    try await withDemonstration { _, visitor in
      for question in ["par=planete", "par=canal&puis=%3Cscript%3E", "par=situation"] {
        let page = try await visitor.get("/chiffres?chiffre=contacts.count&\(question)")
        #expect(page.status == 200)
        #expect(page.text.contains("Ce chiffre ne se ventile pas par"), "\(question)")
      }
      #expect(try await visitor.get("/chiffres?chiffre=inconnu").status == 400)
    }
  }

  private func expectAgreement(_ links: [CountedLink], on page: String, _ visitor: Visitor) async throws {
    for link in Set(links) {
      let total = try await visitor.total(of: link)
      #expect(total == link.number, "\(page): \(link.number) opens \(link.address)")
    }
  }
}
