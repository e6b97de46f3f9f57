import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/mon-espace` (FAC-04, FAC-06): a facilitator's own pages. Nothing of anybody else's is behind them.
struct OwnSpaceSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("mon-espace") { try await home([], $0, $1) }
    routes.post("mon-espace/demandes/{id}", use: answer)
    routes.get("mon-espace/facilitations/{id}", use: show)
    routes.get("mon-espace/facilitations/{id}/bilan") { try await form(FormItems.none, $0, $1) }
    routes.post("mon-espace/facilitations/{id}/bilan", use: write)
    routes.get("mon-espace/heures") { try await hours([], $0, $1) }
    routes.get("mon-espace/heures/nouveau") { try await noting(FormItems.none, [:], $0, $1) }
    routes.post("mon-espace/heures/nouveau", use: note)
    routes.get("mon-espace/heures/{id}") { try await correcting(FormItems.none, [:], $0, $1) }
    routes.post("mon-espace/heures/{id}", use: correct)
    routes.get("mon-espace/profil") { try await profile(FormItems.none, [:], $0, $1) }
    routes.post("mon-espace/profil", use: changeProfile)
  }

  private func desk(_ context: SignedInContext) -> OwnDesk { OwnDesk(site.installation, actor: context.session.account) }

  private static func id<Subject>(_ context: SignedInContext, of: Subject.Type) throws -> Identifier<Subject> {
    guard let id = Identifier<Subject>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  // MARK: - The first page

  private func home(
    _ messages: [Message], _ request: Request, _ context: SignedInContext, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let now = site.installation.now()
    let (space, frame) = try await site.read(request, context) { connection, frame in
      try OwnSpace(of: frame.session.account, at: now, frame.settings, connection)
    }
    guard let space else { return site.page(OwnSpacePage.title, at: .ownSpace, OwnSpacePage.unknown(frame), frame) }
    return site.page(
      OwnSpacePage.title, at: .ownSpace, OwnSpacePage(space: space, frame: frame).html(), frame, messages: messages + told(request),
      shortcuts: [
        .init("Accueil", .today, "/mon-espace", isCurrent: true),
        .init("Demandes", .facilitation, "#demandes", count: space.requests.count), .init("Agenda", .event, "#agenda"),
        .init("Bilans", .edit, "#bilans", count: space.unwritten.count), .init("Heures", .clock, "#heures"),
      ], status: status)
  }

  private func told(_ request: Request) -> [Message] {
    let sentence: String? =
      switch request.queryItems.last(where: { $0.name == Receipt.parameter })?.value {
      case "accepte": "Merci\u{A0}! C’est noté, la fédération revient vers vous pour la suite."
      case "decline": "C’est noté, merci de votre réponse."
      case "trop_tard": "Les places viennent d’être prises\u{A0}: votre disponibilité est notée."
      case "bilan": "Votre bilan est enregistré, merci."
      case "heures": "Vos heures sont enregistrées, la fédération les validera."
      case "profil": "Votre profil est enregistré."
      default: nil
      }
    return sentence.map { [Message(.success, $0)] } ?? []
  }

  private static func back(_ receipt: String) -> Response {
    .seeOther(Link("/mon-espace", query: [(Receipt.parameter, receipt)]))
  }

  @Sendable private func answer(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context, of: Invitation.self)
    guard ["oui", "non"].contains(sent["reponse"]) else { throw HTTPError(.badRequest) }
    let accepts = sent["reponse"] == "oui"
    let words = sent[OwnSpacePage.name("mot", id)].withoutSpacesAround
    let slots = sent.all(OwnSpacePage.name(PublicInvitationPage.slot, id)).compactMap { Identifier<InvitationSlot>($0) }
    let outcome = try await InvitationDoor(site.installation).answer(
      id, by: context.session.account, accepts: accepts, slots: slots, words: words.isEmpty ? nil : words)
    switch outcome {
    case .refused(let sentence):
      return try await home([Message(.error, French.typeset(sentence))], request, context, status: .unprocessableContent)
    case .closed:
      let sentence = "Cette demande n’attend plus de réponse\u{A0}: elle est close, ou la date limite est passée."
      return try await home([Message(.error, sentence)], request, context, status: .unprocessableContent)
    case .kept:
      let answer = try await InvitationDoor(site.installation).answer(to: id, by: context.session.account)
      return Self.back(answer == .accepted ? "accepte" : answer == .late ? "trop_tard" : "decline")
    }
  }

  // MARK: - One facilitation

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let id = try Self.id(context, of: Facilitation.self)
    let (own, frame) = try await site.read(request, context) { connection, frame in
      try OwnFacilitation(id, of: frame.session.account, on: frame.today, connection)
    }
    guard let own else { throw HTTPError(.notFound) }
    let page = OwnFacilitationPage(own: own, frame: frame)
    return site.page(page.title, at: .ownSpace, page.html(), frame)
  }

  private func form(
    _ sent: FormItems, fault: (field: String, sentence: String)? = nil, messages: [Message] = [], _ request: Request,
    _ context: SignedInContext, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try Self.id(context, of: Facilitation.self)
    let tasks = (1...3).map { _ in site.installation.ids.next(ToDo.self) }
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try OwnFacilitation(id, of: frame.session.account, on: frame.today, connection).map { own in
        (
          OwnReportForm(
            own: own, template: frame.settings.text(.facilitationReport, on: frame.today), sent: sent, fault: fault, frame: frame,
            newTasks: tasks), own.isOver(on: frame.today)
        )
      }
    }
    guard let page, page.1 else { throw HTTPError(.notFound) }
    return site.page(OwnReportForm.title, at: .ownSpace, page.0.html(), frame, messages: messages, status: status)
  }

  @Sendable private func write(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context, of: Facilitation.self)
    guard let version = Int(sent["version"]) else { throw HTTPError(.badRequest) }
    let (known, frame) = try await site.read(request, context) { connection, frame in
      try OwnFacilitation(id, of: frame.session.account, on: frame.today, connection)
    }
    guard let known else { throw HTTPError(.notFound) }
    do {
      var writeUp = try OwnReportForm.writeUp(
        sent, template: frame.settings.text(.facilitationReport, on: frame.today), coordinator: known.coordinator?.id, today: frame.today)
      // What the team said of it is the staff's to note.
      writeUp = writeUp.with(satisfaction: known.sheet.satisfaction, feedback: known.sheet.feedback)
      try await desk(context).write(writeUp, of: id, from: version)
      return Self.back("bilan")
    } catch let refusal as FieldRefusal {
      return try await form(
        sent, fault: (refusal.field, French.typeset(refusal.sentence)), request, context, status: .unprocessableContent)
    } catch let refusal as Refusal {
      let again = FormItems(items: sent.items.filter { $0.name != "version" })
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await form(again, messages: [message], request, context, status: .unprocessableContent)
    }
  }

  // MARK: - Hours

  private func hours(
    _ messages: [Message], _ request: Request, _ context: SignedInContext, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let asked = request.queryItems.last { $0.name == "annee" }.flatMap { Int($0.value) }.flatMap { (2000...2100).contains($0) ? $0 : nil }
    let (found, frame) = try await site.read(request, context) { connection, frame in
      try VolunteerSheet(of: frame.session.account, in: asked ?? frame.year, connection)
    }
    guard let found else { return site.page(OwnSpacePage.title, at: .ownSpace, OwnSpacePage.unknown(frame), frame) }
    let page = OwnHoursPage(lines: found.lines, year: found.year, years: found.years, frame: frame)
    return site.page(OwnHoursPage.title, at: .ownHours, page.html(), frame, messages: messages + told(request), status: status)
  }

  /// - Parameter faults: by field.
  private func noting(
    _ sent: FormItems, _ faults: [String: String], messages: [Message] = [], _ request: Request, _ context: SignedInContext,
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let new = site.installation.ids.next(VolunteerHours.self)
    let kind = try site.installation.model.kind("heures")
    let layouts = Self.noting
    let (fields, frame) = try await site.read(request, context) { connection, frame in
      var entries = RecordFormBuilder.entries(kind, layouts, sent)
      if sent.items.isEmpty { entries = ["date": frame.today.description, "activite": "representation"] }
      return try RecordFormBuilder(layouts: layouts, lists: frame.lists).fields(kind, entries, faults: faults, connection)
    }
    let view = RecordFormView(
      action: "/mon-espace/heures/nouveau", csrf: frame.session.csrf, hidden: [("ligne", sent.value("ligne") ?? new.description)],
      fields: fields, submit: "Enregistrer", cancel: "/mon-espace/heures")
    return formPage("Déclarer des heures", view, messages, frame, status)
  }

  private static let noting: [RecordFormBuilder.Layout] = {
    var presence = RecordFormBuilder.Layout("presence_minutes", label: "Présence", unit: "min", help: "120 pour deux heures.")
    presence.isNeeded = true
    return [
      .init("activite"), .init("date"), presence, .init("trajet_minutes", label: "Trajet, aller et retour", unit: "min"),
      .init("objet", isWide: true, help: "La réunion, l’équipe rencontrée. Rien sur la santé de quiconque."),
    ]
  }()

  private func formPage(
    _ title: String, _ view: RecordFormView, _ messages: [Message], _ frame: Frame, _ status: HTTPResponse.Status
  ) -> Response {
    let content: HTML = """
      \(Breadcrumb([LinkedText(OwnSpacePage.title, "/mon-espace"), LinkedText(OwnHoursPage.title, "/mon-espace/heures")], current: title).html)
      \(PageHeader(title).html)\(view.refusals)\(view.html)
      """
    return site.page(title, at: .ownHours, content, frame, messages: messages, status: status)
  }

  @Sendable private func note(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    guard let id = Identifier<VolunteerHours>(sent["ligne"]) else { throw HTTPError(.badRequest) }
    do {
      let kind = try site.installation.model.kind("heures")
      let faults = try await desk(context).note(id, RecordFormBuilder.entries(kind, Self.noting, sent))
      if faults.isEmpty { return Self.back("heures") }
      let told = Self.told(faults, among: Self.noting.map(\.name))
      return try await noting(sent, told.fields, messages: told.others, request, context, status: .unprocessableContent)
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await noting(sent, [:], messages: [message], request, context, status: .unprocessableContent)
    }
  }

  /// Faults of what the form does not show are told on top.
  private static func told(_ faults: [Fault], among fields: [String]) -> (fields: [String: String], others: [Message]) {
    var byField: [String: String] = [:]
    var others: [Message] = []
    for fault in faults {
      if fields.contains(fault.column) {
        byField[fault.column] = byField[fault.column] ?? fault.reason
      } else {
        others.append(Message(.error, French.typeset(French.ended("Rien n’est enregistré\u{A0}: \(fault.reason)"))))
      }
    }
    return (byField, others)
  }

  private func correcting(
    _ sent: FormItems, _ faults: [String: String], messages: [Message] = [], _ request: Request, _ context: SignedInContext,
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try Self.id(context, of: VolunteerHours.self)
    let (line, frame) = try await site.read(request, context) { connection, frame in
      try VolunteerLine(id, of: frame.session.account, connection)
    }
    guard let line else { throw HTTPError(.notFound) }
    let fields = [
      FormField(
        "presence_minutes", "Présence", .number(1...1_440, unit: "min"),
        value: sent.value("presence_minutes") ?? line.minutes.map(String.init) ?? "",
        isRequired: true, error: faults["presence_minutes"].map(French.typeset)),
      FormField(
        "trajet_minutes", "Trajet, aller et retour", .number(0...1_440, unit: "min"),
        value: sent.value("trajet_minutes") ?? line.travel.map(String.init) ?? "", error: faults["trajet_minutes"].map(French.typeset)),
      FormField(
        "objet", "Pour quoi", .line(), value: sent.value("objet") ?? line.purpose ?? "", isWide: true,
        error: faults["objet"].map(French.typeset)),
    ]
    let view = RecordFormView(
      action: Link("/mon-espace/heures").appending(id.description), csrf: frame.session.csrf, fields: fields, submit: "Enregistrer",
      cancel: "/mon-espace/heures")
    let title = "Corriger mes heures du \(French.day(line.date.description))"
    return formPage(title, view, messages, frame, status)
  }

  @Sendable private func correct(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context, of: VolunteerHours.self)
    func number(_ name: String, from least: Int) throws -> Int? {
      let text = sent[name].withoutSpacesAround
      guard !text.isEmpty else { return nil }
      guard let number = Int(text), (least...1_440).contains(number) else {
        throw FieldRefusal(name, "Donnez un nombre de minutes, de \(least) à 1 440.")
      }
      return number
    }
    let purpose = sent["objet"].withoutSpacesAround
    do {
      guard let minutes = try number("presence_minutes", from: 1) else { throw FieldRefusal("presence_minutes", "Dites la durée.") }
      guard purpose.count <= 200 else { throw FieldRefusal("objet", "200 caractères au plus.") }
      let faults = try await desk(context).correct(
        id, minutes: minutes, travel: number("trajet_minutes", from: 0), purpose: purpose.isEmpty ? nil : purpose)
      if faults.isEmpty { return .seeOther(Link("/mon-espace/heures", query: [(Receipt.parameter, "heures")])) }
      let told = Self.told(faults, among: ["presence_minutes", "trajet_minutes", "objet"])
      return try await correcting(sent, told.fields, messages: told.others, request, context, status: .unprocessableContent)
    } catch let refusal as FieldRefusal {
      return try await correcting(sent, [refusal.field: refusal.sentence], request, context, status: .unprocessableContent)
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      // Its form is there no more.
      return try await hours([message], request, context, status: .unprocessableContent)
    }
  }

  // MARK: - Profile

  private static let profile: [RecordFormBuilder.Layout] = [
    .init("expertises"), .init("rayon_km", unit: "km", help: "À vol d’oiseau."),
    .init("absences", isWide: true, help: "Une période par ligne, par exemple 01/07/2026 au 31/08/2026."),
    .init("en_pause_depuis", label: "En pause à partir du", help: "Rempli, on ne vous demande plus rien à partir de ce jour."),
    .init("formations", isWide: true),
  ]

  private func profile(
    _ sent: FormItems, _ faults: [String: String], messages: [Message] = [], _ request: Request, _ context: SignedInContext,
    status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let own = try await desk(context).profile()
    let kind = try site.installation.model.kind("facilitateurs")
    let layouts = Self.profile
    let (fields, frame) = try await site.read(request, context) { connection, frame in
      let entries = sent.items.isEmpty ? own?.entries ?? [:] : RecordFormBuilder.entries(kind, layouts, sent)
      return try RecordFormBuilder(layouts: layouts, lists: frame.lists).fields(kind, entries, faults: faults, connection)
    }
    guard let own else { return site.page(OwnSpacePage.title, at: .ownProfile, OwnSpacePage.unknown(frame), frame) }
    let view = RecordFormView(
      action: "/mon-espace/profil", csrf: frame.session.csrf, hidden: [("version", sent.value("version") ?? String(own.version))],
      fields: fields, submit: "Enregistrer", cancel: "/mon-espace")
    let title = "Mon profil et mes disponibilités"
    let content: HTML = """
      \(Breadcrumb([LinkedText(OwnSpacePage.title, "/mon-espace")], current: title).html)
      \(PageHeader(title, sentence: "Ce que la fédération regarde avant de vous demander de l’aide.").html)\(view.refusals)\(view.html)
      """
    return site.page(title, at: .ownProfile, content, frame, messages: messages, status: status)
  }

  @Sendable private func changeProfile(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    guard let version = Int(sent["version"]) else { throw HTTPError(.badRequest) }
    do {
      let kind = try site.installation.model.kind("facilitateurs")
      let faults = try await desk(context).changeProfile(RecordFormBuilder.entries(kind, Self.profile, sent), from: version)
      if faults.isEmpty { return Self.back("profil") }
      let told = Self.told(faults, among: Self.profile.map(\.name))
      return try await profile(sent, told.fields, messages: told.others, request, context, status: .unprocessableContent)
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await profile(sent, [:], messages: [message], request, context, status: .unprocessableContent)
    }
  }
}
