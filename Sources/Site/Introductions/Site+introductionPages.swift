import Federation
import Markup
import Records
import Store
import WebSupport

extension Site {
  /// Noting that a team was put in touch with somebody, and what came of it.
  var introductionPages: RecordPages {
    let layouts: [RecordFormBuilder.Layout] = [
      .init("structure", label: "Quelle équipe ?"), .init("date", label: "Quand ?"),
      .init("autre_structure", label: "Avec quelle équipe ?"), .init("personne", label: "Ou quelle personne ?"),
      .init("organisation", label: "Ou quelle organisation ?"),
      .init("objet", label: "Pour quoi ?", isWide: true, help: "En une phrase. Rien sur la santé de quiconque."),
      .init("suite", isSegmented: true), .init("note", isWide: true, help: "À compléter plus tard, quand vous le saurez."),
      .init("echange"),
    ]
    return RecordPages(
      site: self, kind: "mises_en_relation", path: "/mises-en-relation", place: .introductions, area: .directory,
      words: RecordWords(list: "Mises en relation", new: "Mettre en relation", change: "Modifier la mise en relation") { _ in
        "Mise en relation"
      },
      layouts: layouts, hasOwnPage: false,
      defaults: { ["date": $0.today.description, "suite": IntroductionResult.open.rawValue] },
      // The exchange is known by where the form was opened.
      shown: { _, _, _ in layouts.filter { $0.name != "echange" } },
      batched: [.init("suite", label: "Suite donnée")], cells: ["suite"],
      selected: { request, frame, connection in try IntroductionList(site: self).selected(request, frame, connection) })
  }
}

extension Link {
  /// The form of an introduction: it has no other page of its own.
  static func introduction(_ id: Identifier<Introduction>) -> Link { "/mises-en-relation/\(id.description)/modifier" }

  /// That of a new one of a team.
  /// - Parameter page: where one comes back to.
  static func introduction(of team: String, from page: Link) -> Link {
    Link("/mises-en-relation/nouveau", query: [("structure", team), ("retour", page.address)])
  }

  /// The same after an exchange with a team. What is confidential is not copied where others read it.
  static func introduction(after sheet: ExchangeSheet) -> Link? {
    let exchange = sheet.summary
    guard let team = exchange.teams.first else { return nil }
    var link = introduction(of: team.reference, from: .exchange(exchange.id)).adding("date", exchange.date.description)
    if exchange.teams.count > 1 { link = link.adding("autre_structure", exchange.teams[1].reference) }
    return exchange.isConfidential ? link : link.adding("echange", exchange.id.description)
  }
}

/// What pages say of introductions.
enum IntroductionWords {
  static func badge(_ result: IntroductionResult, _ lists: ReferenceLists) -> HTML {
    let tone: Badge.Tone =
      switch result {
      case .open: .underWay
      case .fruitful: .good
      case .fruitless: .ended
      }
    return Badge.state(lists.label(result), tone)
  }

  /// Whom the team met, each with its page.
  static func partners(_ row: IntroductionSummary) -> [LinkedText] {
    [
      row.other.map { LinkedText($0.name, .structure($0.id)) }, row.person.map { LinkedText($0.name, .person($0.id)) },
      row.organisation.map { LinkedText($0.name, .organisation($0.id)) },
    ].compactMap(\.self)
  }

  private static func page(of partner: TeamIntroduction.Partner) -> Link {
    switch partner {
    case .structure(let id): .structure(id)
    case .person(let id): .person(id)
    case .organisation(let id): .organisation(id)
    }
  }

  /// On a team's page: the latest ones.
  static func card(_ sheet: StructureSheet, writes: Bool, _ frame: Frame) -> HTML {
    guard writes || !sheet.introductions.isEmpty else { return .empty }
    let rows: [HTML] = sheet.introductions.prefix(5).map { introduction in
      let words = ["le \(French.day(introduction.date.description))", introduction.purpose].compactMap(\.self).joined(separator: ", ")
      let change: HTML =
        writes
        ? "<small><a href=\"\(Link.introduction(introduction.id))\">Modifier<span class=\"sr\"> la mise en relation avec \(introduction.name)</span></a></small>"
        : .empty
      return """
        <li><div class="corps"><a href="\(page(of: introduction.partner))">\(introduction.name)</a><small>\(words)</small>\(change)</div>\
        <div class="fin">\(badge(introduction.result, frame.lists))</div></li>

        """
    }
    let content: HTML = rows.isEmpty ? "<p class=\"note\">Aucune pour l’instant.</p>" : "<ul class=\"liste\">\(rows)</ul>"
    let adding = PageAction("Mettre en relation", .add, .introduction(of: sheet.reference, from: .structure(sheet.id)), isSmall: true)
    return Card("relations", "Mises en relation", aside: writes ? adding.button : .empty, content).html
  }

  /// On a team's timeline.
  static func entry(_ introduction: TeamIntroduction, _ lists: ReferenceLists) -> Timeline.Entry {
    Timeline.Entry(
      date: introduction.date.description, icon: .link, tone: .green, title: "Mise en relation avec \(introduction.name)",
      link: page(of: introduction.partner), text: introduction.purpose, badge: badge(introduction.result, lists))
  }
}
