import Records
import Store
import Tables

/// What is done with a question, in somebody's name. Each operation is one transaction and one event.
public struct QuestionDesk: Sendable {
  private let installation: Installation
  private let actor: Account

  public init(_ installation: Installation, actor: Account) {
    (self.installation, self.actor) = (installation, actor)
  }

  private var editor: JointEditor { JointEditor(ids: installation.ids, now: installation.now, actor: actor.id.rawValue) }

  /// Gives the question to its expert, by a message from here or as somebody did it otherwise. The form sent twice does it once.
  /// - Returns: whether it was not sent yet.
  /// - Throws: `Refusal`.
  @discardableResult
  public func send(_ id: Identifier<ExpertQuestion>, by manner: QuestionManner) async throws -> Bool {
    try await installation.database.write { [installation, actor, editor] connection in
      let kind = QuestionRecords()
      let context = try kind.context(connection)
      guard let old = try kind.stored(connection, .ids([id.rawValue]), context).first?.draft,
        let question = try QuestionSummary.one(id, for: actor, connection)
      else { throw Refusal("Cette question n’existe plus.") }
      guard old.sentOn == nil else { return false }
      guard old.expert != nil || old.organisation != nil else {
        throw Refusal("Dites d’abord à qui la transmettre\u{A0}: modifiez la question pour choisir l’expert.")
      }
      let settings = try Settings(connection)
      let today = settings.today(installation.now())
      let writer = try editor.begin(.questionSent, kind.name, id.rawValue, connection)
      try writer.put(kind) { _ in
        var draft = old
        (draft.manner, draft.sentOn) = (manner, today)
        return [RecordWrite(id: id.rawValue, isNew: false, old: old, draft: draft)]
      }
      guard manner == .mail else { return true }
      guard let expert = question.expert, let email = expert.email else {
        throw Refusal("Cet expert n’a pas de courriel dans l’annuaire\u{A0}: ajoutez-le, ou notez l’envoi fait autrement.")
      }
      let domain = context.lists.label(of: question.domain, in: .questionDomain)
      let place = installation.accounts.siteURL.map { "\nPour répondre\u{A0}: \($0)/questions/\(id.description)\n" } ?? ""
      let text = """
        Bonjour,

        \(question.team.name) pose une question (\(domain))\u{A0}:

        \(question.body)
        \(place)
        \(actor.name)
        \(settings.text(.federationName, on: today))

        """
      try installation.outbox.post(
        OutgoingMail(
          to: [.init(email, name: expert.name)], replyTo: .init(actor.email, name: actor.name),
          subject: "Question d’une équipe\u{A0}: \(domain)",
          text: text), as: .letter, connection)
      return true
    }
  }

  /// Writes down what was answered: by the staff, or by the expert to whom it was sent, until it is shared.
  /// - Returns: the version that the question then has; `nil` when it said so already.
  /// - Throws: `FieldRefusal` (`reponse`, `repondue_le`, `duree_minutes`), `Refusal`.
  public func answer(
    _ id: Identifier<ExpertQuestion>, _ text: String, on day: CivilDate, minutes: Int?
  ) async throws -> Int? {
    let isReadable = try await installation.database.read { [actor] in try QuestionSummary.one(id, for: actor, $0) != nil }
    guard isReadable, actor.role.scope(.publish, .questions) != .none else { throw Refusal("Cette question n’existe plus.") }
    let text = PastedText.cleaned(text)
    guard !text.isEmpty, text.count <= 10_000 else { throw FieldRefusal("reponse", "Écrivez la réponse, en 10 000 caractères au plus.") }
    let isStaff = actor.role.scope(.write, .questions) == .all
    let outcome = try await installation.editor(of: QuestionRecords(), for: actor).change(id.rawValue, as: .questionAnswered) { draft in
      guard isStaff || draft.sharedOn == nil else {
        throw Refusal("Cette réponse est déjà partagée\u{A0}: demandez à la fédération de la corriger.")
      }
      (draft.answer, draft.answeredOn, draft.minutes) = (text, day, minutes)
    }
    switch outcome {
    case .saved(let version): return version
    case .refused(let faults):
      guard let fault = faults.first else { return nil }
      throw FieldRefusal(fault.column, "\(fault.reason.prefix(1).uppercased())\(fault.reason.dropFirst()).")
    case .gone: throw Refusal("Cette question n’existe plus.")
    case .unchanged, .warned, .conflict: return nil
    }
  }
}

extension Operation {
  static let questionSent = Operation(rawValue: "question transmise")
  static let questionAnswered = Operation(rawValue: "question répondue")
}
