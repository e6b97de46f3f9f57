import Federation
import Markup
import Records
import Store
import WebSupport

/// `/relectures/…`: a health project that is re-read, its versions and what is said of its sections.
struct ReadingPage {
  let sheet: ReadingSheet
  let frame: Frame
  let writes: Bool

  private var summary: ReadingSummary { sheet.summary }
  private var lists: ReferenceLists { frame.lists }
  private var csrf: String { frame.session.csrf }
  var title: String { "Relecture\u{A0}: \(summary.team.name)" }

  func html(_ actions: [PageAction]) -> HTML {
    let noting = PageAction("Noter une remarque", .add, newRemark, isPrincipal: summary.state.isOpen)
    return """
      \(Breadcrumb([LinkedText("Relectures", "/relectures")], current: summary.team.name).html)
      \(PageHeader(title, detail: detail, actions: (writes ? [noting] : []) + actions).html)
      \(writes ? steps : .empty)
      <div class="duo"><div class="pile">\(remarks)</div>\
      <div class="pile">\(documents)\(Card("fiche", "Fiche", Facts(facts).html).html)</div></div>
      """
  }

  private var newRemark: Link {
    let last = sheet.documents.last { !$0.isRemoved }.map { [("version_lue", String($0.number))] } ?? []
    return Link("/remarques-relecture/nouveau", query: [("relecture", summary.reference)] + last)
  }

  private var detail: HTML {
    """
    <div class="rangee">\(ReadingWords.badge(summary.state, isLate: summary.isLate(on: frame.today), lists))\
    <small>À rendre avant le \(French.fullDay(summary.due.description))</small></div>
    """
  }

  /// What comes next, and the way back.
  private var steps: HTML {
    let ways: [(label: String, state: ReadingState)] =
      switch summary.state {
      case .requested: [("Commencer la relecture", .underWay)]
      case .underWay: [("Rendre la relecture", .rendered)]
      case .rendered: [("Clore", .closed), ("Reprendre la relecture", .underWay)]
      case .closed: [("Reprendre la relecture", .underWay)]
      }
    let buttons = ways.map { way in
      PostButton(
        way.label, action: Link.reading(summary.id).appending("avancement"), csrf: csrf, hidden: [("etat", way.state.rawValue)]
      ).html
    }
    return "<div class=\"rangee\">\(buttons)</div>"
  }

  private var facts: [Facts.Fact] {
    var facts: [Facts.Fact] = [
      .init("Équipe", summary.team.name, .structure(summary.team.id)), .init("Relecteurs", summary.readers ?? "Personne"),
      .init("Demandée le", French.fullDay(summary.requestedOn.description)),
      .init("À rendre avant le", French.fullDay(summary.due.description)),
      .init("Commission", ReadingWords.sitting(summary, lists) ?? "Sans dossier de commission", summary.sitting.map { .sitting($0.id) }),
    ]
    if let rendered = summary.renderedOn { facts.append(.init("Rendue le", French.fullDay(rendered.description))) }
    if let note = sheet.note { facts.append(.init("Note", note)) }
    return facts + [.init("Référence", summary.reference)]
  }

  // MARK: - Versions

  /// The latest first. One that was taken off keeps its number, and its place in the bin.
  private var documents: HTML {
    AttachmentCard(
      title: "Versions du projet",
      files: sheet.documents.filter { !$0.isRemoved }.reversed().map { document in
        let note = [document.name, French.fileSize(document.size), document.author ?? "", frame.moment(document.addedAt)]
        return AttachmentCard.File(
          name: "Version \(document.number)", link: .attachment(document.id), isShown: FileType(named: document.name)?.isShown == true,
          note: note.filter { !$0.isEmpty }.joined(separator: ", "))
      }, action: writes ? .attachments(of: summary.id.rawValue, kind: "relectures") : nil, csrf: csrf
    ).html
  }

  // MARK: - Remarks

  private var remarks: HTML {
    guard !sheet.remarks.isEmpty else {
      return Card("remarques", "Remarques", "<p class=\"note\">Aucune remarque pour l’instant.</p>").html
    }
    let sections = lists.values(of: .projectSection).map(\.code)
    let known = Set(sections)
    let order = sections + Set(sheet.remarks.map(\.section)).filter { !known.contains($0) }.sorted()
    let parts: [HTML] = order.compactMap { section -> HTML? in
      let own = sheet.remarks.filter { $0.section == section }
      return own.isEmpty
        ? nil : "<h3>\(lists.label(of: section, in: .projectSection))</h3><ul class=\"liste\">\(each: own, remark)</ul>"
    }
    return Card("remarques", ReadingWords.remarks(summary), "\(parts)").html
  }

