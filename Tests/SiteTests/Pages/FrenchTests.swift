import Testing
import WebSupport

struct FrenchTests {
  @Test func aLabelStandsInASentence() {
    #expect(French.inSentence("Gérant de SISA") == "gérant de SISA")
    #expect(French.inSentence("Élu") == "élu" && French.inSentence("URPS") == "URPS" && French.inSentence("") == "")
  }

  @Test func numbers() {
    #expect(French.number(0) == "0")
    #expect(French.number(999) == "999")
    #expect(French.number(1234) == "1\u{202F}234")
    #expect(French.number(1_234_567) == "1\u{202F}234\u{202F}567")
    #expect(French.number(-1234) == "\u{2212}1\u{202F}234")
    #expect(French.number(.min).hasPrefix("\u{2212}9"))
  }

  @Test func decimals() {
    #expect(French.decimal(1802.5) == "1\u{202F}802,5")
    #expect(French.decimal(12) == "12")
    #expect(French.decimal(0.666, places: 2) == "0,67")
    #expect(French.decimal(-0.04) == "0")
    #expect(French.decimal(-2.25, places: 2) == "\u{2212}2,25")
    #expect(French.decimal(5, places: 0) == "5")
    #expect(French.decimal(.nan) == "Non renseigné")
  }

  /// The figures' own integers: whole units, tenths, cents.
  @Test func scaledNumbers() {
    #expect([145, 150, 5, -5, 0].map { French.number($0, scale: 10) } == ["14,5", "15", "0,5", "\u{2212}0,5", "0"])
    #expect(French.number(180_250, scale: 100) == "1\u{202F}802,50")
    #expect(French.number(1_234, scale: 1) == French.number(1_234))
    #expect(French.signed(3, scale: 10) == "+0,3" && French.signed(-30, scale: 10) == "\u{2212}3")
    #expect(French.signedPercent(0.174) == "+17,4\u{00A0}%" && French.signedPercent(-0.5) == "\u{2212}50,0\u{00A0}%")
  }

  @Test func shares() {
    #expect(French.percent(0.701) == "70,1\u{00A0}%")
    #expect(French.percent(0.04) == "4,0\u{00A0}%")
    #expect(French.percent(0) == "0\u{00A0}%")
    #expect(French.percent(1) == "100\u{00A0}%")
    #expect(French.percent(0.5, places: 0) == "50\u{00A0}%")
  }

  @Test func changes() {
    #expect(French.signed(3) == "+3")
    #expect(French.signed(-3) == "\u{2212}3")
    #expect(French.signed(0) == "0")
  }

  @Test func plurals() {
    #expect(French.plural(0, "structure", "structures") == "0 structure")
    #expect(French.plural(1, "structure", "structures") == "1 structure")
    #expect(French.plural(1312, "structure", "structures") == "1\u{202F}312 structures")
  }

  @Test func signsStayOnTheirLine() {
    #expect(French.typeset("« x » : a ; b ? c !") == "«\u{202F}x\u{202F}»\u{00A0}: a\u{202F}; b\u{202F}? c\u{202F}!")
  }

  @Test func durations() {
    #expect(French.minutes(0) == "0\u{00A0}min")
    #expect(French.minutes(25) == "25\u{00A0}min")
    #expect(French.minutes(65) == "1\u{00A0}h\u{00A0}05")
    #expect(French.minutes(95) == "1\u{00A0}h\u{00A0}35")
    #expect(French.minutes(120) == "2\u{00A0}h")
    #expect(French.minutes(60_000) == "1\u{202F}000\u{00A0}h")
  }

  @Test func days() {
    #expect(French.day("2021-11-25") == "25 nov. 2021")
    #expect(French.day("2021-05-01") == "1er mai 2021")
    #expect(French.dayAndMonth("2021-02-09") == "9 févr.")
    #expect(French.fullDay("2021-12-31") == "31 décembre 2021")
    #expect(French.month("2021-11-25") == "Novembre 2021")
    #expect(French.month("2021-08-01") == "Août 2021")
  }

  @Test(arguments: [
    ("2021-11-25", "jeudi 25 novembre 2021"), ("2024-02-29", "jeudi 29 février 2024"), ("2000-01-01", "samedi 1er janvier 2000"),
    ("1999-12-31", "vendredi 31 décembre 1999"),
  ])
  func weekdays(date: String, text: String) {
    #expect(French.longDay(date) == text)
  }

  @Test(arguments: ["", "2021", "2021-13-01", "25/11/2021", "<b>"])
  func whatIsNoDateIsWrittenAsItCame(text: String) {
    #expect(French.day(text) == text)
  }
}
