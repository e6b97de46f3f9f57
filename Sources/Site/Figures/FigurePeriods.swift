import Federation
import Records
import Store
import WebSupport

/// The periods that the form of a figure offers (REP-10): what is under way or over, the latest first.
struct FigurePeriods: Sendable {
  /// The years that hold facts, the oldest first.
  let years: [Int]
  let today: CivilDate

  init(today: CivilDate, _ connection: any Connection) throws {
    years = try ActivityReport.years(today: today, connection)
    self.today = today
  }

  /// Those of a chart.
  var lastYears: [Period] { years.suffix(6).map { ActivityReport.period($0, today: today) } }

  /// - Parameter asked: shown as chosen, even where it is none of those offered.
  func options(asked: Period) -> [FigureSettings.OptionGroup] {
    var groups = [
      FigureSettings.OptionGroup(title: "Années", options: wholeYears(asked)),
      group("Années scolaires", (years.prefix(1).map { $0 - 1 } + years).suffix(6).map { Period(schoolYearFrom: $0) }, asked),
      group("Semestres", years.suffix(3).flatMap { year in (1...2).map { Period(half: $0, of: year) } }, asked),
      group("Trimestres", years.suffix(3).flatMap { year in (1...4).map { Period(quarter: $0, of: year) } }, asked),
    ].filter { !$0.options.isEmpty }
    if !groups.contains(where: { $0.options.contains(where: \.isChosen) }) {
      let own = FigureSettings.Option(value: asked.label, label: asked.name.capitalizedFirst, isChosen: true)
      groups.insert(.init(title: "Autre période", options: [own]), at: 0)
    }
    return groups
  }

  /// And the year up to a day that was asked for.
  private func wholeYears(_ asked: Period) -> [FigureSettings.Option] {
    var periods = years.reversed().map { ActivityReport.period($0, today: today) }
    if [.year, .upToDay].contains(asked.form), !periods.contains(asked) {
      periods.insert(asked, at: periods.firstIndex { $0.through < asked.through } ?? periods.endIndex)
    }
    return periods.map { period in
      let value = period.through == today ? String(period.year) : period.label
      return FigureSettings.Option(value: value, label: period.name, isChosen: period == asked)
    }
  }

  private func group(_ title: String, _ periods: [Period], _ asked: Period) -> FigureSettings.OptionGroup {
    FigureSettings.OptionGroup(
      title: title,
      options: periods.reversed().compactMap { period in
        guard let known = period.cut(at: today) else { return nil }
        let isUnderWay = known.label != period.label
        // The year up to today is one of the years.
        let isChosen = known == asked && known.form != .upToDay
        return FigureSettings.Option(value: period.label, label: period.name + (isUnderWay ? ", en cours" : ""), isChosen: isChosen)
      })
  }
}
