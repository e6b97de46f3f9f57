import Federation
import Markup
import Records
import Store
import WebSupport

/// What is left to do after an exchange: what, by when, by whom.
struct NextStepView {
  let entries: Entries
  let faults: [String: String]
  /// The identifier of the task, so that a form sent twice makes one.
  let task: String
  let accounts: [Int64: String]
  let me: Int64

  /// The field that a step cannot do without.
  static let date = "suite_date"

  var html: HTML {
    """
    <fieldset class="champ large"><legend>Prochaine étape (facultatif)</legend><input type="hidden" name="tache" value="\(task)">\
    <div class="trio"><div><label class="sr" for="c-suite">Ce qu’il reste à faire</label>\
    <input id="c-suite" name="suite" maxlength="200" value="\(entries["suite", default: ""])" placeholder="Ce qu’il reste à faire"></div>\
    <div><label class="sr" for="c-suite_date">Pour le</label>\
    <input id="c-suite_date" type="date" name="suite_date" value="\(entries["suite_date", default: ""])" \
    aria-describedby="a-suite\(fault == nil ? "" : " e-suite_date")"\(attribute: "aria-invalid", fault.map { _ in "true" })\
    \(attribute: "autofocus", if: fault != nil)></div>\
    <div><label class="sr" for="c-suite_qui">Confiée à</label>\
    <select id="c-suite_qui" name="suite_qui">\(each: people, option)</select></div></div><small id="a-suite">Ce qu’il reste à faire, avec le jour pour lequel c’est à faire.</small>\(fault.map(faultLine))</fieldset>
    """
  }

  private var fault: String? { faults[Self.date] }

  private func faultLine(_ text: String) -> HTML {
    """
    <span class="erreur" id="e-suite_date">\(text)</span>
    """
  }

  /// Oneself first.
  private var people: [(id: Int64, name: String)] {
    [(me, "Moi")] + accounts.filter { $0.key != me }.sorted { $0.value < $1.value }.map { ($0.key, $0.value) }
  }

  private func option(_ person: (id: Int64, name: String)) -> HTML {
    let value = Identifier<Account>(rawValue: person.id).description
    return """
      <option value="\(value)"\(attribute: "selected", if: value == entries["suite_qui"])>\(person.name)</option>
      """
  }
}
