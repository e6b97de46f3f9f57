import Federation
import Markup
import Records
import Store
import Tables
import WebSupport

/// The same numbers as the map's in words: on the page beside it, and in files.
extension StructureMap {
  private static let counted: [(title: String, types: [StructureType], className: String)] = [
    ("MSP", [.msp], "n p2"), ("ESP", [.esp, .espClap], "n p2"), ("CdS", [.cds], "n p2"), ("CPTS", [.cpts], "n"),
  ]

  private func numbers(_ teams: [MappedStructure]) -> [Int] {
    Self.counted.map { kind in teams.count { kind.types.contains($0.type) } } + [teams.count]
  }

  private func links(_ more: [(String, String)]) -> [Link] {
    let asked = question.query.filters.filter { $0.dimension == "type" }.map(\.value)
    return Self.counted.map { kind in
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

  var header: [String] { ["Département"] + Self.counted.map(\.title) + ["Équipes"] + (coverage == nil ? [] : ["Couverture"]) }

  /// For files: the numbers of each département, then of all of them.
  var lines: [[XLSX.Cell]] {
    func line(_ name: String, _ teams: [MappedStructure], _ share: FigureValue?) -> [XLSX.Cell] {
      [.text(name)] + numbers(teams).map { .integer($0) } + (coverage == nil ? [] : [.text(share?.text ?? "")])
    }
    return outlines.map { outline in
      line(outline.name, teams.filter { $0.department == outline.code }, coverage?.parts[outline.code])
    } + [line("Ensemble", teams, coverage?.total)]
  }

  var table: HTML {
    let classes = Self.counted.map(\.className) + ["n"]
    func row(_ name: LinkedText, _ teams: [MappedStructure], _ links: [Link], _ share: FigureValue?, _ place: [Filter]) -> HTML {
      let cells = zip(zip(numbers(teams), links), classes).map { cell, name -> HTML in
        "<td class=\"\(name)\">\((cell.0 == 0 ? LinkedText("0") : LinkedText(cell.0, cell.1)).html)</td>"
      }
      let covered: HTML = coverage.map { "<td class=\"n\">\(communes(share, $0.query, place).html)</td>" } ?? .empty
      return "<tr><th scope=\"row\">\(name.html)</th>\(cells)\(covered)</tr>\n"
    }
    let opensSheets = frame.session.account.role.areas.contains(.figures)
    let rows = outlines.map { outline -> HTML in
      let own = [("departement", outline.code)]
      return row(
        LinkedText(outline.name, opensSheets ? .department(outline.code) : list(own)), teams.filter { $0.department == outline.code },
        links(own), coverage?.parts[outline.code], own.map { Filter($0.0, $0.1) })
    }
    let titles = zip(header, [""] + classes + ["n"]).map { title, name -> HTML in
      "<th scope=\"col\"\(attribute: "class", name.isEmpty ? nil : name)>\(title)</th>"
    }
    return """
      <div class="tableau simple"><table><caption>Équipes\(coverage == nil ? "" : " et couverture"), \(when)</caption>
      <thead><tr>\(titles)</tr></thead><tbody>
      \(rows)</tbody><tfoot>\(row(LinkedText("Ensemble"), teams, links([]), coverage?.total, []))</tfoot></table></div>
      """
  }

  /// The share that is covered; it opens the communes of the place with the CPTS that claim them.
  private func communes(_ share: FigureValue?, _ query: FigureQuery, _ place: [Filter]) -> LinkedText {
    guard let share else { return LinkedText(French.unknown) }
    let narrowed = try? FigureQuery(query.figure, query.period, where: query.filters + place)
    let hasRecords = share.source == nil && share.value != nil
    return LinkedText(share.text, hasRecords ? narrowed.flatMap { frame.records($0) } : nil)
  }

  var when: String {
    let day = question.query.period.through
    return day == frame.today ? "aujourd’hui" : "au \(French.fullDay(day.description))"
  }
}
