import Markup
import WebSupport

@testable import Site

extension PageSamples {
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
