import Records
import Store

extension Processing {
  /// The sheet whose months say when somebody of the directory has been silent for too long.
  static let directory = "annuaire"
  /// The one of those who asked and became neither a person nor a team.
  static let firstContacts = "premiers_contacts"

  /// Every new database has the sheets of what the program does by itself: whoever answers for them mends their words. Once they are
  /// there they are the federation's own, and a sheet that it threw away stays away.
  static let defaults = DerivedData("processing_defaults", version: 6) { connection in
    for (index, draft) in sheets.enumerated() {
      let known = try connection.first("SELECT 1 FROM processing WHERE code = \(draft.code)")
      guard known == nil else { continue }
      // Small numbers are nobody else's: those that the program makes begin in 2020.
      try connection.insert(into: "processing (\(ProcessingRecords.columns))", [draft]) {
        ProcessingRecords.values(Int64(index + 1), $0)
      }
    }
  } faults: { _ in
    []
  }

  private static let staff = "L’équipe salariée de la fédération, selon le rôle de chacun."
  private static let safety = """
    Accès par compte personnel, mots de passe chiffrés (Argon2id), double authentification possible, droits par rôle, historique de \
    chaque changement, connexion chiffrée, sauvegardes.
    """

  private static let sheets: [ProcessingRecords.Draft] = [
    .init(
      code: directory, name: "Annuaire et accompagnement des équipes", basis: .interest,
      people: "Professionnels de santé, membres et coordinations des équipes, interlocuteurs des organisations partenaires.",
      data:
        "Nom, prénom, profession, commune d’exercice, courriel, téléphone, RPPS, fonctions, échanges, tâches, pièces jointes, étiquettes des équipes.",
      recipients: "\(staff) Les élus lisent l’annuaire, et les référents les échanges de leur territoire.",
      duration: "Tant que la personne a une fonction dans une équipe ou une organisation, puis trois ans après son dernier échange.",
      months: 36, security: safety, processors: "L’hébergeur de la fédération.", transfers: "Aucun."),
    .init(
      code: firstContacts, name: "Premiers contacts", basis: .consent,
      people: "Personnes qui parlent de leur projet par la page publique ou par téléphone.",
      data: "Nom, prénom, profession, courriel, téléphone, commune, demande, réponse, commentaires, texte accepté.",
      recipients: "\(staff) Les référents lisent ceux de leur territoire.",
      duration: "Celle de l’annuaire pour qui y a une fiche\u{202F}; les autres, douze mois après la dernière réponse.", months: 12,
      security: safety, processors: "L’hébergeur de la fédération.", transfers: "Aucun."),
    .init(
      code: "comptes", name: "Comptes et journal des changements", basis: .interest,
      people: "Personnes qui se connectent\u{A0}: salariés, élus, facilitateurs, membres d’équipe, partenaires.",
      data:
        "Nom, courriel, rôle, dates de connexion, navigateur des sessions ouvertes, clés d’accès, double authentification, choix de notification, auteur de chaque changement.",
      recipients: "La direction et l’administration technique.",
      duration:
        "Tant que le compte est ouvert\u{202F}; les sessions s’effacent à leur fin, l’auteur d’un changement reste avec ce changement.",
      security: safety, processors: "L’hébergeur de la fédération.", transfers: "Aucun."),
    .init(
      code: "rapport", name: "Chiffres et rapport d’activité", basis: .publicTask,
      people: "Personnes citées ou photographiées dans un rapport.",
      data: "Nom et fonction, photo, citation. Les chiffres ne nomment personne, et un petit effectif n’est pas montré.",
      recipients: "Les financeurs et le public du rapport.",
      duration: "Celle de l’archive des rapports\u{202F}; un nom ou une photo se retire d’une édition publiée à la demande de la personne.",
      security: safety, processors: "L’hébergeur de la fédération.", transfers: "Aucun."),
    .init(
      code: "courriels", name: "Courriels de service", basis: .interest,
      people: "Personnes qui ont un compte.", data: "Nom, courriel, contenu du message, état de l’envoi.",
      recipients: "La personne à qui le message est adressé.",
      duration: "Le temps de l’envoi, puis celui de la preuve de l’envoi.",
      security: safety, processors: "Le service d’envoi de courriels.", transfers: "Aucun."),
    .init(
      code: ConsentRecords.publication, name: "Publication de coordonnées ou d’une photo", basis: .consent,
      people: "Personnes de l’annuaire qui l’ont accepté.", data: "Les seules informations cochées par la personne.",
      recipients: "Le public.", duration: "Jusqu’au retrait du consentement\u{202F}; sa preuve est gardée avec la fiche.",
      security: safety, processors: "L’hébergeur de la fédération.", transfers: "Aucun."),
    .init(
      code: "courriels_listes", name: "Courriels écrits aux personnes de l’annuaire", basis: .interest,
      people: "Personnes de l’annuaire, équipes et organisations à qui la fédération écrit.",
      data: "Nom, adresse, texte du courriel, état de l’envoi, opposition à en recevoir d’autres.",
      recipients: "\(staff) La communication aussi.",
      duration:
        "Un envoi reste avec les équipes qu’il concerne\u{202F}; le nom et l’adresse en partent avec l’anonymisation de la personne, un brouillon au bout de trente jours.",
      security: "\(safety) Un lien de désinscription dans chaque courriel écrit à une liste.",
      processors: "Le service d’envoi de courriels.", transfers: "Aucun."),
    .init(
      code: "courriels_recus", name: "Courriels transmis à la fédération", basis: .interest,
      people: "Personnes qui écrivent à l’équipe salariée, ou à qui elle écrit, quand un courriel est transmis à la boîte de Maillage.",
      data: "Adresses, noms, objet, texte et pièces jointes du courriel.",
      recipients:
        "Qui a transmis le courriel et la direction\u{202F}; les autres rédacteurs d’échanges au bout de sept jours s’il n’est pas classé.",
      duration:
        "Trente jours après le classement, quatre-vingt-dix jours sans classement (réglages)\u{202F}; l’échange classé suit l’annuaire.",
      security: safety, processors: "L’hébergeur de la fédération et celui de la boîte.", transfers: "Aucun."),
    .init(
      code: "commentaires", name: "Commentaires entre collègues, mentions et notifications", basis: .interest,
      people: "Salariés qui commentent une fiche, y sont mentionnés ou la suivent\u{202F}; personnes dont un commentaire parle.",
      data: "Texte du commentaire, auteur, date, personnes mentionnées, fiches suivies, notifications lues ou non.",
      recipients: "Les salariés qui lisent la fiche commentée. Aucun courriel ne cite un commentaire.",
      duration:
        "Celle de la fiche commentée\u{202F}; les notifications et les fiches suivies s’effacent avec le compte, et un nom cité avec l’anonymisation de la personne.",
      security: safety, processors: "L’hébergeur de la fédération.", transfers: "Aucun."),
    .init(
      code: "benevolat", name: "Heures bénévoles", basis: .interest,
      people: "Personnes qui donnent de leur temps à la fédération\u{A0}: facilitateurs, élus, représentants.",
      data: "Nom, activité, jour, durée et trajet, objet, état et motif d’un refus.",
      recipients: "\(staff) La trésorerie, et la comptabilité pour les totaux par activité.",
      duration:
        "Dix ans après la clôture de l’exercice, comme les pièces comptables\u{202F}; le nom part avec l’anonymisation de la personne.",
      security: safety, processors: "L’hébergeur de la fédération.", transfers: "Aucun."),
    .init(
      code: "frais", name: "Notes de frais", basis: .obligation,
      people: "Personnes non salariées qui engagent des frais pour la fédération, ou en font don.",
      data: "Nom, jour et objet, trajet et kilomètres, montants, justificatifs, décision et paiement. Aucun numéro de compte bancaire.",
      recipients: "\(staff) La trésorerie et la comptabilité\u{202F}; chaque facilitateur lit les siennes.",
      duration:
        "Dix ans après la clôture de l’exercice, comme les pièces comptables\u{202F}; le nom part avec l’anonymisation de la personne.",
      security: safety, processors: "L’hébergeur de la fédération.", transfers: "Aucun."),
  ]
}

extension Capability {
  static let personalData = Capability(
    "personal-data", migrations: [Erasure.migration, Consent.migration, Processing.migration, Processing.wordsMigration],
    lists: [.consentPurpose, .consentMethod, .publishedField, LegalBasis.list], kinds: [ConsentRecords(), ProcessingRecords()],
    derived: [Processing.defaults])
}
