import Records
import Store
import Tables

/// What is done with a team of a programme, in somebody's name. Each operation is one transaction and one event.
public struct ProgrammeDesk: Sendable {
  private let installation: Installation
  private let actor: Account

  public init(_ installation: Installation, actor: Account) {
    (self.installation, self.actor) = (installation, actor)
  }

  /// Writes down that a team came to a step. Sent twice, it is written once.
  /// - Returns: the version that the enrolment then has; `nil` when it said so already.
  /// - Throws: `FieldRefusal` (`etape`, `le`), `Refusal`.
  public func note(_ step: String, on day: CivilDate, of id: Identifier<ProgrammeEnrolment>) async throws -> Int? {
    let name = step.withoutSpacesAround
    guard !name.isEmpty, name.count <= ProgrammeStep.longest else {
      throw FieldRefusal("etape", "Dites à quelle étape l’équipe est arrivée.")
    }
    let outcome = try await installation.editor(of: EnrolmentRecords(), for: actor).change(id.rawValue, as: .programmeStep) { draft in
      guard draft.state == .underWay else { throw Refusal("Cette équipe est sortie du programme\u{A0}: corrigez d’abord son inscription.") }
      draft.steps = Set(draft.steps + [ProgrammeStep(date: day, name: name)]).sorted()
    }
    switch outcome {
    case .saved(let version): return version
    case .refused(let faults):
      guard let fault = faults.first else { return nil }
      throw FieldRefusal(
        fault.column == "etapes" ? "le" : fault.column, "\(fault.reason.prefix(1).uppercased())\(fault.reason.dropFirst()).")
    case .gone: throw Refusal("Cette inscription n’existe plus.")
    case .unchanged, .warned, .conflict: return nil
    }
  }
}

extension Operation {
  static let programmeStep = Operation(rawValue: "étape de programme")
}
