import Federation
import Markup
import WebSupport

@testable import Site

extension PageSamples {
  var linkRequest: LinkRequestPage {
    LinkRequestPage(csrf: write("jeton"), email: write("claire@exemple.fr"), fault: write("Saisissez votre adresse de courriel."))
  }

  var invitationLink: LinkPage {
    LinkPage(
      secret: write("secret"), csrf: write("jeton"), purpose: .invitation, name: write("Claire"), email: write("claire@exemple.fr"),
      fault: ("nouveau", write("Le mot de passe doit avoir au moins 12 caractères.")))
  }

  var accountList: AccountListPage {
    AccountListPage(
      filters: FilterBar("Filtrer les comptes", current: "/comptes", facets: [], result: write("2 comptes")),
      rows: [
        .init(
          name: write("Claire Vasseur"), link: "/comptes/1", email: write("claire@exemple.fr"), role: write("Direction"),
          place: write("Est"), lastSignIn: write("21 nov. 2026 à 9 h 05"), state: Badge.state(write("Actif"), .good)),
        .init(name: "Paul", link: "/comptes/2", email: "paul@exemple.fr", role: "Assistance", state: Badge.state("Invité", .start)),
      ], pagination: Pagination(from: 1, to: 2, of: 2))
  }

  private var accountForm: AccountForm {
    AccountForm(
      roles: [.init(value: write("ca"), label: write("Conseil d’administration"))],
      territories: [.init(value: write("est"), label: write("Est"))], email: write("claire@exemple.fr"), name: write("Claire"),
      role: write("ca"), territory: write("est"), structure: write("S1"), fault: ("territoire", write("Ce territoire n’existe pas.")))
  }

  var invitation: InvitationPage { InvitationPage(form: accountForm, csrf: write("jeton")) }

  var accountSheet: AccountSheetPage {
    AccountSheetPage(
      id: write("1"), name: write("Claire Vasseur"), email: write("claire@exemple.fr"), role: write("Direction"), place: write("Est"),
      lastSignIn: write("21 nov. 2026 à 9 h 05"), state: .invited, badge: Badge.state(write("Invité"), .start), isOwn: false,
      form: accountForm, csrf: write("jeton"))
  }

  var signIn: SignInPage {
    SignInPage(
      csrf: write("jeton"), next: "/structures?type=msp", email: write("claire@exemple.fr"),
      error: write("Adresse ou mot de passe inconnus."), hasNoAccount: true, offersLink: true,
      passkeySite: write("maillage.exemple.fr"))
  }

  var account: AccountPage {
    AccountPage(
      name: write("Claire Vasseur"), email: write("claire@exemple.fr"), role: write("Chargé de mission"), territory: write("Est"),
      sessions: [
        .init(
          browser: write("Firefox sur Windows"), since: write("21 nov. 2026 à 9 h 05"), lastSeen: write("21 nov. 2026 vers 11 h"),
          isThisOne: true, end: "/compte/sessions/1/fin"),
        .init(
          browser: nil, since: "20 nov. 2026 à 9 h 05", lastSeen: "20 nov. 2026 vers 9 h", isThisOne: false, end: "/compte/sessions/2/fin"),
      ],
      csrf: write("jeton"), secondFactor: secondFactor(.enrolling(groups: write("ABCD EFGH"), link: enrolmentLink)), feed: feed,
      key: PersonalKeyCard(words: .programs, csrf: write("jeton")),
      fault: ("ancien", write("Ce n’est pas votre mot de passe actuel.")))
  }

  /// Everything that the page can say at once: a second factor in force with fresh codes, further roles, an address just made.
  var accountInFull: AccountPage {
    var page = account
    page.otherRoles = [write("Communication")]
    page.secondFactor = secondFactor(.on(since: write("21 nov. 2026 à 9 h 05"), recoveryCodesLeft: 10, knowsTelephone: true))
    page.secondFactor.recoveryCodes = [write("ABCD-EFGH-JKMN-PQRS")]
    page.feed.standing = (write("21 nov. 2026 à 9 h 05"), write("Direction"))
    page.key.standing = (write("21 nov. 2026 à 9 h 05"), write("Direction"))
    page.key.secret = write("0123")
    page.passkeys = PasskeyCard(
      site: write("maillage.exemple.fr"),
      passkeys: [
        .init(id: write("1"), name: write("Téléphone"), made: write("21 nov. 2026 à 9 h 05"), used: write("21 nov. 2026 à 9 h 05")),
        .init(id: "2", name: "Ordinateur", made: "20 nov. 2026 à 9 h 05", used: nil),
      ], csrf: write("jeton"), typed: write("Portable"), fault: ("nom-1", write("Donnez à la clé un nom.")))
    page.feed.secret = write("https://maillage.exemple.fr/agenda/0123.ics")
    return page
  }

  var code: CodePage {
    CodePage(csrf: write("jeton"), next: "/structures?type=msp", isRecovery: true, fault: write("Ce code ne convient pas."))
  }

  private func secondFactor(_ state: SecondFactorCard.State) -> SecondFactorCard {
    SecondFactorCard(state: state, csrf: write("jeton"), fault: ("code", write("Ce code ne convient pas.")))
  }

  private var enrolmentLink: Link { Link(timedCode: "ABCDEFGH", issuer: "Maillage", account: write("claire@exemple.fr")) }

  private var feed: PersonalKeyCard { PersonalKeyCard(words: .calendar, csrf: write("jeton")) }
}
