import Federation
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/comptes-rendus/…/decision`: a decision, with what follows from it.
struct DecisionForm {
  static let title = "Ajouter une décision"

  let meeting: MeetingSheet
  /// So that the form sent twice makes one decision.
  let decision: String
  let sent: FormItems
  let fault: (field: String, sentence: String)?
  let csrf: String
  /// Who may be in charge, by the account's identifier.
  let accounts: [FormField.Choice]
  /// The first teams, for browsers without JavaScript.
  let teams: [FormField.Choice]

  private static func typedTeams(_ form: FormItems) -> [String] {
    let typed = form[FormField.typedName("structures")].split { $0 == "," || $0 == ";" || $0 == "|" }.map(\.withoutSpacesAround)
    return (form.all("structures") + typed).filter { !$0.isEmpty }
  }

  /// What the form asks for.
  /// - Throws: `FieldRefusal`.
  static func order(_ form: FormItems) throws -> MeetingDesk.Order {
    let due = form["echeance"].withoutSpacesAround
    var task: (account: Identifier<Account>, due: CivilDate)?
    if let account = Identifier<Account>(form["responsable"]) {
      guard !due.isEmpty else { throw FieldRefusal("echeance", "Donnez le jour pour lequel c’est à faire.") }
      do { task = (account, try CivilDate.reading(due)) } catch { throw FieldRefusal("echeance", "Ce jour n’existe pas.") }
    } else if !due.isEmpty {
      throw FieldRefusal("responsable", "Dites qui s’en charge pour ce jour.")
    }
    return MeetingDesk.Order(body: form["texte"], teams: typedTeams(form), task: task)
  }

  func html() -> HTML {
    let link = Link.meeting(meeting.id)
    let view = RecordFormView(
      action: link.appending("decision"), csrf: csrf, hidden: [("decision", decision)], fields: fields, submit: "Enregistrer la décision",
      cancel: link)
    return """
      \(Breadcrumb([LinkedText("Comptes rendus", "/comptes-rendus"), LinkedText(meeting.title, link)], current: Self.title).html)
      \(PageHeader(Self.title, sentence: "Avec quelqu’un qui s’en charge, elle devient une tâche ; avec une équipe, elle s’inscrit dans son fil d’activité.").html)
      \(view.refusals)\(view.html)
      """
  }

  private var fields: [FormField] {
    let chosen = Self.typedTeams(sent).map { text in teams.first { $0.value == text } ?? FormField.Choice(text, text) }
    var fields = [
      FormField("texte", "Décision", .paragraph(limit: 2_000), value: sent["texte"], isRequired: true, isWide: true),
      FormField("responsable", "Qui s’en charge", .choice(accounts, none: "Personne : c’est une note"), value: sent["responsable"]),
      FormField("echeance", "Pour le", .date, value: sent["echeance"]),
      FormField(
        "structures", "Équipes concernées", .tokens(chosen, .init(teams, source: "/suggestions/structures")), isWide: true,
        help: "La décision s’inscrit dans le fil d’activité de chacune."),
    ]
    let focus = fields.firstIndex { $0.name == fault?.field } ?? 0
    fields[focus].error = fault?.sentence
    fields[focus].hasFocus = true
    return fields
  }
}
