import Federation
import Markup
import WebSupport

@testable import Site

extension PageSamples {
  private func edition(_ number: Int) -> EditionLabel {
    EditionLabel(year: 2021, number: number, date: "2022-05-15", author: write("Odile Marchandet"))
  }

  private var changedValues: FigureTable {
    FigureTable(
      write("Chiffres qui ne sont plus les mêmes"), rowTitle: "Chiffre", columns: ["Publié", "Aujourd’hui"].map(write),
      rows: [.init(LinkedText(write("Échanges 2021, Téléphone")), [LinkedText(127), LinkedText(128)])])
  }

  var publishedReport: ReportPage {
    var page = report
    page.publication = PublicationPanel(year: 2021, editions: [edition(2), edition(1)], changes: 1)
    page.actions = [PublicationPage.action(2021, isCorrection: true)]
    return page
  }

  var unpublishedReport: ReportPage {
    var page = report
    page.publication = PublicationPanel(year: 2021, editions: [], changes: 0, isWaiting: true)
    page.actions = [PublicationPage.action(2021, isCorrection: false)]
    return page
  }

  var firstEdition: ReportPage {
    var page = report
    page.years = []
    page.edition = EditionHeading(edition: edition(1), newer: edition(2))
    return page
  }

  var correctedEdition: ReportPage {
    var page = firstEdition
    page.edition = EditionHeading(edition: edition(2))
    page.corrections = changedValues
    return page
  }

  var publication: PublicationPage {
    PublicationPage(year: 2021, number: 2, changes: 12, csrf: write("jeton"), error: write("Rien n’a changé."))
  }

  private func cell(_ label: String, _ date: String?, link: Link?) -> RecordCell {
    RecordCell(kind: write("Échange"), date: date, label: write(label), link: link, reference: write("E-204"), isThere: link != nil)
  }

  var editionRecords: EditionRecordsPage {
    EditionRecordsPage(
      edition: edition(1), title: write("Temps d’échange 2021"), definition: write("Somme des durées notées."), sum: write("95 minutes"),
      whole: 3, total: 2, amountTitle: write("Minutes"),
      rows: [
        .init(name: cell("Statuts de la SISA", "2021-03-04", link: "/echanges/0000000000000"), amount: 95),
        .init(name: cell("Recherche de locaux", nil, link: nil)),
      ], pagination: Pagination(from: 1, to: 2, of: 2))
  }

  var reportChanges: ReportChangesPage {
    ReportChangesPage(
      year: 2021, edition: edition(2), count: 3,
      rows: [
        .init(
          name: cell("Statuts de la SISA", "2021-03-04", link: "/echanges/0000000000000"), effect: write("Compte désormais"),
          figures: [write("Échanges")], changedOn: "2022-06-03"),
        .init(name: cell("MSP du Val", nil, link: nil), effect: write("Ne compte plus"), figures: []),
      ], values: changedValues)
  }
}
