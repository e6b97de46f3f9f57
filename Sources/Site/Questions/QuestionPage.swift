import Federation
import Markup
import Records
import Store
import WebSupport

/// `/questions/…`: what a team asks, to whom it went, and what was answered.
struct QuestionPage {
  let question: QuestionSummary
  let frame: Frame

  private var lists: ReferenceLists { frame.lists }
  private var role: Role { frame.session.account.role }
  private var writes: Bool { role.scope(.write, .questions) == .all }
  private var link: Link { .question(question.id) }
  var title: String { question.heading }

  func html(_ actions: [PageAction]) -> HTML {
    let answering = PageAction(
      question.answer == nil ? "Répondre" : "Corriger la réponse", .edit, link.appending("reponse"), isPrincipal: question.answer == nil)
    let answers = writes || (role.scope(.publish, .questions) == .own && question.sharedOn == nil)
    return """
      \(Breadcrumb([LinkedText("Questions aux experts", "/questions")], current: title).html)
      \(PageHeader(title, detail: detail, actions: (answers ? [answering] : []) + actions).html)
      <div class="duo"><div class="pile">\(text("question", "Question", question.body))\(text("reponse", "Réponse", question.answer))\
      \(text("partage", "Texte partagé, sans nom", question.shared))</div>\
      <div class="pile">\(writes ? sending : .empty)\(Card("fiche", "Fiche", Facts(facts).html).html)</div></div>
      """
  }

  private var detail: HTML {
    """
    <div class="rangee">\(QuestionWords.badge(question.state, lists))\
    <small>\(lists.label(of: question.domain, in: .questionDomain)), \(question.team.name)</small></div>
    """
  }

  private func text(_ id: String, _ title: String, _ text: String?) -> HTML {
    text.map { Card(id, title, "<p class=\"recit texte\">\($0)</p>").html } ?? .empty
  }

  /// How it goes to its expert, as long as it has not.
  private var sending: HTML {
    guard question.sentOn == nil, question.state != .dropped else { return .empty }
    guard question.expert != nil || question.organisation != nil else {
      return Card("envoi", "À transmettre", "<p>\(LinkedText("Choisir l’expert", link.appending("modifier")).html)</p>").html
    }
    func button(_ label: String, _ manner: QuestionManner) -> HTML {
      PostButton(
        label, action: link.appending("transmission"), csrf: frame.session.csrf, hidden: [("envoi", manner.rawValue)]
      ).html
    }
    let mail: HTML =
      question.expert?.email.map { "<p class=\"note\">Le courriel part à \($0), avec le nom de l’équipe et la question.</p>" as HTML }
      ?? "<p class=\"note\">Cet expert n’a pas de courriel dans l’annuaire.</p>"
    let buttons: HTML =
      question.expert?.email == nil
      ? button("Noter qu’elle est transmise", .byHand)
      : "\(button("Transmettre par courriel", .mail)) \(button("Noter qu’elle est transmise autrement", .byHand))"
    return Card("envoi", "À transmettre", "<div class=\"pile\">\(mail)<div class=\"rangee\">\(buttons)</div></div>").html
  }

  private var facts: [Facts.Fact] {
    let opensDirectory = role.areas.contains(.directory)
    var facts: [Facts.Fact] = [
      .init("Équipe", question.team.name, opensDirectory ? .structure(question.team.id) : nil),
      .init("Domaine", lists.label(of: question.domain, in: .questionDomain)),
      .init("Reçue le", French.fullDay(question.receivedOn.description)),
      .init("Expert", question.expert?.name ?? "À choisir", opensDirectory ? question.expert.map { .person($0.id) } : nil),
    ]
    if let organisation = question.organisation {
      facts.append(.init("Organisation", organisation.name, opensDirectory ? .organisation(organisation.id) : nil))
    }
    if let sent = question.sentOn {
      let manner = question.manner == .mail ? ", par courriel" : ""
      facts.append(.init("Transmise le", "\(French.fullDay(sent.description))\(manner)"))
    }
    if let answered = question.answeredOn { facts.append(.init("Répondue le", French.fullDay(answered.description))) }
    if question.answeredOn != nil {
      facts += [
        .init("Temps passé", question.minutes.map(French.minutes)),
        .init("Montant", question.amount(frame.settings).map(French.euros) ?? "À connaître\u{A0}: temps passé, équipe adhérente ou non"),
      ]
    }
    if writes { facts.append(.init("Équipe adhérente", question.isMember.map { $0 ? "Oui" : "Non" })) }
    if let shared = question.sharedOn { facts.append(.init("Partagée le", French.fullDay(shared.description))) }
    if writes, let expert = question.expert {
      facts.append(.init("Son mois", "Toutes ses questions du mois", .questions(of: expert.reference, in: question.receivedOn)))
    }
    return facts + [.init("Référence", question.reference)]
  }
}

