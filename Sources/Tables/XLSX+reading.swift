import Foundation

extension XLSX {
  /// The first visible sheet.
  static func read(_ archive: ZIPArchive) throws -> Table {
    try checkKind(of: archive)
    let main = try Relationships(of: "", in: archive).path(ofType: "officeDocument") ?? "xl/workbook.xml"
    let workbook = try XMLPart.read(try archive.part(main), into: WorkbookPart())
    let links = try Relationships(of: main, in: archive)
    guard let sheet = workbook.sheetIDs.lazy.compactMap({ links.path(ofType: "worksheet", id: $0) }).first else { throw TableError.empty }
    let strings = try links.path(ofType: "sharedStrings").flatMap { try archive.data($0) }
    let styles = try links.path(ofType: "styles").flatMap { try archive.data($0) }
    return try XMLPart.read(
      try archive.part(sheet),
      into: SheetPart(
        strings: try strings.map { try XMLPart.read($0, into: SharedStrings()).texts } ?? [],
        styles: try styles.map { try XMLPart.read($0, into: StylesPart()).styles } ?? [],
        epoch: workbook.epoch)
    ).table()
  }

  /// A letter or a presentation of Office is an archive of the same make.
  private static func checkKind(of archive: ZIPArchive) throws {
    guard let data = try archive.data("[Content_Types].xml") else { throw TableError.notATable }
    let types = try XMLPart.read(data, into: ContentTypes()).types
    if types.contains(where: { $0.contains("ms-excel.sheet.binary") }) { throw TableError.otherExcel }
    let isWorkbook = types.contains { $0.hasSuffix("main+xml") && ($0.contains("spreadsheetml") || $0.contains("ms-excel")) }
    guard isWorkbook else { throw TableError.notATable }
  }
}

extension ZIPArchive {
  /// The content of an entry that must be there.
  func part(_ name: String) throws -> Data {
    guard let data = try data(name) else { throw TableError.damaged }
    return data
  }
}

/// `[Content_Types].xml`: what the parts of the archive are.
private struct ContentTypes: XMLHandler {
  var types: Set<String> = []

  mutating func start(_ name: String, _ attributes: [String: String]) {
    if let type = attributes["ContentType"] { types.insert(type) }
  }
}

/// Where a part keeps the parts that belong to it.
private struct Relationships: XMLHandler {
  private var links: [(id: String, type: String, path: String)] = []
  private let folder: [Substring]

  /// `part` is empty for the archive as a whole.
  init(of part: String, in archive: ZIPArchive) throws {
    let steps = part.split(separator: "/")
    folder = Array(steps.dropLast())
    let path = (folder + ["_rels", "\(steps.last ?? "").rels"]).joined(separator: "/")
    guard let data = try archive.data(path) else { return }
    links = try XMLPart.read(data, into: self).links
  }

  mutating func start(_ name: String, _ attributes: [String: String]) {
    guard name == "Relationship", attributes["TargetMode"] != "External", let target = attributes["Target"] else { return }
    links.append((attributes["Id"] ?? "", attributes["Type"] ?? "", path(target)))
  }

  /// The two editions of the standard differ in all of the type but its last word.
  func path(ofType type: String, id: String? = nil) -> String? {
    links.first { $0.type.hasSuffix("/" + type) && (id == nil || $0.id == id) }?.path
  }

  private func path(_ target: String) -> String {
    var steps = target.hasPrefix("/") ? [] : folder
    for step in target.split(separator: "/") {
      switch step {
      case ".": continue
      case "..": _ = steps.popLast()
      default: steps.append(step)
      }
    }
    return steps.joined(separator: "/")
  }
}

/// The workbook itself: which sheets there are, and where dates start.
private struct WorkbookPart: XMLHandler {
  var epoch = SheetDate.Epoch.year1900
  private var visible: [String] = []
  private var hidden: [String] = []

  /// As the tabs show them, hidden ones last.
  var sheetIDs: [String] { visible + hidden }

  mutating func start(_ name: String, _ attributes: [String: String]) {
    switch name {
    case "workbookPr":
      if ["1", "true", "on"].contains(attributes["date1904"]) { epoch = .year1904 }
    case "sheet":
      guard let id = attributes["r:id"] ?? attributes.first(where: { $0.key.hasSuffix(":id") })?.value else { return }
      if attributes["state"]?.lowercased().hasSuffix("hidden") == true { hidden.append(id) } else { visible.append(id) }
    default: break
    }
  }
}
