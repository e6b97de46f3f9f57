import Foundation

/// A file that is wholly there or not at all: written beside its place, brought to the disk, then put there in one step.
public enum WholeFile {
  /// What is no ordinary file (a pipe, a device) cannot be replaced and is written as it comes.
  /// - Throws: `FileError`, or what `body` throws: what was there before is still there, and nothing is left beside it.
  public static func write<Value>(to file: URL, _ body: (FileSink) throws -> Value) throws -> Value {
    let file = file.resolvingSymlinksInPath()
    var status = stat()
    if stat(file.path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      return try opened(file.path, naming: file.path, body)
    }
    let partial = file.path + ".partiel"
    do {
      let value = try opened(partial, naming: file.path) { sink in
        let value = try body(sink)
        try sink.synchronize()
        return value
      }
      // One step: whoever looks finds the old file or the new one.
      guard rename(partial, file.path) == 0 else { throw FileError(path: file.path, code: errno) }
      synchronizeFolder(of: file)
      return value
    } catch {
      unlink(partial)
      throw error
    }
  }

  private static func opened<Value>(_ path: String, naming name: String, _ body: (FileSink) throws -> Value) throws -> Value {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(path: name, code: errno) }
    defer { close(descriptor) }
    return try body(FileSink(descriptor: descriptor, path: name))
  }

  /// So that a power cut does not take the new name away; a file system that cannot is left alone.
  private static func synchronizeFolder(of file: URL) {
    let descriptor = open(file.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// Where the bytes of a file under way go.
public struct FileSink {
  fileprivate let descriptor: Int32
  fileprivate let path: String

  /// - Throws: `FileError`.
  public func write(_ data: Data) throws {
    try data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw FileError(path: path, code: count < 0 ? errno : ENOSPC) }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// The disk may say only now that it is full.
  fileprivate func synchronize() throws {
    guard fsync(descriptor) == 0 else { throw FileError(path: path, code: errno) }
  }
}

/// Why a file was not written.
public struct FileError: Error, CustomStringConvertible {
  let path: String
  /// The system's own.
  let code: Int32

  public var description: String {
    switch code {
    // A quota and a limit on the size of files are full disks to whoever meets them.
    case ENOSPC, EDQUOT, EFBIG: "Le disque est plein\u{A0}: « \(path) » n’a pas pu être écrit."
    case EACCES, EPERM, EROFS: "Il n’est pas permis d’écrire « \(path) »."
    case ENOENT, ENOTDIR: "Le dossier où écrire « \(path) » n’existe pas."
    case EISDIR: "« \(path) » est un dossier\u{A0}: donnez le nom d’un fichier."
    default: "« \(path) » n’a pas pu être écrit."
    }
  }
}
