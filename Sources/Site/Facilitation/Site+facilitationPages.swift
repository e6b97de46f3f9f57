import Federation
import Markup
import Records
import Store
import WebSupport

extension Site {
  /// Asking for a facilitation, and saying what is known of it.
  var facilitationPages: RecordPages {
    RecordPages(
      site: self, kind: "facilitations", path: "/facilitations", place: .facilitations, area: .facilitations,
      words: RecordWords(list: "Facilitations", new: "Demander une facilitation", change: "Modifier la facilitation") { entries in
        entries["besoin"].flatMap { ExchangeSummary.heading(of: $0) } ?? "Facilitation"
      },
      layouts: [
        .init("structures", label: "Pour quelles équipes ?", help: "Plusieurs équipes possibles. Sans équipe, dites la commune du lieu."),
        .init("demandeur", help: "Une personne de l’annuaire, ou un nom."),
        .init("besoin", label: "De quoi l’équipe a besoin", isWide: true, help: "En quelques phrases. N’écrivez rien sur un patient."),
        .init("type_facilitation"), .init("famille", help: "Déduite du type ; à dire pour un type que votre fédération a ajouté."),
        .init("pour", help: "Déduit de l’équipe.", empty: "Déduit de l’équipe"), .init("themes"),
        .init("format", isSegmented: true), .init("modalite", isSegmented: true), .init("urgente"), .init("demandee_le"),
        .init("souhaitee_avant"), .init("coordination", label: "Qui la coordonne"),
        .init("facilitateurs", label: "Facilitateurs", help: "Souvent deux, parmi ceux du réseau."),
        .init("partenaires", label: "Partenaires présents", help: "La mairie, l’ARS, la CPAM… : de l’annuaire, ou un nom."),
        .init("date"), .init("heure"), .init("duree_minutes", label: "Durée", unit: "min"), .init("lieu"),
        .init("commune", help: "Elle donne le département d’une facilitation sans équipe."), .init("hors_region"),
        .init("phase", label: "Phase, si elle n’est pas celle de la fiche", empty: "Celle de l’équipe ce jour-là"),
      ],
      defaults: { ["demandee_le": $0.today.description, "coordination": $0.session.account.email] },
      more: tiedExchange,
      batched: [.init("coordination", label: "Qui la coordonne"), .init("themes", label: "Thèmes")],
      cells: ["coordination", "souhaitee_avant"],
      selected: { request, frame, connection in try FacilitationList(site: self).selected(request, frame, connection) })
  }

  /// The network: who helps, in what, how far and when.
  var facilitatorPages: RecordPages {
    RecordPages(
      site: self, kind: "facilitateurs", path: "/facilitateurs", place: .facilitations, area: .facilitations,
      words: RecordWords(list: "Facilitateurs", new: "Nouveau facilitateur", change: "Modifier la fiche de facilitateur") { _ in
        "Facilitateur"
      },
      layouts: [
        .init("personne", help: "Une personne de l’annuaire."), .init("expertises"),
        .init("commune", help: "D’où la personne part. Laissée vide, c’est celle de sa fiche."),
        .init("departement", help: "Déduit de la commune.", empty: "Déduit de la commune"),
        .init("rayon_km", unit: "km", help: "À vol d’oiseau."),
        .init("absences", isWide: true, help: "Une période par ligne, par exemple 01/07/2026 au 31/08/2026."),
        .init("formations", isWide: true), .init("en_pause_depuis", help: "Rempli, la personne n’est plus proposée à partir de ce jour."),
        .init("note", isWide: true, help: "Lue par l’équipe salariée. Rien sur la santé de quiconque."),
      ],
      batched: [.init("expertises", label: "Expertises"), .init("en_pause_depuis", label: "En pause depuis le")], cells: ["rayon_km"],
      selected: { request, frame, connection in try FacilitatorList(site: self).selected(request, frame, connection) })
  }

