import Federation
import Markup
import Records
import Store
import WebSupport

/// Everything that is held on somebody, in words.
struct DossierPage: Sendable {
  static let title = "Données personnelles"

  let dossier: PersonDossier
  let lists: ReferenceLists
  let today: CivilDate

  private var link: Link { .person(dossier.id) }

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Personnes", "/personnes"), LinkedText(dossier.name, link)], current: Self.title).html)
    \(PageHeader(Self.title, sentence: "Tout ce que la fédération garde sur \(dossier.name).", actions: actions).html)
    \(dossier.isInBin ? Message(.information, "Cette fiche est dans la corbeille. Ses données sont toujours là.").html : .empty)\
    \(homonyms)
    <div class="duo"><div class="pile">\(Card("fiche", "Sa fiche", facts.html).html)\(Card("lieux", "Où la fédération la connaît", places).html)\
    \(Card("textes", "Textes qui la nomment", texts).html)</div>
    <div class="pile">\(ConsentsCard(person: dossier.reference, consents: dossier.consents, lists: lists, writes: !dossier.isInBin).html)\
    \(Card("comptes", "Compte", accounts).html)</div></div>
    """
  }

  private var actions: [PageAction] {
    [
      PageAction("Télécharger (.json)", .download, link.appending("donnees.json")),
      PageAction("Anonymiser…", .eye, link.appending("anonymisation")),
    ]
  }

  private var homonyms: HTML { Self.homonyms(dossier) }

  /// Whoever bears the same name must not be taken for the person.
  static func homonyms(_ dossier: PersonDossier) -> HTML {
    if dossier.homonyms.isEmpty { return .empty }
    let names = dossier.homonyms.map { LinkedText($0.name, .person($0.id)) }
    return Message(
      .warning,
      content:
        "Une autre personne de l’annuaire porte ce nom\u{A0}: \(each: names, separator: ", ", \.html). Un texte qui donne ce nom parle peut-être d’elle."
    ).html
  }

  private var facts: Facts {
    Facts([
      .init("Nom", dossier.name), .init("Profession", dossier.profession.map { lists.label(of: $0, in: .profession) }),
      .init("Commune", dossier.commune), .init("Courriel", dossier.email), .init("Téléphone", dossier.phone),
      .init("RPPS", dossier.rpps), .init("Référence", dossier.reference),
    ])
  }

  // MARK: - Where

  static func words(_ matter: PersonDossier.Matter) -> String {
    switch matter {
    case .functions: "Fonctions dans des équipes"
    case .contacts: "Fonctions dans des organisations"
    case .exchanges: "Échanges avec elle"
    case .meetings: "Réunions auxquelles elle était, ou devait être"
    case .facilitations: "Facilitations qu’elle a demandées, ou animées"
    case .facilitators: "Sa fiche de facilitateur"
    case .hours: "Lignes d’heures bénévoles"
    case .expenses: "Notes de frais"
    case .questions: "Questions d’équipes qui lui sont confiées"
    case .introductions: "Équipes avec qui elle a été mise en relation"
    case .firstContacts: "Premiers contacts qu’elle a pris"
    case .letters: "Courriels qui lui ont été écrits, ou qui l’ont laissée de côté"
    case .history: "Changements de sa fiche gardés dans l’historique"
    case .merged: "Fiches fusionnées avec la sienne"
    case .imports: "Lignes de fichiers importés"
    case .editions: "Éditions du rapport dont un chiffre compte sa fiche"
    case .words: "Mots par lesquels la recherche la trouve"
    case .messages: "Messages de la boîte d’envoi"
    case .jobs: "Travaux en attente ou faits"
    case .views: "Vues enregistrées qui la cherchent"
    case .fileNames: "Noms de fichiers"
    case .waiting: "Fichiers d’import en attente, qui s’effacent en un jour"
    }
  }

  private var places: HTML {
    var rows = dossier.held.map { held in row(Self.words(held.matter), held.count, page(of: held.matter)) }
    if dossier.signatures > 0 { rows.append(row("Blocs et éditions du rapport qui la citent", dossier.signatures, "/rapports")) }
    return rows.isEmpty ? "<p class=\"note\">Nulle part ailleurs que sur sa fiche.</p>" : "<ul class=\"liste\">\(rows)</ul>"
  }

  private func row(_ words: String, _ count: Int, _ link: Link?) -> HTML {
    """
    <li><div class="corps">\(LinkedText(words, link).html)</div><div class="fin">\(French.number(count))</div></li>

    """
  }

  private func page(of matter: PersonDossier.Matter) -> Link? {
    if dossier.isInBin { return nil }
    return switch matter {
    case .functions: Link("/personnes/\(dossier.id.description)#t-fonctions")
    case .exchanges: Link("/personnes/\(dossier.id.description)#t-echanges")
    case .history: link.appending("historique")
    case .firstContacts: .firstContacts(naming: dossier.name, through: today)
    case .letters, .contacts, .meetings, .facilitations, .facilitators,
      .hours, .expenses, .introductions, .questions, .merged, .imports, .editions, .words, .messages, .jobs, .views,
      .fileNames,
      .waiting:
      nil
    }
  }

  // MARK: - Texts

  static let unread = "Le contenu des pièces jointes et des photos n’est pas relu\u{A0}: ouvrez-les vous-même."

  private var texts: HTML {
    let note: HTML = "<p class=\"note\">\(Self.unread)</p>"
    if dossier.texts.isEmpty { return "<p>Aucun texte ne donne son nom.</p>\(note)" }
    return "<ul class=\"liste\">\(each: dossier.texts, Self.textRow)</ul>\(note)"
  }

  private static func textRow(_ text: NamingText) -> HTML {
    """
    <li><div class="corps"><span>\(excerpt(text))</span><small>\(LinkedText(text.label, link(of: text)).html)\(doubt(text))</small></div></li>

    """
  }

  static func excerpt(_ text: NamingText) -> HTML { "\(text.before)<strong>\(text.name)</strong>\(text.after)" }

  static func doubt(_ text: NamingText) -> String { text.isCertain ? "" : ", peut-être quelqu’un d’autre" }

  static func link(of text: NamingText) -> Link? {
    switch text.page {
    case .exchange(let id): .exchange(id)
    case .meeting(let id): .meeting(id)
    case .facilitation(let id): .facilitation(id)
    case .sitting(let id): .sitting(id)
    case .programme(let id): .programme(id)
    case .structure(let id): .structure(id)
    case .task: "/taches"
    case .target: "/cibles"
    case .report(let year): .report(year)
    case .letter(let id): .letter(id)
    case nil: nil
    }
  }

  private var accounts: HTML {
    if dossier.accounts.isEmpty { return "<p class=\"note\">Aucun compte à son adresse ni à son nom.</p>" }
    return "<ul class=\"liste\">\(each: dossier.accounts, accountRow)</ul>"
  }

  private func accountRow(_ account: PersonAccount) -> HTML {
    """
    <li><div class="corps">\(LinkedText(account.name, .account(account.id)).html)\
    <small>\(account.email)\(account.isCertain ? "" : ", peut-être quelqu’un d’autre")</small></div></li>

    """
  }
}
