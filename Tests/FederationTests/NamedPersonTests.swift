import Testing

@testable import Federation

/// Whom a text names: surely, perhaps, or not at all.
@Suite struct NamedPersonTests {
  private let person = NamedPerson(
    ids: [1], names: [("Jean-Élie", "Le Goff")], emails: ["je.legoff@exemple.fr"], numbers: ["04 76 00 11 22", "10001234567"])

  @Test(arguments: [
    ("Appel de Jean-Élie Le Goff, au sujet du bail", "Appel d’une personne, au sujet du bail"),
    ("Parce que Jean-Élie Le Goff l’a dit", "Parce qu’une personne l’a dit"), ("Avis du Dr Jean-Élie Le Goff", "Avis d’une personne"),
    ("Au Dr Jean-Élie Le Goff", "À une personne"), ("Le Dr Jean-Élie Le Goff", "Une personne"),
    ("Avec Jean-Élie Le Goff", "Avec une personne"),
    ("De Jean-Élie Le Goff de Jean-Élie Le Goff", "D’une personne d’une personne"),
    ("LE GOFF Jean Elie", "une personne"), ("Vu Dr Jean-Élie LE GOFF.", "Vu une personne."),
    ("Écrire à JE.LeGoff@exemple.fr", "Écrire à adresse retirée"), ("Au 04.76.00.11.22 le soir", "Au numéro retiré le soir"),
    ("RPPS 10001234567", "RPPS numéro retiré"), ("+33 4 76 00 11 22", "numéro retiré"),
    ("04 76 00 11 22 - 06 98 76 54 32", "numéro retiré - 06 98 76 54 32"),
  ])
  func whatNamesNobodyElseIsCertain(_ text: String, _ mended: String) {
    #expect(person.isNamed(in: text))
    #expect(person.mended(text, certainOnly: true) == mended)
  }

  @Test(arguments: [("Vu le Dr Le Goff hier", "Vu une personne hier"), ("J. Le Goff absent", "une personne absent")])
  func aLastNameAloneMayBeAnothers(_ text: String, _ mended: String) {
    #expect(!person.isNamed(in: text))
    #expect(person.mended(text, certainOnly: true) == text)
    #expect(person.mended(text) == mended)
  }

  @Test(arguments: ["Le Goffic", "le goff, un fruit", "Jean-Élie seul", "04 76 00 11 23", "Goff", ""])
  func othersAreLeftAlone(_ text: String) {
    #expect(person.mentions(in: text).isEmpty)
    #expect(person.mended(text) == text)
  }

  @Test func whoeverIsSoughtByTheirNameAloneIsMeant() {
    #expect(person.isSought(by: "le goff") && person.isSought(by: "Jean Élie le goff"))
    #expect(!person.isSought(by: "goff") && !person.isSought(by: "le goff infirmier") && !person.isSought(by: "jean"))
  }
}
