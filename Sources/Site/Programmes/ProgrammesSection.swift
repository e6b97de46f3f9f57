import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/programmes`, `/inscriptions` and `/seances-programme` (SUP-12).
struct ProgrammesSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    ProgrammeList(site: site).add(to: routes)
    WorkshopList(site: site).add(to: routes)
    routes.get("programmes/{id}", use: show)
    PartSection(site: site, path: "inscriptions", list: "/programmes", isNamed: true) { enrolment, connection in
      try ProgrammeSheet.programme(ofEnrolment: enrolment, connection).map(Link.programme)
    }.add(to: routes)
    routes.get("seances-programme/{id}", use: showWorkshop)
  }

  func addWriting(to routes: RouterGroup<SignedInContext>) {
    routes.get("inscriptions/{id}/etape") { try await form(FormItems.none, $0, $1) }
    routes.post("inscriptions/{id}/etape", use: note)
  }

  private static func id<Subject>(_ context: SignedInContext, _ subject: Subject.Type) throws -> Identifier<Subject> {
    guard let id = Identifier<Subject>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let id = try Self.id(context, SupportProgramme.self)
    let (page, frame) = try await site.read(request, context) { connection, frame -> ProgrammePage? in
      try ProgrammeSheet(id, connection).map { sheet in
        ProgrammePage(sheet: sheet, frame: frame, writes: frame.session.account.role.scope(.write, .directory) == .all)
      }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(
      page.sheet.summary.name, at: .programmes, page.html(site.programmePages.actions(id.rawValue, frame)), frame,
      messages: Receipt.messages(request, path: "/inscriptions", csrf: frame.session.csrf))
  }

  /// A workshop is read on the page of its programme.
  @Sendable private func showWorkshop(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let id = try Self.id(context, Workshop.self)
    let programme = try await site.installation.database.read { try ProgrammeSheet.programme(ofWorkshop: id.rawValue, $0) }
    guard let programme else { throw HTTPError(.notFound) }
    let told = request.queryItems.filter { Receipt.items.contains($0.name) }
    return .seeOther(told.reduce(Link.programme(programme)) { $0.adding($1.name, $1.value) })
  }

  /// - Parameter sent: what was refused; nothing at first.
  private func form(
    _ sent: FormItems, fault: (field: String, sentence: String)? = nil, messages: [Message] = [], _ request: Request,
    _ context: SignedInContext, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try Self.id(context, ProgrammeEnrolment.self)
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try ProgrammeSheet.enrolment(id, connection).map { found in
        ProgrammeStepForm(enrolment: found.enrolment, programme: found.sheet, sent: sent, fault: fault, frame: frame)
      }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(ProgrammeStepForm.title, at: .programmes, page.html(), frame, messages: messages, status: status)
  }

  @Sendable private func note(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context, ProgrammeEnrolment.self)
    do {
      guard let day = try? CivilDate.reading(sent["le"].withoutSpacesAround) else {
        throw FieldRefusal("le", "Donnez le jour où l’équipe y est arrivée.")
      }
      let version = try await ProgrammeDesk(site.installation, actor: context.session.account).note(sent["etape"], on: day, of: id)
      guard let version else { return .seeOther(Link.enrolment(id).setting(Receipt.parameter, Receipt.unchanged.rawValue)) }
      let page = Link.enrolment(id).setting(Receipt.parameter, Receipt.changed.rawValue)
      return .seeOther(site.page(page, after: version, of: id.rawValue, kind: "inscriptions"))
    } catch let refusal as FieldRefusal {
      return try await form(
        sent, fault: (refusal.field, French.typeset(refusal.sentence)), request, context, status: .unprocessableContent)
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await form(sent, messages: [message], request, context, status: .unprocessableContent)
    }
  }
}

extension Site {
  /// Making a programme, and changing it.
  var programmePages: RecordPages {
    RecordPages(
      site: self, kind: "programmes", path: "/programmes", place: .programmes, area: .directory,
      words: RecordWords(list: "Programmes", new: "Nouveau programme", change: "Modifier le programme") {
        $0["nom", default: "Programme"]
      },
      layouts: [
        .init("nom", isWide: true), .init("nature"), .init("financeur", help: "Une organisation de l’annuaire, ou un nom."), .init("debut"),
        .init("fin", help: "Vide : le programme n’a pas de fin."),
        .init("places", help: "En équipes. Vide : sans limite."), .init("responsable"),
        .init(
          "etapes", label: "Étapes, dans l’ordre", isWide: true,
          help: "Une par ligne : Diagnostic, Écriture, Dépôt… Chaque équipe y passe à ses dates."),
        .init("note", isWide: true),
      ],
      defaults: { ["debut": $0.today.description, "responsable": $0.session.account.email] })
  }

  /// A team that enters a programme, and what becomes of it.
  var enrolmentPages: RecordPages {
    let layouts: [RecordFormBuilder.Layout] = [
      .init("programme"), .init("structure", label: "Équipe"), .init("entree_le"),
      .init("heures_accordees", unit: "h", help: "Pour un démarrage de coordination. Les heures utilisées sont celles de ses séances."),
      .init("etapes", isWide: true, help: "Une par ligne, le jour puis l’étape : 02/03/2026 Diagnostic."),
      .init("suite"), .init("fin_le", help: "Le jour où l’équipe est sortie du programme."), .init("motif", isWide: true),
    ]
    return RecordPages(
      site: self, kind: "inscriptions", path: "/inscriptions", place: .programmes, area: .directory,
      words: RecordWords(list: "Programmes", new: "Inscrire une équipe", change: "Modifier l’inscription") { _ in "Inscription" },
      layouts: layouts, isPart: true, defaults: { ["entree_le": $0.today.description, "suite": EnrolmentState.underWay.rawValue] },
      shown: { _, _, connection in
        try Self.offeringProgrammes(layouts, connection)
      })
  }

  /// The programmes are few: they are chosen from a list.
  private static func offeringProgrammes(
    _ layouts: [RecordFormBuilder.Layout], _ connection: any Connection
  ) throws -> [RecordFormBuilder.Layout] {
    let offered = try ProgrammeSummary.offered(connection).map { FormField.Choice($0.reference, $0.name) }
    return layouts.map { layout in
      guard layout.name == "programme", !offered.isEmpty else { return layout }
      var layout = layout
      (layout.offered, layout.empty) = (offered, "Choisir")
      return layout
    }
  }

  /// A workshop of a programme, with the teams that were there.
  var workshopPages: RecordPages {
    let layouts: [RecordFormBuilder.Layout] = [
      .init("programme"), .init("date"), .init("heure"), .init("duree_minutes", label: "Durée", unit: "min"),
      .init("numero", label: "Numéro dans la série"), .init("objet", isWide: true), .init("lieu"),
      .init("animation", help: "Un compte, ou un nom."),
      .init("structures", label: "Équipes présentes", isWide: true, help: "À cocher une fois la séance tenue."), .init("personnes"),
    ]
    return RecordPages(
      site: self, kind: "seances_programme", path: "/seances-programme", place: .programmes, area: .directory,
      words: RecordWords(list: "Programmes", new: "Noter une séance", change: "Modifier la séance") { _ in "Séance de programme" },
      layouts: layouts, isPart: true, defaults: { ["date": $0.today.description, "animation": $0.session.account.email] },
      shown: { entries, _, connection in
        let programme = entries["programme", default: ""]
        guard !programme.isEmpty else { return try Self.offeringProgrammes(layouts, connection) }
        let chosen = entries["structures", default: ""].split(separator: "|").map(String.init)
        let day = entries["date"].flatMap { try? CivilDate.reading($0) }
        let teams = try ProgrammeSheet.teams(of: programme, on: day, or: chosen, connection)
        return layouts.filter { $0.name != "programme" }.map { layout in
          guard layout.name == "structures", !teams.isEmpty else { return layout }
          var layout = layout
          layout.offered = teams.map { FormField.Choice($0.reference, $0.name) }
          layout.isTicked = true
          return layout
        }
      })
  }
}
