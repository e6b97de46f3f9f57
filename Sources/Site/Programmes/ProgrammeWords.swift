import Federation
import Markup
import Records
import Store
import WebSupport

/// What pages say of programmes.
enum ProgrammeWords {
  static func state(_ state: ProgrammeState) -> (label: String, tone: Badge.Tone) {
    switch state {
    case .ahead: ("À venir", .start)
    case .underWay: ("En cours", .underWay)
    case .over: ("Clos", .complete)
    }
  }

  static func badge(_ state: ProgrammeState) -> HTML {
    let (label, tone) = Self.state(state)
    return Badge.state(label, tone)
  }

  static func badge(_ state: EnrolmentState, _ lists: ReferenceLists) -> HTML {
    let tone: Badge.Tone =
      switch state {
      case .underWay: .underWay
      case .continued: .good
      case .ended: .complete
      case .abandoned: .ended
      }
    return Badge.state(lists.label(state), tone)
  }

  /// « Séance 2 : Diagnostic »
  static func title(_ workshop: WorkshopSummary) -> String {
    let number = workshop.number.map { "Séance \($0)" } ?? "Séance"
    return workshop.topic.map { "\(number)\u{A0}: \($0)" } ?? number
  }

  static func badge(_ workshop: WorkshopSummary, on today: CivilDate) -> HTML {
    workshop.isHeld
      ? Badge.state("Tenue", .complete)
      : workshop.date < today ? Badge.state("Présents à noter", .attention) : Badge.state("À venir", .start)
  }

  /// On a team's page: those in which it takes part.
  static func card(_ sheet: StructureSheet, writes: Bool, _ frame: Frame) -> HTML {
    let enrolments = sheet.programmes.filter { $0.moment == .enrolment }
    guard writes || !enrolments.isEmpty else { return .empty }
    let rows: [HTML] = enrolments.map { enrolment in
      let days = enrolment.left.map { "du \(French.day(enrolment.date.description)) au \(French.day($0.description))" }
      let words = [days ?? "depuis le \(French.day(enrolment.date.description))", enrolment.words].compactMap(\.self).joined(
        separator: ", ")
      return """
        <li><div class="corps"><a href="\(Link.programme(enrolment.programme))">\(enrolment.name)</a><small>\(words)</small></div>\
        <div class="fin">\(enrolment.state.map { badge($0, frame.lists) } ?? .empty)</div></li>

        """
    }
    let content: HTML = rows.isEmpty ? "<p class=\"note\">Aucun pour l’instant.</p>" : "<ul class=\"liste\">\(rows)</ul>"
    let adding = PageAction("Inscrire", .add, Link("/inscriptions/nouveau", query: [("structure", sheet.reference)]), isSmall: true)
    return Card("programmes", "Programmes", aside: writes ? adding.button : .empty, content).html
  }

  /// On a team's timeline.
  static func entries(_ moments: [TeamProgramme], _ lists: ReferenceLists) -> [Timeline.Entry] {
    moments.map { moment in
      let title =
        switch moment.moment {
        case .enrolment: moment.name
        case .workshop: moment.words ?? moment.name
        case .step: moment.words ?? moment.name
        }
      let text =
        switch moment.moment {
        case .enrolment: "Entrée dans un programme"
        case .workshop: "Séance de « \(moment.name) »"
        case .step: "Étape de « \(moment.name) »"
        }
      return Timeline.Entry(
        date: moment.date.description, icon: .training, tone: .green, title: title, link: .programme(moment.programme),
        text: French.typeset(text), badge: moment.state.map { badge($0, lists) })
    }
  }

  /// On the page of the day: what has to be got ready, and of what it is not known who was there.
  static func comingCard(_ workshops: [WorkshopSummary], today: CivilDate) -> HTML {
    guard !workshops.isEmpty else { return .empty }
    let items: [HTML] = workshops.map { workshop in
      let when = [French.day(workshop.date.description), workshop.time.map { $0.replacing(":", with: "\u{A0}h\u{A0}") }].compactMap(\.self)
      return """
        <li><div class="corps"><a class="titre" href="\(Link.programme(workshop.programme.id))">\(title(workshop))</a>\
        <small>\((when + [workshop.programme.name]).joined(separator: ", "))</small></div>\
        <div class="fin">\(badge(workshop, on: today))</div></li>

        """
    }
    return Card("seances", "Séances de programme", aside: LinkedText("Programmes", "/programmes").html, "<ul class=\"liste\">\(items)</ul>")
      .html
  }
}

extension Link {
  static func programme(_ id: Identifier<SupportProgramme>) -> Link { "/programmes/\(id.description)" }
  /// Leads to its programme.
  static func enrolment(_ id: Identifier<ProgrammeEnrolment>) -> Link { "/inscriptions/\(id.description)" }
  /// Leads to its programme.
  static func workshop(_ id: Identifier<Workshop>) -> Link { "/seances-programme/\(id.description)" }
}
