import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/relectures` and `/remarques-relecture` (SUP-05).
struct ReadingsSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    ReadingList(site: site).add(to: routes)
    routes.get("relectures/{id}") { try await show($0, $1) }
    PartSection(site: site, path: "remarques-relecture", list: "/relectures") { remark, connection in
      try ReadingSheet.reading(ofRemark: remark, connection).map(Link.reading)
    }.add(to: routes)
  }

  func addWriting(to routes: RouterGroup<SignedInContext>) {
    routes.post("relectures/{id}/avancement", use: move)
    routes.post("remarques-relecture/{id}/reglee", use: settle)
  }

  private static func id<Subject>(_ context: SignedInContext, _ subject: Subject.Type) throws -> Identifier<Subject> {
    guard let id = Identifier<Subject>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id
  }

  private func show(
    _ request: Request, _ context: SignedInContext, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let id = try Self.id(context, ProjectReading.self)
    let (page, frame) = try await site.read(request, context) { connection, frame in
      try ReadingSheet(id, connection).map { sheet in
        ReadingPage(sheet: sheet, frame: frame, writes: frame.session.account.role.scope(.write, .readings) == .all)
      }
    }
    guard let page else { throw HTTPError(.notFound) }
    return site.page(
      page.title, at: .readings, page.html(site.readingPages.actions(id.rawValue, frame)), frame,
      messages: messages + Receipt.messages(request, path: "/remarques-relecture", csrf: frame.session.csrf), status: status)
  }

  @Sendable private func move(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context, ProjectReading.self)
    guard let state = ReadingState(rawValue: sent["etat"]) else { throw HTTPError(.badRequest) }
    do {
      let version = try await ReadingDesk(site.installation, actor: context.session.account).move(id, to: state)
      return .seeOther(told(.reading(id), version, id.rawValue, "relectures"))
    } catch let refusal as Refusal {
      let message = Message(.error, French.typeset(French.ended(refusal.sentence)))
      return try await show(request, context, messages: [message], status: .unprocessableContent)
    }
  }

  @Sendable private func settle(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let sent = try await site.form(request, context)
    let id = try Self.id(context, ReadingRemark.self)
    let (reading, frame) = try await site.read(request, context) { connection, _ in
      try ReadingSheet.reading(ofRemark: id.rawValue, connection)
    }
    guard let reading else { throw HTTPError(.notFound) }
    let day = sent["reglee"] == "oui" ? frame.today : nil
    do {
      let version = try await ReadingDesk(site.installation, actor: context.session.account).settle(id, on: day)
      return .seeOther(told(.reading(reading), version, id.rawValue, "remarques_relecture"))
    } catch is Refusal {
      throw Missing(sentence: "Cette remarque a été mise à la corbeille.")
    }
  }

  /// The page again, with the way back of what was changed.
  private func told(_ page: Link, _ version: Int?, _ record: Int64, _ kind: String) -> Link {
    guard let version else { return page.setting(Receipt.parameter, Receipt.unchanged.rawValue) }
    return site.page(page.setting(Receipt.parameter, Receipt.changed.rawValue), after: version, of: record, kind: kind)
  }
}

extension Site {
  /// Asking for a re-reading, and saying who reads by when.
  var readingPages: RecordPages {
    let layouts: [RecordFormBuilder.Layout] = [
      .init("structure", label: "Quelle équipe ?"), .init("demandee_le"),
      .init("dossier", label: "Pour quelle commission ?", help: "Les dossiers déjà inscrits aux prochaines séances."),
      .init("a_rendre_le", help: "Chaque relecteur l’a dans ses tâches, pour ce jour."),
      .init("relecteurs", help: "Des comptes de l’équipe salariée."), .init("etat", isSegmented: true),
      .init("rendue_le", help: "Vide tant que l’équipe n’a pas nos remarques."), .init("note", isWide: true),
    ]
    return RecordPages(
      site: self, kind: "relectures", path: "/relectures", place: .readings, area: .readings,
      words: RecordWords(list: "Relectures", new: "Demander une relecture", change: "Modifier la relecture") { _ in "Relecture" },
      layouts: layouts,
      defaults: {
        [
          "demandee_le": $0.today.description, "a_rendre_le": $0.today.adding(days: 21).description,
          "relecteurs": $0.session.account.email, "etat": ReadingState.requested.rawValue,
        ]
      },
      shown: { entries, _, connection in
        let team = entries["structure"].flatMap { $0.isEmpty ? nil : $0 }
        let files = try ReadingSheet.files(of: team, or: entries["dossier"], connection)
        return layouts.map { layout in
          guard layout.name == "dossier" else { return layout }
          var layout = layout
          layout.offered = files.map { file in
            FormField.Choice(
              file.reference, "\(file.team), \(file.commission) du \(French.day(file.date.description))")
          }
          layout.empty = "Aucune"
          return layout
        }
      },
      batched: [
        .init("relecteurs", label: "Relecteurs"), .init("a_rendre_le", label: "À rendre avant le"), .init("etat", label: "Avancement"),
      ],
      cells: ["a_rendre_le"],
      selected: { request, frame, connection in try ReadingList(site: self).selected(request, frame, connection) })
  }

  /// What a reader says of a section of the project.
  var remarkPages: RecordPages {
    let layouts: [RecordFormBuilder.Layout] = [
      .init("relecture"), .init("partie"), .init("version_lue", help: "Le numéro de la version que vous avez lue."),
      .init("texte", isWide: true, help: "Ce qui manque, ou ce qui est à revoir. Rien sur la santé d’un patient."), .init("auteur"),
      .init("reglee_le", help: "Vide tant que l’équipe n’en a pas tenu compte."),
    ]
    return RecordPages(
      site: self, kind: "remarques_relecture", path: "/remarques-relecture", place: .readings, area: .readings,
      words: RecordWords(list: "Relectures", new: "Noter une remarque", change: "Modifier la remarque") { _ in "Remarque" },
      layouts: layouts, isPart: true, defaults: { ["auteur": $0.session.account.email] },
      shown: { entries, _, _ in
        // Known by the page on which the form was opened.
        entries["relecture", default: ""].isEmpty ? nil : layouts.filter { $0.name != "relecture" }
      })
  }
}
