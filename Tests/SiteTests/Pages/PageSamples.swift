import Drawing
import Markup
import WebSupport

@testable import Site

/// Every page with invented values. Each text passes through `write`, so that a test may replace all of them.
struct PageSamples {
  var write: (String) -> String = { $0 }

  var all: [(name: String, html: HTML)] {
    [
      ("connexion", signIn.html()), ("compte", inLayout("Compte", account.html())),
      ("compte-complet", inLayout("Compte", accountInFull.html())), ("code", code.html()),
      ("lien-demande", linkRequest.html()), ("invitation-recue", invitationLink.html()),
      ("comptes", inLayout("Comptes", accountList.html())),
      ("inviter", inLayout("Inviter", invitation.html())), ("fiche-compte", inLayout("Compte", accountSheet.html())),
      ("structures", inLayout("Structures", structureList)), ("colonnes", inLayout("Structures", chosenStructureList)),
      ("relances", inLayout("Structures", overdueList)), ("franchies", inLayout("Structures", transitionList(showsSteps: false))),
      ("durees", inLayout("Structures", transitionList(showsSteps: true))), ("effectifs", inLayout("Structures", headcountList)),
      ("structures-vide", inLayout("Structures", emptyStructureList)),
      ("structures-cochees", inLayout("Structures", tickedList)), ("lot-apercu", inLayout("Structures", batchPreview.html())),
      ("lot", inLayout("Structures", appliedBatch.html())),
      ("structure", inLayout("Structure", structure.html())), ("etapes", inLayout("Structure", structureHistory.html())),
      ("echanges", inLayout("Échanges", exchangeList)), ("echange", inLayout("Échange", exchange.html())),
      ("chiffres", inLayout("Chiffres", figureIndex.html())), ("chiffre", inLayout("Chiffre", figure.html())),
      ("croise", inLayout("Chiffre", crossedFigure.html())), ("rapport", inLayout("Rapport", report.html())),
      ("rapport-publie", inLayout("Rapport", publishedReport.html())), ("rapport-attente", inLayout("Rapport", unpublishedReport.html())),
      ("edition", inLayout("Rapport", firstEdition.html())), ("edition-corrigee", inLayout("Rapport", correctedEdition.html())),
      ("publication", inLayout("Rapport", publication.html())), ("edition-fiches", inLayout("Rapport", editionRecords.html())),
      ("rapport-ecrit", inLayout("Rapport", writtenReport.html())), ("redaction", inLayout("Rapport", draft.html())),
      ("bloc", inLayout("Rapport", block.html())),
      ("modifications", inLayout("Rapport", reportChanges.html())),
      ("erreur", inLayout("Erreur", ErrorPage(status: 500, reference: write("7F3K2A")).html())),
      ("introuvable", Layout(title: "Erreur").html(ErrorPage(status: 404).html())),
    ]
  }

  func coded(_ code: String, _ label: String) -> CodedLabel {
    CodedLabel(write(code), write(label))
  }

  func count(_ number: Int, _ query: (String, String)...) -> LinkedText {
    LinkedText(number, Link("/echanges", query: query.map { ($0.0, write($0.1)) }))
  }

  private func inLayout(_ title: String, _ content: HTML) -> HTML {
    Layout(
      title: write(title), organisation: write("FemasAURA"), navigation: navigation(title),
      user: SignedInUser(
        name: write("Claire Vasseur"), role: write("Chargée de mission, territoire Est"), csrf: write("jeton"),
        profile: "/compte", otherRoles: [coded("communication", "Communication")]),
      search: .init(value: ""), messages: [Message(.success, write("Échange enregistré."))]
    ).html(content)
  }

  private func navigation(_ title: String) -> [NavigationGroup] {
    [
      .init(nil, [.init(write("Aujourd’hui"), .today, "/", count: 5)]),
      .init(
        write("Annuaire"),
        [
          .init(write("Structures"), .structure, "/structures", isCurrent: title.hasPrefix("Structure")),
          .init(write("Personnes"), .people, "/personnes"),
        ]),
      .init(
        write("Accompagner"),
        [.init(write("Échanges"), .exchange, "/echanges", isCurrent: title.hasPrefix("Échange"))]),
      .init(
        write("Piloter"),
        [
          .init(write("Chiffres"), .target, "/chiffres", isCurrent: title.hasPrefix("Chiffre")),
          .init(write("Rapport d’activité"), .report, "/rapports/2023", isCurrent: title == "Rapport"),
        ]),
    ]
  }
}
