import Markup
import WebSupport

@testable import Site

extension PageSamples {
  var structureList: StructureListPage {
    let current = Link("/structures", query: [("type", write("msp")), ("departement", write("38")), ("tri", "-echange")])
    return StructureListPage(
      asOf: "2021-12-31", presentLink: "/structures", export: "/structures.csv", filters: structureFilters(current),
      sorting: Sorting(current: current, by: "echange", descending: true, keys: ["nom", "etape", "echange", "departement"]),
      rows: structureRows, pagination: Pagination(from: 1, to: 6, of: 1312, next: "/structures?apres=6"))
  }

  /// The teams behind a figure that adds a column.
  var overdueList: StructureListPage {
    var page = structureList
    page.detail = .init(title: "À recontacter avant", key: "relance")
    page.rows[0].detail = LinkedText(write("le 3 mars 2026"), note: write("Enquête annuelle"))
    return page
  }

  var transitionList: TransitionListPage {
    let current = Link("/etats", query: [("vers", write("aci")), ("annee", "2021")])
    return TransitionListPage(
      list: ListFrame(
        years: [.init("2021", "/etats?annee=2021", isCurrent: true)], filters: structureFilters(current),
        sorting: Sorting(current: current, by: "date", descending: true, keys: ["date", "nom", "duree"]),
        pagination: Pagination(from: 1, to: 2, of: 2), files: [.exportCSV("/etats.csv")]),
      rows: [
        .init(
          date: "2021-10-01", name: write("Les Quatre Chemins"), link: "/structures/1", type: coded("msp", "MSP"),
          place: write("La Mure (38)"), targets: [coded("aci", "ACI signé"), coded("ouverte", "Ouverte")],
          step: (coded("valide", "Projet validé"), 1_457), note: write("Signé en juin")),
        .init(
          date: "2021-01-01", name: write("Sans note"), link: "/structures/2", type: coded("esp", "ESP"), targets: []),
      ])
  }

  /// The same under the figure that is worked out of the time between stages.
  var stepList: TransitionListPage {
    var page = transitionList
    page.showsSteps = true
    return page
  }

  var headcountList: HeadcountListPage {
    let current = Link("/effectifs", query: [("profession", write("infirmier"))])
    return HeadcountListPage(
      day: "2021-12-31",
      list: ListFrame(
        filters: structureFilters(current), sorting: Sorting(current: current, by: "nom", keys: ["date", "nom", "nombre"]),
        pagination: Pagination(from: 1, to: 1, of: 1), files: [.exportCSV("/effectifs.csv")]),
      rows: [
        .init(
          date: "2021-06-01", name: write("Les Quatre Chemins"), link: "/structures/1", type: coded("msp", "MSP"),
          place: write("La Mure (38)"), profession: write("Infirmier"), number: 1_012, source: write("Enquête annuelle"))
      ])
  }

  var emptyStructureList: StructureListPage {
    var page = structureList
    page.rows = []
    return page
  }

  private func structureFilters(_ current: Link) -> FilterBar {
    FilterBar(
      "Filtrer les structures", current: current, search: .init("Nom, commune ou FINESS", value: write("")),
      facets: [
        Facet(
          "type", "Type",
          [
            .init(write("msp"), write("Maison de santé (MSP)"), isOn: true, count: 83),
            .init(write("cpts"), write("CPTS"), count: 1027),
          ]),
        Facet("departement", "Département", [.init(write("38"), write("Isère (38)"), isOn: true), .init("26", "Drôme (26)")]),
        Facet("etape", "Étape", [.init("ecriture", write("Écriture du projet"), count: 31, tone: .underWay)]),
        Facet("situation", "Situation", [.init("aci", write("Sous ACI"), tone: .complete)]),
        Facet("phase", "Phase", [.init("emergence", write("Émergence"))]),
        Facet("territoire", "Territoire", [.init("est", write("Est"))]),
      ], result: French.plural(1312, "structure", "structures"))
  }

