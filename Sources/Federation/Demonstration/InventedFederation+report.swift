import Records
import Store
import Tables

extension InventedFederation {
  /// Last year's report as three people are writing it: some texts approved, some begun, some to come.
  func reportTable() -> Table {
    let year = today.year - 1
    let header = [
      "annee", "rang", "reference", "nature", "titre", "texte", "qui", "fonction", "chiffres", "dimension", "puis", "presentation",
      "lignes", "essentiel",
      "etat",
      "redacteur", "echeance",
    ]
    let rows = reportBlocks.enumerated().map { index, block in
      let fixed = [String(year), String((index + 1) * 1_000), "BLOC-" + padded(index + 1, to: 3)]
      let due = block.owner == nil ? "" : today.adding(days: 7 + index).description
      let owner = block.owner.map { "\($0.rawValue.replacing("_", with: "-"))@demonstration.example" } ?? ""
      return fixed + [
        block.nature.rawValue, block.title, block.text, block.speaker, block.role, block.figures, block.dimension,
        block.second, block.form?.rawValue ?? "", block.lines.joined(separator: "\n"),
        block.isEssential ? "oui" : "non", block.state?.rawValue ?? "", owner, due,
      ]
    }
    return Table(header: header, rows: numbered(rows))
  }

  private struct Block {
    var nature: BlockNature
    var title = ""
    var text = ""
    var speaker = ""
    var role = ""
    var figures = ""
    var dimension = ""
    var second = ""
    var lines: [String] = []
    var form: ChartForm?
    var isEssential = false
    var state: BlockState?
    var owner: Role?
  }

  private var reportBlocks: [Block] {
    [
      Block(nature: .chapter, title: "Éditorial"),
      Block(
        nature: .text, title: "Le mot de la présidence",
        text: """
          L’activité ne faiblit pas\u{A0}: **[[contacts.count]] échanges** en un an, contre [[contacts.count|avant]] l’année précédente, avec \
          [[support.structures]] équipes.

          Derrière chaque nombre il y a des professionnels qui choisissent de travailler ensemble. Ce rapport leur est dédié.
          """, isEssential: true, state: .approved, owner: .direction),
      Block(nature: .chapter, title: "Chiffres clés"),
      Block(
        nature: .figures,
        figures: "structures.count|structures.professionals|support.structures|contacts.count|contacts.new_structures|contacts.minutes",
        isEssential: true),
      Block(nature: .chapter, title: "L’année en dates"),
      Block(
        nature: .timeline, title: "Les temps forts de l’année",
        lines: [
          "21/01 : Vœux aux équipes | Quatre-vingts personnes autour du programme de l’année.",
          "03/04 : Journée régionale | Une journée d’ateliers sur les protocoles et la prévention.",
          "18/06 : Assemblée générale", "09/10 : Premier groupe de pairs des coordinatrices et coordinateurs",
        ], isEssential: true, state: .approved, owner: .communication),
      Block(nature: .chapter, title: "Les équipes de la région"),
      Block(
        nature: .text, title: "L’année des équipes",
        text:
          "La région compte [[structures.count|type=msp]] maisons de santé et [[structures.count|type=cpts]] CPTS, en projet ou ouvertes.",
        state: .inReview, owner: .chargeMission),
      Block(nature: .chart, title: "Les structures par type", figures: "structures.count", dimension: "type", form: .years),
      Block(nature: .chart, title: "Les structures par département", figures: "structures.count", dimension: "departement", form: .map),
      Block(
        nature: .chart, title: "Les structures par type et par situation", figures: "structures.count", dimension: "type",
        second: "situation",
        form: .table),
      Block(nature: .chapter, title: "L’accompagnement"),
      Block(
        nature: .text, title: "Ce que nous avons fait avec les équipes",
        text: """
          Les équipes appellent d’abord\u{A0}: [[contacts.count|canal=telephone]] échanges par téléphone.

          - un premier contact sous huit jours
          - une visite à chaque étape du projet
          """, state: .draft, owner: .chargeMission),
      Block(nature: .chart, title: "Les échanges par canal", figures: "contacts.count", dimension: "canal", form: .years),
      Block(nature: .chart, title: "De quoi les équipes ont parlé", figures: "contacts.count", dimension: "theme", form: .bars),
      Block(
        nature: .quote, text: "La visite de la maison voisine nous a fait gagner six mois.", speaker: "Solène Aubertin",
        role: "coordinatrice",
        isEssential: true, state: .approved, owner: .communication),
      Block(nature: .chapter, title: "La vie de la fédération"),
      Block(nature: .text, title: "L’association et son équipe", owner: .direction),
      Block(
        nature: .people, title: "Le bureau",
        lines: [
          "Solène Aubertin | Présidente | Infirmière", "Yvan Marchetou | Vice-président | Médecin généraliste",
          "Nour Kervadel | Trésorière | Pharmacienne",
        ],
        state: .draft, owner: .direction),
      Block(nature: .chapter, title: "L’année qui vient"), Block(nature: .text, title: "Nos priorités", owner: .direction),
    ]
  }
}
