import Federation
import Markup
import Records
import Store
import Tables
import WebSupport

/// A row of a list that says which team it is of.
protocol TeamRow: Sendable {
  var structure: Identifier<Structure> { get }
  var name: String { get }
  var type: StructureType { get }
  var department: String { get }
  var commune: String? { get }
}

extension StructureListing.Row: TeamRow {
  var structure: Identifier<Structure> { id }
}

extension StateEntryListing.Row: TeamRow {}
extension HeadcountListing.Row: TeamRow {}
extension TypeChangeListing.Row: TeamRow {}
extension SiteListing.Row: TeamRow {}

/// The columns by which every list tells its teams apart.
struct TeamColumns<Row: TeamRow>: Sendable {
  let lists: ReferenceLists

  /// - Parameters:
  ///   - fileTitle: the heading of its name in files, where it is another one.
  ///   - saysDepartment: beside the commune under the name, for the page shows no column of it.
  ///   - more: what a narrow page says under the name.
  func identity(
    inFile fileTitle: String? = nil, saysDepartment: Bool = true, more: @escaping @Sendable (Row) -> HTML?
  ) -> [ListColumn<Row>] {
    [
      ListColumn("nom", "Structure", inFile: fileTitle, sorts: true, isTitle: true) {
        XLSX.Cell($0.name)
      } html: { row in
        let place = [row.commune, saysDepartment ? "(\(row.department))" : nil].compactMap(\.self).joined(separator: " ")
        return """
          <a href="\(Link.structure(row.structure))">\(row.name)</a><small>\(Badge.type(lists.coded(row.type))) \(place)</small>\
          \(more(row))
          """
      },
      ListColumn("type", "Type") {
        XLSX.Cell(lists.label($0.type))
      } html: {
        Badge.type(lists.coded($0.type))
      },
      .text("departement", "Département", class: "p3", sorts: true) { $0.department },
      .text("commune", "Commune", class: "p3") { $0.commune },
    ]
  }
}
