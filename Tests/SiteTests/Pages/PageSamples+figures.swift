import Drawing
import Markup
import Records
import Store
import WebSupport

@testable import Site

extension PageSamples {
  var figure: FigurePage {
    FigurePage(
      title: write("Échanges avec les équipes, par canal"),
      exports: [PageAction("Tableau (.csv)", .download, "/chiffres.csv?chiffre=contacts.count")], settings: settings,
      value: count(173, ("annee", "2021")), unit: write("échanges"),
      trend: Trend(25, reference: write("par rapport à 2020 (148)"), upIsGood: true),
      scope: write("Région, année 2021, 173 fiches, toutes visibles pour vous"),
      definition: write("Nombre d’échanges notés avec au moins une équipe, quel que soit le nombre d’équipes ou de personnes."),
      charts: [
        .init(
          chart: BarChart(
            write("Échanges par canal"), rowTitle: write("Canal"), valueTitle: write("Échanges"),
            bars: [.init(write("Téléphone"), ChartValue(127, link: "/echanges?canal=telephone")), .init(write("Visio"), ChartValue(0))],
            isWide: true), files: [(ending: "svg", link: "/chiffres.svg?graphique=parts")]),
        .init(chart: channelChart, files: [(ending: "svg", link: "/chiffres.svg?graphique=annees")]),
      ],
      table: FigureTable(
        write("Par canal, 2021"), rowTitle: write("Canal"), columns: [write("2021"), write("2020")],
        rows: [
          .init(LinkedText(write("Téléphone")), [count(127, ("canal", "telephone")), count(112)]),
          .init(LinkedText(write("Courriel")), [count(39), LinkedText(nil as Int?)]),
          .init(LinkedText(write("Réunion")), [LinkedText("0"), count(6)]),
        ], total: .init(LinkedText("Total"), [count(173), count(148)])),
      partsOverlap: true)
  }

  var crossedFigure: FigurePage {
    var page = figure
    page.title = write("Structures, par département et par situation")
    page.error = write("Cette dimension n’existe pas pour ce chiffre.")
    page.value = LinkedText(French.number(1312))
    let years = ColumnChart(
      write("Structures par an"), series: [write("Structures")],
      columns: (2012...2021).map { ColumnChart.Column(write("\($0)"), [ChartValue($0 * 7 - 14_000, link: "/structures")]) },
      isWide: true)
    let parts = CrossChart(
      write("Structures par département et type"), rowTitle: write("Département"), series: ["MSP", "CPTS"].map(write),
      rows: [.init(write("Isère (38)"), [ChartValue(31, link: "/structures?departement=38"), ChartValue(8)])], layout: .grouped)
    page.charts = [.init(chart: parts), .init(chart: years)]
    page.isSuppressed = true
    page.table = report.departmentTable
    return page
  }

  private var settings: FigureSettings {
    FigureSettings(
      figures: [
        .init(value: write("contacts.count"), label: write("Échanges"), isChosen: true),
        .init(value: "structures.count", label: "Structures"),
      ],
      dimensions: [.init(value: "canal", label: write("Canal"), isChosen: true), .init(value: "theme", label: write("Thème"))],
      secondDimensions: [.init(value: "territoire", label: write("Territoire"))],
      periods: [
        .init(title: write("Années"), options: [.init(value: "2021", label: "2021", isChosen: true), .init(value: "2020", label: "2020")]),
        .init(title: write("Trimestres"), options: [.init(value: "2021-T4", label: write("4e trimestre 2021"))]),
      ],
      comparisons: [.init(value: "", label: write("Un an plus tôt"), isChosen: true)],
      filters: [
        Facet(
          "territoire", "Territoire",
          [.init("ouest", write("Ouest"), isOn: true, count: 52), .init("est", write("Est"), count: 60)])
      ])
  }

