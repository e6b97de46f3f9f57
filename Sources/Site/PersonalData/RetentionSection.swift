import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/donnees-personnelles/echeances`: whose time is over this quarter, purpose by purpose; ticked, looked at again, then anonymised
/// together.
struct RetentionSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("donnees-personnelles/echeances") { request, context in
      let asked = request.queryItems.last { $0.name == DueList.Purpose.parameter }?.value
      return try await show(DueList.Purpose(asked ?? ""), request, context)
    }
    routes.post("donnees-personnelles/echeances", use: answer)
  }

  private func show(
    _ purpose: DueList.Purpose, _ request: Request, _ context: SignedInContext, chosen: Set<String> = [], isPreview: Bool = false,
    fault: (field: String, sentence: String)? = nil, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let (page, frame) = try await site.read(request, context) { connection, frame in
      RetentionPage(
        purpose: purpose, lists: try DueList.Purpose.allCases.map { try DueList($0, on: frame.today, frame.lists, connection) },
        chosen: chosen, isPreview: isPreview, fault: fault, csrf: frame.session.csrf)
    }
    return site.page(RetentionPage.title, at: .personalData, page.html(), frame, messages: messages, status: status)
  }

  /// The ticks come first, then the word: nothing is done on the way.
  @Sendable private func answer(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let purpose = DueList.Purpose(form[DueList.Purpose.parameter])
    let chosen = form.all(DueList.ticks)
    func again(_ sentence: String, isPreview: Bool) async throws -> Response {
      try await show(
        purpose, request, context, chosen: Set(chosen), isPreview: isPreview, messages: [Message(.error, French.typeset(sentence))],
        status: .unprocessableContent)
    }
    guard !chosen.isEmpty else { return try await again("Cochez au moins une \(purpose.noun).", isPreview: false) }
    guard chosen.count <= PersonalDataDesk.mostAtOnce else {
      return try await again("Cochez \(PersonalDataDesk.mostAtOnce) \(purpose.noun)s au plus à la fois.", isPreview: false)
    }
    guard form.value("mot") != nil else { return try await show(purpose, request, context, chosen: Set(chosen), isPreview: true) }
    // Somebody may have come back since the list was read.
    let due = try await site.installation.database.read { [now = site.installation.now] connection in
      try DueList(purpose, on: Settings(connection).today(now()), ReferenceLists(connection), connection).rows.map(\.id)
    }
    guard Set(chosen).isSubset(of: due) else {
      return try await again("La liste a changé depuis\u{A0}: relisez-la, rien n’est fait.", isPreview: false)
    }
    do {
      return .seeOther(RegisterSection.after(try await erase(purpose, chosen, form, context)))
    } catch let refusal as FieldRefusal {
      return try await show(
        purpose, request, context, chosen: Set(chosen), isPreview: true, fault: (refusal.field, French.typeset(refusal.sentence)),
        status: .unprocessableContent)
    } catch let refusal as Refusal {
      return try await again(refusal.sentence, isPreview: true)
    }
  }

  private func erase(_ purpose: DueList.Purpose, _ chosen: [String], _ form: FormItems, _ context: SignedInContext) async throws -> Receipt
  {
    let desk = PersonalDataDesk(site.installation, actor: context.session.account)
    switch purpose {
    case .people:
      let reason = Erasure.Reason(rawValue: form["motif"]) ?? .retention
      let order = PersonalDataDesk.Order(chosen.compactMap { Identifier<Person>($0) }, because: reason)
      let isKept = try await desk.erase(order, confirmedBy: form["mot"])
      return !isKept ? .anonymisedUnlisted : chosen.count == 1 ? .anonymised : .anonymisedSeveral
    case .firstContacts:
      try await desk.erase(chosen.compactMap { Identifier<FirstContact>($0) }, confirmedBy: form["mot"])
      return .requestsAnonymised
    }
  }
}
