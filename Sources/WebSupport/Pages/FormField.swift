import Markup

/// One field of a form: its label, its control, what helps to fill it in and why it was refused.
public struct FormField: Sendable {
  public struct Choice: Sendable {
    public var value: String
    public var label: String

    public init(_ value: String, _ label: String) {
      self.value = value
      self.label = label
    }
  }

  public enum Control: Sendable {
    /// - Parameter type: that of the `input`: `text`, `email`, `tel`, `url`, `time`.
    case line(type: String = "text", limit: Int = 200)
    case paragraph(limit: Int)
    case date
    /// - Parameter unit: written inside the field.
    case number(ClosedRange<Int>, unit: String? = nil)
    /// - Parameter none: what no answer means.
    case choice([Choice], none: String = "Non renseigné")
    /// Two to five short choices side by side.
    case segments([Choice])
    /// A text that is completed as one types.
    case completed(Completion)
    /// Several values, shown as tokens before a text that is completed as one types.
    case tokens([Choice], Completion)
    /// Several values, each ticked or not.
    case ticks([Choice], chosen: Set<String>)
  }

  /// Where completions come from: a list in the page, and an address to ask for more, which needs JavaScript.
  public struct Completion: Sendable {
    public var options: [Choice]
    public var source: Link?
    /// What is not offered is as good: a word is not taken for one that begins so.
    public var isFree: Bool

    public init(_ options: [Choice] = [], source: Link? = nil, isFree: Bool = false) {
      self.options = options
      self.source = source
      self.isFree = isFree
    }
  }

  public var name: String
  public var label: String
  public var control: Control
  public var value: String
  public var isRequired: Bool
  public var isWide: Bool
  public var hasFocus = false
  public var help: String?
  public var error: String?
  /// What to think of before it is saved.
  public var warning: String?

  public init(
    _ name: String, _ label: String, _ control: Control, value: String = "", isRequired: Bool = false, isWide: Bool = false,
    help: String? = nil, error: String? = nil, warning: String? = nil
  ) {
    self.name = name
    self.label = label
    self.control = control
    self.value = value
    self.isRequired = isRequired
    self.isWide = isWide
    self.help = help
    self.error = error
    self.warning = warning
  }

  /// What a form calls the text beside the tokens.
  public static func typedName(_ name: String) -> String { "\(name)_texte" }

  public var html: HTML {
    """
    <div class="champ\(isWide ? " large" : "")">\(heading)\(input)\(help.map(helpLine))\(error.map(errorLine))\(warning.map(warningLine))</div>

    """
  }

  private var id: String { "c-\(name)" }

  private var heading: HTML {
    let text: HTML = "\(label)\(isRequired ? "" : " (facultatif)")"
    if case .ticks = control {
      return """
        <span class="label" id="l-\(name)">\(text)</span>
        """
    }
    if case .segments = control {
      return """
        <span class="label" id="l-\(name)">\(text)</span>
        """
    }
    return """
      <label for="\(id)">\(text)</label>
      """
  }

  private func helpLine(_ text: String) -> HTML {
    """
    <small id="a-\(name)">\(text)</small>
    """
  }

  private func errorLine(_ text: String) -> HTML {
    """
    <span class="erreur" id="e-\(name)">\(text)</span>
    """
  }

  private func warningLine(_ text: String) -> HTML {
    """
    <span class="doute" id="d-\(name)">\(text)</span>
    """
  }

