import Records

/// The files that Pipedrive exports, in English or in French. Its titles are « Record - Field »; those of linked records may stand alone.
extension ImportSource {
  static let pipedrive = [activities, notes, deals, people, organisations]

  private static let organisation = ForeignName(
    prefix: "PD-ORG-", numbers: both("organization", "organisation", ["id", "pipedrive_system_id"]),
    names: [
      "activity_organization", "activite_organisation", "note_organization", "note_organisation", "deal_organization",
      "affaire_organisation",
      "person_organization", "personne_organisation", "organization_name", "organisation_nom", "organization", "organisation",
    ])
  private static let contact = ForeignName(
    prefix: "PD-PERS-", numbers: both("person", "personne", ["id", "pipedrive_system_id"]),
    names: [
      "activity_contact_person", "activity_person", "activite_personne_a_contacter", "activite_personne", "note_person", "note_personne",
      "person_name", "personne_nom", "contact_person", "personne_a_contacter",
    ])
  private static let advice = """
    Dans Pipedrive, affichez la colonne « ID » de la liste avant de l’exporter : c’est par elle qu’un second import met les fiches à jour \
    au lieu de les répéter.
    """

  /// « organization_id », « organisation_id »…
  private static func both(_ english: String, _ french: String, _ fields: [String]) -> [String] {
    fields.flatMap { ["\(english)_\($0)", "\(french)_\($0)"] }
  }

  private static func identifier(_ english: String, _ french: String, _ prefix: String) -> SourceColumn {
    SourceColumn("reference", both(english, french, ["id", "pipedrive_system_id", "id_systeme_pipedrive"]), .reference(prefix))
  }

  // MARK: - Organisations

  private static let zip = [
    "organization_zip_postal_code_of_address", "organization_address_zip_postal_code_of_address", "organization_zip_postal_code",
    "organisation_code_postal", "organisation_code_postal_de_adresse", "organisation_adresse_code_postal",
  ]
  private static let town = [
    "organization_city_town_village_locality_of_address", "organization_address_city_town_village_locality_of_address",
    "organization_city_town_village_locality", "organization_city", "organisation_ville_agglomeration_village_localite",
    "organisation_ville_agglomeration_village_localite_de_adresse", "organisation_ville",
  ]
  private static let address = ["organization_address", "organisation_adresse"]
  private static let label = [
    "organization_labels", "organization_label", "organisation_etiquettes", "organisation_etiquette", "organisation_libelle",
    "organisation_libelles",
  ]

  static let organisations = ImportSource(
    "pipedrive_organisations", "Pipedrive", "organisations", marks: [["organization_name", "organisation_nom"]], advice: advice,
    [
      Target("structures", place + [SourceColumn("type", label, meanings: teamTypes)]),
      Target(
        "organisations",
        place.map { $0.named("departement", "departements") } + [SourceColumn("nature", label)]),
    ])

  private static let place = [
    identifier("organization", "organisation", organisation.prefix), SourceColumn("nom", ["organization_name", "organisation_nom"]),
    SourceColumn("code_postal", zip), SourceColumn("commune", town), SourceColumn("adresse", address),
    SourceColumn("departement", zip + address, .department),
    SourceColumn("telephone", both("organization", "organisation", ["phone", "telephone"]), .first),
    SourceColumn("courriel", both("organization", "organisation", ["email", "e_mail", "courriel"]), .first),
    SourceColumn("site_web", both("organization", "organisation", ["website", "site_web"])),
  ]

  /// What federations call the types of teams.
  static let teamTypes = [
    "maison de sante": "msp", "maison de sante pluriprofessionnelle": "msp", "communaute professionnelle territoriale de sante": "cpts",
    "equipe de soins primaires": "esp", "esp clap": "esp_clap", "centre de sante": "cds", "professionnel isole": "isole",
  ]

  // MARK: - People

  private static let jobTitle = [
    "person_job_title", "person_title", "personne_poste", "personne_titre_du_poste", "personne_fonction", "personne_intitule_du_poste",
  ]

  static let people = ImportSource(
    "pipedrive_personnes", "Pipedrive", "personnes",
    marks: [["person_name", "personne_nom", "person_first_name", "personne_prenom"]], advice: advice,
    [
      Target(
        "personnes",
        [
          identifier("person", "personne", contact.prefix),
          SourceColumn(
            "nom", ["person_last_name", "personne_nom_de_famille", "person_name", "personne_nom"], .lastName(of: contact.names)),
          SourceColumn("prenom", ["person_first_name", "personne_prenom", "person_name", "personne_nom"], .firstName(of: contact.names)),
          SourceColumn(
            "courriel",
            [
              "person_email_work", "personne_e_mail_travail", "personne_e_mail_bureau", "person_email", "personne_e_mail",
              "person_email_home",
              "personne_e_mail_domicile",
            ], .first),
          SourceColumn(
            "telephone",
            [
              "person_phone_mobile", "personne_telephone_mobile", "person_phone_work", "personne_telephone_travail",
              "personne_telephone_bureau", "person_phone", "personne_telephone",
            ], .first),
          SourceColumn("structures", organisation.numbers + organisation.names, .team(organisation)),
        ]),
      Target(
        "fonctions", needs: ["structure", "fonction"],
        [
          SourceColumn("personne", contact.numbers, .reference(contact.prefix)),
          SourceColumn("structure", organisation.numbers + organisation.names, .team(organisation)),
          SourceColumn("fonction", jobTitle, meanings: functions),
        ]),
    ])

