import Records
import Store

/// What is done with a re-reading, in somebody's name. Each operation is one transaction and one event.
public struct ReadingDesk: Sendable {
  private let installation: Installation
  private let actor: Account

  public init(_ installation: Installation, actor: Account) {
    (self.installation, self.actor) = (installation, actor)
  }

  /// Says how far it is. It is rendered on the federation's day; open again, it is not rendered any more.
  /// - Returns: the version that it then has; `nil` when it was there already.
  /// - Throws: `Refusal`.
  public func move(_ id: Identifier<ProjectReading>, to state: ReadingState) async throws -> Int? {
    try version(
      await installation.editor(of: ReadingRecords(), for: actor).change(id.rawValue, as: .readingState) { draft in
        draft.state = state
        if state.isOpen { draft.renderedOn = nil }
      }, gone: "Cette relecture n’existe plus.")
  }

  /// Says that the team has taken a remark into account, or that it has not.
  /// - Returns: the version that it then has; `nil` when it was said already.
  /// - Throws: `Refusal`.
  public func settle(_ id: Identifier<ReadingRemark>, on day: CivilDate?) async throws -> Int? {
    try version(
      await installation.editor(of: ReadingRemarkRecords(), for: actor).change(id.rawValue, as: .remarkSettled) { draft in
        if (draft.resolvedOn == nil) != (day == nil) { draft.resolvedOn = day }
      }, gone: "Cette remarque n’existe plus.")
  }

  private func version<Kind: RecordKind>(_ outcome: RecordEditor<Kind>.Outcome, gone: String) throws -> Int? {
    switch outcome {
    case .saved(let version): return version
    case .refused(let faults):
      let sentence = faults.map(\.reason).joined(separator: " ; ")
      throw Refusal(sentence.prefix(1).uppercased() + sentence.dropFirst())
    case .gone: throw Refusal(gone)
    case .unchanged, .warned, .conflict: return nil
    }
  }
}

extension Operation {
  static let readingState = Operation(rawValue: "avancement d’une relecture")
  static let remarkSettled = Operation(rawValue: "remarque réglée")
}
