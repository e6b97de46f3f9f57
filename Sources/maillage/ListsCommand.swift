import ArgumentParser
import Federation
import Records
import Store

struct ListsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lists", abstract: "Montre ou change les listes de valeurs de la fédération.",
    subcommands: [ShowListsCommand.self, SetListCommand.self, AddToListCommand.self], defaultSubcommand: ShowListsCommand.self)
}

struct ShowListsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Montre les listes, ou les valeurs de l’une d’elles dans leur ordre.")

  @Argument(help: "Nom de la liste.")
  var list: String?

  func run() async throws {
    try await withInstallation { installation in
      let lists = try await installation.database.read { try ReferenceLists($0) }
      if let list {
        for (index, value) in lists.values(of: try installation.lists.list(list)).enumerated() {
          print("\(index + 1)  \(value.code)  \(value.label)")
        }
      } else {
        for list in installation.model.lists {
          let count = lists.values(of: list).count
          print("\(list.name)  \(list.label) (\(list.isClosed ? "fermée" : "ouverte"), \(count) \(count < 2 ? "valeur" : "valeurs"))")
        }
      }
    }
  }
}

struct SetListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Change le libellé ou la place d’une valeur\u{A0}; son code reste.")

  @Argument(help: "Nom de la liste.")
  var list: String

  @Argument(help: "Code de la valeur.")
  var code: String

  @Option(help: "Nouveau libellé.")
  var label: String?

  @Option(help: "Nouvelle place dans la liste, à partir de 1.")
  var position: Int?

  func run() async throws {
    guard label != nil || position != nil else { throw Refusal("Donnez --label, --position ou les deux.") }
    try await withInstallation { try await $0.lists.set(list, code, label: label, position: position) }
    print("La liste « \(list) » est changée.")
  }
}

struct AddToListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "add", abstract: "Ajoute une valeur à une liste ouverte.")

  @Argument(help: "Nom de la liste.")
  var list: String

  @Option(help: "Libellé.")
  var label: String

  @Option(help: "Code, en minuscules sans accent\u{A0}; à défaut tiré du libellé.")
  var code: String?

  @Option(help: "Place dans la liste, à partir de 1\u{A0}; à défaut la dernière.")
  var position: Int?

  func run() async throws {
    try await withInstallation { try await $0.lists.add(list, label: label, code: code, position: position) }
    print("La liste « \(list) » est changée.")
  }
}
