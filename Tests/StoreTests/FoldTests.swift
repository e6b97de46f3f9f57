@testable import Store
import Testing

struct FoldTests {
  @Test(arguments: [
    ("", ""), ("Évreux", "evreux"), ("e\u{301}vreux", "evreux"), ("ÀÂÄÇÈÉÊËÎÏÔÖÙÛÜŸ", "aaaceeeeiioouuuy"),
    ("Œuvre, CŒUR, Æthuse, æ", "oeuvre, coeur, aethuse, ae"),
    ("L’Haÿ-les-Roses", "l'hay-les-roses"), ("l‘île", "l'ile"), ("lʼeau", "l'eau"), ("l`eau", "l'eau"), ("l´été", "l'ete"),
    ("  deux \t\n mots\u{A0}\u{202F}et  trois ", "deux mots et trois"), ("\u{A0}", ""), ("100 % — fin", "100 % — fin"), ("N° 5", "n° 5"),
    ("ﬁn", "fin"), ("① №2 ℡", "1 no2 tel"), ("İstanbul", "istanbul"), ("Ångström ñ", "angstrom n"), ("ＡＢＣ", "abc"), ("👩‍⚕️", "👩‍⚕️"),
  ])
  func textsThatReadAlikeHaveOneKey(text: String, key: String) {
    #expect(Fold.key(text) == key)
  }

  @Test(arguments: ["Œuvre d’Évreux", "№ ℡ ™ Ⅷ ㎏", "´`¨^ ˆ", "ǅ Ǆ ﬃ ß ſ", "a\u{0323}\u{0302}", "ﷺ", "한글 ｶﾞ"])
  func aKeyIsItsOwnKey(text: String) {
    let key = Fold.key(text)
    #expect(Array(Fold.key(key).unicodeScalars) == Array(key.unicodeScalars))
    #expect(key == key.lowercased())
  }

  @Test(arguments: [
    ("Maison de santé", "maison_de_sante"), ("Cœur & poumons (adultes)", "coeur_poumons_adultes"), ("L’équipe n° 1", "l_equipe_n_1"),
    ("  ", ""),
    ("--a--b--", "a_b"), ("Santé/social", "sante_social"), ("العربية 3", "3"), ("№ 7", "no_7"),
  ])
  func aCodeIsLowerCaseASCII(label: String, code: String) {
    #expect(Fold.code(label) == code)
  }

  @Test(arguments: [
    ("", []), ("L’Isle-d’Abeau", ["l", "isle", "d", "abeau"]), ("Ste Foy", ["sainte", "foy"]), ("St.-Étienne", ["saint", "etienne"]),
    ("100% %_", ["100"]), ("\u{20DD}", []),
  ])
  func wordsAreFoldedAndSignsLeftOut(text: String, words: [String]) {
    #expect(Fold.words(text) == words)
  }

  @Test func theTableOfLettersSaysWhatTheDefinitionSays() {
    let all = (UInt32(1)..<0x2100).compactMap(Unicode.Scalar.init).map(Character.init)
    for letter in all {
      for text in ["\(letter)", "a\(letter)b", " \(letter) é", "\(letter)\(letter)œ"] {
        #expect(Array(Fold.key(text).utf8) == Array(Fold.slowKey(text).utf8), "\(text.unicodeScalars.map(\.value))")
      }
    }
  }
}
