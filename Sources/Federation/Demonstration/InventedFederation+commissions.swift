import Records
import Store
import Tables

/// The commissions before which teams were presented, and the next ones.
extension InventedFederation {
  struct Presentation {
    let team: Team
    let date: CivilDate
    /// None of what is ahead.
    let opinion: CommissionOpinion?
    var sitting: String { "\(team.type == .cpts ? "CATS" : "ECD")-\(team.department)-\(date)" }
  }

  /// Each team whose project is valid was presented that day, one in six of them after it had been put off; some are still to be.
  var presentations: [Presentation] {
    teams.enumerated().flatMap { index, team -> [Presentation] in
      guard team.type != .isole else { return [] }
      if let day = team.stages.first(where: { $0.state == Stage.valide.rawValue })?.since, day <= today {
        let before = day.adding(days: -63)
        let first = index % 6 == 0 ? [Presentation(team: team, date: before, opinion: .adjourned)] : []
        return first + [Presentation(team: team, date: day, opinion: index % 5 == 1 ? .withReserves : .favourable)]
      }
      guard team.stages.last.map({ $0.state == Stage.ecriture.rawValue && $0.since <= today }) ?? false else { return [] }
      let refused = index % 4 == 0 ? [Presentation(team: team, date: today.adding(days: -90 - index), opinion: .unfavourable)] : []
      return refused + [Presentation(team: team, date: today.adding(days: 24), opinion: nil)]
    }
  }

  func sittingTable() -> Table {
    var known: Set<String> = []
    let rows = presentations.sorted { ($0.date, $0.sitting) < ($1.date, $1.sitting) }.compactMap { presentation -> [String]? in
      guard known.insert(presentation.sitting).inserted else { return nil }
      return [
        presentation.sitting, presentation.team.type == .cpts ? "cats" : "ecd", presentation.date.description,
        presentation.team.department, presentation.date.adding(days: -21).description, "Délégation départementale",
      ]
    }
    return Table(header: ["reference", "commission", "date", "departement", "depot_avant", "lieu"], rows: numbered(rows))
  }

  func commissionFileTable() -> Table {
    let rows = presentations.enumerated().map { index, presentation -> [String] in
      let reason =
        switch presentation.opinion {
        case .withReserves: "Préciser le temps de coordination."
        case .adjourned: "Le projet de santé n’était pas signé de tous."
        case .unfavourable: "La part d’exercice en commun est trop faible."
        case .favourable, nil: ""
        }
      return [
        "DOS-" + padded(index + 1, to: 3), presentation.sitting, presentation.team.reference,
        presentation.opinion == nil && index % 2 == 0 ? "" : min(presentation.date.adding(days: -24), today).description,
        presentation.opinion?.rawValue ?? "", reason,
      ]
    }
    return Table(header: ["reference", "seance", "structure", "depose_le", "avis", "motif"], rows: numbered(rows))
  }
}
