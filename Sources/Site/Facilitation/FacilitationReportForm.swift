import Federation
import Markup
import Records
import Store
import Tables
import WebSupport

/// `/facilitations/…/bilan`: what came out of it, and what is left to do.
struct FacilitationReportForm {
  static let title = "Bilan de la facilitation"
  private static let steps = 1...3

  let sheet: FacilitationSheet
  /// What a write-up begins as.
  let template: String
  let sent: FormItems
  let fault: (field: String, sentence: String)?
  let frame: Frame
  let accounts: [FormField.Choice]
  /// For tasks that are not made yet.
  let newTasks: [Identifier<ToDo>]

  /// What the form asks for.
  /// - Throws: `FieldRefusal`.
  static func writeUp(_ form: FormItems, template: String) throws -> FacilitationDesk.WriteUp {
    func text(_ name: String) -> String { form[name].withoutSpacesAround }
    func number(_ name: String, in range: ClosedRange<Int>, _ sentence: String) throws -> Int? {
      guard !text(name).isEmpty else { return nil }
      guard let number = Int(text(name)), range.contains(number) else { throw FieldRefusal(name, sentence) }
      return number
    }
    let report = form["bilan"].replacing("\r\n", with: "\n")
    guard report.withoutSpacesAround != template.withoutSpacesAround else {
      throw FieldRefusal("bilan", "Le modèle est encore vide\u{A0}: écrivez quelques lignes.")
    }
    guard text("avis").count <= 2_000 else { throw FieldRefusal("avis", "2 000 caractères au plus.") }
    let asked = try steps.compactMap { number -> FacilitationDesk.WriteUp.Step? in
      let title = text("suite_\(number)")
      guard !title.isEmpty else { return nil }
      guard let id = Identifier<ToDo>(form["tache_\(number)"]), let account = Identifier<Account>(form["suite_\(number)_qui"]) else {
        throw FieldRefusal("suite_\(number)_qui", "Dites qui s’en charge.")
      }
      guard let due = try? CivilDate.reading(text("suite_\(number)_date")) else {
        throw FieldRefusal("suite_\(number)_date", "Donnez le jour pour lequel c’est à faire.")
      }
      return .init(id: id, title: title, due: due, account: account)
    }
    return FacilitationDesk.WriteUp(
      report: report, minutes: try number("duree_minutes", in: 5...1_440, "Donnez une durée de 5 à 1 440 minutes."),
      satisfaction: try number("satisfaction", in: 1...5, "Choisissez de 1 à 5."), feedback: text("avis").isEmpty ? nil : text("avis"),
      steps: asked)
  }

  func html() -> HTML {
    let link = Link.facilitation(sheet.summary.id)
    let tasks = zip(Self.steps, newTasks).map { number, new in ("tache_\(number)", sent.value("tache_\(number)") ?? new.description) }
    let view = RecordFormView(
      action: link.appending("bilan"), csrf: frame.session.csrf,
      hidden: [("version", sent.value("version") ?? String(sheet.version))] + tasks, fields: fields, submit: "Enregistrer le bilan",
      cancel: link)
    let title = FacilitationWords.title(sheet.summary.type, frame.lists)
    return """
      \(Breadcrumb([LinkedText("Facilitations", "/facilitations"), LinkedText(title, link)], current: Self.title).html)
      \(PageHeader(Self.title, sentence: "Chaque prochaine étape devient une tâche pour la personne qui s’en charge.").html)
      \(view.refusals)\(view.html)
      """
  }

  private var fields: [FormField] {
    let words = ["1, pas du tout satisfaite", "2", "3", "4", "5, très satisfaite"]
    let marks = words.map { FormField.Choice(String($0.prefix(1)), $0) }
    let minutes = sent.value("duree_minutes") ?? sheet.summary.minutes.map(String.init) ?? ""
    let satisfaction = sent.value("satisfaction") ?? sheet.satisfaction.map(String.init) ?? ""
    var fields: [FormField] = [
      FormField(
        "bilan", "Bilan", .paragraph(limit: 20_000), value: sent.value("bilan") ?? sheet.report ?? template, isRequired: true, isWide: true,
        help: "Un texte collé garde ses titres et ses listes. N’écrivez rien sur un patient."),
      FormField(
        "duree_minutes", "Durée de la rencontre", .number(5...1_440, unit: "min"), value: minutes),
      FormField(
        "satisfaction", "Satisfaction de l’équipe", .choice(marks), value: satisfaction),
      FormField(
        "avis", "Ce que l’équipe en dit", .paragraph(limit: 2_000), value: sent.value("avis") ?? sheet.feedback ?? "", isWide: true),
    ]
    for number in Self.steps {
      fields += [
        FormField("suite_\(number)", "Prochaine étape \(number)", .line(), value: sent["suite_\(number)"], isWide: true),
        FormField("suite_\(number)_qui", "Qui s’en charge", .choice(accounts, none: "Personne"), value: sent["suite_\(number)_qui"]),
        FormField("suite_\(number)_date", "Pour le", .date, value: sent["suite_\(number)_date"]),
      ]
    }
    let focus = fields.firstIndex { $0.name == fault?.field } ?? 0
    fields[focus].error = fault?.sentence
    fields[focus].hasFocus = true
    return fields
  }
}
