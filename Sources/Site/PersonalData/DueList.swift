import Federation
import Markup
import Records
import Store
import WebSupport

/// Those of one purpose whose time is over, as the page of the quarter lists them.
struct DueList: Sendable {
  enum Purpose: String, CaseIterable, Sendable {
    case people = "annuaire"
    case firstContacts = "premiers_contacts"

    static let parameter = "finalite"

    init(_ text: String) { self = Purpose(rawValue: text) ?? .people }

    /// One of them; an `s` makes several.
    var noun: String { self == .people ? "personne" : "demande" }

    var label: String { self == .people ? "Personnes de l’annuaire" : "Premiers contacts" }
  }

  struct Row: Sendable {
    let id: String
    let title: String
    /// Its page; `nil` for what is in the bin.
    let link: Link?
    let note: String
    /// Under the columns.
    let cells: [String]
    let due: CivilDate
  }

  /// What the boxes are called in forms.
  static let ticks = "personnes"

  let purpose: Purpose
  /// Since when nothing is heard; `nil` when the register gives no months.
  let sentence: String?
  let columns: [String]
  let rows: [Row]

  init(_ purpose: Purpose, on day: CivilDate, _ lists: ReferenceLists, _ connection: any Connection) throws {
    self.purpose = purpose
    switch purpose {
    case .people:
      let retention = try Retention(on: day, connection)
      sentence = retention.map {
        "Sans fonction, sans échange et sans consentement récent depuis \($0.months)\u{A0}mois au \(French.fullDay($0.through.description))."
      }
      columns = ["Dernier échange", "Fin de sa dernière fonction"]
      rows = (retention?.rows ?? []).map { row in
        Row(
          id: row.id.description, title: row.name, link: .person(row.id).appending("donnees"),
          note: row.profession.map { lists.label(of: $0, in: .profession) } ?? "Profession non renseignée",
          cells: [
            row.lastExchange.map { French.day($0.description) } ?? "Jamais",
            row.lastFunction.map { French.day($0.description) } ?? "Aucune fonction",
          ], due: row.due)
      }
    case .firstContacts:
      let retention = try FirstContactRetention(on: day, connection)
      sentence = retention.map {
        "Demandes qui ne sont reliées à aucune équipe ni à aucune personne de l’annuaire, sans nouvelle depuis \($0.months)\u{A0}mois au \(French.fullDay($0.through.description))."
      }
      columns = ["Reçu le", "Répondu le"]
      rows = (retention?.rows ?? []).map { row in
        Row(
          id: row.id.description, title: row.name, link: row.isRemoved ? nil : .firstContact(row.id),
          note: [lists.label(row.state), row.commune, row.isRemoved ? "dans la corbeille" : nil].compactMap(\.self).joined(separator: ", "),
          cells: [
            French.day(row.receivedOn.description), row.answeredOn.map { French.day($0.description) } ?? "Jamais",
          ], due: row.due)
      }
    }
  }
}

/// What is due this quarter, purpose by purpose; then what was ticked, once more, with the word to type.
struct RetentionPage: Sendable {
  static let title = "À effacer ce trimestre"
  static let path = RegisterSection.path.appending("echeances")

  let purpose: DueList.Purpose
  /// That of each purpose, in their order.
  let lists: [DueList]
  let chosen: Set<String>
  let isPreview: Bool
  let fault: (field: String, sentence: String)?
  let csrf: String

  private static let most = 200

  private var list: DueList? { lists.first { $0.purpose == purpose } }
  private var all: [DueList.Row] { list?.rows ?? [] }
  private var rows: [DueList.Row] { isPreview ? all.filter { chosen.contains($0.id) } : Array(all.prefix(Self.most)) }

  private static func link(_ purpose: DueList.Purpose) -> Link {
    purpose == .people ? path : Link(path, query: [(DueList.Purpose.parameter, purpose.rawValue)])
  }

  func html() -> HTML {
    let tabs = Tabs(
      "Finalités", lists.map { .init($0.purpose.label, Self.link($0.purpose), isCurrent: $0.purpose == purpose, count: $0.rows.count) })
    return """
      \(Breadcrumb([LinkedText(RegisterSection.title, RegisterSection.path)], current: Self.title).html)
      \(PageHeader(Self.title, sentence: sentence).html)
      \(isPreview ? .empty : tabs.html)
      \(content)
      """
  }

  private var sentence: String {
    list?.sentence ?? "La fiche «\u{202F}\(purpose.rawValue)\u{202F}» du registre ne donne pas de durée."
  }

