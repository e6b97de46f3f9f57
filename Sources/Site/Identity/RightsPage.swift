import Federation
import Markup
import WebSupport

/// `/droits`: who may do what, as the program itself decides it.
struct RightsPage: Sendable {
  func html() -> HTML {
    """
    \(PageHeader("Droits des rôles", sentence: "Ce que chaque rôle lit et écrit. Un compte agit sous un seul rôle à la fois.").html)
    \(table)
    """
  }

  private var table: HTML {
    """
    <div class="tableau simple" tabindex="0" role="region" aria-label="Droits des rôles"><table>\
    <caption>Lecture, puis écriture</caption>
    <thead><tr><th scope="col">Rôle</th>\(each: Area.allCases, title)</tr></thead>
    <tbody>\(each: Role.allCases, row)</tbody></table></div>
    """
  }

  private func title(_ area: Area) -> HTML {
    """
    <th scope="col">\(area.label)</th>
    """
  }

  private func row(_ role: Role) -> HTML {
    """
    <tr><th scope="row">\(role.label)</th>\(Area.allCases.map { cell(role, $0) })</tr>

    """
  }

  /// What else is done there, beside reading and writing.
  private static func third(_ area: Area, _ role: Role) -> String {
    switch area {
    case .volunteering: "Clôt l’exercice"
    case .expenses: "Approuve et paie"
    case .questions: role.scope(.publish, area) == .own ? "Répond aux siennes" : "Répond à toutes"
    default: "Publie"
    }
  }

  private func cell(_ role: Role, _ area: Area) -> HTML {
    let (read, write) = (role.scope(.read, area), role.scope(.write, area))
    if read == .none && write == .none { return "<td class=\"note\">Fermé</td>" }
    return """
      <td>Lit \(read.label)<br>\(write == .none ? "N’écrit rien" : "Écrit \(write.label)")\
      \(role.scope(.publish, area) == .none ? .empty : "<br>\(Self.third(area, role))")</td>
      """
  }
}
