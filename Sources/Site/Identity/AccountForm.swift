import Markup
import WebSupport

/// The fields of an account: those of an invitation, or only the role and the place it asks for.
struct AccountForm: Sendable {
  struct Option: Sendable {
    var value: String
    var label: String
  }

  var roles: [Option]
  var territories: [Option]
  var email = ""
  var name = ""
  var role = ""
  /// Further roles, between which the person chooses.
  var others: [String] = []
  var territory = ""
  /// The reference of a team.
  var structure = ""
  /// Numbers of départements.
  var departments = ""
  var fault: (field: String, sentence: String)?

  var identity: HTML {
    """
    \(field("courriel", "Adresse de courriel", .email, email))
    \(field("nom", "Nom", .text, name))

    """
  }

  var place: HTML {
    """
    \(choice("role", "Rôle", [Option(value: "", label: "Choisissez un rôle")] + roles, role))
    \(further)
    \(choice("territoire", "Territoire", [Option(value: "", label: "Aucun")] + territories, territory, help: "Un référent lit les échanges du sien."))
    \(CredentialField(
      "structure", "Référence de l’équipe", value: structure, help: "Pour le compte d’une équipe\u{00A0}: celle de sa fiche.",
      error: sentence("structure"), isRequired: false, hasFocus: fault?.field == "structure").html)
    \(CredentialField(
      "departements", "Départements", value: departments, help: "Pour un partenaire\u{00A0}: les numéros de ceux dont il lit la fiche.",
      error: sentence("departements"), isRequired: false, hasFocus: fault?.field == "departements").html)
    """
  }

  private func sentence(_ name: String) -> String? { fault?.field == name ? fault?.sentence : nil }

  private func field(_ name: String, _ label: String, _ kind: CredentialField.Kind, _ value: String) -> HTML {
    CredentialField(name, label, kind, value: value, error: sentence(name), hasFocus: fault?.field == name).html
  }

  private func choice(_ name: String, _ label: String, _ options: [Option], _ chosen: String, help: HTML = .empty) -> HTML {
    let fault = sentence(name)
    return """
      <div class="champ"><label for="\(name)">\(label)</label>\
      <select id="\(name)" name="\(name)"\(attribute: "aria-invalid", fault == nil ? nil : "true")\
      \(attribute: "aria-describedby", fault == nil ? nil : "e-\(name)")>\(options.map { option($0, isChosen: $0.value == chosen) })</select>\
      \(fault.map { Self.error(name, $0) })\(help.isEmpty ? .empty : Self.note(help))</div>
      """
  }

  private var further: HTML {
    """
    <details\(attribute: "open", if: !others.isEmpty)><summary>Autres rôles</summary>\
    <small>La personne choisit, dans le menu de son compte, celui sous lequel elle travaille.</small>\
    <div class="choisir">\(each: roles, box)</div></details>
    """
  }

  private func box(_ option: Option) -> HTML {
    """
    <label><input type="checkbox" name="autre" value="\(option.value)"\(attribute: "checked", if: others.contains(option.value))>\
     \(option.label)</label>
    """
  }

  private func option(_ option: Option, isChosen: Bool) -> HTML {
    """
    <option value="\(option.value)"\(attribute: "selected", if: isChosen)>\(option.label)</option>
    """
  }

  private static func error(_ name: String, _ sentence: String) -> HTML {
    """
    <span class="erreur" id="e-\(name)">\(sentence)</span>
    """
  }

  private static func note(_ help: HTML) -> HTML {
    """
    <small>\(help)</small>
    """
  }
}

/// `/comptes/nouveau`: opens the door to somebody.
struct InvitationPage: Sendable {
  var form: AccountForm
  var csrf: String

  func html() -> HTML {
    """
    \(Breadcrumb([LinkedText("Comptes", "/comptes")], current: "Inviter").html)
    \(PageHeader("Inviter", sentence: "La personne reçoit un lien pour choisir son mot de passe\u{00A0}; il sert une fois, pendant 7\u{00A0}jours.").html)
    <div class="duo"><form class="carte pile" method="post" action="/comptes">\(hidden("csrf", csrf))
    \(form.identity)\(form.place)
    <div class="rangee"><button class="bouton principal">Envoyer l’invitation</button><a class="bouton" href="/comptes">Annuler</a></div>
    </form></div>
    """
  }
}
