import Markup
import WebSupport

@testable import Site

extension PageSamples {
  var exchange: ExchangePage {
    ExchangePage(
      breadcrumb: Breadcrumb([LinkedText("Échanges", "/echanges")], current: write("Choix du logiciel")),
      heading: write("Choix du logiciel"), date: "2021-11-18", channel: coded("telephone", "Téléphone"),
      minutes: 25, author: write("Claire Vasseur"), reference: write("E-2021-118"),
      note: write("Le volet «\u{202F}accès aux soins\u{202F}» est rédigé.\nL’équipe hésite entre deux logiciels."),
      visibility: write("Son auteur et la direction"), isConfidential: true,
      themes: [LinkedText(write("Système d’information"), "/echanges?theme=systeme_information")],
      natures: [LinkedText(write("Conseil"), "/echanges?nature=conseil_coordination")],
      teams: [
        .init(name: write("MSP Les Quatre Chemins"), link: "/structures/1", type: coded("msp", "MSP"), place: write("La Mure (38)"))
      ], organisations: [LinkedText(write("ARS"))], people: [LinkedText(write("Solène Aubertin"))])
  }
}