  /// What people write for their part in a team.
  static let functions = [
    "coordinatrice": "coordinateur", "coordonnateur": "coordinateur", "coordonnatrice": "coordinateur", "gerante": "gerant",
    "cogerante": "cogerant", "presidente": "president", "leadeuse": "leader", "referente qualite": "referent_qualite",
    "porteuse de projet": "porteur_de_projet", "porteur": "porteur_de_projet", "porteuse": "porteur_de_projet",
  ]

  // MARK: - Activities and notes

  private static let done = [
    "activity_done", "activite_terminee", "activite_termine", "activite_fait", "activite_faite", "activite_effectuee", "activity_status",
  ]

  static let activities = ImportSource(
    "pipedrive_activites", "Pipedrive", "activités", marks: [["activity_subject", "activite_sujet", "activite_objet"]], advice: advice,
    [
      Target(
        "echanges",
        keeps: (titles: done, values: ["done", "termine", "terminee", "fait", "faite", "effectuee", "oui", "yes", "1", "true", "vrai"]),
        [
          SourceColumn("date", both("activity", "activite", dueDate), .day),
          SourceColumn("canal", ["activity_type", "activite_type"], meanings: channels),
          SourceColumn("structures", organisation.numbers + organisation.names, .team(organisation)),
          SourceColumn("organisations", organisation.numbers + organisation.names, .partner(organisation)),
          SourceColumn("personnes", contact.numbers + contact.names, .person(contact)),
          SourceColumn("objet", subject, .subject(with: ["activity_note", "activite_note"])),
          SourceColumn("duree_minutes", ["activity_duration", "activite_duree"], .minutes),
          SourceColumn("auteur", owner),
          identifier("activity", "activite", "PD-ACT-"),
        ]),
      Target(
        "taches", keeps: (titles: done, values: ["to do", "a faire", "undone", "non", "no", "0", "false", "faux"]),
        [
          SourceColumn("titre", subject),
          SourceColumn("echeance", both("activity", "activite", dueDate), .day),
          SourceColumn("heure", ["activity_due_time", "activite_heure_d_echeance"]),
          SourceColumn("nature", ["activity_type", "activite_type"], meanings: natures),
          SourceColumn("structure", organisation.numbers + organisation.names, .team(organisation)),
          SourceColumn("affectee_a", owner),
          SourceColumn("note", ["activity_note", "activite_note"], .plainText),
          identifier("activity", "activite", "PD-ACT-"),
        ]),
    ])

  private static let subject = ["activity_subject", "activite_sujet", "activite_objet"]
  private static let dueDate = ["due_date", "date_d_echeance", "date_echeance", "echeance", "marked_as_done_time"]
  private static let owner = [
    "activity_assigned_to_user", "activite_attribuee_a", "activite_assignee_a", "activite_affectee_a", "activity_owner",
    "activite_proprietaire",
  ]

  /// The types of activities that both programs begin with, and those that people add.
  static let channels = [
    "call": "telephone", "appel": "telephone", "appel telephonique": "telephone", "phone": "telephone", "tel": "telephone",
    "email": "courriel", "e-mail": "courriel", "mail": "courriel", "meeting": "reunion", "rendez-vous": "reunion", "rdv": "reunion",
    "lunch": "reunion", "dejeuner": "reunion", "visioconference": "visio", "video": "visio", "visit": "visite", "sms": "message",
    "task": ValueMeaning.leavesLine, "tache": ValueMeaning.leavesLine, "deadline": ValueMeaning.leavesLine,
    "echeance": ValueMeaning.leavesLine,
  ]
  private static let natures = [
    "meeting": "rendez_vous", "reunion": "rendez_vous", "lunch": "rendez_vous", "dejeuner": "rendez_vous", "rdv": "rendez_vous",
    ValueMeaning.others: "tache",
  ]

  /// By what channel a note came Pipedrive does not say: one is chosen for all.
  static let notes = ImportSource(
    "pipedrive_notes", "Pipedrive", "notes", marks: [["note_content", "note_contenu"]],
    [
      Target(
        "echanges",
        [
          SourceColumn(
            "date",
            both("note", "note", ["add_time", "creation_date", "created", "date_d_ajout", "date_de_creation", "heure_d_ajout"]), .day),
          SourceColumn("structures", organisation.numbers + organisation.names, .team(organisation)),
          SourceColumn("organisations", organisation.numbers + organisation.names, .partner(organisation)),
          SourceColumn("personnes", contact.numbers + contact.names, .person(contact)),
          SourceColumn("objet", ["note_content", "note_contenu"], .plainText),
          SourceColumn("auteur", both("note", "note", ["user", "owner", "utilisateur", "proprietaire", "auteur"])),
          SourceColumn("reference", ["note_id", "note_pipedrive_system_id"], .reference("PD-NOTE-")),
        ])
    ])

  // MARK: - Deals

  static let deals = ImportSource(
    "pipedrive_affaires", "Pipedrive", "affaires", marks: [["deal_title", "affaire_titre"]],
    advice: """
      Dans Pipedrive, affichez « Dernier changement d’étape » avant d’exporter : c’est le jour depuis lequel l’équipe est à cette étape. \
      Sans lui, rien n’entre dans l’histoire de l’équipe.
      """,
    [
      Target(
        "etats", needs: ["structure", "etat"],
        [
          SourceColumn("structure", organisation.numbers + organisation.names, .team(organisation)),
          SourceColumn("etat", both("deal", "affaire", ["stage", "stage_pipeline", "etape", "etape_pipeline"])),
          SourceColumn(
            "depuis",
            both("deal", "affaire", ["last_stage_change", "dernier_changement_d_etape", "date_du_dernier_changement_d_etape"]), .day),
          SourceColumn("note", ["deal_title", "affaire_titre"]),
        ])
    ])
}