  private func remark(_ remark: ReadingSheet.Remark) -> HTML {
    let words = [
      remark.document.map { "Version \($0)" }, remark.author, remark.resolvedOn.map { "réglée le \(French.day($0.description))" },
    ]
    let page = Link.remark(remark.id)
    let button = PostButton(
      remark.resolvedOn == nil ? "Régler" : "Reprendre", action: page.appending("reglee"), csrf: csrf,
      hidden: [("reglee", remark.resolvedOn == nil ? "oui" : "non")])
    let tools: HTML =
      writes
      ? """
      <div class="rangee">\(button.html) <a href="\(page.appending("modifier"))">Modifier<span class="sr"> la remarque</span></a> \
      <a href="\(page.appending("historique"))">Historique<span class="sr"> de la remarque</span></a></div>
      """ : .empty
    return """
      <li id="m\(remark.id.description)"><div class="corps"><p class="recit texte">\(remark.body)</p>\
      <small>\(words.compactMap(\.self).joined(separator: ", "))</small>\(tools)</div>\
      <div class="fin">\(remark.resolvedOn == nil ? Badge.state("À traiter", .attention) : Badge.state("Réglée", .complete))</div></li>

      """
  }
}

/// What pages say of re-readings.
enum ReadingWords {
  static func badge(_ state: ReadingState, isLate: Bool, _ lists: ReferenceLists) -> HTML {
    let tone: Badge.Tone =
      switch state {
      case .requested: .start
      case .underWay: .underWay
      case .rendered: .complete
      case .closed: .ended
      }
    return "\(Badge.state(lists.label(state), tone))\(isLate ? " \(Badge.state("En retard", .attention))" : .empty)"
  }

  /// « 3 remarques, dont 2 à traiter »
  static func remarks(_ row: ReadingSummary) -> String {
    guard row.remarks.all > 0 else { return "Sans remarque" }
    let all = French.plural(row.remarks.all, "remarque", "remarques")
    return row.remarks.open == 0
      ? "\(all), \(row.remarks.all < 2 ? "réglée" : "toutes réglées")" : "\(all), dont \(row.remarks.open) à traiter"
  }

  /// « ECD du 12 mars 2026 »
  static func sitting(_ row: ReadingSummary, _ lists: ReferenceLists) -> String? {
    row.sitting.map { "\(lists.label(of: $0.commission, in: .commission)) du \(French.day($0.date.description))" }
  }

  /// On a team's page.
  static func card(_ sheet: StructureSheet, _ frame: Frame) -> HTML {
    let role = frame.session.account.role
    guard role.scope(.read, .readings) == .all else { return .empty }
    let rows: [HTML] = sheet.readings.map { reading in
      let words =
        reading.renderedOn.map { "Rendue le \(French.day($0.description))" } ?? "À rendre avant le \(French.day(reading.due.description))"
      return """
        <li><div class="corps"><a href="\(Link.reading(reading.id))">Demandée le \(French.day(reading.requestedOn.description))</a>\
        <small>\(words)</small></div>\
        <div class="fin">\(badge(reading.state, isLate: reading.state.isOpen && reading.due < frame.today, frame.lists))</div></li>

        """
    }
    let content: HTML = rows.isEmpty ? "<p class=\"note\">Aucune pour l’instant.</p>" : "<ul class=\"liste\">\(rows)</ul>"
    let adding = PageAction("Demander", .add, Link("/relectures/nouveau", query: [("structure", sheet.reference)]), isSmall: true)
    return Card(
      "relectures", "Relectures du projet", aside: role.scope(.write, .readings) == .all ? adding.button : .empty, content
    ).html
  }

  /// On a team's timeline.
  static func entry(_ reading: TeamReading, on today: CivilDate, _ lists: ReferenceLists) -> Timeline.Entry {
    Timeline.Entry(
      date: reading.day.description, icon: .document, tone: .purple, title: "Relecture du projet de santé", link: .reading(reading.id),
      text: reading.renderedOn == nil ? "À rendre avant le \(French.day(reading.due.description))" : nil,
      badge: badge(reading.state, isLate: reading.state.isOpen && reading.due < today, lists))
  }
}

extension Link {
  static func reading(_ id: Identifier<ProjectReading>) -> Link { "/relectures/\(id.description)" }
  /// Leads to its reading.
  static func remark(_ id: Identifier<ReadingRemark>) -> Link { "/remarques-relecture/\(id.description)" }
}
