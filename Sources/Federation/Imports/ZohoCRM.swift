import Records

/// The files that Zoho CRM exports, in English or in French, one for each of its modules. « zcrm_… » is a record's number, the same
/// in all modules.
extension ImportSource {
  static let zoho = [calls, meetings, tasks, zohoNotes, zohoDeals, contacts, accounts]

  private static let prefix = "ZOHO-"
  private static let number = ["record_id", "id_de_l_enregistrement", "id_d_enregistrement", "id_enregistrement"]
  private static let identifier = SourceColumn("reference", number, .reference(prefix))
  private static let account = ForeignName(
    prefix: prefix, numbers: ["account_name_id", "nom_du_compte_id", "nom_de_compte_id"],
    names: ["account_name", "nom_du_compte", "nom_de_compte"])
  /// Of what an activity is: an account, a deal or something else.
  private static let related = ForeignName(
    prefix: prefix, numbers: ["related_to_id", "associe_a_id", "lie_a_id", "what_id_id"],
    names: ["related_to", "associe_a", "lie_a", "account_name", "nom_du_compte"])
  private static let contact = ForeignName(
    prefix: prefix, numbers: ["contact_name_id", "nom_du_contact_id"], names: ["contact_name", "nom_du_contact"])
  private static let description = ["description", "notes"]
  private static let advice = """
    Dans Zoho CRM, exportez le module entier (Configuration, Administration des données, Exporter) : la colonne « Record Id » y est, et un \
    second import met les fiches à jour au lieu de les répéter. Les dates doivent y être écrites AAAA-MM-JJ ou JJ/MM/AAAA.
    """

  private static func module(_ code: String, _ content: String, marks: [[String]], _ targets: [Target]) -> ImportSource {
    ImportSource("zoho_\(code)", "Zoho CRM", content, marks: marks, advice: advice, targets)
  }

  // MARK: - Accounts and contacts

  private static let postcode = ["billing_code", "billing_zip", "billing_postal_code", "code_postal_de_facturation", "shipping_code"]
  private static let label = ["account_type", "type_de_compte"]

  static let accounts = module(
    "comptes", "comptes",
    marks: [account.names, ["account_owner", "account_owner_id", "proprietaire_du_compte", "proprietaire_du_compte_id"]],
    [
      Target("structures", place + [SourceColumn("type", label, meanings: teamTypes), SourceColumn("notes", description, .plainText)]),
      Target("organisations", place.map { $0.named("departement", "departements") } + [SourceColumn("nature", label)]),
    ])

  private static let place = [
    identifier, SourceColumn("nom", account.names),
    SourceColumn("adresse", ["billing_street", "rue_de_facturation", "adresse_de_facturation"]), SourceColumn("code_postal", postcode),
    SourceColumn("commune", ["billing_city", "ville_de_facturation"]), SourceColumn("departement", postcode, .department),
    SourceColumn("telephone", ["phone", "telephone"], .first), SourceColumn("courriel", ["email", "e_mail"], .first),
    SourceColumn("site_web", ["website", "site_web"]),
  ]

  static let contacts = module(
    "contacts", "contacts",
    marks: [
      ["contact_owner", "contact_owner_id", "proprietaire_du_contact", "proprietaire_du_contact_id"],
      ["last_name", "nom", "nom_de_famille"],
    ],
    [
      Target(
        "personnes",
        [
          identifier, SourceColumn("nom", ["last_name", "nom", "nom_de_famille"]), SourceColumn("prenom", ["first_name", "prenom"]),
          SourceColumn("courriel", ["email", "e_mail"], .first),
          SourceColumn("telephone", ["mobile", "phone", "telephone"], .first),
          SourceColumn("structures", account.numbers + account.names, .team(account)),
        ]),
      Target(
        "fonctions", needs: ["structure", "fonction"],
        [
          SourceColumn("personne", number, .reference(prefix)),
          SourceColumn("structure", account.numbers + account.names, .team(account)),
          SourceColumn("fonction", ["title", "fonction", "titre"], meanings: functions),
        ]),
    ])

  // MARK: - What happened