  /// The exchange that a request was born of is about it.
  private var tiedExchange: RecordPages.FormPart {
    RecordPages.FormPart(
      names: ["echange"], before: "structures",
      html: { entries, _, _, _ in
        guard let exchange = entries["echange"].flatMap(Identifier<Exchange>.init) else { return .empty }
        return """
          <p class="note large">\(hidden("echange", exchange.description))\
          Née d’un \(LinkedText("échange", .exchange(exchange)).html), qui lui restera lié.</p>
          """
      },
      faults: { entries in
        // A file's line may hold no more than a day; who asks says for whom, or what for.
        let isEmpty = ["structures", "besoin", "type_facilitation", "commune"].allSatisfy { entries[$0, default: ""].isEmpty }
        return isEmpty ? ["besoin": "choisissez une équipe, ou écrivez le besoin"] : [:]
      },
      save: { facilitation, entries, context in
        guard let exchange = entries["echange"].flatMap(Identifier<Exchange>.init) else { return }
        try await FacilitationDesk(installation, actor: context.session.account).tie(exchange, to: Identifier(rawValue: facilitation))
      })
  }
}

extension Link {
  static func facilitation(_ id: Identifier<Facilitation>) -> Link { "/facilitations/\(id.description)" }
  static func facilitator(_ id: Identifier<Facilitator>) -> Link { "/facilitateurs/\(id.description)" }

  /// The form of a request that an exchange gave rise to. What is confidential is not copied where others read it.
  static func facilitationRequest(after sheet: ExchangeSheet) -> Link {
    let exchange = sheet.summary
    var items = [("echange", exchange.id.description), ("structures", exchange.teams.map(\.reference).joined(separator: "|"))]
    if !exchange.isConfidential {
      items += [
        ("themes", exchange.themes.joined(separator: "|")), ("besoin", String((exchange.subject ?? "").prefix(1_500))),
        ("demandeur", sheet.people.count == 1 ? sheet.people[0].name : ""),
      ]
    }
    return Link("/facilitations/nouveau", query: items.filter { !$0.1.isEmpty })
  }
}

/// What pages say of facilitations.
enum FacilitationWords {
  static func title(_ type: String?, _ lists: ReferenceLists) -> String {
    type.map { lists.label(of: $0, in: .facilitationType) } ?? "Facilitation à qualifier"
  }

  static func badge(_ state: FacilitationState, _ lists: ReferenceLists) -> HTML {
    let tone: Badge.Tone =
      switch state {
      case .requested: .start
      case .qualified, .proposed: .underWay
      case .assigned, .dated: .confirmed
      case .held: .attention
      case .written: .complete
      case .postponed: .paused
      case .cancelled: .ended
      }
    return Badge.state(lists.label(state), tone)
  }

  /// On a team's page: those that are not over, and how to ask for one.
  static func card(_ sheet: StructureSheet, _ frame: Frame) -> HTML {
    let role = frame.session.account.role
    guard role.areas.contains(.facilitations) else { return .empty }
    let open = sheet.facilitations.filter { $0.state.isAhead || $0.state == .held }
    let rows: [HTML] = open.map { facilitation in
      """
      <li><div class="corps"><a href="\(Link.facilitation(facilitation.id))">\(title(facilitation.type, frame.lists))</a>\
      <small>\(French.day(facilitation.day.description))\(facilitation.facilitators.map { ", avec \($0)" } ?? "")</small></div>\
      <div class="fin">\(badge(facilitation.state, frame.lists))</div></li>

      """
    }
    let held = sheet.facilitations.count { $0.state.isHeld }
    let content: HTML =
      rows.isEmpty
      ? "<p class=\"note\">\(held == 0 ? "Aucune pour l’instant." : French.plural(held, "facilitation tenue", "facilitations tenues") + ", rien en cours.")</p>"
      : "<ul class=\"liste\">\(rows)</ul>"
    let asking = PageAction(
      "Demander", .add, Link("/facilitations/nouveau", query: [("structures", sheet.reference)]), isSmall: true)
    return Card("facilitations", "Facilitations", aside: role.scope(.write, .facilitations) == .all ? asking.button : .empty, content).html
  }
}
