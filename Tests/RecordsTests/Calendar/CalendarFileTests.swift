import Foundation
import Store
import Testing

@testable import Records

/// What a calendar of RFC 5545 reads, line by line.
struct CalendarFileTests {
  private static let paris = TimeZone(identifier: "Europe/Paris") ?? .gmt

  private func event(_ title: String, day: String = "2026-03-02", time: String? = nil, minutes: Int? = nil) throws -> CalendarFile.Event {
    CalendarFile.Event(
      id: "1@taches.maillage", changed: Instant(Date(timeIntervalSince1970: 1_795_255_200.5)), sequence: 2, title: title,
      detail: "Équipe\u{A0}: A, B", category: "Tâche", day: try #require(CivilDate(iso: day)), time: time, minutes: minutes, isBusy: false,
      page: "https://maillage.exemple.fr/taches/1/modifier")
  }

  private func text(_ events: [CalendarFile.Event], zone: TimeZone = paris) throws -> String {
    let today = try #require(CivilDate(iso: "2026-11-21"))
    return String(decoding: CalendarFile(name: "Maillage (Ma fédération)", zone: zone, events: events, today: today).bytes, as: UTF8.self)
  }

  /// The lines as a reader sees them, put together again.
  private func unfolded(_ text: String) -> [String] {
    // By octets: a space and an accent after it are one letter to a string.
    var bytes = Array(text.utf8)
    for index in bytes.indices.reversed() where bytes[index...].starts(with: [13, 10, 32]) { bytes.removeSubrange(index..<(index + 3)) }
    return bytes.split(separator: 13).map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: ["\n"]) }.filter { !$0.isEmpty }
  }

  @Test func aDayAndAnHourAreWrittenAsTheyAre() throws {
    let lines = unfolded(
      try text([
        event("Relire", day: "2026-12-31"), event("Réunion", time: "14:30", minutes: 90), event("Appel", time: "08:05"),
      ]))
    for line in [
      "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Maillage//Agenda//FR", "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101",
      "DTSTART;TZID=Europe/Paris:20260302T143000", "DURATION:PT90M", "DTSTART;TZID=Europe/Paris:20260302T080500",
      "DTSTAMP:20261121T100000Z", "SEQUENCE:2", "UID:1@taches.maillage", "SUMMARY:Réunion", "DESCRIPTION:Équipe\u{A0}: A\\, B",
      "URL:https://maillage.exemple.fr/taches/1/modifier", "TRANSP:TRANSPARENT", "END:VCALENDAR",
    ] { #expect(lines.contains(line), "\(line)") }
    #expect(lines.first == "BEGIN:VCALENDAR" && lines.last == "END:VCALENDAR")
    #expect(lines.filter { $0 == "BEGIN:VEVENT" }.count == 3 && lines.filter { $0 == "END:VEVENT" }.count == 3)
    // Without a task there is still a calendar.
    #expect(unfolded(try text([])).contains("BEGIN:VTIMEZONE"))
  }

  @Test func theClocksChangeAsInTheFederationsZone() throws {
    let lines = unfolded(try text([event("Réunion", time: "14:30")]))
    let summer = ["BEGIN:DAYLIGHT", "DTSTART:20260329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT"]
    let winter = ["BEGIN:STANDARD", "DTSTART:20261025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD"]
    for rule in [summer, winter] {
      let start = try #require(lines.firstIndex(of: rule[1]))
      #expect(Array(lines[(start - 1)..<(start + 4)]) == rule)
    }
    // Where clocks never change, and where they stand between hours.
    for (name, offset) in [("Indian/Reunion", "+0400"), ("Pacific/Marquesas", "-0930"), ("America/Martinique", "-0400")] {
      let lines = unfolded(try text([event("Réunion", time: "14:30")], zone: TimeZone(identifier: name) ?? .gmt))
      #expect(lines.contains("TZID:\(name)") && lines.filter { $0 == "TZOFFSETTO:\(offset)" }.count == 1, "\(name)")
      #expect(lines.contains("DTSTART;TZID=\(name):20260302T143000"))
    }
  }

  @Test(arguments: [
    ("a, b ; c \\ d", "a\\, b \\; c \\\\ d"), ("un\r\ndeux\ntrois\rquatre", "un\\ndeux\\ntrois\\nquatre"),
    ("BEGIN:VEVENT\nEND:VCALENDAR", "BEGIN:VEVENT\\nEND:VCALENDAR"), ("a\u{2028}b\u{85}c", "a\\nb\\nc"), ("\u{0}\u{1B}\u{7F}x\ty", "x\ty"),
    ("\r\n\r\n", "\\n\\n"), ("«\u{202F}œuvre\u{202F}» 👩🏽‍⚕️", "«\u{202F}œuvre\u{202F}» 👩🏽‍⚕️"), ("", ""),
  ]) func textsAreEscaped(_ text: String, _ escaped: String) {
    #expect(CalendarFile.escaped(text) == escaped)
  }

  /// Whatever the length before it, no line is longer than 75 octets, and no letter is cut.
  @Test func linesAreFoldedBetweenLetters() throws {
    for letters in ["a", "é", "€", "👩🏽‍⚕️", "\u{1F600}", "e" + String(repeating: "\u{301}", count: 50)] {
      for length in 60...80 {
        let title = String(repeating: "x", count: length) + String(repeating: letters, count: 60) + ", fin"
        let file = try text([event(title)])
        let lines = file.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 75 }, "\(letters) \(length)")
        #expect(unfolded(file).contains("SUMMARY:\(CalendarFile.escaped(title))"), "\(letters) \(length)")
        #expect(!file.contains("\u{FFFD}"))
        #expect(!file.replacing("\r\n", with: "").unicodeScalars.contains { $0 == "\r" || $0 == "\n" })
      }
    }
    let exact = String(repeating: "x", count: 75)
    #expect(CalendarFile.folded(exact) == Array((exact + "\r\n").utf8))
    #expect(CalendarFile.folded(exact + "y") == Array((exact + "\r\n y\r\n").utf8))
  }

  /// What is put into one person's calendar, and taken out of it again (RFC 5546).
  @Test(arguments: [false, true]) func aRequestNamesWhoAsksAndWhoIsAsked(_ isCancelled: Bool) throws {
    let request = CalendarFile.Request(
      isCancelled: isCancelled, organizer: .init(address: "a@exemple.fr", name: "Ana \"B\"\r\nX: y; z"),
      attendee: .init(address: "c@exemple.fr", name: nil))
    var meeting = try event("Rencontre", day: "2026-10-25", time: "02:30", minutes: 120)
    meeting.place = "Mairie, salle 2"
    let file = CalendarFile(
      name: "Fédération", zone: Self.paris, events: [meeting], today: try #require(CivilDate(iso: "2026-10-01")), request: request)
    let lines = unfolded(String(decoding: file.bytes, as: UTF8.self))
    for line in [
      isCancelled ? "METHOD:CANCEL" : "METHOD:REQUEST", isCancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED",
      "ORGANIZER;CN=\"Ana 'B'X: y; z\":mailto:a@exemple.fr",
      "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:c@exemple.fr", "LOCATION:Mairie\\, salle 2",
      "DTSTART;TZID=Europe/Paris:20261025T023000", "DURATION:PT120M", "SEQUENCE:2",
    ] { #expect(lines.contains(line), "\(line)") }
    #expect(!lines.contains { $0.hasPrefix("X-WR") || $0.hasPrefix("CLASS") || $0.hasPrefix("REFRESH") })
  }
}
