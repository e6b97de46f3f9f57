import Documents
import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// What is held on people: `/personnes/{id}/donnees`, its file, and taking somebody out for good. For the direction, who answers for it.
struct PersonalDataSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("personnes/{id}/donnees", use: show)
    routes.get("personnes/{id}/donnees.json", use: export)
    routes.get("personnes/{id}/anonymisation") { try await ask($0, $1) }
    routes.post("personnes/{id}/anonymisation", use: erase)
    RegisterSection(site: site).add(to: routes)
    RetentionSection(site: site).add(to: routes)
  }

  private func person(_ context: SignedInContext) throws -> Identifier<Person> {
    guard let id = Identifier<Person>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  /// - Throws: where the record that it was merged into is, or 404.
  private func dossier<Value: Sendable>(
    _ request: Request, _ context: SignedInContext, _ work: @escaping @Sendable (PersonDossier, any Connection, Frame) throws -> Value
  ) async throws -> (Value, Frame) {
    let id = try person(context)
    let (value, frame) = try await site.read(request, context) { connection, frame in
      try PersonDossier(id, connection).map { try work($0, connection, frame) }
    }
    guard let value else { throw try await site.gone(id) }
    return (value, frame)
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (page, frame) = try await dossier(request, context) { dossier, _, frame in
      DossierPage(dossier: dossier, lists: frame.lists, today: frame.today)
    }
    return site.page(DossierPage.title, at: .people, page.html(), frame, messages: Receipt.messages(request))
  }

  @Sendable private func export(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let (file, _) = try await dossier(request, context) { dossier, connection, frame in
      try PersonExport(
        dossier, federation: frame.federation, on: frame.today, frame.lists, words: DossierPage.words, connection
      ).file()
    }
    // A file's name is kept in places that nobody erases: it names nobody.
    return .download(file, named: "donnees-personnelles-\(try person(context)).json", type: "application/json")
  }

  // MARK: - For good

  private func ask(
    _ request: Request, _ context: SignedInContext, sent: FormItems? = nil, fault: (field: String, sentence: String)? = nil,
    messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let (page, frame) = try await dossier(request, context) { dossier, _, frame in
      PersonErasurePage(
        dossier: dossier, own: frame.session.account.id, csrf: frame.session.csrf,
        texts: Set(sent?.all("textes") ?? dossier.tickedTexts.map(\.code)),
        accounts: Set(sent?.all("comptes") ?? dossier.accounts.filter(\.isCertain).map(\.id.description)),
        reason: sent?.value("motif") ?? Erasure.Reason.demand.rawValue, fault: fault)
    }
    return site.page(PersonErasurePage.title, at: .people, page.html(), frame, messages: messages, status: status)
  }

  @Sendable private func erase(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let id = try person(context)
    do {
      guard let reason = Erasure.Reason(rawValue: form["motif"]) else { throw FieldRefusal("motif", "Choisissez pourquoi.") }
      let isKept = try await PersonalDataDesk(site.installation, actor: context.session.account).erase(
        .init([id], texts: form.all("textes"), accounts: form.all("comptes").compactMap { Identifier<Account>($0) }, because: reason),
        confirmedBy: form["mot"])
      return .seeOther(RegisterSection.after(isKept ? .anonymised : .anonymisedUnlisted))
    } catch let refusal as FieldRefusal {
      return try await ask(
        request, context, sent: form, fault: (refusal.field, French.typeset(refusal.sentence)), status: .unprocessableContent)
    } catch let refusal as Refusal {
      return try await ask(
        request, context, sent: form, messages: [Message(.error, French.typeset(refusal.sentence))], status: .unprocessableContent)
    }
  }
}

extension Site {
  /// Where somebody is who is not in the directory: in another record, anonymised, or nowhere.
  func gone(_ id: Identifier<Person>) async throws -> any Error {
    if let erasure = try await installation.database.read({ try Erasure.of(id.rawValue, $0) }) {
      let zone = try await installation.database.read { [now = installation.now] in try Settings($0).timeZone(now()) }
      return Missing(
        sentence: French.typeset(
          "Cette personne a été anonymisée le \(French.moment(erasure.at.date, in: zone)) : il en reste des faits, sans son nom."))
    }
    return try await elsewhere(id.rawValue, personPages)
  }
}