  private var structureRows: [StructureListPage.Row] {
    [
      row("Les Quatre Chemins", coded("msp", "MSP"), coded("ecriture", "Écriture du projet"), coded("projet", "En projet")),
      row("Porte de Chartreuse", coded("msp", "MSP"), coded("ouverte", "Ouverte"), coded("aci", "Sous ACI")),
      row("Plateau du Vercors", coded("esp", "ESP"), coded("valide", "Projet validé"), coded("projet", "En projet")),
      row("Sud-Grésivaudan", coded("cpts", "CPTS"), coded("lettre_intention", "Lettre d’intention"), coded("projet", "En projet")),
      row("Centre de santé des Alpes", coded("cds", "CdS"), coded("en_pause", "En pause"), nil),
      .init(name: write("Sans étape"), link: "/structures/6", type: coded("esp_clap", "ESP CLAP")),
    ]
  }

  private func row(
    _ name: String, _ type: CodedLabel, _ stage: CodedLabel, _ situation: CodedLabel?
  ) -> StructureListPage.Row {
    .init(
      name: write(name), link: "/structures/\(write(name))", type: type, place: write("Saint-Quentin-sur-Isère"), stage: stage,
      situation: situation, department: write("Isère (38)"), professionals: 14, lastExchange: "2021-11-18")
  }

  var structure: StructurePage {
    StructurePage(
      breadcrumb: Breadcrumb(
        [LinkedText("Structures", "/structures"), LinkedText(write("Isère"), "/structures?departement=38")],
        current: write("Les Quatre Chemins")),
      name: write("MSP Les Quatre Chemins"), reference: "S-014", type: coded("msp", "MSP"), stage: coded("ecriture", "Écriture du projet"),
      situation: coded("projet", "En projet"), place: write("La Mure (38)"), rail: rail,
      tabs: [
        .init("Fil d’activité", "/structures/1", isCurrent: true),
        .init("Historique des étapes", "/structures/1?rubrique=etapes", count: 4),
      ],
      content: .timeline(timeline, older: "/structures/1?avant=2021-04"),
      facts: [
        .init("Territoire", write("Est, secteur Matheysine")), .init("CPTS", write("CPTS Sud-Isère"), "/structures/2"),
        .init("Logiciel", nil), .init("FINESS", write("380012345")),
      ],
      phone: write("04 76 00 00 00"), email: write("contact@quatre-chemins.fr"), website: write("www.quatre-chemins.fr"),
      sites: [
        .init(
          name: write("Site de La Mure"), address: write("12 rue des Alpes, 38350 La Mure"), isMain: true,
          dates: write("Depuis le 1er mars 2021")),
        .init(name: write("Susville")), .init(name: write("Pierre-Châtel"), isClosed: true),
      ])
  }

  var structureHistory: StructurePage {
    var page = structure
    page.tabs[0].isCurrent = false
    page.tabs[1].isCurrent = true
    page.content = .history([
      .init(state: coded("ecriture", "Écriture du projet"), since: "2021-09-09"),
      .init(state: coded("contact", "Premier contact"), since: "2021-01-14", until: "2021-09-08", note: write("Appel du maire")),
    ])
    return page
  }

  private var rail: LifeCycleRail {
    LifeCycleRail(
      steps: [
        .init(label: write("Premier contact"), progress: .done, date: "2021-01-14"),
        .init(label: write("Étude de faisabilité"), progress: .done),
        .init(label: write("Avant-projet"), progress: .done, date: "2021-04-03"),
        .init(label: write("Écriture du projet de santé"), progress: .current, date: "2021-09-09"),
        .init(label: write("Projet validé"), progress: .toCome, note: write("commission visée\u{00A0}: févr. 2022")),
        .init(label: write("Ouverte"), progress: .toCome),
      ],
      marks: [.init(label: write("SISA créée"), date: "2021-10-01"), .init(label: write("Immobilier en travaux"))])
  }

  private var timeline: [Timeline.Entry] {
    [
      .init(
        date: "2021-11-18", icon: .telephone, title: write("Appel avec Solène Aubertin"), link: "/echanges/1",
        author: write("Claire Vasseur"),
        text: write("Le volet «\u{202F}accès aux soins\u{202F}» est rédigé. L’équipe hésite entre deux logiciels labellisés."),
        themes: [write("Système d’information"), write("Projet de santé")], minutes: 25),
      .init(
        date: "2021-10-01", icon: .membership, tone: .purple, title: write("SISA créée"),
        badge: Badge.state(write("Jalon"), .good)),
      .init(date: "2021-10-01", icon: .video, title: write("Visioconférence avec l’équipe"), minutes: 95),
      .init(date: "2021-04-03", icon: .structure, tone: .green, title: write("Étape\u{00A0}: avant-projet"), author: write("Claire")),
    ]
  }
}
