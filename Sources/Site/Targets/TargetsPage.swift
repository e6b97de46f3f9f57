import Federation
import Markup
import Records
import Store
import Tables
import WebSupport

/// The targets as they stand on a day, with a bar each; every number opens the structures that it counts.
struct TargetsPage: Sendable {
  let progress: [TargetProgress]
  let day: CivilDate
  let frame: Frame
  let warning: String?
  let years: [Tabs.Tab]
  /// What of the address says the day, for the files.
  let asked: [(name: String, value: String)]

  static let title = "Cibles"

  var warnings: [Message] { warning.map { [Message(.warning, $0)] } ?? [] }

  private var writes: Bool { frame.session.account.role.scope(.write, .figures) != .none }

  private var when: String { day == frame.today ? "Aujourd’hui" : "Au \(French.day(day.description))" }

  var html: HTML {
    let adding = PageAction("Ajouter une cible", .add, "/cibles/nouveau", isPrincipal: true)
    let files = TableFileFormat.allCases.map { format in
      PageAction(
        "Exporter (.\(format.rawValue))", .download,
        Link(Link(ownPath: "/cibles.\(format.rawValue)") ?? "/cibles", query: asked.map { ($0.name, $0.value) }))
    }
    let empty = EmptyState(
      "Aucune cible pour l’instant",
      "Une cible dit combien de structures la fédération veut voir ouvertes, ou quelle part de la région couverte, et pour quand.",
      action: writes ? LinkedText("Ajouter une cible", "/cibles/nouveau") : nil)
    return """
      \(PageHeader(Self.title, sentence: sentence, actions: (progress.isEmpty ? [] : files) + (writes ? [adding] : [])).html)
      \(Tabs("Années", years).html)
      \(progress.isEmpty ? empty.html : "\(table)<p class=\"note\">\(definition)</p>")
      """
  }

  private var sentence: String {
    guard !progress.isEmpty else { return "Ce que la fédération veut atteindre, et où elle en est." }
    let reached = progress.count { $0.missing == 0 }
    let late = progress.count(where: isLate)
    let parts = [
      French.plural(progress.count, "cible", "cibles"), French.plural(reached, "atteinte", "atteintes"),
      late == 0 ? nil : French.plural(late, "échue sans l’être", "échues sans l’être"),
    ].compactMap(\.self)
    return "\(when)\u{A0}: \(parts.joined(separator: ", "))."
  }

  /// Of what nobody knows, nobody says that it is late.
  private func isLate(_ progress: TargetProgress) -> Bool { (progress.missing ?? 0) > 0 && progress.target.due < day }

  private var late: HTML { "<br>\(Badge.state("Échue", .attention))" }

  /// What the federation calls open on the day is a setting of its own.
  private var definition: String {
    let open = (progress.first?.openSituations ?? []).map { "«\u{202F}\(frame.lists.label(of: $0, in: Situation.list))\u{202F}»" }
    let situations = (open.count < 2 ? open : [open.dropLast().joined(separator: ", "), open[open.count - 1]]).joined(separator: " ou ")
    return """
      Ouvertes\u{A0}: situation \(situations). En projet\u{A0}: les autres. Une équipe en pause reste où elle \
      était\u{202F}; les fermées ne comptent pas. Le trait clair d’une barre montre les projets. Couverture\u{A0}: habitants ou communes \
      qu’au moins une CPTS revendique, chacun compté une fois. \(frame.settings.coverageBasis(on: day))
      """
  }

  var table: HTML {
    DataTable(
      "\(Self.title), \(when.lowercased())",
      columns: [
        .init("Cible"), .init(when, class: "n"), .init("En projet", class: "n p2"), .init("Visé", class: "n p2"),
        .init("Il manque", class: "n"), .init("Pour le", class: "n p2"),
      ], rows: progress.map(row)
    ).html
  }

  private func row(_ progress: TargetProgress) -> HTML {
    let target = progress.target
    let name = LinkedText(target.label, writes ? Self.edit(target) : nil)
    let plans =
      progress.planned.map { LinkedText($0.value, link($0)).html }
      ?? "<span aria-hidden=\"true\">–</span><span class=\"sr\">sans objet</span>"
    return """
      <tr><th scope="row">\(name.html)<small>\(target.scope(frame.lists))</small>\(Self.bar(progress))\
      <small class="repli">\(fold(progress))</small></th>\
      <td class="n">\(LinkedText(progress.present.value, link(progress.present)).html)\(parts(progress))</td><td class="n p2">\(plans)</td>\
      <td class="n p2">\(Self.amount(target.goal, target.measure, isGrowth: target.measure == .growth))</td>\
      <td class="n">\(Self.missing(progress))\(isLate(progress) ? late : .empty)</td><td class="n p2">\(French.day(target.due.description))</td></tr>

      """
  }

  private static func edit(_ target: Target) -> Link { Link("/cibles").appending(target.id.description).appending("modifier") }