  private var content: HTML {
    guard list?.sentence != nil else {
      return EmptyState(
        "Aucune durée à appliquer", "Donnez un nombre de mois à la fiche «\u{202F}\(purpose.rawValue)\u{202F}» du registre.",
        action: LinkedText("Ouvrir le registre", RegisterSection.path)
      ).html
    }
    guard !all.isEmpty else {
      return purpose == .people
        ? EmptyState("Personne à effacer ce trimestre", "Toutes les personnes de l’annuaire ont donné signe de vie.").html
        : EmptyState(
          "Aucune demande à effacer ce trimestre", "Toutes sont récentes, ou reliées à une équipe ou à une personne de l’annuaire."
        )
        .html
    }
    return isPreview ? preview : choice
  }

  private var hidden: HTML {
    """
    <input type="hidden" name="csrf" value="\(csrf)"><input type="hidden" name="\(DueList.Purpose.parameter)" value="\(purpose.rawValue)">
    """
  }

  private var choice: HTML {
    let rest = all.count - rows.count
    let more: HTML =
      rest > 0
      ? "<p class=\"note\">Et \(French.plural(rest, "autre \(purpose.noun)", "autres \(purpose.noun)s")), une fois celles-ci faites.</p>"
      : .empty
    let advice =
      purpose == .people
      ? "Si vous préférez leur demander d’abord, appelez-les\u{A0}: l’échange noté les garde aussi longtemps de plus."
      : "Si une demande vit encore, répondez-y, ou reliez-la à une équipe\u{A0}: elle quitte cette liste."
    return """
      <form class="pile" method="post" action="\(Self.path)">\(hidden)\(table(ticks: true).html)\(more)
      <p class="note">\(advice) Cochez \(PersonalDataDesk.mostAtOnce) \(purpose.noun)s au plus.</p>
      <footer class="rangee"><button class="bouton principal">Voir ce qui serait anonymisé</button></footer></form>
      """
  }

  private var preview: HTML {
    let what =
      purpose == .people
      ? "Le nom, les coordonnées et leur historique disparaissent\u{202F}; la profession, la commune, les fonctions passées et les échanges restent, sans nom, et les chiffres ne changent pas. Les textes qui les nomment restent tels quels\u{A0}: relisez-les d’abord depuis la page de chacun."
      : "Le nom, les coordonnées, la demande, la réponse, les commentaires et leur historique disparaissent\u{202F}; la date, la commune et la suite donnée restent, et les chiffres ne changent pas."
    let submit = "Anonymiser \(French.plural(rows.count, purpose.noun, "\(purpose.noun)s")) pour toujours"
    let reason = purpose == .people ? Erasure.Reason.retention.rawValue : nil
    return """
      \(Message(.warning, content: "<strong>Cela ne se reprend pas.</strong> \(what)").html)
      <form class="pile" method="post" action="\(Self.path)">\(hidden)\(each: rows, tick)\(table(ticks: false).html)
      \(PersonErasurePage.confirmation(reason: reason, fault: fault, submit: submit, cancel: Self.link(purpose)))</form>
      """
  }

  private func tick(_ row: DueList.Row) -> HTML {
    """
    <input type="hidden" name="\(DueList.ticks)" value="\(row.id)">
    """
  }

  private func table(ticks: Bool) -> DataTable {
    let places = [nil, "p2", "p3"]
    let titles = (list?.columns ?? []) + ["Échéance"]
    return DataTable(
      Self.title,
      columns: [.init(purpose == .people ? "Personne" : "Demande de")] + zip(titles, places).map { .init($0, class: $1) },
      lead: ticks ? "<td class=\"c\"></td>" : .empty, rows: rows.map { row($0, ticks: ticks) })
  }

  private func row(_ row: DueList.Row, ticks: Bool) -> HTML {
    let box: HTML =
      ticks
      ? "<td class=\"c\"><input type=\"checkbox\" name=\"\(DueList.ticks)\" value=\"\(row.id)\" aria-label=\"\(row.title)\"\(attribute: "checked", if: chosen.contains(row.id))></td>"
      : .empty
    let cells: [HTML] = zip(row.cells + [French.day(row.due.description)], [nil, "p2", "p3"]).map { text, place in
      "<td\(attribute: "class", place)>\(text)</td>"
    }
    return """
      <tr>\(box)<th scope="row">\(LinkedText(row.title, row.link).html)<small>\(row.note)</small></th>\(cells)</tr>

      """
  }
}
