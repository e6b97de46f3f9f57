import Federation
import Markup
import Records
import Store
import WebSupport

/// What waits, what was done lately, and the addresses at which nothing arrives.
struct ReceivedMailsPage {
  let queue: ReceivedMailQueue
  let addresses: [UnreachableAddress]
  let frame: Frame

  var messages: [Message] {
    if let failure = queue.failure { return [Message(.warning, French.typeset("La boîte n’est pas relevée. \(failure)"))] }
    guard queue.readAt == nil, queue.waiting.isEmpty, queue.settled.isEmpty else { return [] }
    return [Message(.information, "Aucune boîte n’a encore été relevée\u{A0}: l’administration technique la déclare une fois.")]
  }

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Échanges", "/echanges")], current: ReceivedMailsSection.title).html)
    \(PageHeader(ReceivedMailsSection.title, sentence: "Un courriel transmis à la boîte de Maillage, ou envoyé en copie cachée, devient un échange quand l’équipe est reconnue. Les autres attendent ici.").html)
    \(queue.waiting.isEmpty ? EmptyState("Rien à classer", "Les courriels que Maillage n’a pas su classer arrivent ici.").html : waiting)
    \(queue.settled.isEmpty ? .empty : Card("faits", "Classés ou écartés", settled).html)
    \(addresses.isEmpty ? .empty : Card("adresses", "Adresses qui ne reçoivent plus", unreachable).html)
    """
  }

  private var waiting: HTML {
    let rows: [HTML] = queue.waiting.map { mail in
      """
      <tr><th scope="row">\(Self.link(mail).html)<small>\(French.typeset(mail.reason?.sentence ?? ""))\(end(mail))</small></th>\
      <td>\(Self.sender(mail))</td><td class="p2">\(frame.moment(mail.receivedAt))</td></tr>

      """
    }
    let table = DataTable(
      "Courriels à classer", columns: [.init("Objet"), .init("De"), .init("Reçu", class: "p2")], rows: rows)
    let more =
      queue.waiting.count < ReceivedMailQueue.limit ? HTML.empty : "<p class=\"note\">Les plus anciens d’abord\u{A0}: d’autres suivent.</p>"
    return "\(table.html)\(more)"
  }

  private func end(_ mail: ReceivedMailSummary) -> HTML {
    guard let day = mail.endsOn, day <= frame.today.adding(days: ReceivedMail.warningDays) else { return .empty }
    return " <strong>Sera effacé le \(French.day(day.description)).</strong>"
  }

  static func link(_ mail: ReceivedMailSummary) -> LinkedText {
    LinkedText(ReceivedMailPage.title(mail), address(of: mail))
  }

  static func address(of mail: ReceivedMailSummary) -> Link { ReceivedMailsSection.path.appending(mail.id.description) }

  static func sender(_ mail: ReceivedMailSummary) -> String {
    mail.author ?? mail.senderName ?? (mail.sender.isEmpty ? French.unknown : mail.sender)
  }

  private var settled: HTML {
    let rows: [HTML] = queue.settled.map { mail in
      """
      <tr><th scope="row">\(Self.link(mail).html)</th><td class="p2">\(Self.sender(mail))</td>\
      <td>\(ReceivedMailPage.state(mail))</td></tr>

      """
    }
    return DataTable(
      "Classés ou écartés", columns: [.init("Objet"), .init("De", class: "p2"), .init("Suite")], rows: rows
    ).html
  }

  private var unreachable: HTML {
    let rows: [HTML] = addresses.map { one in
      let button = PostButton(
        "Réessayer", action: ReceivedMailsSection.path.appending("adresses"), csrf: frame.session.csrf,
        hidden: [("adresse", one.address)])
      return """
        <tr><th scope="row">\(LinkedText(one.address, Link("/recherche", query: [("q", one.address)])).html)\
        <small>\(one.reason)</small></th><td class="p2">\(French.day(one.since.description))</td><td>\(button.html)</td></tr>

        """
    }
    let table = DataTable(
      "Adresses qui ne reçoivent plus", columns: [.init("Adresse"), .init("Depuis", class: "p2"), .init("")], rows: rows)
    return """
      <p class="note">Un courriel en est revenu\u{A0}: les courriels écrits ici ne leur sont plus envoyés.</p>\(table.html)
      """
  }
}