  private func link(_ count: TargetProgress.Count) -> Link? {
    if let list = frame.records(count.query) { return list }
    guard frame.session.account.role.areas.contains(.figures) else { return nil }
    // Who does not open the list reads the figure: it says which part of the area is covered.
    let filters = count.query.filters.map { ($0.dimension, $0.value) }
    return Link(
      "/chiffres",
      query: [("chiffre", count.query.figure.id), ("par", "departement"), ("date", count.query.period.through.description)] + filters)
  }

  /// Of those that are open or planned, how many are open; of a growth, what it is.
  private func parts(_ progress: TargetProgress) -> HTML {
    switch progress.target.measure {
    case .openAndPlanned:
      guard let open = progress.open, let number = open.value.value else { return .empty }
      return "<br><small>dont \(LinkedText(open.value, link(open)).html) \(number < 2 ? "ouverte" : "ouvertes")</small>"
    case .growth: return "<br><small>\(base(progress))</small>"
    default: return .empty
    }
  }

  private func base(_ progress: TargetProgress) -> HTML {
    guard let day = progress.target.baseDate else { return .empty }
    guard progress.reached != nil else { return "\(French.unknown) depuis le \(French.day(day.description))" }
    let change = Self.reached(progress)
    let start =
      progress.countedBase.map { LinkedText($0.value, link($0)).html }
      ?? HTML(text: progress.target.base.map { Self.amount($0, progress.target.measure) } ?? French.unknown)
    return "\(change) depuis \(start) au \(French.day(day.description))"
  }

  /// On a narrow screen, what its columns do not say.
  private func fold(_ progress: TargetProgress) -> HTML {
    let plans: HTML = progress.planned.map { "\(LinkedText($0.value, link($0)).html) en projet, " } ?? .empty
    let goal = Self.amount(progress.target.goal, progress.target.measure, isGrowth: progress.target.measure == .growth)
    return "visé\u{A0}: \(goal), \(plans)pour le \(French.day(progress.target.due.description))"
  }

  private static func missing(_ progress: TargetProgress) -> HTML {
    guard let missing = progress.missing else { return HTML(text: French.unknown) }
    if missing == 0 { return Badge.state("Atteinte", .good) }
    let measure = progress.target.measure
    let withPlans: HTML =
      switch progress.missingWithPlans {
      case nil: .empty
      case 0: "<br><small>rien avec les projets</small>"
      case .some(missing): .empty
      case .some(let left): "<br><small>\(amount(left, measure)) avec les projets</small>"
      }
    return "\(amount(missing, measure))\(withPlans)"
  }

  /// Tenths of a structure or of a percent.
  static func amount(_ tenths: Int, _ measure: TargetMeasure, isGrowth: Bool = false) -> String {
    guard !measure.isShare else { return French.percent(Double(tenths) / 1_000) }
    return isGrowth ? French.signed(tenths / 10) : French.number(tenths / 10)
  }

  /// What is compared with the goal.
  static func reached(_ progress: TargetProgress) -> String {
    let target = progress.target
    return progress.reached.map { amount($0, target.measure, isGrowth: target.measure == .growth) } ?? French.unknown
  }

  private static func bar(_ progress: TargetProgress) -> HTML {
    guard let reached = progress.reached.map({ max(0, $0) }) else { return .empty }
    let plans = max(reached, progress.reachedWithPlans ?? reached)
    // Nothing beyond the goal is drawn: the numbers say it.
    func width(_ tenths: Int) -> Int { progress.target.goal == 0 ? 100 : min(100, tenths * 100 / progress.target.goal) }
    let (solid, light) = (width(reached), width(plans))
    let planned: HTML = light > solid ? "<rect x=\"\(solid)\" width=\"\(light - solid)\" height=\"8\" fill-opacity=\"0.35\"/>" : .empty
    return """
      <svg class="jauge" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="\(solid)" height="8"/>\(planned)</svg>
      """
  }

  // MARK: - Files

  static let header = [
    "Cible", "Mesure", "Type", "Zone", "Date", "Valeur", "Ouvertes", "En projet", "Visé", "Il manque", "Échéance", "Source", "Commentaire",
  ]

  var lines: [[XLSX.Cell]] {
    progress.map { progress in
      let (target, isShare) = (progress.target, progress.target.measure.isShare)
      func cell(_ tenths: Int?) -> XLSX.Cell {
        tenths.map { isShare ? .decimal(Double($0) / 10) : .integer($0 / 10) } ?? .text("")
      }
      return [
        .text(target.label), .text(frame.lists.label(target.measure)), XLSX.Cell(target.type.map { frame.lists.label($0) }),
        .text(target.area?.name ?? "Toute la région"), .date(day.description), cell(progress.reached),
        XLSX.Cell(progress.open?.value.value), XLSX.Cell(progress.planned?.value.value), cell(target.goal), cell(progress.missing),
        .date(target.due.description), XLSX.Cell(target.source), XLSX.Cell(target.note),
      ]
    }
  }
}
