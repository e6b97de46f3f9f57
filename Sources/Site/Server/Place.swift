import Federation
import Markup
import WebSupport

/// The parts of the house that the navigation names.
enum Place: CaseIterable {
  case ownSpace, ownHours, ownProfile, day, structures, people, organisations, map, territories, firstContacts, exchanges, facilitations,
    introductions, programmes, readings, questions, commissions, letters,
    tasks,
    meetings, volunteering, expenses, figures,
    report,
    targets,
    sheets,
    accounts, rights, imports, quality, personalData, bin

  static func navigation(current: Place?, for role: Role, year: Int) -> [NavigationGroup] {
    func items(_ places: [Place]) -> [NavigationGroup.Item] {
      places.filter { $0.isOpen(to: role) }.map { place in
        NavigationGroup.Item(place.label, place.icon, place.link(year: year), isCurrent: place == current)
      }
    }
    return [
      (nil, [.ownSpace, .ownHours, .ownProfile, .day]), ("Annuaire", [.structures, .people, .organisations, .map, .territories]),
      (
        "Accompagner",
        [
          .firstContacts, .exchanges, .facilitations, .introductions, .programmes, .readings, .questions, .commissions, .letters, .tasks,
          .meetings, .volunteering, .expenses,
        ]
      ),
      ("Piloter", [.report, .figures, .targets, .sheets]), ("Administrer", [.quality, .imports, .personalData, .accounts, .rights, .bin]),
    ]
    .map { NavigationGroup($0.0, items($0.1)) }.filter { !$0.items.isEmpty }
  }

  /// The bin is open to those who may take something back out of it.
  func isOpen(to role: Role) -> Bool {
    // Whoever opens the territories finds the sheets there.
    if self == .sheets, role.areas.contains(.directory) { return false }
    // What is to be mended, by those who may mend it.
    if self == .quality { return role.scope(.write, .directory) == .all }
    guard self == .bin else { return role.areas.contains(area) }
    return [Area.directory, .exchanges, .tasks, .figures].contains { role.scope(.write, $0) == .all }
  }

  private var area: Area {
    switch self {
    case .structures, .people, .organisations, .map, .territories, .introductions, .programmes, .commissions, .quality, .bin: .directory
    case .ownSpace, .ownHours, .ownProfile: .ownFacilitations
    case .readings: .readings
    case .questions: .questions
    case .firstContacts: .firstContacts
    case .exchanges: .exchanges
    case .facilitations: .facilitations
    case .letters: .letters
    case .meetings: .meetings
    case .volunteering: .volunteering
    case .expenses: .expenses
    case .day, .tasks: .tasks
    case .figures, .report, .targets: .figures
    case .sheets: .sheets
    case .accounts: .accounts
    case .rights: .rights
    case .imports: .imports
    case .personalData: .personalData
    }
  }

  private var label: String {
    switch self {
    case .ownSpace: OwnSpacePage.title
    case .ownHours: OwnHoursPage.title
    case .ownProfile: "Mon profil"
    case .day: "Aujourd’hui"
    case .tasks: "Tâches"
    case .structures: "Structures"
    case .people: "Personnes"
    case .organisations: "Organisations"
    case .map: "Carte"
    case .territories: "Territoires"
    case .firstContacts: "Premiers contacts"
    case .exchanges: "Échanges"
    case .facilitations: "Facilitations"
    case .introductions: "Mises en relation"
    case .readings: "Relectures"
    case .questions: "Questions aux experts"
    case .programmes: "Programmes"
    case .commissions: "Commissions"
    case .letters: "Courriels"
    case .meetings: "Comptes rendus"
    case .volunteering: "Heures bénévoles"
    case .expenses: "Notes de frais"
    case .figures: "Chiffres"
    case .report: "Rapport d’activité"
    case .sheets: "Départements"
    case .targets: "Cibles"
    case .accounts: "Comptes"
    case .rights: "Droits des rôles"
    case .imports: "Imports"
    case .personalData: RegisterSection.title
    case .quality: "Qualité de l’annuaire"
    case .bin: "Corbeille"
    }
  }

  var icon: Icon {
    switch self {
    case .ownSpace: .facilitation
    case .ownHours: .clock
    case .ownProfile: .person
    case .day: .today
    case .tasks: .clock
    case .structures: .structure
    case .people: .people
    case .organisations: .governance
    case .map: .map
    case .territories: .place
    case .firstContacts: .person
    case .exchanges: .exchange
    case .facilitations: .facilitation
    case .introductions: .link
    case .readings: .edit
    case .questions: .information
    case .programmes: .training
    case .commissions: .check
    case .letters: .letter
    case .meetings: .document
    case .volunteering: .clock
    case .expenses: .funding
    case .figures: .target
    case .targets: .indicator
    case .report: .report
    case .sheets: .place
    case .accounts: .people
    case .rights: .eye
    case .imports: .document
    case .personalData: .person
    case .quality: .check
    case .bin: .bin
    }
  }

  private func link(year: Int) -> Link {
    switch self {
    case .ownSpace: "/mon-espace"
    case .ownHours: "/mon-espace/heures"
    case .ownProfile: "/mon-espace/profil"
    case .day: "/aujourdhui"
    case .tasks: "/taches"
    case .structures: "/structures"
    case .people: "/personnes"
    case .organisations: "/organisations"
    case .map: "/carte"
    case .territories: "/territoires"
    case .firstContacts: "/premiers-contacts"
    case .exchanges: "/echanges"
    case .facilitations: "/facilitations"
    case .introductions: "/mises-en-relation"
    case .readings: "/relectures"
    case .questions: "/questions"
    case .programmes: "/programmes"
    case .commissions: "/seances"
    case .letters: LettersSection.path
    case .meetings: "/comptes-rendus"
    case .volunteering: "/heures"
    case .expenses: "/frais"
    case .figures: "/chiffres"
    case .report: "/rapports/\(year)"
    case .targets: "/cibles"
    case .sheets: "/departements"
    case .accounts: "/comptes"
    case .rights: "/droits"
    case .imports: "/imports"
    case .personalData: RegisterSection.path
    case .quality: "/qualite"
    case .bin: "/corbeille"
    }
  }
}
