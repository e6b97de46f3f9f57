import Foundation
import Records
import Store

/// What a person is given who asks what is held on them: one file that a person and a program read (GDPR, articles 15 and 20).
public struct PersonExport: Encodable, Sendable {
  struct Function: Encodable {
    let fonction: String
    let ou: String
    let depuis: String?
    let jusqua: String?
  }

  struct ExchangeLine: Encodable {
    let date: String
    let canal: String
    let objet: String?
    let noteePar: String?
    let equipes: [String]
  }

  struct MeetingLine: Encodable {
    let date: String
    let reunion: String
    let titre: String
    let presence: String
  }

  struct FacilitationLine: Encodable {
    let date: String
    let type: String?
    let suite: String
    /// Whether they asked for it, or helped.
    let role: String
    let besoin: String?
  }

  struct InvitationLine: Encodable {
    let date: String
    let reponse: String?
    let mot: String?
    let creneaux: [String]
  }

  struct FacilitatorProfile: Encodable {
    let expertises: [String]
    let commune: String?
    let rayonKm: Int?
    let formations: String?
    let enPauseDepuis: String?
    let note: String?
    let absences: [String]
  }

  struct HoursLine: Encodable {
    let date: String
    let activite: String
    let presenceMinutes: Int?
    let trajetMinutes: Int?
    let objet: String?
    let etat: String
    let motif: String?
  }

  struct ExpenseLines: Encodable {
    let date: String
    let objet: String
    let depart: String?
    let arrivee: String?
    let kilometresDixiemes: Int?
    let autreDepense: String?
    let montantCentimes: Int
    let etat: String
    let motif: String?
  }

  struct IntroductionLine: Encodable {
    let date: String
    let equipe: String
    let objet: String?
    let suite: String
    let note: String?
  }

  struct QuestionLine: Encodable {
    let date: String
    let equipe: String
    let question: String
    let reponse: String?
    let minutes: Int?
  }

  struct Request: Encodable {
    let date: String
    let canal: String
    let nom: String
    let courriel: String?
    let telephone: String?
    let commune: String?
    let demande: String?
    let reponse: String?
    let accord: String?
  }

  struct Agreement: Encodable {
    let finalite: String
    let donneLe: String
    let recueil: String
    let textePresente: String
    let publiable: [String]
    let retireLe: String?
  }

  struct LetterLine: Encodable {
    let date: String
    let objet: String
    let auteur: String
    let adresse: String?
  }

  struct Text: Encodable {
    let ou: String
    let extrait: String
  }

  struct Happening: Encodable {
    let le: String
    let operation: String
    let champ: String
    let avant: String
    let apres: String
  }

  struct Sheet: Encodable {
    let reference: String
    let nom: String
    let profession: String?
    let commune: String?
    let courriel: String?
    let telephone: String?
    let rpps: String?
  }

  struct OwnAccount: Encodable {
    let nom: String
    let courriel: String
  }

  let federation: String
  let etabliLe: String
  let fiche: Sheet
  let fonctions: [Function]
  let echanges: [ExchangeLine]
  let reunions: [MeetingLine]
  let facilitations: [FacilitationLine]
  let facilitateur: [FacilitatorProfile]
  let invitations: [InvitationLine]
  let heuresBenevoles: [HoursLine]
  let notesDeFrais: [ExpenseLines]
  let misesEnRelation: [IntroductionLine]
  let questionsRecues: [QuestionLine]
  let premiersContacts: [Request]
  let courriels: [LetterLine]
  let consentements: [Agreement]
  let textesQuiLaNomment: [Text]
  let historique: [Happening]
  let comptes: [OwnAccount]
  let nombres: [String: Int]

