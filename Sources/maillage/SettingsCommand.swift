import ArgumentParser
import Federation
import Records
import Store

struct SettingsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "settings", abstract: "Montre ou change les réglages de la fédération.")

  @Argument(help: "Nom du réglage.")
  var key: String?

  @Argument(help: "Nouvelle valeur.")
  var value: String?

  @Option(help: "Date AAAA-MM-JJ à partir de laquelle la valeur vaut, jusqu’à la suivante ; à défaut depuis toujours.")
  var depuis: String?

  @Flag(help: "Retire la valeur donnée à partir de la date de --depuis.")
  var retirer = false

  func run() async throws {
    let day = try depuis.map(Self.day)
    guard retirer ? key != nil && value == nil && day != nil : value != nil || day == nil else {
      throw Refusal(
        retirer
          ? "Pour retirer une valeur datée : maillage settings RÉGLAGE --retirer --depuis AAAA-MM-JJ"
          : "Donnez la valeur qui vaut à partir de cette date : maillage settings RÉGLAGE VALEUR --depuis AAAA-MM-JJ")
    }
    try await withInstallation { installation in
      if let key, let value { try await installation.settings.set(key, to: value, since: day) }
      if retirer, let key, let day { try await installation.settings.remove(key, since: day) }
      let (settings, today) = try await installation.database.read { [now = installation.now] connection in
        let settings = try Settings(connection)
        return (settings, settings.today(now()))
      }
      if let key {
        guard let setting = installation.model.settings.first(where: { $0.name == key }) else {
          throw Refusal("Le réglage « \(key) » n’existe pas ; « maillage settings » les montre tous.")
        }
        show(settings.values(of: setting), today: today)
      } else {
        for setting in installation.model.settings { print("\(setting.name) = \(settings.text(setting, on: today))    (\(setting.help))") }
      }
    }
  }

  /// The current value, then those that have a date, if any.
  private func show(_ values: DatedValues<String>, today: CivilDate) {
    print(values[today])
    let dated = values.changes.filter { $0.since != .distantPast }
    if !dated.isEmpty { print("sans date : \(values[.distantPast])") }
    for (since, value) in dated { print("depuis le \(since) : \(value)") }
  }

  private static func day(_ text: String) throws -> CivilDate {
    guard let day = CivilDate(iso: text), (1900...2100).contains(day.year) else {
      throw Refusal("« \(text) » n’est pas une date (AAAA-MM-JJ).")
    }
    return day
  }
}
