import Foundation

/// Which office document an archive is, by what is in it.
public enum OfficeFile {
  private static let parts = [
    ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
  ]
  private static let openDocuments: Set = [
    "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
  ]
  private static let programs = ["word/vbaproject.bin", "xl/vbaproject.bin", "ppt/vbaproject.bin", "basic/script-lc.xml"]

  /// The media type; `nil` for any other archive, a damaged one, and one that carries programs.
  public static func mediaType(of bytes: [UInt8]) -> String? {
    guard let archive = try? ZIPArchive(bytes), !programs.contains(where: archive.contains) else { return nil }
    if let type = try? archive.data("mimetype", limit: 200) {
      let name = String(decoding: type, as: UTF8.self)
      return openDocuments.contains(name) ? name : nil
    }
    guard archive.contains("[content_types].xml") else { return nil }
    return parts.first { archive.contains($0.0) }?.1
  }
}
