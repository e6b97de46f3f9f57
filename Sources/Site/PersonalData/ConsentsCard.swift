import Federation
import Markup
import Records
import Store
import WebSupport

/// What somebody agreed to, and took back.
struct ConsentsCard {
  /// The reference of the person.
  let person: String
  let consents: [Consent]
  let lists: ReferenceLists
  /// Whether the reader may note one.
  let writes: Bool

  var html: HTML {
    let adding = PageAction("Ajouter un consentement", .add, Link("/consentements/nouveau", query: [("personne", person)]), isSmall: true)
    let none: HTML = "<p class=\"note\">Aucun consentement noté\u{A0}: rien n’est publié de cette personne.</p>"
    let list: HTML = consents.isEmpty ? none : "<ul class=\"liste\">\(each: consents, row)</ul>"
    return Card("consentements", "Consentements", aside: writes ? adding.button : .empty, list).html
  }

  private func row(_ consent: Consent) -> HTML {
    let link = Link("/consentements").appending(Identifier<Site>(rawValue: consent.id.rawValue).description).appending("modifier")
    let purpose = lists.label(of: consent.purpose, in: .consentPurpose)
    let state =
      consent.withdrawnOn == nil
      ? Badge.state("Donné", .good) : Badge.state("Retiré", .ended)
    let fields = consent.fields.map { lists.label(of: $0, in: .publishedField) }.joined(separator: ", ")
    let way: HTML = writes ? "<div class=\"fin\"><a href=\"\(link)\">Modifier<span class=\"sr\"> \(purpose)</span></a></div>" : .empty
    return """
      <li><div class="corps"><span>\(purpose) \(state)</span>\(fields.isEmpty ? .empty : small(fields))\(small(facts(consent)))\
      <details><summary>Texte présenté</summary><p>\(consent.wording)</p></details></div>\(way)</li>

      """
  }

  private func small(_ text: String) -> HTML { "<small>\(text)</small>" }

  /// « Le 3 mars 2026, de vive voix, noté par Odile Marchandet ; retiré le 5 juin 2026 ».
  private func facts(_ consent: Consent) -> String {
    let given = "Le \(French.fullDay(consent.givenOn.description)), \(lists.label(of: consent.method, in: .consentMethod).lowercased())"
    let author = consent.author.map { ", noté par \($0)" } ?? ""
    let withdrawn = consent.withdrawnOn.map { "\u{202F}; retiré le \(French.fullDay($0.description))" } ?? ""
    return given + author + withdrawn
  }
}

extension Site {
  /// `/consentements/…`: they stand on the page of their person.
  var consentParts: PartSection {
    PartSection(site: self, path: "consentements", list: "/personnes") { consent, connection in
      try Consent.person(of: consent, connection).map { Link.person($0) }
    }
  }

  /// Noting a consent, and that it was taken back.
  var consentPages: RecordPages {
    RecordPages(
      site: self, kind: "consentements", path: "/consentements", place: .people, area: .directory,
      words: RecordWords(list: "Personnes", new: "Nouveau consentement", change: "Modifier le consentement") { _ in "Consentement" },
      layouts: [
        .init("personne"), .init("finalite", label: "À quoi la personne consent"), .init("donne_le"),
        .init("recueil", label: "Comment"),
        .init("champs", help: "Pour une publication\u{A0}: seulement ce que la personne a accepté."),
        .init("texte", isWide: true, help: "Ce qu’elle a lu ou entendu, mot pour mot."),
        .init("retire_le", help: "Le jour où elle est revenue dessus."),
      ],
      isPart: true,
      defaults: { ["donne_le": $0.today.description] })
  }

  /// The sheets of the register.
  var processingPages: RecordPages {
    RecordPages(
      site: self, kind: "finalites", path: RegisterSection.path, place: .personalData, area: .personalData,
      words: RecordWords(list: RegisterSection.title, new: "Nouveau traitement", change: "Modifier le traitement") {
        $0["nom"] ?? "Traitement"
      },
      layouts: [
        .init("nom", isWide: true, help: "Pourquoi ces données sont gardées."), .init("base_legale"),
        .init("code", help: "Un mot court, qui ne change plus\u{A0}: «\u{202F}annuaire\u{202F}»."), .init("personnes", isWide: true),
        .init("donnees", isWide: true), .init("destinataires", isWide: true), .init("duree", isWide: true),
        .init("mois", help: "Pour l’annuaire\u{A0}: après tant de mois de silence, une personne est proposée à l’anonymisation."),
        .init("securite", isWide: true), .init("sous_traitants", isWide: true), .init("transferts", isWide: true),
      ],
      hasOwnPage: false, isPart: true)
  }
}
