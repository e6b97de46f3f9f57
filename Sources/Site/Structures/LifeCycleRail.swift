import Markup
import WebSupport

/// The way of a team from first contact to opening, with the dated marks that go beside it: ACI, SISA, real estate.
struct LifeCycleRail: Sendable {
  struct Step: Sendable {
    enum Progress: Sendable {
      case done, current, toCome
    }

    var label: String
    var progress: Progress
    /// ISO text: when the step was reached.
    var date: String?
    var note: String?
  }

  /// A dated state that the rail does not hold, such as « ACI signé ».
  struct Mark: Sendable {
    var label: String
    /// ISO text.
    var date: String?
  }

  var steps: [Step]
  var marks: [Mark] = []

  var html: HTML {
    """
    <section class="carte pile" aria-labelledby="t-parcours"><h2 class="sr" id="t-parcours">Parcours de l’équipe</h2>
    <ol class="parcours">\(each: steps, step)</ol>\(markList)</section>
    """
  }

  private func step(_ step: Step) -> HTML {
    """
    <li\(attribute: "class", step.progress == .done ? "fait" : nil)\
    \(attribute: "aria-current", step.progress == .current ? "step" : nil)><b>\(step.label)</b>\(when(step))</li>
    """
  }

  private func when(_ step: Step) -> String {
    if let note = step.note { return note }
    switch (step.progress, step.date) {
    case (.done, let date): return date.map(French.day) ?? French.unknown
    case (.current, let date?): return "depuis le \(French.day(date))"
    case (.current, nil): return "en cours"
    case (.toCome, let date): return date.map { "prévu le \(French.day($0))" } ?? "à venir"
    }
  }

  private var markList: HTML {
    if marks.isEmpty { return .empty }
    return """
      <ul class="rangee" aria-label="Jalons">\(each: marks, mark)</ul>
      """
  }

  private func mark(_ mark: Mark) -> HTML {
    """
    <li class="jeton ok">\(mark.label)\(mark.date.map { ", \(French.day($0))" } ?? "")</li>
    """
  }
}
