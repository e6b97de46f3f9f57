import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/qualite/confirmations`, where teams are asked to confirm their sheets, and `/qualite/fiches`, where what they correct is read again.
struct SheetReviewsSection {
  let site: Site

  static let asking: Link = "/qualite/confirmations"
  static let reviews: Link = "/qualite/fiches"
  static let title = "Fiches à relire"
  static let askingTitle = "Faire confirmer des fiches"

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("qualite/confirmations") { try await ask($0, $1) }
    routes.post("qualite/confirmations", use: send)
    routes.get("qualite/fiches") { try await show($0, $1) }
    routes.post("qualite/fiches/{id}", use: settle)
  }

  private func desk(_ context: SignedInContext) -> SheetDesk { SheetDesk(site.installation, actor: context.session.account) }

  // MARK: - Asking

  /// Whom the messages would go to: nothing leaves before it was read.
  private func ask(
    _ request: Request, _ context: SignedInContext, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let one = request.queryItems.last { $0.name == "equipe" }.flatMap { Identifier<Structure>($0.value) }
    let model = site.installation.model
    let ((question, recipients), frame) = try await site.read(request, context) { connection, frame -> (RecordList?, [SheetRecipient]) in
      if let one { return (nil, try SheetRecipient.all(of: [one.rawValue], on: frame.today, connection)) }
      let question = try RecordList(
        Self.asking, request, of: "structures.count", period: Period(asOf: frame.today), today: frame.today,
        menus: ["type", "departement", "territoire"], for: frame.session.account.role, model, frame.lists, connection)
      let query = try FigureQuery(
        question.query.figure, question.query.period, where: question.query.filters + [Filter("fiche_confirmee", "non")])
      let ids = try query.records(connection)[[]]?.map(\.id) ?? []
      return (question, try SheetRecipient.all(of: ids, on: frame.today, connection))
    }
    let filters = question.map { question in
      FilterBar(
        "Restreindre les équipes", current: question.asked.link, facets: question.facets(frame),
        result: French.plural(recipients.count, "équipe", "équipes"))
    }
    let told = request.queryItems.last { $0.name == "envoyes" }.flatMap { Int($0.value) }.map { count in
      [Message(.success, "\(French.plural(count, "message part", "messages partent")).")]
    }
    let content: HTML = """
      \(Breadcrumb([LinkedText("Qualité de l’annuaire", QualitySection.path)], current: Self.askingTitle).html)
      \(PageHeader(Self.askingTitle, sentence: "Le contact de chaque équipe cochée reçoit un lien vers une page, sans compte, où il confirme ou corrige sa fiche. La page dure trente jours et ne montre rien de vos notes.").html)
      \(filters.map(\.html) ?? .empty)\(table(recipients.prefix(SheetDesk.mostAtOnce), areChosen: question.map { !$0.query.filters.isEmpty } ?? true, frame))
      """
    return site.page(Self.askingTitle, at: .quality, content, frame, messages: (told ?? []) + messages, status: status)
  }

  /// - Parameter areChosen: whether somebody has chosen these teams: all of the federation's are not written to by one click.
  private func table(_ recipients: ArraySlice<SheetRecipient>, areChosen: Bool, _ frame: Frame) -> HTML {
    guard !recipients.isEmpty else {
      return EmptyState("Toutes les fiches sont confirmées", "Ou aucune équipe ne répond à ces filtres.").html
    }
    let rows: [HTML] = recipients.map { recipient in
      let id = recipient.structure.description
      let isTicked = areChosen && recipient.waitingSince == nil
      let box: HTML =
        recipient.email == nil
        ? .empty
        : """
        <input type="checkbox" name="fiche" value="\(id)" aria-label="\(recipient.team)"\(attribute: "checked", if: isTicked)>
        """
      let address = recipient.email.map { [recipient.name, $0].compactMap(\.self).joined(separator: ", ") } ?? "Aucun courriel"
      let last = recipient.confirmedOn.map { French.day($0.description) } ?? "Jamais"
      let waiting: HTML = recipient.waitingSince.map { "<small>Lien envoyé le \(French.day($0.description))</small>" } ?? .empty
      return """
        <tr><td class="c">\(box)</td><th scope="row">\(LinkedText(recipient.team, .structure(recipient.structure)).html)</th>\
        <td>\(address)\(waiting)</td><td class="n p2">\(last)</td></tr>

        """
    }
    let table = DataTable(
      "À qui l’on écrit", columns: [.init("Équipe"), .init("À qui"), .init("Confirmée le", class: "n p2")],
      lead: "<th scope=\"col\" class=\"c\"><input type=\"checkbox\" data-tout aria-label=\"Tout sélectionner\"></th>", rows: rows)
    return """
      <form class="pile" method="post" action="\(Self.asking)">\(hidden("csrf", frame.session.csrf))\(table.html)
      <div class="rangee"><button class="bouton principal">Envoyer aux équipes cochées</button></div></form>
      """
  }

  @Sendable private func send(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    do {
      let count = try await desk(context).send(form.all("fiche").compactMap { Identifier<Structure>($0) })
      return .seeOther(Self.asking.adding("envoyes", String(count)))
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await ask(request, context, messages: [message], status: .unprocessableContent)
    }
  }

  // MARK: - Reading again

  private func show(
    _ request: Request, _ context: SignedInContext, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let (reviews, frame) = try await site.read(request, context) { connection, frame in
      try SheetReview.all(on: frame.today, connection)
    }
    let cards: HTML =
      reviews.isEmpty
      ? EmptyState(
        "Rien à relire", "Les corrections que les équipes proposent arrivent ici.",
        action: LinkedText(Self.askingTitle, Self.asking)
      ).html
      : "<div class=\"pile\">\(each: reviews, { Self.card($0, frame) })</div>"
    let content: HTML = """
      \(Breadcrumb([LinkedText("Qualité de l’annuaire", QualitySection.path)], current: Self.title).html)
      \(PageHeader(Self.title, sentence: "Ce que les équipes proposent, à côté de ce que dit l’annuaire. Rien ne change sans vous, et tout s’annule.").html)
      \(cards)
      """
    return site.page(
      Self.title, at: .quality, content, frame, messages: messages + Receipt.messages(request, csrf: frame.session.csrf), status: status)
  }

  private static func card(_ review: SheetReview, _ frame: Frame) -> HTML {
    func words(_ field: String, _ text: String?) -> String {
      guard let text, !text.isEmpty else { return text == nil ? "–" : French.unknown }
      return field == "niveau_logiciel" ? frame.lists.label(of: text, in: .softwareLevel) : text
    }
    let rows: [HTML] = review.proposals.map { proposal in
      let id = proposal.id.description
      let overtaken: HTML =
        proposal.isOvertaken
        ? "<small>Modifiée depuis\u{A0}: l’équipe lisait «\u{202F}\(words(proposal.field, proposal.before))\u{202F}»</small>" : .empty
      let end: HTML =
        switch proposal.state {
        case .waiting:
          """
          <div class="rangee"><button class="bouton petit" name="accepter" value="\(id)">Accepter<span class="sr"> \(proposal.label)</span></button>\
          <button class="bouton petit discret" name="ecarter" value="\(id)">Écarter<span class="sr"> \(proposal.label)</span></button></div>
          """
        case .accepted: Badge.state("Acceptée", .complete)
        case .dismissed: Badge.state("Écartée", .ended)
        }
      return """
        <tr><th scope="row">\(proposal.label)\(hidden("vu_\(id)", proposal.current ?? ""))</th>\
        <td>\(words(proposal.field, proposal.current ?? proposal.before))\(overtaken)</td>\
        <td><strong>\(words(proposal.field, proposal.proposed))</strong></td><td>\(end)</td></tr>

        """
    }
    let table = DataTable(
      "Corrections de \(review.team)", columns: [.init("Champ"), .init("Sur la fiche"), .init("Proposé"), .init("Suite")], rows: rows)
    let waiting = review.proposals.filter { $0.state == .waiting }
    let all: HTML =
      waiting.count > 1
      ? "<button class=\"bouton principal\" name=\"tout\" value=\"accepter\">Tout accepter</button><button class=\"bouton\" name=\"tout\" value=\"ecarter\">Tout écarter</button>"
      : .empty
    let back: HTML =
      waiting.count < review.proposals.count
      ? "<button class=\"bouton discret\" name=\"tout\" value=\"annuler\">Annuler ce qui est fait</button>" : .empty
    let content: HTML = """
      <p class="note">Le \(French.fullDay(review.answeredOn.description)), par \(review.answeredBy)</p>
      <form class="pile" method="post" action="\(reviews.appending(review.id.description))">\(hidden("csrf", frame.session.csrf))\(table.html)\
      <div class="rangee">\(all)\(back)</div></form>
      """
    return Card("r\(review.id)", review.team, aside: LinkedText("La fiche", .structure(review.structure)).html, content).html
  }

  @Sendable private func settle(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    guard let answer = Identifier<SheetAnswer>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    let seen = Dictionary(
      form.items.compactMap { item in
        item.name.hasPrefix("vu_") ? Identifier<SheetProposal>(String(item.name.dropFirst(3))).map { ($0, item.value) } : nil
      }, uniquingKeysWith: { first, _ in first })
    do {
      switch form["tout"] {
      case "annuler":
        if try await desk(context).reopen(answer) {
          let message = Message(.warning, "Ce qui a changé depuis reste comme il est\u{A0}: voyez l’historique de la fiche.")
          return try await show(request, context, messages: [message])
        }
      case "accepter", "ecarter":
        let state: ProposalState = form["tout"] == "accepter" ? .accepted : .dismissed
        try await desk(context).settle(answer, Array(seen.keys), as: state, seen: seen)
      default:
        let accepted = Identifier<SheetProposal>(form["accepter"])
        guard let one = accepted ?? Identifier<SheetProposal>(form["ecarter"]) else { throw HTTPError(.badRequest) }
        try await desk(context).settle(answer, [one], as: accepted == nil ? .dismissed : .accepted, seen: seen)
      }
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await show(request, context, messages: [message], status: .unprocessableContent)
    }
    return .seeOther(Self.reviews.setting(Receipt.parameter, Receipt.changed.rawValue))
  }
}
