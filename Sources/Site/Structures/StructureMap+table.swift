import Federation
import Markup
import Records
import Store
import Tables
import WebSupport

/// The same numbers as the map's in words: on the page beside it, and in files.
extension StructureMap {
  private static let kinds: [(title: String, types: [StructureType], className: String)] = [
    ("MSP", [.msp], "n p2"), ("ESP, ESP-CLAP", [.esp, .espClap], "n p2"), ("CdS", [.cds], "n p2"), ("CPTS", [.cpts], "n"),
  ]

  /// Those that the filter lets through: of the others nothing is there to be counted.
  private var counted: [(title: String, types: [StructureType], className: String)] {
    let asked = question.query.filters.filter { $0.dimension == "type" }.map(\.value)
    return Self.kinds.filter { kind in asked.isEmpty || kind.types.contains { asked.contains($0.rawValue) } }
  }

  /// CPTS cover: without them the share says nothing of what is on the map.
  private var covered: Coverage? { counted.contains { $0.types.contains(.cpts) } ? coverage : nil }

  private func numbers(_ teams: [MappedStructure]) -> [Int] {
    counted.map { kind in teams.count { kind.types.contains($0.type) } } + [teams.count]
  }

  private func links(_ more: [(String, String)]) -> [Link] {
    let asked = question.query.filters.filter { $0.dimension == "type" }.map(\.value)
    return counted.map { kind in
      let types = kind.types.map(\.rawValue).filter { asked.isEmpty || asked.contains($0) }
      return list(more + types.map { ("type", $0) })
    } + [list(more)]
  }

  /// The list of the same teams, narrowed further.
  func list(_ more: [(String, String)]) -> Link {
    let items = question.asked.link.query.filter { item in item.name != MapGround.item && !more.contains { $0.0 == item.name } }.map {
      ($0.name, $0.value)
    }
    return Link("/structures", query: items + more)
  }

  func list(_ more: (String, String)) -> Link { list([more]) }

  var header: [String] { ["Département"] + counted.map(\.title) + ["Équipes"] + (covered == nil ? [] : ["Couverture"]) }

  /// For files: the numbers of each département, then of all of them.
  var lines: [[XLSX.Cell]] {
    func line(_ name: String, _ teams: [MappedStructure], _ share: FigureValue?) -> [XLSX.Cell] {
      [.text(name)] + numbers(teams).map { .integer($0) } + (covered == nil ? [] : [.text(share?.text ?? "")])
    }
    return outlines.map { outline in
      line(outline.name, teams.filter { $0.department == outline.code }, covered?.parts[outline.code])
    } + [line("Ensemble", teams, covered?.total)]
  }

  var table: HTML {
    let classes = counted.map(\.className) + ["n"]
    func row(_ name: LinkedText, _ teams: [MappedStructure], _ links: [Link], _ share: FigureValue?, _ place: Filter?) -> HTML {
      let cells = zip(zip(numbers(teams), links), classes).map { cell, name -> HTML in
        "<td class=\"\(name)\">\((cell.0 == 0 ? LinkedText("0") : LinkedText(cell.0, cell.1)).html)</td>"
      }
      let covered: HTML = self.covered.map { "<td class=\"n\">\(frame.records.share(share, of: $0.query, in: place).html)</td>" } ?? .empty
      return "<tr><th scope=\"row\">\(name.html)</th>\(cells)\(covered)</tr>\n"
    }
    let opensSheets = frame.session.account.role.areas.contains(.figures)
    let rows = outlines.map { outline -> HTML in
      let own = [("departement", outline.code)]
      return row(
        LinkedText(outline.name, opensSheets ? .department(outline.code) : list(own)), teams.filter { $0.department == outline.code },
        links(own), covered?.parts[outline.code], Filter("departement", outline.code))
    }
    let titles = zip(header, [""] + classes + ["n"]).map { title, name -> HTML in
      "<th scope=\"col\"\(attribute: "class", name.isEmpty ? nil : name)>\(title)</th>"
    }
    return """
      <div class="tableau simple"><table><caption>Équipes\(covered == nil ? "" : " et couverture"), \(when)</caption>
      <thead><tr>\(titles)</tr></thead><tbody>
      \(rows)</tbody><tfoot>\(row(LinkedText("Ensemble"), teams, links([]), covered?.total, nil))</tfoot></table></div>
      """
  }

  var when: String {
    let day = question.query.period.through
    return day == frame.today ? "aujourd’hui" : "au \(French.fullDay(day.description))"
  }
}
