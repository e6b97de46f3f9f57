import ArgumentParser
import Federation
import Foundation
import Records
import Store

@main
struct Maillage: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maillage",
    abstract: "L’outil des fédérations de l’exercice coordonné.",
    subcommands: [
      ServeCommand.self, MigrateCommand.self, CheckCommand.self, DemoCommand.self, SettingsCommand.self, ListsCommand.self,
      UserCommand.self, ImportCommand.self, ExportCommand.self, FiguresCommand.self, ReportCommand.self, BackupCommand.self,
      RestoreCommand.self,
      JobsCommand.self,
    ])

  /// One clear French sentence on standard error for everything that goes wrong.
  static func main() async {
    // Databases and archives hold people's data: nobody else on the machine reads what this program writes.
    umask(0o077)
    // A limit on the size of files is then an error like a full disk, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      // `print` passes over what it could not write.
      guard fflush(nil) == 0 else { throw Refusal.unwrittenAnswer }
    } catch {
      let isHelp = exitCode(for: error) == .success
      if isHelp {
        print(inFrench(message(for: error)))
        return
      }
      try? FileHandle.standardError.write(contentsOf: Data("\(sentence(for: error))\n".utf8))
      Foundation.exit(1)
    }
  }

  private static func sentence(for error: any Error) -> String {
    switch error {
    case let refusal as Refusal: refusal.sentence
    case let error as SchemaError: error.description
    case let error as DatabaseError: error.description
    case let error as ArchiveError: error.description
    case let error as FileError: error.description
    case let error as CocoaError: "Fichier illisible ou impossible à écrire : \(error.filePath ?? error.localizedDescription)."
    default:
      exitCode(for: error) == .validationFailure
        ? "La commande est mal écrite\(fault(in: message(for: error))) (aide : maillage help)."
        : "Erreur inattendue (\(type(of: error))) : \(error.localizedDescription)"
    }
  }

  /// The parser has English words of its own around ours.
  private static func inFrench(_ help: String) -> String {
    let words = [
      ("OVERVIEW: ", ""), ("USAGE: ", "USAGE : "), ("<subcommand>", "<commande>"), ("SUBCOMMANDS:", "COMMANDES :"),
      ("ARGUMENTS:", "ARGUMENTS :"), ("OPTIONS:", "OPTIONS :"), ("(default: ", "(par défaut : "), ("(values: ", "(valeurs : "),
      ("Show help information.", "Montre cette aide."), ("Show subcommand help information.", "Montre l’aide d’une commande."),
      ("  See '", "  Voir « "), ("' for detailed help.", " » pour le détail."),
    ]
    return words.reduce(help) { $0.replacing($1.0, with: $1.1) }
  }

  /// What the parser says in English, in French; nothing when it says something new.
  private static func fault(in message: String) -> String {
    let words = message.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
    guard words.count > 1 else { return "" }
    return switch words[0] {
    case "Unknown option ": " : l’option « \(words[1]) » n’existe pas"
    case "Unexpected argument ": " : « \(words[1]) » est de trop"
    case "Missing expected argument ": " : il manque « \(words[1]) »"
    case "Missing value for ": " : il manque une valeur après « \(words[1]) »"
    case "The value " where words.count > 3: " : « \(words[1]) » ne convient pas à « \(words[3]) »"
    default: ""
    }
  }
}

extension Refusal {
  /// Whatever the command had to do is done; it is the answer that is missing.
  static let unwrittenAnswer = Refusal("La réponse n’a pas pu être écrite\u{A0}: le disque est peut-être plein.")
}

extension FileHandle {
  /// Writes to standard output what is not a text of our own; unlike `write(_:)`, a full disk is no crash.
  /// - Throws: `Refusal`.
  func answer(_ bytes: Data) throws {
    do {
      try write(contentsOf: bytes)
    } catch {
      throw Refusal.unwrittenAnswer
    }
  }
}