  /// - Parameter words: what the numbers are called.
  public init(
    _ dossier: PersonDossier, federation: String, on day: CivilDate, _ lists: ReferenceLists, words: (PersonDossier.Matter) -> String,
    _ connection: any Connection
  ) throws {
    self.federation = federation
    etabliLe = day.description
    fiche = Sheet(
      reference: dossier.reference, nom: dossier.name, profession: dossier.profession.map { lists.label(of: $0, in: .profession) },
      commune: dossier.commune, courriel: dossier.email, telephone: dossier.phone, rpps: dossier.rpps)
    fonctions = try connection.rows(
      """
      SELECT f.function, s.name, f.since, f.until, 0 FROM person_function f JOIN structure s ON s.id = f.structure_id
      WHERE f.removed_at IS NULL AND f.person_id IN \(list: dossier.person.ids)
      UNION ALL SELECT k.function, o.name, k.since, k.until, 1 FROM organisation_contact k JOIN organisation o ON o.id = k.organisation_id
      WHERE k.removed_at IS NULL AND k.person_id IN \(list: dossier.person.ids) ORDER BY 3, 2
      """
    ).map { row in
      let (since, until, isPartner): (CivilDate, CivilDate, Int) = (try row[2], try row[3], try row[4])
      return Function(
        fonction: lists.label(of: try row[0], in: isPartner == 1 ? .organisationFunction : .function), ou: try row[1],
        depuis: since == .distantPast ? nil : since.description, jusqua: until == .openEnd ? nil : until.previous.description)
    }
    var teams: [Int64: [String]] = [:]
    let named: SQL = "SELECT n.exchange_id FROM exchange_person n WHERE n.person_id IN \(list: dossier.person.ids)"
    for row in try connection.rows(
      "SELECT x.exchange_id, s.name FROM exchange_structure x JOIN structure s ON s.id = x.structure_id WHERE x.exchange_id IN (\(named)) ORDER BY s.name_fold"
    ) { teams[try row[0], default: []].append(try row[1]) }
    echanges = try connection.rows(
      """
      SELECT e.id, e.date, e.channel, e.subject, e.author, e.visibility FROM exchange e
      WHERE e.removed_at IS NULL AND e.id IN (\(named)) ORDER BY e.date, e.id
      """
    ).map { row in
      let date: CivilDate = try row[1]
      // It may say what somebody else said: whoever hands the file over reads it first.
      let isConfidential = try row[5] == Visibility.confidential.rawValue
      return ExchangeLine(
        date: date.description, canal: lists.label(of: try row[2], in: Channel.list),
        objet: isConfidential ? "Note confidentielle, à relire avant de la remettre" : try row[3],
        noteePar: try row[4],
        equipes: teams[try row[0]] ?? [])
    }
    reunions = try connection.rows(
      """
      SELECT m.date, m.kind, m.title, x.presence FROM meeting_attendee x JOIN meeting m ON m.id = x.meeting_id
      WHERE m.removed_at IS NULL AND x.person_id IN \(list: dossier.person.ids) ORDER BY m.date, m.id
      """
    ).map { row in
      let date: CivilDate = try row[0]
      return MeetingLine(
        date: date.description, reunion: lists.label(of: try row[1], in: MeetingKind.list), titre: try row[2], presence: try row[3])
    }
    facilitations = try connection.rows(
      """
      SELECT COALESCE(f.date, f.requested_on), f.type, f.state, 'demande', f.need, f.id FROM facilitation f
      WHERE f.removed_at IS NULL AND f.requester_id IN \(list: dossier.person.ids)
      UNION ALL SELECT COALESCE(f.date, f.requested_on), f.type, f.state, 'facilitateur', NULL, f.id FROM facilitation f
      WHERE f.removed_at IS NULL
        AND f.id IN (SELECT y.facilitation_id FROM facilitation_person y WHERE y.person_id IN \(list: dossier.person.ids)) ORDER BY 1, 6, 4
      """
    ).map { row in
      let (date, type): (CivilDate, String?) = (try row[0], try row[1])
      return FacilitationLine(
        date: date.description, type: type.map { lists.label(of: $0, in: .facilitationType) },
        suite: lists.label(try row[2] as FacilitationState), role: try row[3], besoin: try row[4])
    }
    invitations = try connection.rows(
      """
      SELECT i.sent_on, i.answer, i.words, o.date, o.at FROM facilitation_invitation i
      LEFT JOIN facilitation_invitation_slot t ON t.invitation_id = i.id LEFT JOIN facilitation_slot o ON o.id = t.slot_id
      WHERE i.person_id IN \(list: dossier.person.ids) ORDER BY i.sent_on, i.id, o.date, o.at
      """
    ).map { row in
      let slot = try (row[3] as CivilDate?).map { "\($0) \(try row[4] as String)" }
      return InvitationLine(
        date: (try row[0] as CivilDate).description, reponse: try row[1], mot: try row[2], creneaux: [slot].compactMap(\.self))
    }
    let profiles = FacilitatorRecords()
    let numbers: [Int64] = try connection.rows("SELECT id FROM facilitator WHERE person_id IN \(list: dossier.person.ids)").map {
      try $0[0]
    }
    facilitateur = try profiles.stored(connection, .ids(numbers), profiles.context(connection)).map(\.draft).map { profile in
      FacilitatorProfile(
        expertises: profile.expertises.map { lists.label(of: $0, in: .expertise) }, commune: profile.commune, rayonKm: profile.radius,
        formations: profile.training, enPauseDepuis: profile.pausedSince?.description, note: profile.note,
        absences: profile.absences.map(\.text))
    }
    heuresBenevoles = try connection.rows(
      """
      SELECT h.date, h.activity, h.minutes, h.travel, h.purpose, h.state, h.reason FROM volunteer_hours h
      WHERE h.removed_at IS NULL AND h.person_id IN \(list: dossier.person.ids) ORDER BY h.date, h.id
      """
    ).map { row in
      let date: CivilDate = try row[0]
      return HoursLine(
        date: date.description, activite: lists.label(of: try row[1], in: .volunteerActivity), presenceMinutes: try row[2],
        trajetMinutes: try row[3], objet: try row[4], etat: lists.label(try row[5] as VolunteerState), motif: try row[6])
    }
    notesDeFrais = try connection.rows(
      """
      SELECT c.date, c.purpose, c.origin, c.destination, c.distance, c.other_purpose, c.total, c.state, c.reason FROM expense_claim c
      WHERE c.removed_at IS NULL AND c.person_id IN \(list: dossier.person.ids) ORDER BY c.date, c.id
      """
    ).map { row in
      let date: CivilDate = try row[0]
      return ExpenseLines(
        date: date.description, objet: try row[1], depart: try row[2], arrivee: try row[3], kilometresDixiemes: try row[4],
        autreDepense: try row[5], montantCentimes: try row[6], etat: lists.label(try row[7] as ExpenseState), motif: try row[8])
    }
    misesEnRelation = try connection.rows(
      """
      SELECT i.date, s.name, i.purpose, i.result, i.note FROM introduction i JOIN structure s ON s.id = i.structure_id
      WHERE i.removed_at IS NULL AND i.person_id IN \(list: dossier.person.ids) ORDER BY i.date, i.id
      """
    ).map { row in
      let date: CivilDate = try row[0]
      return IntroductionLine(
        date: date.description, equipe: try row[1], objet: try row[2], suite: lists.label(try row[3] as IntroductionResult),
        note: try row[4])
    }
    questionsRecues = try connection.rows(
      """
      SELECT q.received_on, s.name, q.body, q.answer, q.minutes FROM expert_question q JOIN structure s ON s.id = q.structure_id
      WHERE q.removed_at IS NULL AND q.sent_on IS NOT NULL AND q.expert_id IN \(list: dossier.person.ids) ORDER BY q.received_on, q.id
      """
    ).map { row in
      let date: CivilDate = try row[0]
      return QuestionLine(date: date.description, equipe: try row[1], question: try row[2], reponse: try row[3], minutes: try row[4])
    }
    premiersContacts = try connection.rows(
      """
      SELECT c.received_on, c.channel, c.first_name, c.last_name, c.email, c.phone, k.name, c.request, c.answer, c.consent
      FROM first_contact c LEFT JOIN commune k ON k.code = c.commune
      WHERE c.removed_at IS NULL AND c.id IN \(list: FirstContact.own(of: dossier.person, connection)) ORDER BY c.received_on, c.id
      """
    ).map { row in
      let (date, first, last): (CivilDate, String?, String) = (try row[0], try row[2], try row[3])
      return Request(
        date: date.description, canal: lists.label(of: try row[1], in: Channel.list),
        nom: [first, last].compactMap(\.self).joined(separator: " "),
        courriel: try row[4], telephone: try row[5], commune: try row[6], demande: try row[7], reponse: try row[8], accord: try row[9])
    }
    courriels = try connection.rows(
      """
      SELECT l.sent_on, l.subject, a.name, r.address FROM letter_recipient r JOIN letter l ON l.id = r.letter_id
      JOIN account a ON a.id = l.account_id
      WHERE r.exclusion IS NULL AND l.sent_on IS NOT NULL AND r.person_id IN \(list: dossier.person.ids) ORDER BY l.sent_on, l.id
      """
    ).map { row in
      let date: CivilDate = try row[0]
      return LetterLine(date: date.description, objet: try row[1], auteur: try row[2], adresse: try row[3])
    }
    consentements = dossier.consents.map { consent in
      Agreement(
        finalite: lists.label(of: consent.purpose, in: .consentPurpose), donneLe: consent.givenOn.description,
        recueil: lists.label(of: consent.method, in: .consentMethod), textePresente: consent.wording,
        publiable: consent.fields.map { lists.label(of: $0, in: .publishedField) }, retireLe: consent.withdrawnOn?.description)
    }
    // What may be about somebody else is not handed out: it would be theirs.
    textesQuiLaNomment = dossier.texts.filter(\.isCertain).map { Text(ou: $0.label, extrait: $0.before + $0.name + $0.after) }
    historique = try RecordHistory(dossier.id.rawValue, of: PersonRecords(), connection).entries.flatMap { entry in
      entry.changes.map {
        Happening(
          le: String(entry.at.description.prefix(10)), operation: entry.operation.rawValue, champ: $0.label, avant: $0.before,
          apres: $0.after)
      }
    }
    comptes = dossier.accounts.filter(\.isCertain).map { OwnAccount(nom: $0.name, courriel: $0.email) }
    nombres = Dictionary(dossier.held.map { (words($0.matter), $0.count) }, uniquingKeysWith: +)
  }

  /// Indented, for people.
  public func file() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self)) + [10]
  }
}
