import Records

extension StructureRecords {
  /// The dated states that come or go and are not the latest stage, which has fields of its own.
  func unprintedChanges(from old: Draft, to new: Draft, _ context: Context) -> [FieldChange] {
    func others(_ draft: Draft, than other: Draft) -> String {
      Set(draft.states).subtracting(other.states + [draft.latestStage].compactMap(\.self)).sorted().map { state in
        "\(Self.label(state.state, context.lists)) (\(state.since))"
      }.joined(separator: "|")
    }
    let (before, after) = (others(old, than: new), others(new, than: old))
    return before == after ? [] : [FieldChange(name: "etats", label: "Étapes et repères datés", before: before, after: after)]
  }

  private static func label(_ code: String, _ lists: ReferenceLists) -> String {
    StateCode(code)?.resultingStage.flatMap { $0.rawValue == code ? lists.label($0) : nil } ?? lists.label(of: code, in: Facet.list)
  }
}