/// The form of an answer.
struct QuestionAnswerForm {
  static let title = "Répondre à la question"

  let question: QuestionSummary
  let sent: FormItems
  let fault: (field: String, sentence: String)?
  let frame: Frame

  func html() -> HTML {
    let page = Link.question(question.id)
    let view = RecordFormView(
      action: page.appending("reponse"), csrf: frame.session.csrf, hidden: [], fields: fields, submit: "Enregistrer la réponse",
      cancel: page)
    return """
      \(Breadcrumb([LinkedText("Questions aux experts", "/questions"), LinkedText(question.heading, page)], current: Self.title).html)
      \(PageHeader(Self.title, sentence: "\(question.team.name), \(frame.lists.label(of: question.domain, in: .questionDomain)).").html)
      \(Card("question", "Question", "<p class=\"recit texte\">\(question.body)</p>").html)
      \(view.refusals)\(view.html)
      """
  }

  private var fields: [FormField] {
    var fields = [
      FormField(
        "reponse", "Réponse", .paragraph(limit: 10_000), value: sent.value("reponse") ?? question.answer ?? "", isRequired: true,
        isWide: true),
      FormField(
        "repondue_le", "Répondue le", .date,
        value: sent.value("repondue_le") ?? question.answeredOn?.description ?? frame.today.description, isRequired: true),
      FormField(
        "duree_minutes", "Temps passé", .number(0...6_000, unit: "min"),
        value: sent.value("duree_minutes") ?? question.minutes.map(String.init) ?? ""),
    ]
    let focus = fields.firstIndex { $0.name == fault?.field } ?? 0
    fields[focus].error = fault?.sentence
    fields[focus].hasFocus = true
    return fields
  }
}

/// What pages say of questions.
enum QuestionWords {
  static func badge(_ state: QuestionState, _ lists: ReferenceLists) -> HTML {
    let tone: Badge.Tone =
      switch state {
      case .received: .attention
      case .sent: .underWay
      case .answered: .confirmed
      case .shared: .complete
      case .dropped: .ended
      }
    return Badge.state(lists.label(state), tone)
  }

  static func expert(_ row: QuestionSummary) -> String? { row.expert?.name ?? row.organisation?.name }

  /// On a team's timeline.
  static func entry(_ question: TeamQuestion, _ lists: ReferenceLists) -> Timeline.Entry {
    Timeline.Entry(
      date: question.receivedOn.description, icon: .information, tone: .purple,
      title: "Question\u{A0}: \(French.inSentence(lists.label(of: question.domain, in: .questionDomain)))", link: .question(question.id),
      text: "Question à un expert", badge: badge(question.state, lists))
  }
}

extension Link {
  static func question(_ id: Identifier<ExpertQuestion>) -> Link { "/questions/\(id.description)" }

  /// Those of an expert in the month of a day.
  static func questions(of expert: String, in day: CivilDate) -> Link {
    let first = CivilDate.firstDay(of: day.year).adding(months: day.month - 1)
    let month = Period(from: first, through: first.adding(months: 1).previous).map { [("periode", $0.label)] } ?? []
    return Link("/questions", query: month + [("expert", expert)])
  }

  /// The form of a question that was asked in an exchange with a team. What is confidential is not copied where others read it.
  static func question(after sheet: ExchangeSheet) -> Link? {
    let exchange = sheet.summary
    guard let team = exchange.teams.first else { return nil }
    var items = [("structure", team.reference), ("recue_le", exchange.date.description)]
    if !exchange.isConfidential {
      items += [("echange", exchange.id.description), ("question", String((exchange.subject ?? "").prefix(1_500)))]
    }
    return Link("/questions/nouveau", query: items.filter { !$0.1.isEmpty })
  }
}
