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
      error: write("Adresse ou mot de passe inconnus."), hasNoAccount: true, offersLink: true)
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
      csrf: write("jeton"), fault: ("ancien", write("Ce n’est pas votre mot de passe actuel.")))
  }
}
