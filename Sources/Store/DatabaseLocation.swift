import Foundation

/// Where a federation's data is: `sqlite:PATH` or `postgres://…`.
public enum DatabaseLocation: Sendable, Equatable {
  case sqlite(path: String)
  case postgres(address: String)

  /// `nil` for anything else than the two forms.
  public init?(_ text: String) {
    if text.hasPrefix("sqlite:"), text.count > 7 {
      self = .sqlite(path: String(text.dropFirst(7)))
    } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
      self = .postgres(address: text)
    } else {
      return nil
    }
  }

  /// Whether there is no such SQLite file; a server is asked by opening it.
  public var isMissing: Bool {
    if case .sqlite(let path) = self { !FileManager.default.fileExists(atPath: path) } else { false }
  }

  /// - Throws: `DatabaseError`, or an error of the file system when the folder cannot be made.
  public func open(patience: PostgresDatabase.Patience = .interactive) throws -> any Database {
    switch self {
    case .sqlite(let path):
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      return try SQLiteDatabase(path: path)
    case .postgres(let address):
      return try PostgresDatabase(address, patience: patience)
    }
  }
}
