import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/donnees-personnelles/echeances`: whose time is over this quarter; ticked, looked at again, then anonymised together.
struct RetentionSection {
  let site: Site

  private static let path = RegisterSection.path.appending("echeances")

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("donnees-personnelles/echeances") { try await show($0, $1) }
    routes.post("donnees-personnelles/echeances", use: answer)
  }

  private func show(
    _ request: Request, _ context: SignedInContext, chosen: Set<String> = [], isPreview: Bool = false,
    fault: (field: String, sentence: String)? = nil, messages: [Message] = [], status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let (page, frame) = try await site.read(request, context) { connection, frame in
      RetentionPage(
        retention: try Retention(on: frame.today, connection), lists: frame.lists, chosen: chosen, isPreview: isPreview, fault: fault,
        path: Self.path, csrf: frame.session.csrf)
    }
    return site.page(RetentionPage.title, at: .personalData, page.html(), frame, messages: messages, status: status)
  }

  /// The ticks come first, then the word: nothing is done on the way.
  @Sendable private func answer(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let form = try await site.form(request, context)
    let chosen = form.all("personnes")
    func again(_ sentence: String, isPreview: Bool) async throws -> Response {
      try await show(
        request, context, chosen: Set(chosen), isPreview: isPreview, messages: [Message(.error, French.typeset(sentence))],
        status: .unprocessableContent)
    }
    guard !chosen.isEmpty else { return try await again("Cochez au moins une personne.", isPreview: false) }
    guard chosen.count <= PersonalDataDesk.mostAtOnce else {
      return try await again("Cochez \(PersonalDataDesk.mostAtOnce) personnes au plus à la fois.", isPreview: false)
    }
    guard form.value("mot") != nil else { return try await show(request, context, chosen: Set(chosen), isPreview: true) }
    // Somebody may have come back since the list was read.
    let due = try await site.installation.database.read { [now = site.installation.now] connection in
      try Retention(on: Settings(connection).today(now()), connection)?.rows.map(\.id.description) ?? []
    }
    guard Set(chosen).isSubset(of: due) else {
      return try await again("La liste a changé depuis\u{A0}: relisez-la, rien n’est fait.", isPreview: false)
    }
    do {
      let isKept = try await PersonalDataDesk(site.installation, actor: context.session.account).erase(
        .init(chosen.compactMap { Identifier<Person>($0) }, because: Erasure.Reason(rawValue: form["motif"]) ?? .retention),
        confirmedBy: form["mot"])
      return .seeOther(RegisterSection.after(!isKept ? .anonymisedUnlisted : chosen.count == 1 ? .anonymised : .anonymisedSeveral))
    } catch let refusal as FieldRefusal {
      return try await show(
        request, context, chosen: Set(chosen), isPreview: true, fault: (refusal.field, French.typeset(refusal.sentence)),
        status: .unprocessableContent)
    } catch let refusal as Refusal {
      return try await again(refusal.sentence, isPreview: true)
    }
  }
}

struct RetentionPage: Sendable {
  static let title = "À effacer ce trimestre"

  let retention: Retention?
  let lists: ReferenceLists
  let chosen: Set<String>
  /// What was ticked is shown once more, with the word to type.
  let isPreview: Bool
  let fault: (field: String, sentence: String)?
  let path: Link
  let csrf: String

  private static let most = 200

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText(RegisterSection.title, RegisterSection.path)], current: Self.title).html)
    \(PageHeader(Self.title, sentence: sentence).html)
    \(content)
    """
  }

  private var sentence: String {
    guard let retention else { return "La fiche «\u{202F}annuaire\u{202F}» du registre ne donne pas de durée." }
    return
      "Sans fonction, sans échange et sans consentement récent depuis \(retention.months)\u{A0}mois au \(French.fullDay(retention.through.description))."
  }

  private var rows: [Retention.Row] {
    let all = retention?.rows ?? []
    return isPreview ? all.filter { chosen.contains($0.id.description) } : Array(all.prefix(Self.most))
  }

  private var content: HTML {
    guard let retention else {
      return EmptyState(
        "Aucune durée à appliquer", "Donnez un nombre de mois à la fiche «\u{202F}annuaire\u{202F}» du registre.",
        action: LinkedText("Ouvrir le registre", RegisterSection.path)
      ).html
    }
    guard !retention.rows.isEmpty else {
      return EmptyState("Personne à effacer ce trimestre", "Toutes les personnes de l’annuaire ont donné signe de vie.").html
    }
    return isPreview ? preview : choice
  }

  private var choice: HTML {
    let rest = (retention?.rows.count ?? 0) - rows.count
    let more: HTML =
      rest > 0
      ? "<p class=\"note\">Et \(French.plural(rest, "autre personne", "autres personnes")), une fois celles-ci faites.</p>" : .empty
    return """
      <form class="pile" method="post" action="\(path)"><input type="hidden" name="csrf" value="\(csrf)">\(table(ticks: true).html)\(more)
      <p class="note">Si vous préférez leur demander d’abord, appelez-les\u{A0}: l’échange noté les garde \(retention?.months ?? 0)\u{A0}mois de plus. Cochez \(PersonalDataDesk.mostAtOnce) personnes au plus.</p>
      <footer class="rangee"><button class="bouton principal">Voir ce qui serait anonymisé</button></footer></form>
      """
  }

  private var preview: HTML {
    """
    \(Message(.warning, content: "<strong>Cela ne se reprend pas.</strong> Le nom, les coordonnées et leur historique disparaissent\u{202F}; la profession, la commune, les fonctions passées et les échanges restent, sans nom, et les chiffres ne changent pas. Les textes qui les nomment restent tels quels\u{A0}: relisez-les d’abord depuis la page de chacun.").html)
    <form class="pile" method="post" action="\(path)"><input type="hidden" name="csrf" value="\(csrf)">\
    \(each: rows, { hidden($0.id.description) })\(table(ticks: false).html)
    \(PersonErasurePage.confirmation(reason: Erasure.Reason.retention.rawValue, fault: fault, submit: "Anonymiser \(French.plural(rows.count, "personne", "personnes")) pour toujours", cancel: path))</form>
    """
  }

  private func hidden(_ id: String) -> HTML {
    """
    <input type="hidden" name="personnes" value="\(id)">
    """
  }

  private func table(ticks: Bool) -> DataTable {
    DataTable(
      Self.title,
      columns: [
        .init("Personne"), .init("Dernier échange"), .init("Fin de sa dernière fonction", class: "p2"), .init("Échéance", class: "p3"),
      ],
      lead: ticks ? "<td class=\"c\"></td>" : .empty, rows: rows.map { row($0, ticks: ticks) })
  }

  private func row(_ row: Retention.Row, ticks: Bool) -> HTML {
    let value = row.id.description
    let box: HTML =
      ticks
      ? "<td class=\"c\"><input type=\"checkbox\" name=\"personnes\" value=\"\(value)\" aria-label=\"\(row.name)\"\(attribute: "checked", if: chosen.contains(value))></td>"
      : .empty
    let profession = row.profession.map { lists.label(of: $0, in: .profession) } ?? "Profession non renseignée"
    return """
      <tr>\(box)<th scope="row"><a href="\(Link.person(row.id).appending("donnees"))">\(row.name)</a><small>\(profession)</small></th>\
      <td>\(row.lastExchange.map { French.day($0.description) } ?? "Jamais")</td>\
      <td class="p2">\(row.lastFunction.map { French.day($0.description) } ?? "Aucune fonction")</td><td class="p3">\(French.day(row.due.description))</td></tr>

      """
  }
}
