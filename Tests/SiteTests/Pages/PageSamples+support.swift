import Markup
import WebSupport

@testable import Site

extension PageSamples {
  var exchangeList: ExchangeListPage {
    let current = Link("/echanges", query: [("annee", "2021"), ("canal", write("telephone"))])
    return ExchangeListPage(
      list: ListFrame(
        years: [.init("2021", "/echanges?annee=2021", isCurrent: true), .init("2020", "/echanges?annee=2020")],
        filters: FilterBar(
          "Filtrer les échanges", current: current, search: .init("Équipe ou mot", value: write("sisa")),
          facets: [
            Facet("canal", "Canal", [.init(write("telephone"), write("Téléphone"), isOn: true, count: 127)]),
            Facet("theme", "Thème", [.init("montage_msp", write("Montage de MSP"), count: 74)]),
            Facet("nature", "Nature", []),
          ], result: "127 échanges"),
        sorting: Sorting(current: current, by: "date", descending: true, keys: ["date", "duree"]),
        pagination: Pagination(from: 51, to: 100, of: 127, previous: "/echanges", next: "/echanges?apres=100"),
        files: [.exportCSV("/echanges.csv?annee=2021")]),
      rows: exchangeRows)
  }

  private var exchangeRows: [ExchangeListPage.Row] {
    let team = ExchangeListPage.Team(name: write("Les Quatre Chemins"), type: coded("msp", "MSP"))
    return [
      .init(
        date: "2021-11-18", link: "/echanges/1", subject: write("Choix du logiciel"), teams: [team],
        channel: coded("telephone", "Téléphone"), themes: [write("Système d’information")], minutes: 25,
        author: write("Claire Vasseur")),
      .init(
        date: "2021-11-17", link: "/echanges/2", subject: nil, teams: Array(repeating: team, count: 5),
        channel: coded("reunion", "Réunion"), themes: [], minutes: nil, author: nil),
      .init(
        date: "2021-11-01", link: "/echanges/3", subject: write("Question d’un médecin"), teams: [],
        channel: coded("courriel", "Courriel"), themes: [write("Juridique et comptable"), write("Covid")], minutes: 120,
        author: write("Odile Marchetti")),
    ]
  }

  var exchange: ExchangePage {
    ExchangePage(
      breadcrumb: Breadcrumb([LinkedText("Échanges", "/echanges")], current: write("Choix du logiciel")),
      subject: write("Choix du logiciel"), date: "2021-11-18", channel: coded("telephone", "Téléphone"), nature: write("Conseil"),
      minutes: 25, author: write("Claire Vasseur"), reference: write("E-2021-118"),
      note: write("Le volet «\u{202F}accès aux soins\u{202F}» est rédigé.\nL’équipe hésite entre deux logiciels."),
      themes: [LinkedText(write("Système d’information"), "/echanges?theme=systeme_information")],
      teams: [
        .init(name: write("MSP Les Quatre Chemins"), link: "/structures/1", type: coded("msp", "MSP"), place: write("La Mure (38)"))
      ], organisations: [LinkedText(write("ARS"))], people: [LinkedText(write("Solène Aubertin"))])
  }
}
