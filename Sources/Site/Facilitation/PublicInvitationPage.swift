import Federation
import Markup
import Records
import Store
import WebSupport

/// `/invitation/…`: what somebody is asked to help with, and their answer.
struct PublicInvitationPage {
  static let title = "Pouvez-vous aider\u{202F}?"
  /// What the form calls the moments that suit.
  static let slot = "creneau"

  let opened: InvitationDoor.Opened
  let path: Link
  let csrf: String
  var sent = FormItems.none
  var messages: [Message] = []
  let theme: Theme?

  func html() -> HTML {
    PublicPage(title: Self.title, federation: opened.federation, theme: theme).html(
      """
      <section><h1>\(Self.title)</h1>
      <p>Bonjour \(opened.name), \(opened.federation) a pensé à vous. Ce lien est le vôtre, jusqu’au \
      \(French.fullDay(opened.through.description))\u{202F}; les places vont à qui répond d’abord.</p>
      \(each: messages, \.html)
      <div class="pile">\(Self.subject(opened))
      <form class="carte pile" method="post" action="\(path)" data-garde>\(hidden("csrf", csrf))
      <div class="champs">\(each: fields, \.html)</div>
      <footer class="rangee"><button class="bouton grand principal" name="reponse" value="oui">J’accepte</button> \
      <button class="bouton grand" name="reponse" value="non">Je ne peux pas cette fois</button></footer></form></div></section>
      """)
  }

  /// The facts, also read again once it is answered.
  static func subject(_ opened: InvitationDoor.Opened) -> HTML {
    let date = opened.date.map { [French.longDay($0.description), Self.clock(opened.time)].compactMap(\.self).joined(separator: " ") }
    let facts: [Facts.Fact] = [
      .init(opened.teams.count > 1 ? "Équipes" : "Équipe", opened.teams.isEmpty ? nil : opened.teams.joined(separator: ", ")),
      .init("Lieu", opened.place), .init("Date", date ?? "À fixer ensemble"),
      .init("Proposée par", opened.author),
    ]
    let need: HTML = opened.need.map { "<div class=\"recit\">\(ReportText($0).html)</div>" } ?? .empty
    let message: HTML = opened.message.map { "<p class=\"texte\">\($0)</p>" } ?? .empty
    return Card("objet", opened.title, "\(message)\(need)\(Facts(facts).html)").html
  }

  static func clock(_ time: String?) -> String? { time.map { "à \($0.replacing(":", with: "\u{A0}h\u{A0}"))" } }

  private var fields: [FormField] {
    let words = FormField("mot", "Un mot pour nous", .paragraph(limit: 1_000), value: sent["mot"], isWide: true)
    guard opened.date == nil, !opened.slots.isEmpty else { return [words] }
    let choices = opened.slots.map { slot in
      FormField.Choice(
        slot.id.description,
        [French.longDay(slot.slot.date.description), Self.clock(slot.slot.time)].compactMap(\.self).joined(separator: " "))
    }
    return [
      FormField(
        Self.slot, "Quand êtes-vous disponible\u{202F}?", .ticks(choices, chosen: Set(sent.all(Self.slot))), isWide: true,
        help: "Si aucun moment ne vous convient, acceptez sans rien cocher et dites plus bas quand vous pourriez."), words,
    ]
  }
}
