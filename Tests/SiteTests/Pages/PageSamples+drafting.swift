import Drawing
import Federation
import Markup
import WebSupport

@testable import Site

extension PageSamples {
  private func block(_ number: Int, _ name: String, _ nature: BlockNature, _ state: BlockState?) -> DraftPage.Block {
    DraftPage.Block(
      id: "000000000000\(number)", link: "/blocs/0000000000001", name: write(name), nature: nature.label, state: state,
      author: state == nil ? nil : write("Claire Vasseur"), due: state == .draft ? "2022-02-01" : nil, isLate: state == .draft,
      comments: 2, isEssential: state == .approved)
  }

  private var panel: DraftingPanel {
    DraftingPanel(
      year: 2021, approved: 12, written: 18,
      faults: [
        .init(block: write("1. Accompagner, texte"), sentence: write("[[contact.count]] n’existe pas."), link: "/blocs/0000000000001")
      ])
  }

  var draft: DraftPage {
    DraftPage(
      year: 2021,
      chapters: [
        .init(
          heading: block(1, "1. Accompagner", .chapter, nil),
          blocks: [
            block(2, "L’activité ne faiblit pas", .text, .draft), block(3, "Échanges par canal", .chart, nil),
            block(4, "Édito", .text, .approved),
          ], state: .draft, rank: 1_500),
        .init(heading: block(5, "2. Former", .chapter, nil), blocks: [], state: nil, rank: 3_000),
      ],
      shares: [.init(name: write("Claire Vasseur"), open: 1, all: 2, due: "2022-02-01")], panel: panel, lastRank: 4_000, isOpen: true,
      hasFormer: true, csrf: write("jeton"))
  }

  var block: BlockPage {
    BlockPage(
      title: write("L’activité ne faiblit pas"), year: 2021, link: "/blocs/0000000000001", nature: BlockNature.text.label, state: .inReview,
      facts: Facts([.init("Rédaction", write("Claire Vasseur"))]), piece: chapter.content, faults: [write("[[oups]] n’existe pas.")],
      former: nil,
      comments: [
        .init(
          text: write("À préciser."), signature: write("Odile Marchandet, 3 mars 2022"), settledBy: nil,
          action: "/blocs/0000000000001/commentaires/0000000000002"),
        .init(
          text: write("Fait."), signature: write("Odile Marchandet"), settledBy: write("Claire Vasseur"),
          action: "/blocs/0000000000001/commentaires/0000000000003"),
      ], newComment: "0000000000004", typed: write("Encore un mot"), error: write("Trop long."), csrf: write("jeton"))
  }

  private var chapter: ReportChapter {
    let text = ReportText(
      write("L’activité ne faiblit pas : [[contacts.count]] échanges, **et davantage**."),
      ["contacts.count": LinkedText(1173, "/echanges?annee=2021")])
    return ReportChapter(
      id: "c-1", title: write("1. Accompagner"),
      pieces: [
        .init(title: write("Les équipes"), content: .text(text), editor: nil), .init(title: nil, content: .cards(report.keyFigures)),
        .init(title: nil, content: .quote(ReportText(write("« Six mois de gagnés. »")), speaker: write("Solène Aubertin, coordinatrice"))),
        .init(
          title: nil,
          content: .photo(
            ReportPhoto(
              attachment: 1, type: "image/png", link: "/pieces/0000000000001", alternative: write("Une salle pleine"),
              title: write("La journée régionale"), credit: write("Claire Vasseur")))),
        .init(
          title: write("L’année"),
          content: .moments(
            [
              YearMoment(date: "2021-03-15", title: write("La journée"), text: write("120 personnes"), link: "https://exemple.fr/a"),
              YearMoment(date: "2021-06-01", title: write("Assemblée")),
            ], opensLinks: true)),
        .init(
          title: nil, content: .people([ReportPerson(name: write("Solène Aubertin"), role: write("Présidente"))]), withdrawal: "/retrait"),
        .init(title: nil, content: .withdrawn(write("Photo retirée"))),
        .init(title: write("Nos priorités"), content: .missing, editor: "/blocs/0000000000001"),
      ], state: .inReview, editor: "/blocs/0000000000001")
  }

  var writtenReport: ReportPage {
    var page = report
    page.chapters = [chapter]
    page.definitions = [(write("Échanges"), write("Tout ce qui est noté au carnet."))]
    page.drafting = panel
    return page
  }
}
