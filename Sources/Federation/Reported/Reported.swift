import Records
import Store

/// What a federation's report prints and of which the program keeps no records: meetings with their participants, memberships,
/// training, and any other number of the year. Their values come by the kind `series`, each with its source (REP-08).
enum Reported {
  private static let meetings = FactSet.reported(
    "reported_meetings",
    by: [
      dimension("nature", .meetingNature), dimension("sujet", .meetingTopic), .department(expression: none), .territory(expression: none),
    ])

  private static let memberships = FactSet.reported(
    "reported_memberships", by: [dimension("categorie", .membershipCategory), .department(expression: none)])

  private static let trainings = FactSet.reported(
    "reported_training", by: [dimension("promotion", .trainingCohort), .department(expression: none)])

  private static let others = FactSet.reported(
    "reported_values", by: [dimension("indicateur", .indicator), .department(expression: none)])

  /// There is no record to read it of.
  private static let none: SQL = "f.reference"

  private static func dimension(_ code: String, _ list: ReferenceList) -> Dimension { Dimension(code, expression: none, list: list) }

  private static func figure(
    _ id: String, _ label: String, _ definition: String, unit: String, scale: Int = 1, of facts: FactSet
  ) -> Figure {
    Figure(
      id, label: label,
      definition:
        "\(definition) Valeurs reprises d’un document ou d’un autre outil, avec leur source\u{A0}: Maillage n’en tient pas les fiches.",
      unit: unit, scale: scale, of: facts, .reported, recordKind: "series")
  }

  static let figures = [
    figure(
      "events.count", "Rencontres organisées", "Nombre de réunions, séminaires, journées et webinaires tenus dans l’année.",
      unit: "rencontres", of: meetings),
    figure(
      "events.participations", "Participations aux rencontres",
      "Somme des participants de chaque rencontre\u{A0}: qui vient à deux compte deux fois.", unit: "participations", of: meetings),
    figure(
      "events.structures", "Équipes représentées aux rencontres", "Nombre d’équipes dont au moins un membre est venu.",
      unit: "équipes", of: meetings),
    figure("memberships.count", "Adhésions", "Nombre d’adhérents de l’année.", unit: "adhésions", of: memberships),
    figure(
      "memberships.professionals", "Professionnels représentés", "Nombre de professionnels des équipes adhérentes.",
      unit: "professionnels", of: memberships),
    figure(
      "training.candidates", "Candidatures aux formations", "Nombre de personnes qui ont demandé à entrer dans une promotion.",
      unit: "candidatures", of: trainings),
    figure("training.enrolled", "Apprenants", "Nombre de personnes en formation dans l’année.", unit: "apprenants", of: trainings),
    figure("training.theses", "Mémoires soutenus", "Nombre de mémoires soutenus dans l’année.", unit: "mémoires", of: trainings),
    figure("training.graduates", "Diplômés", "Nombre d’apprenants diplômés dans l’année.", unit: "diplômés", of: trainings),
    figure(
      "reported.value", "Autres relevés", "Un nombre par indicateur de la fédération, dans l’unité que dit son nom.",
      unit: "unités", scale: 10, of: others),
  ]
}

extension ReferenceList {
  /// The kinds of meetings (EVT-01); a file of values may bring others, as for the lists below.
  static let meetingNature = ReferenceList(
    "meeting_nature", label: "Nature de rencontre",
    seeds: [
      Seed("journee_regionale", "Journée régionale"), Seed("rencontre_regionale", "Rencontre régionale"),
      Seed("reunion_information", "Réunion d’information"), Seed("webinaire", "Webinaire"), Seed("groupe_de_pairs", "Groupe de pairs"),
      Seed("groupe_local", "Groupe local"), Seed("seminaire_ps", "Séminaire de professionnels"),
      Seed("seminaire_coordinateurs", "Séminaire de coordinateurs"), Seed("inter_cpts", "Rencontre inter-CPTS"),
      Seed("temps_coordos", "Temps des coordos"), Seed("formation", "Formation"), Seed("visite", "Visite d’une équipe"),
    ])

  /// What a meeting was about, in the federation's own words.
  static let meetingTopic = ReferenceList("meeting_topic", label: "Sujet", seeds: [])

  static let membershipCategory = ReferenceList(
    "membership_category", label: "Catégorie d’adhésion",
    seeds: [
      Seed("msp_aci", "MSP sous ACI"), Seed("msp_fir", "MSP sous FIR"), Seed("msp_projet", "MSP en projet"), Seed("cpts", "CPTS"),
      Seed("individuel", "Professionnel à titre individuel"), Seed("associe", "Membre associé"),
    ])

  static let trainingCohort = ReferenceList("training_cohort", label: "Promotion", seeds: [])

  /// What else a federation tells of its year: visitors of its site, copies of a guide, meetings of its board.
  static let indicator = ReferenceList("indicator", label: "Indicateur", seeds: [])
}

extension Capability {
  static let reported = Capability(
    "reported", lists: [.meetingNature, .meetingTopic, .membershipCategory, .trainingCohort, .indicator], figures: Reported.figures)
}