  private static func exchange(_ columns: [SourceColumn]) -> Target {
    Target(
      "echanges",
      columns + [
        SourceColumn("structures", related.numbers + related.names, .team(related)),
        SourceColumn("organisations", related.numbers + related.names, .partner(related)),
        SourceColumn("personnes", contact.numbers + contact.names, .person(contact)), identifier,
      ])
  }

  static let calls = module(
    "appels", "appels", marks: [["call_start_time", "heure_de_debut_de_l_appel"]],
    [
      exchange([
        SourceColumn("date", ["call_start_time", "heure_de_debut_de_l_appel"], .day),
        SourceColumn("canal", [], meanings: ["": "telephone"]),
        SourceColumn("objet", ["subject", "objet", "objet_de_l_appel"], .subject(with: description)),
        SourceColumn(
          "duree_minutes", ["call_duration_in_seconds", "duree_de_l_appel_en_secondes"], .minutesOfSeconds),
        SourceColumn("auteur", ["call_owner", "proprietaire_de_l_appel"]),
      ])
    ])

  static let meetings = module(
    "reunions", "réunions",
    marks: [["host", "host_id", "event_owner", "hote", "hote_id"], ["from", "start_datetime", "de", "debut"]],
    [
      exchange([
        SourceColumn("date", ["from", "start_datetime", "de", "debut"], .day),
        SourceColumn("canal", [], meanings: ["": "reunion"]),
        SourceColumn("objet", ["title", "event_title", "titre"], .subject(with: description)),
        SourceColumn("auteur", ["host", "event_owner", "hote"]),
      ])
    ])

  /// By what channel a note came Zoho CRM does not say: one is chosen for all.
  static let zohoNotes = module(
    "notes", "notes",
    marks: [["note_content", "contenu_de_la_note"], number + parent.numbers],
    [
      Target(
        "echanges",
        [
          SourceColumn("date", ["created_time", "heure_de_creation"], .day),
          SourceColumn("structures", parent.numbers + parent.names, .team(parent)),
          SourceColumn("organisations", parent.numbers + parent.names, .partner(parent)),
          SourceColumn(
            "objet", ["note_title", "titre_de_la_note", "note_content"], .subject(with: ["note_content", "contenu_de_la_note"])),
          SourceColumn("auteur", ["note_owner", "proprietaire_de_la_note", "created_by", "cree_par"]), identifier,
        ])
    ])
  private static let parent = ForeignName(
    prefix: prefix, numbers: ["parent_id_id", "parent_id", "associated_id"], names: ["parent_id", "parent_name", "account_name"])

  static let tasks = module(
    "taches", "tâches", marks: [["task_owner", "task_owner_id", "proprietaire_de_la_tache"]],
    [
      Target(
        "taches",
        [
          SourceColumn("titre", ["subject", "objet"]), SourceColumn("echeance", ["due_date", "date_d_echeance"], .day),
          SourceColumn("structure", related.numbers + related.names, .team(related)),
          SourceColumn("affectee_a", ["task_owner", "proprietaire_de_la_tache"]),
          SourceColumn("etat", ["status", "statut"], meanings: taskStates),
          SourceColumn("faite_le", ["closed_time", "heure_de_cloture"], .day), SourceColumn("note", description, .plainText), identifier,
        ])
    ])
  private static let taskStates = [
    "completed": "faite", "termine": "faite", "terminee": "faite", "not started": "a_faire", "non commence": "a_faire",
    "in progress": "a_faire", "en cours": "a_faire", "deferred": "a_faire", "waiting for input": "a_faire", "reporte": "a_faire",
  ]

  // MARK: - Deals

  static let zohoDeals = module(
    "affaires", "transactions", marks: [["deal_name", "nom_de_la_transaction", "nom_de_l_affaire"]],
    [
      Target(
        "etats", needs: ["structure", "etat"],
        [
          SourceColumn("structure", account.numbers + account.names, .team(account)),
          SourceColumn("etat", ["stage", "etape", "phase"]),
          SourceColumn("depuis", ["stage_modified_time", "date_de_l_etape"], .day),
          SourceColumn("note", ["deal_name", "nom_de_la_transaction", "nom_de_l_affaire"]),
        ])
    ])
}