  private var input: HTML {
    switch control {
    case .line(let type, let limit):
      """
      <input id="\(id)" name="\(name)" value="\(value)" type="\(type)" maxlength="\(limit)"\(attributes: common)>
      """
    // Without a limit of the browser's own, which cuts what is pasted without a word: what is too long is refused, and kept.
    case .paragraph(let limit):
      """
      <textarea id="\(id)" name="\(name)" rows="\(limit < 20_000 ? 3 : 14)"\(attributes: common)>
      \(value)</textarea>
      """
    case .date:
      """
      <input id="\(id)" name="\(name)" value="\(value)" type="date"\(attributes: common)>
      """
    case .number(let range, let unit): number(range, unit)
    case .choice(let choices, let none):
      """
      <select id="\(id)" name="\(name)"\(attributes: common)>\(isRequired && !value.isEmpty ? .empty : option(Choice("", none)))\
      \(each: choices, option)</select>
      """
    case .segments(let choices):
      """
      <div class="segments" role="radiogroup" aria-labelledby="l-\(name)"\(attribute: "aria-describedby", description)>\
      \(each: choices, segment)</div>
      """
    case .ticks(let choices, let chosen):
      """
      <div class="coches" role="group" aria-labelledby="l-\(name)"\(attribute: "aria-describedby", description)>\
      \(hidden(Self.typedName(name)))\(each: choices, { tick($0, isOn: chosen.contains($0.value)) })\
      \(choices.isEmpty ? "<small>Les fiches n’ont rien à reprendre.</small>" : .empty)</div>
      """
    case .completed(let completion):
      """
      <input id="\(id)" name="\(name)" value="\(value)" list="o-\(name)" autocomplete="off"\
      \(attribute: "data-source", completion.source?.address)\(attributes: common)>\(options(completion))
      """
    case .tokens(let tokens, let completion):
      """
      <div class="saisie">\(each: tokens, token)\
      <input id="\(id)" name="\(Self.typedName(name))" value="\(value)" data-nom="\(name)" list="o-\(name)" autocomplete="off"\
      \(attribute: "data-source", completion.source?.address)\(attribute: "data-libre", if: completion.isFree)\(attributes: common)></div>\(options(completion))
      """
    }
  }

  private func number(_ range: ClosedRange<Int>, _ unit: String?) -> HTML {
    let input: HTML = """
      <input id="\(id)" name="\(name)" value="\(value)" type="number" inputmode="numeric" min="\(range.lowerBound)" \
      max="\(range.upperBound)"\(attributes: common)>
      """
    guard let unit else { return input }
    return """
      <span class="unite">\(input)<span>\(unit)</span></span>
      """
  }

  private var description: String? {
    let ids = [help.map { _ in "a-\(name)" }, error.map { _ in "e-\(name)" }, warning.map { _ in "d-\(name)" }].compactMap(\.self)
    return ids.isEmpty ? nil : ids.joined(separator: " ")
  }

  private var common: KeyValuePairs<StaticString, String?> {
    ["autofocus": hasFocus ? "" : nil, "aria-describedby": description, "aria-invalid": error.map { _ in "true" }]
  }

  private func option(_ choice: Choice) -> HTML {
    """
    <option value="\(choice.value)"\(attribute: "selected", if: choice.value == value)>\(choice.label)</option>
    """
  }

  private func segment(_ choice: Choice) -> HTML {
    """
    <label><input type="radio" name="\(name)" value="\(choice.value)"\(attribute: "checked", if: choice.value == value)>\
    <span>\(choice.label)</span></label>
    """
  }

  /// Says that the field was shown, whatever is ticked of it.
  private func hidden(_ name: String) -> HTML {
    """
    <input type="hidden" name="\(name)" value="">
    """
  }

  private func tick(_ choice: Choice, isOn: Bool) -> HTML {
    """
    <label><input type="checkbox" name="\(name)" value="\(choice.value)"\(attribute: "checked", if: isOn)> \(choice.label)</label>
    """
  }

  private func token(_ choice: Choice) -> HTML {
    """
    <label class="jeton"><input type="checkbox" name="\(name)" value="\(choice.value)" checked>\
    <span class="sr">Garder\u{A0}: </span>\(choice.label)</label>
    """
  }

  private func options(_ completion: Completion) -> HTML {
    """
    <datalist id="o-\(name)">\(each: completion.options, suggestion)</datalist>
    """
  }

  private func suggestion(_ choice: Choice) -> HTML {
    """
    <option value="\(choice.label)"></option>
    """
  }
}
