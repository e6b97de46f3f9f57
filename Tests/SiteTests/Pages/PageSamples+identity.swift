import Markup
import WebSupport

@testable import Site

extension PageSamples {
  var signIn: SignInPage {
    SignInPage(
      csrf: write("jeton"), next: "/structures?type=msp", email: write("claire@exemple.fr"),
      error: write("Adresse ou mot de passe inconnus."), hasNoAccount: true)
  }

  var account: AccountPage {
    AccountPage(
      name: write("Claire Vasseur"), email: write("claire@exemple.fr"), role: write("Chargé de mission"), territory: write("Est"),
      sessions: [
        .init(
          browser: write("Firefox sur Windows"), since: write("21 nov. 2026 à 9 h 05"), lastSeen: write("21 nov. 2026 vers 11 h"),
          isThisOne: true, end: "/compte/sessions/1/fin"),
        .init(browser: nil, since: "20 nov. 2026 à 9 h 05", lastSeen: "20 nov. 2026 vers 9 h", isThisOne: false, end: "/compte/sessions/2/fin"),
      ],
      csrf: write("jeton"), fault: ("ancien", write("Ce n’est pas votre mot de passe actuel.")))
  }
}
