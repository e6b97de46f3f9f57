import Records
import Store

/// The plan that a report begins with: the chapters that reports of federations have, of which the program holds the facts (REP-02).
struct DefaultOutline {
  private let hasCoverage: Bool
  private let hasHeadcounts: Bool
  private let hasTargets: Bool
  private let hasProgrammes: Bool
  private let hasFacilitations: Bool
  private let hasHours: Bool
  /// By name.
  private let territories: [(code: String, name: String)]

  init(_ connection: any Connection) throws {
    hasCoverage = try connection.first("SELECT 1 FROM coverage_claim LIMIT 1") != nil
    hasTargets = try connection.first("SELECT 1 FROM target WHERE removed_at IS NULL LIMIT 1") != nil
    hasProgrammes = try connection.first("SELECT 1 FROM support_programme WHERE removed_at IS NULL LIMIT 1") != nil
    hasFacilitations = try connection.first("SELECT 1 FROM facilitation WHERE removed_at IS NULL LIMIT 1") != nil
    hasHours = try connection.first("SELECT 1 FROM volunteer_hours WHERE removed_at IS NULL LIMIT 1") != nil
    territories = try connection.rows("SELECT code, name FROM territory ORDER BY name, code").map { (try $0[0], try $0[1]) }
    hasHeadcounts = try connection.first("SELECT 1 FROM headcount WHERE removed_at IS NULL LIMIT 1") != nil
  }

  /// The blocks in their order, without year and rank.
  var blocks: [ReportBlockRecords.Draft] {
    opening + dates + teams + (hasCoverage ? coverage : []) + support + (hasFacilitations ? facilitation : [])
      + (territories.count > 1 ? ofTerritories : []) + closing
  }

  private var opening: [ReportBlockRecords.Draft] {
    [
      chapter("Éditorial", isEssential: true), text("Le mot de la présidence"), chapter("Chiffres clés", isEssential: true),
      figures([
        "structures.count", "structures.professionals", "support.structures", "contacts.count", "contacts.new_structures",
        "contacts.minutes",
      ]),
    ]
  }

  private var dates: [ReportBlockRecords.Draft] {
    var line = text("Les temps forts de l’année")
    line.nature = .timeline
    return [chapter("L’année en dates"), line]
  }

  private var teams: [ReportBlockRecords.Draft] {
    let professions = chart("Les professionnels par profession", "professionals.by_profession", by: "profession", .bars)
    return [
      chapter("Les équipes de la région"), text("L’année des équipes"),
      chart("Les structures par type", "structures.count", by: "type", .years),
      chart("Les structures par département", "structures.count", by: "departement", .map),
    ] + (hasHeadcounts ? [professions] : [])
  }

  private var coverage: [ReportBlockRecords.Draft] {
    [
      chapter("Le territoire couvert"), figures(["coverage.communes_share", "coverage.population_share"], isEssential: false),
      text("Où vont les projets"),
    ]
  }

  private var support: [ReportBlockRecords.Draft] {
    var quote = text(nil)
    quote.nature = .quote
    return [
      chapter("L’accompagnement"), text("Ce que nous avons fait avec les équipes"),
      chart("Les échanges par canal", "contacts.count", by: "canal", .years),
      chart("De quoi les équipes ont parlé", "contacts.count", by: "theme", .bars),
    ] + (hasProgrammes ? programmes : []) + [quote]
  }

  private var programmes: [ReportBlockRecords.Draft] {
    [
      text("Les programmes d’accompagnement"),
      figures(
        ["programmes.running", "programmes.structures", "programmes.workshops", "programmes.minutes", "programmes.participations"],
        isEssential: false),
    ]
  }

  private var facilitation: [ReportBlockRecords.Draft] {
    [
      chapter("La facilitation"), text("Des pairs auprès des équipes"),
      figures(["facilitations.count", "facilitations.structures"] + (hasHours ? ["volunteers.hours"] : []), isEssential: false),
      chart("Les facilitations par famille", "facilitations.count", by: "famille", .bars),
      chart("Les facilitations d’une année à l’autre", "facilitations.count", by: "pour", .years),
      chart("À quel moment les équipes sont aidées", "facilitations.count", by: "phase", .bars),
    ]
  }

  /// What was done in each of them, in sentences whose numbers are made; who drafts goes on from there.
  private var ofTerritories: [ReportBlockRecords.Draft] {
    [chapter("Les territoires")]
      + territories.map { territory in
        func number(_ figure: String, _ aspect: String = "") -> String { "[[\(figure)|territoire=\(territory.code)\(aspect)]]" }
        var block = text(territory.name)
        block.text = """
          **\(number("structures.count")) équipes** y sont suivies, dont \(number("support.structures")) accompagnées dans l’année : \
          \(number("contacts.count")) échanges (\(number("contacts.count", "|avant")) l’année précédente)\
          \(hasFacilitations ? ", \(number("facilitations.count")) facilitations pour \(number("facilitations.structures")) équipes" : "").
          """
        return block
      } + (hasFacilitations ? [chart("Les facilitations par territoire", "facilitations.count", by: "territoire", .years)] : [])
  }

  private var closing: [ReportBlockRecords.Draft] {
    var people = text("Qui est qui")
    people.nature = .people
    return [
      chapter("La vie de la fédération"), text("L’association et son équipe"), people, chapter("L’année qui vient"), text("Nos priorités"),
    ] + (hasTargets ? [ReportBlockRecords.Draft(nature: .targets, title: "Nos cibles")] : [])
  }

  private func chapter(_ title: String, isEssential: Bool = false) -> ReportBlockRecords.Draft {
    ReportBlockRecords.Draft(nature: .chapter, title: title, isEssential: isEssential)
  }

  private func text(_ title: String?) -> ReportBlockRecords.Draft { ReportBlockRecords.Draft(nature: .text, title: title) }

  private func figures(_ ids: [String], isEssential: Bool = true) -> ReportBlockRecords.Draft {
    ReportBlockRecords.Draft(nature: .figures, figures: ids.joined(separator: "|"), isEssential: isEssential)
  }

  private func chart(_ title: String, _ figure: String, by dimension: String, _ form: ChartForm) -> ReportBlockRecords.Draft {
    ReportBlockRecords.Draft(nature: .chart, title: title, figures: figure, dimension: dimension, form: form)
  }
}
