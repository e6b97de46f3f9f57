import Foundation

extension InventedFederation {
  struct Mail {
    let sender: (name: String, address: String)
    /// The one who is written with, of the directory or not.
    let other: String
    let subject: String
    let text: String
    var isDismissed = false

    /// Each came an hour after the one before.
    func incoming(_ index: Int, at now: Date) -> IncomingMail {
      IncomingMail(
        messageID: "courriel-\(index + 1)@demonstration.example", from: [.init(sender.address, name: sender.name)],
        to: [.init("maillage@demonstration.example")], forwarded: [.init(other)], subject: subject, text: text,
        sentAt: now.addingTimeInterval(Double(index - 30) * 3_600), size: 2_000 + text.utf8.count)
    }
  }

  /// Mail that the staff forwarded, and some that came from elsewhere.
  var receivedMails: [Mail] {
    let officer = (Self.name(of: .chargeMission), "charge-mission@demonstration.example")
    func address(_ person: Int) -> String { "\(personReference(person).lowercased())@personnes.example" }
    return [
      Mail(
        sender: officer, other: address(1), subject: "TR : Plan de financement du local",
        text: "Bonjour,\nvoici le plan de financement dont nous avons parlé. La commune attend notre réponse avant la fin du mois.\nMerci"),
      Mail(
        sender: ("Accueil de la mairie", "accueil@mairie-des-sorbiers.example"), other: address(2),
        subject: "Un terrain pour une maison de santé",
        text: "Bonjour,\nla commune réserve un terrain près du centre. Qui peut nous dire comment le proposer aux soignants ?"),
      Mail(
        sender: officer, other: address(0), subject: "TR : Date de la prochaine réunion",
        text: "Bonjour,\nje propose le deuxième jeudi du mois, à 13 heures. Je préviens les autres.\nÀ bientôt"),
      Mail(
        sender: ("Lettre d’un fournisseur", "offres@fournitures.example"), other: "maillage@demonstration.example",
        subject: "Nos offres de mobilier", text: "Dix pour cent sur les bureaux jusqu’à la fin du mois.", isDismissed: true),
    ]
  }
}
