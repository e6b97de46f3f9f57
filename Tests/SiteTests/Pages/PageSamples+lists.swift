import Markup
import Store
import WebSupport

@testable import Federation
@testable import Records
@testable import Site

/// The lists: their columns over invented rows.
extension PageSamples {
  var structureList: HTML { structures(structureRows) }

  var emptyStructureList: HTML { structures([]) }

  /// The columns that a reader chose.
  var chosenStructureList: HTML {
    let choice = ColumnChoice(["territoire", "nom", "zzz"], of: StructureColumns(lists: lists).columns)
    return html(structureFrame(choice), "Structures", choice, structureRows)
  }

  /// The teams behind a figure that adds a column.
  var overdueList: HTML {
    let choice = ColumnChoice([], of: StructureColumns(lists: lists, detail: .headcount).columns)
    return html(structureFrame(choice), "Structures", choice, structureRows)
  }

  func transitionList(showsSteps: Bool) -> HTML {
    let current = Link("/etats", query: [("vers", write("aci")), ("annee", "2021")])
    let choice = ColumnChoice([], of: TransitionColumns(lists: lists, showsSteps: showsSteps).columns)
    let frame = ListFrame(
      years: [.init("2021", "/etats?annee=2021", isCurrent: true)], filters: structureFilters(current),
      sorting: Sorting(current: current, by: "date", descending: true, keys: ["date", "nom", "duree"]), columns: choice.menu(current),
      pagination: Pagination(from: 1, to: 2, of: 2), files: [.exportCSV("/etats.csv")])
    return html(
      frame, "Étapes franchies", choice,
      [
        StateEntryListing.Row(
          structure: Identifier(rawValue: 1), name: write("Les Quatre Chemins"), type: .msp, commune: write("La Mure"), department: "38",
          date: day("2021-10-01"), targets: [.facet(.aci), .stage(.ouverte)], step: (from: Stage.valide, days: 1_457),
          note: write("Signé en juin")),
        StateEntryListing.Row(
          structure: Identifier(rawValue: 2), name: write("Sans note"), type: .esp, commune: nil, department: "38",
          date: day("2021-01-01"), targets: [], step: nil, note: nil),
      ])
  }

  var headcountList: HTML {
    let current = Link("/effectifs", query: [("profession", write("infirmier"))])
    let choice = ColumnChoice([], of: HeadcountColumns(lists: lists).columns)
    let frame = ListFrame(
      filters: structureFilters(current), sorting: Sorting(current: current, by: "nom", keys: ["date", "nom", "nombre"]),
      columns: choice.menu(current), pagination: Pagination(from: 1, to: 1, of: 1), files: [.exportCSV("/effectifs.csv")])
    return html(
      frame, "Effectifs par profession", choice,
      [
        HeadcountListing.Row(
          structure: Identifier(rawValue: 1), name: write("Les Quatre Chemins"), type: .msp, commune: write("La Mure"), department: "38",
          date: day("2021-06-01"), profession: write("infirmier"), number: 1_012, source: write("Enquête annuelle"))
      ])
  }

  var exchangeList: HTML {
    let current = Link("/echanges", query: [("annee", "2021"), ("canal", write("telephone"))])
    let choice = ColumnChoice([], of: ExchangeColumns(lists: lists).columns)
    let frame = ListFrame(
      views: Tabs(
        "Vues", [.init("Tous", "/echanges"), .init(write("Mes appels"), "/echanges?canal=telephone", isCurrent: true)],
        actions: [PageAction(write("Modifier la vue"), .edit, "/vues/1")]),
      years: [.init("2021", "/echanges?annee=2021", isCurrent: true), .init("2020", "/echanges?annee=2020")],
      filters: FilterBar(
        "Filtrer les échanges", current: current, search: .init("Équipe ou mot", value: write("sisa")),
        facets: [
          WebSupport.Facet("canal", "Canal", [.init(write("telephone"), write("Téléphone"), isOn: true, count: 127)]),
          WebSupport.Facet("theme", "Thème", [.init("montage_msp", write("Montage de MSP"), count: 74)]),
          WebSupport.Facet("nature", "Nature", []),
        ], result: "127 échanges"),
      sorting: Sorting(current: current, by: "date", descending: true, keys: ["date", "duree"]), columns: choice.menu(current),
      pagination: Pagination(from: 51, to: 100, of: 127, previous: "/echanges", next: "/echanges?page=3&apres=1"),
      files: [.exportCSV("/echanges.csv?annee=2021")])
    let team = ExchangeSummary.Team(
      id: Identifier(rawValue: 1), reference: "S1", name: write("Les Quatre Chemins"), type: .msp, commune: write("La Mure"))
    func row(_ subject: String?, _ channel: Channel, _ teams: Int, _ themes: [String], _ minutes: Int?, _ author: String?)
      -> ExchangeSummary
    {
      ExchangeSummary(
        id: Identifier(rawValue: 1), date: day("2021-11-18"), channel: channel, subject: subject.map(write), minutes: minutes,
        author: author.map(write), reference: nil, declaredNew: nil, isConfidential: teams == 5, themes: themes.map(write), natures: [],
        teams: Array(repeating: team, count: teams))
    }
    return html(
      frame, "Échanges", choice,
      [
        row("Choix du logiciel", .telephone, 1, ["Système d’information"], 25, "Claire Vasseur"), row(nil, .reunion, 5, [], nil, nil),
        row("Question d’un médecin", .courriel, 0, ["Juridique et comptable", "Covid"], 120, "Odile Marchetti"),
      ])
  }

