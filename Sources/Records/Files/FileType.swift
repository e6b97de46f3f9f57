import Foundation
import Store
import Tables

/// What may be joined to a record, told by the bytes: names and what browsers say of them lie.
public enum FileType: String, CaseIterable, Sendable, SQLCodable {
  case pdf = "application/pdf"
  case jpeg = "image/jpeg"
  case png = "image/png"
  case gif = "image/gif"
  case docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
  case xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
  case pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
  case odt = "application/vnd.oasis.opendocument.text"
  case ods = "application/vnd.oasis.opendocument.spreadsheet"
  case odp = "application/vnd.oasis.opendocument.presentation"
  case text = "text/plain"

  /// How names of such files end, the usual ending first.
  public var endings: [String] {
    switch self {
    case .pdf: ["pdf"]
    case .jpeg: ["jpg", "jpeg"]
    case .png: ["png"]
    case .gif: ["gif"]
    case .docx: ["docx"]
    case .xlsx: ["xlsx"]
    case .pptx: ["pptx"]
    case .odt: ["odt"]
    case .ods: ["ods"]
    case .odp: ["odp"]
    case .text: ["txt", "csv"]
    }
  }

  /// Browsers show it as it is.
  public var isPicture: Bool { [.jpeg, .png, .gif].contains(self) }

  /// A page of the site shows it: other files are for other programs.
  public var isShown: Bool { isPicture || self == .pdf || self == .text }

  /// What the name of a file that was kept says it is.
  public init?(named name: String) {
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    guard let type = FileType.allCases.first(where: { $0.endings.contains(ending) }) else { return nil }
    self = type
  }

  /// After « son contenu est ».
  var label: String {
    switch self {
    case .pdf: "un PDF"
    case .jpeg: "une photo JPEG"
    case .png: "une image PNG"
    case .gif: "une image GIF"
    case .docx: "un document Word"
    case .xlsx: "un classeur Excel"
    case .pptx: "une présentation PowerPoint"
    case .odt: "un document LibreOffice"
    case .ods: "un classeur LibreOffice"
    case .odp: "une présentation LibreOffice"
    case .text: "du texte"
    }
  }

  /// `nil` for whatever else it is.
  static func sniffed(_ bytes: [UInt8]) -> FileType? {
    let beginnings: [(FileType, [UInt8])] = [
      (.pdf, Array("%PDF-".utf8)), (.jpeg, [0xFF, 0xD8, 0xFF]), (.png, [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10]),
      (.gif, Array("GIF87a".utf8)), (.gif, Array("GIF89a".utf8)),
    ]
    if let known = beginnings.first(where: { bytes.starts(with: $0.1) }) { return known.0 }
    if bytes.starts(with: [0x50, 0x4B, 3, 4]) { return OfficeFile.mediaType(of: bytes).flatMap { FileType(rawValue: $0) } }
    return isText(bytes) ? .text : nil
  }

  /// Without the bytes that no text has, and not a page or a drawing that a browser would run.
  private static func isText(_ bytes: [UInt8]) -> Bool {
    guard !bytes.contains(where: { $0 < 32 && ![9, 10, 12, 13].contains($0) || $0 == 127 }) else { return false }
    let start = bytes.drop { [9, 10, 12, 13, 32, 0xEF, 0xBB, 0xBF].contains($0) }
    return start.first != UInt8(ascii: "<") && !start.isEmpty
  }
}

/// A file that somebody sends, once it is known to be one that may be kept.
public struct IncomingFile: Sendable {
  public let name: String
  public let type: FileType
  /// Of a photo, the picture alone.
  public let bytes: [UInt8]

  /// - Throws: `Refusal` with the reason.
  public init(named name: String, _ bytes: [UInt8]) throws {
    let cleaned = FileName.cleaned(name)
    guard !bytes.isEmpty else { throw Refusal("Le fichier « \(cleaned) » est vide.") }
    guard let type = FileType.sniffed(bytes) else {
      throw Refusal(
        "« \(cleaned) » n’est pas d’une sorte acceptée : PDF, image JPEG, PNG ou GIF, document Word, Excel, PowerPoint ou LibreOffice sans macros, texte ou CSV."
      )
    }
    let ending = cleaned.contains(".") ? cleaned.split(separator: ".").last.map { $0.lowercased() } : nil
    let claimed = FileType.allCases.first { $0.endings.contains(ending ?? "") }
    if let claimed, claimed != type {
      throw Refusal("« \(cleaned) » annonce \(claimed.label), mais son contenu est \(type.label) : choisissez le bon fichier.")
    }
    guard let content = PictureContent.alone(bytes, type) else {
      throw Refusal("« \(cleaned) » est une image abîmée : ouvrez-la, enregistrez-la sous un autre nom, puis joignez celle-ci.")
    }
    self.name = claimed == nil ? "\(cleaned).\(type.endings[0])" : cleaned
    self.type = type
    self.bytes = content
  }
}
