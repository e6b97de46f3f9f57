import Federation
import Markup
import Records
import Store
import WebSupport

/// `/premiers-contacts/…/equipe`: the team that a first contact becomes, filled in beforehand.
struct ConversionPage {
  static let title = "En faire une équipe"

  let sheet: FirstContactSheet
  /// Whoever may follow the new team.
  let follower: String?
  /// So that the form sent twice makes one team.
  let conversion: String
  let sent: FormItems
  let fault: (field: String, sentence: String)?
  let csrf: String
  let lists: ReferenceLists

  private static let newPerson = "nouvelle"
  private static let nobody = "aucune"
  private static let unfollowed = "non"

  /// What the form asks for.
  /// - Throws: `FieldRefusal`.
  static func order(_ form: FormItems) throws -> FirstContactDesk.Order {
    func text(_ field: String) -> String { form[field].split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    let person: FirstContactDesk.Order.Who =
      switch form["personne"] {
      case nobody: .nobody
      case newPerson, "": .new
      default: .known(form["personne"])
      }
    guard text("structure").isEmpty else { return .init(team: .known(text("structure")), person: person) }
    guard let type = StructureType(rawValue: form["type"]) else { throw FieldRefusal("type", "Choisissez le type de l’équipe.") }
    return .init(team: .new(name: text("nom"), type: type), person: person, isFollowed: form["suivi"] != unfollowed)
  }

  func html() -> HTML {
    let link = Link.firstContact(sheet.summary.id)
    let view = RecordFormView(
      action: link.appending("equipe"), csrf: csrf, hidden: [("conversion", conversion)], fields: fields, submit: "Créer l’équipe",
      cancel: link)
    return """
      \(Breadcrumb([LinkedText("Premiers contacts", "/premiers-contacts"), LinkedText(sheet.summary.name, link)], current: Self.title).html)
      \(PageHeader(Self.title, sentence: "L’équipe, la personne et leur premier échange sont créés d’un coup, et liés à ce premier contact. Tout s’annule.").html)
      \(view.refusals)\(view.html)
      """
  }

  private var fields: [FormField] {
    let types = StructureType.allCases.filter { $0 != .isole }.map { FormField.Choice($0.rawValue, lists.label($0)) }
    let known = sheet.teams.map { FormField.Choice($0.reference, "\($0.name) (\($0.reference))") }
    var fields = [
      FormField(
        "nom", "Nom de l’équipe", .line(), value: sent.value("nom") ?? name, isRequired: true, isWide: true,
        help: "Un nom de travail suffit\u{A0}: il se corrige quand l’équipe a trouvé le sien."),
      FormField("type", "Type", .segments(types), value: sent.value("type") ?? StructureType.msp.rawValue, isRequired: true),
      FormField("personne", "Personne", .choice(people), value: sent.value("personne") ?? likely, isRequired: true),
      FormField(
        "structure", "Ou bien une équipe déjà connue", .completed(.init(known, source: "/suggestions/structures")),
        value: sent["structure"],
        isWide: true, help: "Si vous la choisissez, aucune équipe n’est créée\u{A0}: le premier contact est rattaché à celle-ci."),
    ]
    if let follower {
      let choices = [FormField.Choice("oui", follower), .init(Self.unfollowed, "Personne pour l’instant")]
      fields.insert(
        FormField("suivi", "Nouvelle équipe suivie par", .segments(choices), value: sent.value("suivi") ?? "oui", isRequired: true), at: 3)
    }
    if let index = fields.firstIndex(where: { $0.name == fault?.field }) {
      fields[index].error = fault?.sentence
      fields[index].hasFocus = true
    }
    return fields
  }

  private var name: String { "Équipe en projet (\(sheet.summary.commune ?? sheet.summary.name))" }

  private var people: [FormField.Choice] {
    let known = sheet.people.map { person in
      FormField.Choice(
        person.reference, "\(person.name), \(person.hasSameEmail ? "même adresse" : "même nom"), déjà dans l’annuaire (\(person.reference))"
      )
    }
    return known + [.init(Self.newPerson, "\(sheet.summary.name), nouvelle fiche"), .init(Self.nobody, "Aucune fiche de personne")]
  }

  /// Two people may bear one name; an address is one's own.
  private var likely: String { sheet.people.first { $0.hasSameEmail }?.reference ?? Self.newPerson }
}
