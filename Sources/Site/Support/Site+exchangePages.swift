import Federation
import Foundation
import Markup
import Records
import Store
import WebSupport

extension Site {
  /// Changing an exchange; noting one has a page of its own.
  var exchangePages: RecordPages {
    RecordPages(
      site: self, kind: "echanges", path: "/echanges", place: .exchanges, area: .exchanges,
      words: RecordWords(list: "Échanges", new: "Nouvel échange", change: "Modifier l’échange") {
        $0["objet"].flatMap { $0.isEmpty ? nil : String($0.prefix(80)) } ?? "Échange"
      },
      layouts: Self.exchangeLayouts,
      defaults: {
        [
          "canal": Channel.telephone.rawValue, "date": $0.today.description, "auteur": $0.session.account.name,
          "visibilite": Visibility.team.rawValue,
        ]
      },
      objections: Self.objections,
      more: nextStep,
      made: .noted,
      batched: [
        .init("themes", label: "Thèmes"), .init("natures", label: "Nature"), .init("canal", label: "Canal"),
        .init("auteur", label: "Auteur"),
      ],
      cells: ["canal", "duree_minutes"],
      selected: { request, frame, connection in try ExchangeList(site: self).selected(request, frame, connection) })
  }

  /// A confidential note stands in the name of whoever notes it, or they would not read it again.
  private static func objections(_ entries: Entries, _ account: Account) -> [String: String] {
    guard entries["visibilite"] == Visibility.confidential.rawValue else { return [:] }
    switch account.role.scope(.write, .confidential) {
    case .all: return [:]
    case .none, .ownTerritory, .ownDepartments:
      return ["visibilite": "votre rôle ne lit pas les notes confidentielles : laissez celle-ci visible, ou confiez-la à la direction"]
    case .own:
      let author = entries["auteur"] ?? account.name
      let isOwn = author.hasSuffix("(\(account.email))") || [account.name, account.email].contains(author)
      guard !isOwn else { return [:] }
      return ["auteur": "une note confidentielle se note en votre nom : vous ne pourriez plus la lire"]
    }
  }

  /// What is left to do after the exchange becomes a task of its own.
  private var nextStep: RecordPages.FormPart {
    RecordPages.FormPart(
      names: ["suite", "suite_date", "suite_qui", "tache"], before: "natures",
      html: { entries, faults, frame, connection in
        try NextStepView(
          entries: entries, faults: faults, task: entries["tache"] ?? installation.ids.next(ToDo.self).description,
          accounts: Account.names(connection), me: frame.session.account.id.rawValue
        ).html
      },
      faults: { entries in
        // A file's line may hold no more than a day and a channel; who notes an exchange says what it was about.
        guard ["objet", "themes", "suite"].contains(where: { !entries[$0, default: ""].isBlank }) else {
          return ["objet": "écrivez ce qu’il faut retenir, ou choisissez un thème, ou notez la prochaine étape"]
        }
        guard !entries["suite", default: ""].isBlank else { return [:] }
        do {
          _ = try CivilDate.reading(entries["suite_date", default: ""])
          return [:]
        } catch {
          return ["suite_date": "donnez le jour de la prochaine étape"]
        }
      },
      save: { exchange, entries, context in
        let title = entries["suite", default: ""].trimmingCharacters(in: .whitespaces)
        guard !title.isEmpty, let task = entries["tache"].flatMap(Identifier<ToDo>.init) else { return }
        let me = context.session.account.id
        let account = entries["suite_qui"].flatMap(Identifier<Account>.init) ?? me
        try await ToDoDesk(installation, actor: me).note(
          task, title, due: .reading(entries["suite_date", default: ""]), by: account, after: Identifier(rawValue: exchange))
      })
  }

  private static var visibilityLayout: RecordFormBuilder.Layout {
    var layout = RecordFormBuilder.Layout(
      "visibilite", label: "Qui peut lire cette note ?", isWide: true, help: Visibility.help, isSegmented: true)
    layout.isNeeded = true
    return layout
  }

  static let exchangeLayouts: [RecordFormBuilder.Layout] = [
    .init(
      "structures", label: "Avec quelles équipes ?",
      help: "Plusieurs équipes possibles, séparées par une virgule. Une personne sans équipe peut suffire."),
    .init("personnes", label: "Et quelles personnes ?"),
    .init("canal", label: "Comment ?", isWide: true, isSegmented: true),
    .init("date", label: "Quand ?"), .init("duree_minutes", label: "Durée", unit: "min"),
    .init("themes", label: "Sur quels thèmes ?"),
    .init("objet", label: "Ce qu’il faut retenir", help: "N’écrivez rien sur la santé d’un patient."),
    visibilityLayout,
    .init("natures", label: "Ce qui a été fait"), .init("organisations"), .init("auteur"),
  ]
}

extension String {
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