  private var channelChart: ColumnChart {
    let values = [[84, 22, 5, 9, 3], [102, 31, 4, 0, 2], [118, 34, 6, 12, 1], [127, 39, 7, 22, 2]]
    return ColumnChart(
      write("Échanges par canal, 2018 à 2021"),
      series: ["Téléphone", "Courriel", "Réunion", "Visio", "Visite"].map(write),
      columns: zip(2018...2021, values).map { year, numbers in
        ColumnChart.Column(
          write("\(year)"), numbers.map { ChartValue($0, link: Link("/echanges", query: [("annee", String(year))])) })
      }, isWide: true)
  }

  var figureIndex: FigureIndexPage {
    FigureIndexPage(
      year: 2021, years: [.init("2021", "/chiffres?annee=2021", isCurrent: true), .init("2020", "/chiffres?annee=2020")],
      views: FigureViewList([], FigureRegistry([]), today: .lastDay(of: 2021)),
      groups: [
        .init(
          title: write("Structures"),
          figures: [
            .init(
              label: write("Structures"), link: "/chiffres?chiffre=structures.count", value: count(312), unit: write("structures"),
              definition: write("Structures suivies au 31 décembre, hors structures fermées et professionnels isolés."))
          ]),
        .init(
          title: write("Accompagnement"),
          figures: [
            .init(
              label: write("Échanges"), link: "/chiffres?chiffre=contacts.count", value: count(1173), unit: write("échanges"),
              definition: write("Nombre d’échanges notés dans l’année.")),
            .init(
              label: write("Temps d’échange"), link: "/chiffres?chiffre=contacts.minutes",
              value: LinkedText(French.minutes(95), "/echanges"), unit: write("heures"), definition: write("Somme des durées.")),
          ]),
      ])
  }

  var report: ReportPage {
    ReportPage(
      year: 2021, closedOn: "2021-12-31",
      years: [.init("2020", "/rapports/2020"), .init("2021", "/rapports/2021", isCurrent: true)],
      keyFigures: [
        KeyFigure(
          write("Structures"), value: "312", link: "/structures",
          trend: Trend(24, reference: write("par rapport à 2020 (288)"), upIsGood: true)),
        KeyFigure(
          write("Échanges"), value: French.number(1173), link: "/echanges",
          trend: Trend(-3, reference: write("par rapport à 2020 (1 176)"), upIsGood: false)),
        KeyFigure(write("Temps d’échange"), value: "320", unit: write("h"), link: "/echanges", note: write("18 min en moyenne")),
        KeyFigure(
          write("Équipes accompagnées"), value: "129", link: "/structures",
          trend: Trend(0, reference: write("par rapport à 2020 (129)"), upIsGood: true)),
      ],
      structures: reportStructures, support: reportSupport)
  }

  private var reportStructures: ReportPage.Structures {
    let rows = ["Ain (01)", "Allier (03)", "Isère (38)", "Haute-Savoie (74)"].map { name in
      FigureTable.Row(LinkedText(write(name), "/structures"), [count(31), count(8), count(44), LinkedText(0, "/structures"), count(83)])
    }
    return ReportPage.Structures(
      total: ReportCount(332, "/structures"),
      situations: [
        (write("en projet"), ReportCount(124, "/structures?situation=projet")), (write("sous ACI"), ReportCount(176, "/structures")),
      ],
      columns: ["En projet", "Hors ACI", "Sous ACI", "En fonctionnement", "Total"].map(write), rows: rows,
      totals: .init(LinkedText("Total"), [count(124), count(32), count(176), count(0), count(332)]))
  }

  private var reportSupport: ReportPage.Support {
    ReportPage.Support(
      exchanges: ReportCount(1173, "/echanges?annee=2021"), teams: ReportCount(129, "/structures"),
      newTeams: ReportCount(1, "/structures"), time: LinkedText(French.minutes(19_205), "/echanges"), channels: channelChart.series,
      years: channelChart.columns,
      themes: [
        .init(LinkedText(write("Montage de MSP")), [count(540)]), .init(LinkedText(write("Juridique et comptable")), [count(320)]),
        .init(LinkedText("Sans thème"), [count(9)]),
      ], themeTotal: .init(LinkedText("Total"), [count(1173)]))
  }
}
