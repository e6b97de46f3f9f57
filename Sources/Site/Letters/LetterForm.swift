import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// The form of a letter: to whom, which text, which files.
struct LetterForm {
  static let title = "Écrire un courriel"
  /// The button that was clicked, and the one that takes a template over.
  static let button = "faire"
  static let takeTemplate = "modele"
  static let help =
    "{prénom}, {nom} et {équipe} sont remplacés pour chaque destinataire\u{202F}; ce qui n’est pas connu est laissé de côté. Texte simple, sans mise en forme."

  let id: Identifier<Letter>
  let audience: Letter.Audience
  let origin: Letter.Origin
  let records: [Int64]
  var choice: [String]
  var subject = ""
  var body = ""
  var files: [LetterSheet.File] = []
  var faults: [String: String] = [:]
  /// Whether it has been kept once: its records are known then.
  private let isKept: Bool

  init(new id: Identifier<Letter>, _ audience: Letter.Audience, _ origin: Letter.Origin, _ records: [Int64]) {
    (self.id, self.audience, self.origin, self.records) = (id, audience, origin, records)
    isKept = false
    choice =
      switch audience {
      case .structures: ["coordinateur"]
      case .organisations: [Letter.ownAddress]
      case .people: []
      }
  }

  init(_ letter: LetterSheet) {
    (id, audience, origin, records) = (letter.id, letter.audience, letter.origin, letter.records)
    (choice, subject, body, files) = (letter.choice, letter.subject, letter.body, letter.files)
    isKept = true
  }

  /// What the form says of whom it is written to; of a letter that was kept, what is kept.
  struct Subject {
    let audience: Letter.Audience
    let origin: Letter.Origin
    let records: [Int64]

    init(_ items: FormItems, _ known: LetterSheet?) throws {
      if let known {
        (audience, origin, records) = (known.audience, known.origin, known.records)
        return
      }
      guard let audience = Letter.Audience(rawValue: items["sorte"]), let origin = Letter.Origin(rawValue: items["origine"]) else {
        throw HTTPError(.badRequest)
      }
      (self.audience, self.origin) = (audience, origin)
      records = items["fiches"].split(separator: " ").compactMap { Identifier<Site>(String($0))?.rawValue }
    }
  }

  func html(_ templates: [LetterTemplate], _ frame: Frame) -> HTML {
    var view = RecordFormView(
      action: .letter(id), csrf: frame.session.csrf, hidden: hidden, fields: fields(templates, frame), submit: "Voir qui le reçoit",
      cancel: isKept ? .letter(id) : LettersSection.path)
    view.takesFiles = true
    view.more = filePart
    if !templates.isEmpty { view.otherSubmits = [(Self.button, Self.takeTemplate, "Reprendre le modèle choisi")] }
    return """
      \(Breadcrumb([LinkedText(LettersSection.title, LettersSection.path)], current: Self.title).html)
      \(PageHeader(Self.title, sentence: sentence).html)
      \(view.refusals)\(faults["fichiers"].map { Message(.error, $0).html })\(view.html)
      """
  }

  private var sentence: String {
    let what =
      switch audience {
      case .structures: French.plural(records.count, "équipe choisie", "équipes choisies")
      case .people: French.plural(records.count, "personne choisie", "personnes choisies")
      case .organisations: French.plural(records.count, "organisation choisie", "organisations choisies")
      }
    return "\(what). Chacun reçoit un message à son seul nom, et vous répond directement. Vous verrez qui le reçoit avant l’envoi."
  }

  private var hidden: [(name: String, value: String)] {
    if isKept { return [] }
    return [
      ("sorte", audience.rawValue), ("origine", origin.rawValue),
      ("fiches", records.map { Identifier<Site>(rawValue: $0).description }.joined(separator: " ")),
    ]
  }

  private func fields(_ templates: [LetterTemplate], _ frame: Frame) -> [FormField] {
    var fields: [FormField] = []
    if audience != .people {
      let own = audience == .structures ? "Adresse de l’équipe elle-même" : "Adresse de l’organisation elle-même"
      let list: ReferenceList = audience == .structures ? .function : .organisationFunction
      let offered = frame.lists.values(of: list).map { FormField.Choice($0.code, $0.label) } + [.init(Letter.ownAddress, own)]
      fields.append(
        FormField("choix", "À qui", .ticks(offered, chosen: Set(choice)), isRequired: true, isWide: true, error: faults["choix"]))
    }
    if !templates.isEmpty {
      fields.append(
        FormField(
          "modele", "Modèle", .choice(templates.map { .init($0.id.description, $0.name) }, none: "Aucun"), isWide: true,
          help: "«\u{202F}Reprendre le modèle choisi\u{202F}», sous le texte, remplace l’objet et le texte."))
    }
    fields += [
      FormField(
        "objet", "Objet", .line(limit: LetterText.subjectLimit), value: subject, isRequired: true, isWide: true, error: faults["objet"]),
      FormField(
        "message", "Texte", .paragraph(limit: LetterText.limit), value: body, isRequired: true, isWide: true, help: Self.help,
        error: faults["message"]),
    ]
    if !files.isEmpty {
      let offered = files.map { FormField.Choice($0.digest, "\($0.name) (\(French.fileSize($0.size)))") }
      fields.append(
        FormField("pieces", "Pièces jointes gardées", .ticks(offered, chosen: Set(files.map(\.digest))), isWide: true))
    }
    if let first = fields.firstIndex(where: { $0.error != nil }) { fields[first].hasFocus = true }
    return fields
  }

  private var filePart: HTML {
    """
    <div class="champ"><label for="c-fichiers">Joindre des fichiers (facultatif)</label>\
    <input id="c-fichiers" type="file" name="fichiers" multiple aria-describedby="a-fichiers">\
    <small id="a-fichiers">\(Letter.mostFiles) au plus, \(Letter.sizeLimit / 1_000_000)\u{A0}Mo en tout\u{A0}: PDF, image, document bureautique ou \
    texte. Rien sur la santé d’un patient.</small></div>
    """
  }
}