  var lists: ReferenceLists { ReferenceLists() }

  private func day(_ text: String) -> CivilDate { CivilDate(iso: text) ?? .distantPast }

  private func structures(_ rows: [StructureListing.Row]) -> HTML {
    let choice = ColumnChoice([], of: StructureColumns(lists: lists).columns)
    return html(structureFrame(choice), "Structures", choice, rows)
  }

  func structureFrame(_ choice: ColumnChoice<StructureListing.Row>) -> ListFrame {
    let current = Link("/structures", query: [("type", write("msp")), ("departement", write("38")), ("tri", "-echange")])
    return ListFrame(
      filters: structureFilters(current),
      sorting: Sorting(current: current, by: "echange", descending: true, keys: ["nom", "etape", "echange", "departement"]),
      columns: choice.menu(current), pagination: Pagination(from: 1, to: 6, of: 1312, next: "/structures?apres=6"),
      files: [.exportCSV("/structures.csv")])
  }

  func html<Row>(
    _ frame: ListFrame, _ title: String, _ choice: ColumnChoice<Row>, _ rows: [Row], lead: HTML = .empty
  ) -> HTML {
    frame.html(
      title, detail: "<p>Phrase.</p>", columns: choice.headings, rows: rows.map { choice.html($0, lead: lead) }, empty: nil,
      unmatched: "Rien ne correspond")
  }

  private func structureFilters(_ current: Link) -> FilterBar {
    FilterBar(
      "Filtrer les structures", current: current, search: .init("Nom, commune ou FINESS", value: write("")),
      facets: [
        WebSupport.Facet(
          "type", "Type",
          [
            .init(write("msp"), write("Maison de santé (MSP)"), isOn: true, count: 83),
            .init(write("cpts"), write("CPTS"), count: 1027),
          ]),
        WebSupport.Facet("departement", "Département", [.init(write("38"), write("Isère (38)"), isOn: true), .init("26", "Drôme (26)")]),
        WebSupport.Facet("etape", "Étape", [.init("ecriture", write("Écriture du projet"), count: 31, tone: .underWay)]),
        WebSupport.Facet("situation", "Situation", [.init("aci", write("Sous ACI"), tone: .complete)]),
        WebSupport.Facet("phase", "Phase", [.init("emergence", write("Émergence"))]),
        WebSupport.Facet("territoire", "Territoire", [.init("est", write("Est"))]),
      ], result: French.plural(1312, "structure", "structures"))
  }

  var structureRows: [StructureListing.Row] {
    [
      row("Les Quatre Chemins", .msp, .ecriture, .projet), row("Porte de Chartreuse", .msp, .ouverte, .aci),
      row("Plateau du Vercors", .esp, .valide, .projet), row("Sud-Grésivaudan", .cpts, .lettreIntention, .projet),
      row("Centre de santé des Alpes", .cds, .enPause, nil),
      StructureListing.Row(
        id: Identifier(rawValue: 6), reference: "S6", name: write("Sans étape"), type: .espClap, commune: nil, department: "38",
        territory: nil, stage: nil, situation: nil, phase: nil, professionals: nil, lastExchange: nil, due: nil, lastMeeting: nil,
        headcount: nil, followUpMonths: nil, phone: nil, email: nil, software: nil, softwareLevel: nil),
    ]
  }

  private func row(_ name: String, _ type: StructureType, _ stage: Stage, _ situation: Situation?) -> StructureListing.Row {
    StructureListing.Row(
      id: Identifier(rawValue: 1), reference: write("S-014"), name: write(name), type: type, commune: write("Saint-Quentin-sur-Isère"),
      department: "38", territory: write("Est"), stage: stage, situation: situation, phase: nil, professionals: 14,
      lastExchange: day("2021-11-18"), due: nil, lastMeeting: nil, headcount: (day("2021-06-01"), write("Enquête annuelle")),
      followUpMonths: 3, phone: nil, email: nil, software: write("Trame"), softwareLevel: "standard")
  }
}
