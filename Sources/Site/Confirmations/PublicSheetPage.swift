import Federation
import Markup
import Records
import Store
import WebSupport

/// `/fiche/…`: a team's contact reads what the directory says of the team, and answers.
struct PublicSheetPage {
  static let title = "Votre fiche est-elle exacte\u{202F}?"

  let opened: SheetDoor.Opened
  let path: Link
  let csrf: String
  let lists: ReferenceLists
  var sent = FormItems.none
  var faults: [String: String] = [:]
  var messages: [Message] = []
  let theme: Theme?

  /// What a field said when the page was made.
  static func shownName(_ field: String) -> String { "vu_\(field)" }

  func html() -> HTML {
    PublicPage(title: Self.title, federation: opened.federation, theme: theme).html(
      """
      <section><h1>\(Self.title)</h1>
      <p>Voici ce que l’annuaire de \(opened.federation) dit de <strong>\(opened.team)</strong>. Ce lien est le vôtre, jusqu’au \
      \(French.fullDay(opened.through.description)).</p>
      \(each: messages, \.html)
      <div class="pile">\(Card("fiche", "Ce que dit la fiche", "\(Facts(facts).html)\(exact)").html)\(corrections)</div></section>
      """)
  }

  private var facts: [Facts.Fact] {
    [.init("Type", lists.label(opened.type))]
      + opened.fields.map { field in .init(field.label, words(field.name, opened.entries[field.name, default: ""])) }
      + [.init("Commune", opened.commune), .init("Coordination", opened.coordination)]
  }

  private func words(_ field: String, _ text: String) -> String {
    field == "niveau_logiciel" && !text.isEmpty ? lists.label(of: text, in: .softwareLevel) : text
  }

  private var exact: HTML {
    """
    <form class="rangee" method="post" action="\(path)">\(hidden("csrf", csrf))\
    <button class="bouton grand principal" name="reponse" value="exacte">Tout est exact</button></form>
    """
  }

  private var corrections: HTML {
    let isOpen = !faults.isEmpty
    return """
      <details class="carte"\(attribute: "open", if: isOpen)><summary><h2>Corriger ce qui ne l’est pas</h2></summary>
      <form class="pile" method="post" action="\(path)" data-garde>\(hidden("csrf", csrf))\
      \(each: shown, { hidden($0.name, $0.value) })
      <div class="champs">
      \(each: formFields, \.html)</div>
      <p class="note">La fédération relit vos corrections avant de changer la fiche.</p>
      <footer class="rangee"><button class="bouton principal" name="reponse" value="corrections">Envoyer mes corrections</button></footer></form></details>
      """
  }

  private var shown: [(name: String, value: String)] {
    opened.fields.map { field in
      let name = Self.shownName(field.name)
      return (name, sent.value(name) ?? opened.entries[field.name, default: ""])
    } + [
      (Self.shownName(SheetConfirmation.coordination), sent.value(Self.shownName(SheetConfirmation.coordination)) ?? opened.coordination)
    ]
  }

  private var formFields: [FormField] {
    var fields = opened.fields.map { field -> FormField in
      let value = sent.value(field.name) ?? opened.entries[field.name, default: ""]
      let control: FormField.Control =
        field.name == "niveau_logiciel"
        ? .choice(opened.levels.map { .init($0.code, $0.label) }) : .line(type: Self.types[field.name] ?? "text")
      return FormField(field.name, field.label, control, value: value, error: faults[field.name])
    }
    fields.append(
      FormField(
        SheetConfirmation.coordination, "Coordination", .line(limit: 500),
        value: sent.value(SheetConfirmation.coordination) ?? opened.coordination, isWide: true,
        help: "Le nom, et depuis quand si c’est nouveau.", error: faults[SheetConfirmation.coordination]))
    if let first = fields.firstIndex(where: { $0.error != nil }) { fields[first].hasFocus = true }
    return fields
  }

  private static let types = ["courriel": "email", "telephone": "tel"]
}

/// What is read once there is nothing to answer any more.
struct PublicSheetNotice {
  let title: String
  let sentence: String
  let federation: String
  let theme: Theme?

  func html() -> HTML {
    PublicPage(title: title, federation: federation, theme: theme).html("<section><h1>\(title)</h1><p>\(sentence)</p></section>")
  }
}
