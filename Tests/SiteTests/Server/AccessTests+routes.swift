import Federation
import Testing
import WebSupport

@testable import Site

/// The route table: a sample of each address, and the area it belongs to.
extension AccessTests {
  /// One address of the route table, and the area it belongs to.
  struct Route {
    let address: String
    let area: Area?
    var verb = Verb.read
    var status = 200
  }

  /// Every page there is, as `everyRouteIsAsked` checks; records by one of the demonstration's own.
  func routes(_ direction: Visitor) async throws -> [Route] {
    let structure = try await direction.get("/structures").records(of: "/structures/").first ?? ""
    // One that a referent of that territory reads as well.
    let exchange = try await direction.get("/echanges?territoire=est").records(of: "/echanges/").first ?? ""
    let account = try await direction.get("/comptes?q=referent").links(to: "/comptes/").first { $0.count == 22 } ?? ""
    #expect(account.count == 22)
    #expect(structure.count == 25 && exchange.count == 23)
    let person = try #require(try await direction.get("/personnes").records(of: "/personnes/").first)
    let organisation = try #require(try await direction.get("/organisations").records(of: "/organisations/").first)
    let forms = [structure, exchange, person, organisation].flatMap { record in
      let area: Area = record == exchange ? .exchanges : .directory
      return ["\(record)/modifier", "\(record)/historique", "\(record.dropLast(13))nouveau"].map {
        Route(address: $0, area: area, verb: .write)
      }
    }
    let lists = ["/personnes", "/organisations"].flatMap { list in
      ["", ".csv", ".xlsx", ".json"].map { Route(address: list + $0, area: .directory) }
    }
    let batches = [
      "structures", "personnes", "organisations", "echanges", "taches", "premiers-contacts", "facilitations", "facilitateurs", "heures",
      "mises-en-relation", "relectures",
    ]
    .map { kind in
      let area: Area =
        kind == "echanges"
        ? .exchanges
        : kind == "taches"
          ? .tasks
          : kind == "premiers-contacts"
            ? .firstContacts
            : kind.hasPrefix("facilit") ? .facilitations : kind == "heures" ? .volunteering : kind == "relectures" ? .readings : .directory
      return Route(address: "/lots/\(kind)/0000000000000", area: area, verb: .write, status: 404)
    }
    let newcomer = try #require(
      try await direction.get("/premiers-contacts?periode=2000-01-02..2030-01-01&territoire=est").records(of: "/premiers-contacts/").first)
    let newcomers =
      ["", ".csv", ".xlsx", ".json"].map { Route(address: "/premiers-contacts\($0)", area: .firstContacts) } + [
        Route(address: newcomer, area: .firstContacts),
        Route(address: "/premiers-contacts/0000000000000", area: .firstContacts, status: 404),
        Route(address: "/premiers-contacts/nouveau", area: .firstContacts, verb: .write),
        Route(address: "/premiers-contacts/a/b", area: nil, status: 404),
      ] + ["modifier", "historique", "equipe"].map { Route(address: "\(newcomer)/\($0)", area: .firstContacts, verb: .write) }
    let merges = ["/structures", "/personnes", "/organisations"].flatMap { list in
      [
        ("doublons", 200), ("doublons?ecartes=oui", 200), ("fusionner", 404), ("fusionner/apercu", 404), ("fusions/0000000000000", 404),
      ].map { Route(address: "\(list)/\($0.0)", area: .directory, verb: .write, status: $0.1) }
    }
    let received = [
      Route(address: "/courriels-recus", area: .exchanges, verb: .write),
      Route(address: "/courriels-recus/0000000000000", area: .exchanges, verb: .write, status: 404),
      Route(address: "/courriels-recus/a/b", area: nil, status: 404),
    ]
    let letters = [
      Route(address: "/courriels", area: .letters), Route(address: "/courriels?page=2", area: .letters),
      Route(address: "/courriels/0000000000000", area: .letters, status: 404),
      Route(address: "/courriels/nouveau?sorte=personnes&fiche=\(person.suffix(13))", area: .letters, verb: .write),
      Route(address: "/courriels/nouveau", area: .letters, verb: .write, status: 404),
      Route(address: "/courriels/0000000000000/modifier", area: .letters, verb: .write, status: 404),
      Route(address: "/courriels/a/b/c", area: nil, status: 404), Route(address: "/modeles-courriels", area: .letters),
      Route(address: "/modeles-courriels/nouveau", area: .letters, verb: .write),
      Route(address: "/modeles-courriels/0000000000000/modifier", area: .letters, verb: .write, status: 404),
      Route(address: "/modeles-courriels/0000000000000/historique", area: .letters, verb: .write, status: 404),
      Route(address: "/modeles-courriels/a/b", area: nil, status: 404),
    ]
    // One that every role reads which reads any.
    let minutes = try #require(
      try await direction.get("/comptes-rendus?nature=partenaires").records(of: "/comptes-rendus/").first)
    let decision = try #require(try await direction.get("/decisions?nature=partenaires").records(of: "/decisions/").first)
    let facilitation = try #require(try await direction.get("/facilitations").records(of: "/facilitations/").first)
    let facilitator = try #require(try await direction.get("/facilitateurs").records(of: "/facilitateurs/").first)
    let facilitators =
      ["", ".csv", ".xlsx", ".json"].map { Route(address: "/facilitateurs\($0)", area: .facilitations) } + [
        Route(address: facilitator, area: .facilitations),
        Route(address: "/facilitateurs/0000000000000", area: .facilitations, status: 404),
        Route(address: "/facilitateurs/nouveau", area: .facilitations, verb: .write),
        Route(address: "/facilitateurs/a/b", area: nil, status: 404),
      ] + ["modifier", "historique"].map { Route(address: "\(facilitator)/\($0)", area: .facilitations, verb: .write) }
    let facilitations =
      ["", ".csv", ".xlsx", ".json"].map { Route(address: "/facilitations\($0)", area: .facilitations) } + [
        Route(address: facilitation, area: .facilitations),
        Route(address: "/facilitations/0000000000000", area: .facilitations, status: 404),
        Route(address: "/facilitations/nouveau", area: .facilitations, verb: .write),
        Route(address: "/facilitations/a/b", area: nil, status: 404),
      ]
      + ["modifier", "historique", "bilan", "facilitateurs"].map {
        Route(address: "\(facilitation)/\($0)", area: .facilitations, verb: .write)
      }
    let line = try #require(try await direction.get("/heures").links(to: "/heures/").first { $0.hasSuffix("/modifier") }).dropLast(9)
    let volunteer = try #require(try await direction.get("/heures").links(to: "/benevoles/").first)
    let hours =
      ["/heures", "/heures.csv", "/heures.xlsx", "/heures.json", volunteer, "/benevolat/2025", "/benevolat/2025/comptes.csv"].map {
        Route(address: $0, area: .volunteering)
      }
      + ["\(line)/modifier", "\(line)/historique", "/heures/nouveau"].map { Route(address: $0, area: .volunteering, verb: .write) }
      + [
        Route(address: "/benevolat", area: .volunteering, status: 303), Route(address: "/benevolat/0", area: .volunteering, status: 404),
        Route(address: "/benevolat/2025/comptes.xlsx", area: .volunteering),
        Route(address: "/benevoles/0000000000000", area: .volunteering, status: 404), Route(address: "/heures/a/b", area: nil, status: 404),
        Route(address: "/benevoles/a/b", area: nil, status: 404), Route(address: "/benevolat/2025/b", area: nil, status: 404),
      ]
    let own =
      ["/mon-espace", "/mon-espace/heures", "/mon-espace/heures/nouveau", "/mon-espace/profil"].map {
        Route(address: $0, area: .ownFacilitations)
      }
      + ["/mon-espace/facilitations/0000000000000", "/mon-espace/facilitations/0000000000000/bilan", "/mon-espace/heures/0000000000000"].map
    {
      Route(address: $0, area: .ownFacilitations, status: 404)
    } + [Route(address: "/mon-espace/a/b", area: nil, status: 404)]
    // One that the facilitator's account may change as well.
    let claim = try #require(try await direction.get("/frais?etat=envoyee&personne=PERS-000010").records(of: "/frais/").first)
    let payment = try #require(try await direction.get("/remboursements").records(of: "/remboursements/").first)
    let expenses =
      [claim, "/frais", "/frais.csv", "/frais.xlsx", "/frais.json"].map { Route(address: $0, area: .expenses) }
      + ["\(claim)/modifier", "\(claim)/historique", "/frais/nouveau"].map { Route(address: $0, area: .expenses, verb: .write) }
      + [
        "/remboursements", payment, "\(payment)/lignes.csv", "\(payment)/lignes.xlsx", "/abandons-frais/2026",
        "/abandons-frais/2026/dons.csv",
        "/abandons-frais/2026/dons.xlsx",
      ].map { Route(address: $0, area: .expenses, verb: .publish) }
      + [
        Route(address: "/facilitations/0000000000000/frais", area: .expenses, verb: .write, status: 404),
        Route(address: "/frais/0000000000000", area: .expenses, status: 404), Route(address: "/frais/a/b", area: nil, status: 404),
        Route(address: "/remboursements/0000000000000", area: .expenses, verb: .publish, status: 404),
        Route(address: "/remboursements/a/b", area: nil, status: 404), Route(address: "/abandons-frais/2026/b", area: nil, status: 404),
      ]
    let sitting = try #require(try await direction.get("/seances?tri=date").records(of: "/seances/").first)
    let file = try #require(try await direction.get(sitting).links(to: "/dossiers/").first { $0.hasSuffix("/modifier") }).dropLast(9)
    let commissions =
      ["/seances", "/dossiers"].flatMap { list in ["", ".csv", ".xlsx", ".json"].map { Route(address: list + $0, area: .directory) } } + [
        Route(address: sitting, area: .directory), Route(address: "\(file)", area: .directory, status: 303),
        Route(address: "/seances/0000000000000", area: .directory, status: 404),
        Route(address: "/dossiers/0000000000000", area: .directory, status: 404),
        Route(address: "/seances/a/b", area: nil, status: 404), Route(address: "/dossiers/a/b", area: nil, status: 404),
      ]
      + [
        "/seances/nouveau", "/dossiers/nouveau", "\(sitting)/modifier", "\(sitting)/historique", "\(file)/modifier", "\(file)/historique",
        "\(file)/avis",
      ]
      .map { Route(address: $0, area: .directory, verb: .write) }
    let programme = try #require(try await direction.get("/programmes?tri=debut").records(of: "/programmes/").first)
    let programmePage = try await direction.get(programme)
    let enrolment = try #require(programmePage.links(to: "/inscriptions/").first { $0.hasSuffix("/modifier") }).dropLast(9)
    let workshop = try #require(programmePage.links(to: "/seances-programme/").first { $0.hasSuffix("/modifier") }).dropLast(9)
    let programmeLists = ["/programmes", "/seances-programme"].flatMap { list in
      ["", ".csv", ".xlsx", ".json"].map { Route(address: list + $0, area: .directory) }
    }
    let programmePages: [Route] = [
      Route(address: programme, area: .directory), Route(address: "\(enrolment)", area: .directory, status: 303),
      Route(address: "\(workshop)", area: .directory, status: 303), Route(address: "/inscriptions", area: .directory, status: 303),
    ]
    let programmeGaps: [Route] = ["/programmes", "/inscriptions", "/seances-programme"].flatMap { path in
      [
        Route(address: "\(path)/0000000000000", area: .directory, status: 404), Route(address: "\(path)/a/b", area: nil, status: 404),
      ]
    }
    let programmeForms: [Route] = [
      "/programmes/nouveau", "/inscriptions/nouveau", "/seances-programme/nouveau", "\(programme)/modifier", "\(programme)/historique",
      "\(enrolment)/modifier", "\(enrolment)/historique", "\(enrolment)/etape", "\(workshop)/modifier", "\(workshop)/historique",
    ].map { Route(address: $0, area: .directory, verb: .write) }
    let introduction = try #require(
      try await direction.get("/mises-en-relation").links(to: "/mises-en-relation/").first { $0.hasSuffix("/modifier") }
    ).dropLast(9)
    let introductions: [Route] =
      ["", ".csv", ".xlsx", ".json"].map { Route(address: "/mises-en-relation\($0)", area: .directory) }
      + ["/mises-en-relation/nouveau", "\(introduction)/modifier", "\(introduction)/historique"].map {
        Route(address: $0, area: .directory, verb: .write)
      } + [Route(address: "/mises-en-relation/a/b", area: nil, status: 404)]
    let reading = try #require(try await direction.get("/relectures?tri=demande").records(of: "/relectures/").first)
    let remark = try #require(try await direction.get(reading).links(to: "/remarques-relecture/").first { $0.hasSuffix("/modifier") })
      .dropLast(9)
    let readings: [Route] =
      ["/relectures", "/relectures.csv", "/relectures.xlsx", "/relectures.json", reading].map { Route(address: $0, area: .readings) }
      + [
        "/relectures/nouveau", "\(reading)/modifier", "\(reading)/historique", "/remarques-relecture/nouveau", "\(remark)/modifier",
        "\(remark)/historique",
      ].map { Route(address: $0, area: .readings, verb: .write) }
      + [
        Route(address: "\(remark)", area: .readings, status: 303), Route(address: "/remarques-relecture", area: .readings, status: 303),
        Route(address: "/relectures/0000000000000", area: .readings, status: 404),
        Route(address: "/remarques-relecture/0000000000000", area: .readings, status: 404),
        Route(address: "/relectures/a/b", area: nil, status: 404), Route(address: "/remarques-relecture/a/b", area: nil, status: 404),
      ]
    // One that was sent to the demonstration's expert.
    let question = try #require(try await direction.get("/questions?avancement=transmise").records(of: "/questions/").first)
    let questions: [Route] =
      ["/questions", "/questions.csv", "/questions.xlsx", "/questions.json", question].map { Route(address: $0, area: .questions) }
      + ["/questions/nouveau", "\(question)/modifier", "\(question)/historique"].map {
        Route(address: $0, area: .questions, verb: .write)
      }
      + [
        Route(address: "\(question)/reponse", area: .questions, verb: .publish),
        Route(address: "/questions/0000000000000", area: .questions, status: 404),
        Route(address: "/questions/a/b", area: nil, status: 404),
      ]
    let shared: [Route] =
      questions + readings + introductions + commissions + programmeLists + programmePages + programmeGaps + programmeForms
    let minutesLists = ["/comptes-rendus", "/decisions"].flatMap { list in
      ["", ".csv", ".xlsx", ".json"].map { Route(address: list + $0, area: .meetings) }
    }
    let minutesForms = [
      "\(minutes)/modifier", "\(minutes)/historique", "\(minutes)/decision", "\(decision)/modifier", "\(decision)/historique",
    ].map { Route(address: $0, area: .meetings, verb: .write) }
    let meetings: [Route] =
      minutesLists + minutesForms + [
        Route(address: minutes, area: .meetings), Route(address: "/comptes-rendus/0000000000000", area: .meetings, status: 404),
        Route(address: "\(minutes)/compte-rendu.pdf", area: .meetings, status: 404),
        Route(address: "/comptes-rendus/nouveau", area: .meetings, verb: .write),
        Route(address: "/comptes-rendus/a/b", area: nil, status: 404), Route(address: decision, area: .meetings, status: 303),
        Route(address: "/decisions/0000000000000", area: .meetings, status: 404), Route(address: "/decisions/a/b", area: nil, status: 404),
        Route(address: "/decisions/nouveau", area: .meetings, verb: .write),
      ]
    return forms + received + hours + own + expenses + facilitations + facilitators + shared + letters + meetings + lists + batches
      + newcomers + merges + [
        Route(address: "\(person)/donnees", area: .personalData), Route(address: "\(person)/donnees.json", area: .personalData),
        Route(address: "\(person)/anonymisation", area: .personalData), Route(address: "/donnees-personnelles", area: .personalData),
        Route(address: "/donnees-personnelles/echeances", area: .personalData),
        Route(address: "/donnees-personnelles/registre.pdf", area: .personalData, status: 404),
        Route(address: "/donnees-personnelles/nouveau", area: .personalData, verb: .write),
        Route(address: "/donnees-personnelles/0000000000001/modifier", area: .personalData, verb: .write),
        Route(address: "/donnees-personnelles/0000000000001/historique", area: .personalData, verb: .write),
        Route(address: "/donnees-personnelles/a/b", area: nil, status: 404), Route(address: "/consentements/a/b", area: nil, status: 404),
        Route(address: "/consentements", area: .directory, status: 303),
        Route(address: "/consentements/0000000000000", area: .directory, status: 404),
        Route(address: "/consentements/nouveau", area: .directory, verb: .write),
        Route(address: "/consentements/0000000000000/modifier", area: .directory, verb: .write, status: 404),
        Route(address: "/consentements/0000000000000/historique", area: .directory, verb: .write, status: 404),
        Route(address: person, area: .directory), Route(address: organisation, area: .directory),
        Route(address: "/qualite/confirmations", area: .directory, verb: .write),
        Route(address: "/qualite/fiches", area: .directory, verb: .write),
        Route(address: "/qualite", area: .directory, verb: .write), Route(address: "/structures?qualite=sans_finess", area: .directory),
        Route(address: "/successions", area: .directory, status: 303),
        Route(address: "/successions/nouveau", area: .directory, verb: .write),
        Route(address: "/successions/0000000000000", area: .directory, status: 404),
        Route(address: "/successions/a/b", area: nil, status: 404),
        Route(address: "/successions/0000000000000/modifier", area: .directory, verb: .write, status: 404),
        Route(address: "/successions/0000000000000/historique", area: .directory, verb: .write, status: 404),
        Route(address: "/taches/nouveau", area: .tasks, verb: .write), Route(address: "/taches/a/b/c", area: nil, status: 404),
        Route(address: "/personnes/a/b", area: nil, status: 404), Route(address: "/organisations/a/b", area: nil, status: 404),
        Route(address: "/imports", area: .imports, verb: .write),
        Route(address: "/imports/nouveau?sorte=structures", area: .imports, verb: .write),
        Route(address: "/imports/modele.csv?sorte=structures", area: .imports, verb: .write),
        Route(address: "/imports/0000000000000", area: .imports, verb: .write, status: 404),
        Route(address: "/imports/0000000000000/colonnes", area: .imports, verb: .write, status: 404),
        Route(address: "/imports/0000000000000/valeurs", area: .imports, verb: .write, status: 404),
        Route(address: "/imports/logiciel", area: .imports, verb: .write),
        Route(address: "/imports/0000000000000/apercu", area: .imports, verb: .write, status: 404),
        Route(address: "/imports/0000000000000/refusees.csv", area: .imports, verb: .write, status: 404),
        Route(address: "/notifications", area: nil), Route(address: "/notifications/a/b", area: nil, status: 404),
        Route(address: "/commentaires", area: nil, status: 404), Route(address: "/commentaires/a/b", area: nil, status: 404),
        Route(address: "/commentaires?sorte=echanges&fiche=0000000000000", area: nil, status: 303),
        Route(address: "/commentaires/noms?sorte=echanges&fiche=0000000000000", area: nil, status: 404),
        Route(address: "/commentaires/0000000000000/modifier", area: nil, status: 404),
        Route(address: "/pieces", area: nil, status: 404),
        Route(address: "/pieces?sorte=echanges&fiche=0000000000000", area: nil, status: 303),
        Route(address: "/pieces/0000000000000/apercu", area: nil, status: 404),
        Route(address: "/pieces/0000000000000/contenu", area: nil, status: 404),
        Route(address: "/pieces/0000000000000", area: nil, status: 404), Route(address: "/pieces/a/b/c", area: nil, status: 404),
        Route(address: "/imports/a/b/c", area: nil, status: 404),
        Route(address: "/contacts/nouveau", area: .directory, verb: .write), Route(address: "/contacts", area: .directory, status: 303),
        Route(address: "/etapes/nouveau", area: .directory, verb: .write), Route(address: "/etapes", area: .directory, status: 303),
        Route(address: "/etapes/0000000000000", area: .directory, status: 404), Route(address: "/etapes/a/b", area: nil, status: 404),
        Route(address: "/etapes/0000000000000/modifier", area: .directory, verb: .write, status: 404),
        Route(address: "/etapes/0000000000000/historique", area: .directory, verb: .write, status: 404),
        Route(address: "/territoires/nouveau", area: .directory, verb: .write), Route(address: "/territoires", area: .directory),
        Route(address: "/territoires.csv", area: .directory), Route(address: "/territoires.xlsx", area: .directory),
        Route(address: "/territoires/est", area: .directory), Route(address: "/territoires/a/b", area: nil, status: 404),
        Route(address: "/contacts/a/b", area: nil, status: 404),
        Route(address: "/comptes/a/b", area: nil, status: 404), Route(address: "/effectifs.xlsx", area: .directory),
        Route(address: "/accueil", area: nil), Route(address: "/compte", area: nil),
        Route(address: "/structures", area: .directory), Route(address: "/structures?type=msp", area: .directory),
        Route(address: "/structures.csv", area: .directory), Route(address: "/structures.xlsx", area: .directory),
        Route(address: structure, area: .directory),
        Route(address: "\(structure)?o=etapes", area: .directory),
        Route(address: "/structures/0000000000000", area: .directory, status: 404),
        Route(address: "/conversions", area: .directory), Route(address: "/conversions.csv", area: .directory),
        Route(address: "/conversions.xlsx", area: .directory), Route(address: "/conversions.json", area: .directory),
        Route(address: "/sites", area: .directory), Route(address: "/sites.csv", area: .directory),
        Route(address: "/sites.xlsx", area: .directory), Route(address: "/sites.json", area: .directory),
        Route(address: "/carte.json", area: .directory), Route(address: "/carte?fond=equipes", area: .directory),
        Route(address: "/carte", area: .directory), Route(address: "/carte.svg?type=msp", area: .directory),
        Route(address: "/carte.png", area: .directory, status: 404),
        Route(address: "/carte.csv", area: .directory), Route(address: "/carte.xlsx", area: .directory),
        Route(address: "/compte/passation", area: .tasks), Route(address: "/passations/0000000000000", area: .tasks, status: 404),
        Route(address: "/passations/a/b", area: nil, status: 404), Route(address: "/suivis/a/b", area: nil, status: 404),
        Route(address: "/suivis/vacants", area: .portfolios), Route(address: "\(account)/passation", area: .portfolios),
        Route(address: "/suivis/nouveau", area: .portfolios, verb: .write), Route(address: "/suivis", area: .directory, status: 303),
        Route(address: "/suivis/0000000000000", area: .directory, status: 404),
        Route(address: "/suivis/0000000000000/modifier", area: .portfolios, verb: .write, status: 404),
        Route(address: "/suivis/0000000000000/historique", area: .portfolios, verb: .write, status: 404),
        Route(address: "/aujourdhui", area: .tasks), Route(address: "/taches", area: .tasks),
        Route(address: "/taches?de=tous", area: .tasks),
        Route(address: "/structures.json", area: .directory), Route(address: "/etats.json", area: .directory),
        Route(address: "/effectifs.json", area: .directory), Route(address: "/communes.json", area: .directory),
        Route(address: "/echanges.json", area: .exchanges),
        Route(address: "/chiffres/fiche", area: .figures), Route(address: "/chiffres/fiche/rapport.pdf", area: .figures, status: 404),
        Route(address: "/chiffres.png?chiffre=contacts.count", area: .figures, status: 404),
        Route(address: "/chiffres.json", area: .figures), Route(address: "/chiffres.svg?chiffre=contacts.count", area: .figures),
        Route(address: "/chiffres.csv?chiffre=contacts.count&par=canal", area: .figures), Route(address: "/chiffres.xlsx", area: .figures),
        Route(address: "/etats", area: .directory), Route(address: "/etats.csv", area: .directory),
        Route(address: "/communes", area: .directory), Route(address: "/communes.csv", area: .directory),
        Route(address: "/communes.xlsx", area: .directory),
        Route(address: "/effectifs", area: .directory), Route(address: "/effectifs.csv", area: .directory),
        Route(address: "/etats.xlsx", area: .directory),
        Route(address: "/echanges", area: .exchanges), Route(address: "/echanges.csv", area: .exchanges),
        Route(address: "/echanges.xlsx", area: .exchanges),
        Route(address: exchange, area: .exchanges), Route(address: "/echanges/0000000000000", area: .exchanges, status: 404),
        Route(address: "/chiffres", area: .figures), Route(address: "/chiffres?chiffre=contacts.count&par=canal", area: .figures),
        Route(address: "/rapports", area: .figures, status: 303), Route(address: "/rapports/2025", area: .figures),
        Route(address: "/rapports/1", area: .figures, status: 404),
        Route(address: "/droits", area: .rights), Route(address: "/comptes", area: .accounts),
        Route(address: "/comptes/nouveau", area: .accounts),
        Route(address: "/comptes/0000000000000", area: .accounts, status: 404), Route(address: account, area: .accounts),
        Route(address: "/rapports/2025/modifications", area: .figures, status: 404),
        Route(address: "/rapports/2025/rapport.pdf", area: .figures, status: 404),
        Route(address: "/rapports/2025/editions/1/rapport.pdf", area: .figures, status: 404),
        Route(address: "/rapports/2025/editions", area: nil, status: 404),
        Route(address: "/rapports/2025/editions/1", area: .figures, status: 404),
        Route(address: "/rapports/2025/editions/1/fiches", area: .figures, status: 404),
        Route(address: "/rapports/2025/editions/1/x", area: nil, status: 404),
        Route(address: "/rapports/2025/publication", area: .figures, verb: .publish),
        Route(address: "/recherche?q=maison", area: nil), Route(address: "/recherche.json?q=maison", area: nil),
        Route(address: "/", area: nil, status: 303), Route(address: "/inconnue", area: nil, status: 404),
        Route(address: "/vues/nouvelle?liste=structures&requete=type%3Dmsp", area: .directory),
        Route(address: "/vues/nouvelle?liste=echanges&requete=canal%3Dvisio", area: .exchanges),
        Route(address: "/vues/nouvelle?liste=inconnue", area: nil, status: 404),
        Route(address: "/vues/0000000000000", area: nil, status: 404),
        Route(address: "/vues/a/b", area: nil, status: 404),
        Route(address: "/structures/a/b", area: nil, status: 404), Route(address: "/echanges/a/b", area: nil, status: 404),
        Route(address: "/rapports/2025/b", area: nil, status: 404),
        Route(address: "/rapports/2025/redaction", area: .figures), Route(address: "/blocs", area: .figures, status: 303),
        Route(address: "/blocs/0000000000000", area: .figures, status: 404), Route(address: "/blocs/a/b/c", area: nil, status: 404),
        Route(address: "/blocs/nouveau?annee=2025&nature=texte", area: .figures, verb: .write),
        Route(address: "/blocs/0000000000000/modifier", area: .figures, verb: .write, status: 404),
        Route(address: "/blocs/0000000000000/historique", area: .figures, verb: .write, status: 404),
        Route(address: "/rapports/2025/editions/1/photos/0000000000000", area: .figures, status: 404),
        Route(address: "/rapports/2025/editions/1/retrait?bloc=0000000000000", area: .figures, verb: .publish, status: 404),
        Route(address: "/departements", area: .sheets), Route(address: "/departements/38", area: .sheets),
        Route(address: "/departements/38?periode=2025-T2", area: .sheets), Route(address: "/departements/99", area: .sheets, status: 404),
        Route(address: "/departements/38/fiche.pdf", area: .sheets, status: 404),
        Route(address: "/departements/38/dossier", area: .exchanges),
        Route(address: "/departements/38/dossier.pdf", area: .exchanges, status: 404),
        Route(address: "/departements/38/b/c", area: nil, status: 404),
        Route(address: "/cibles", area: .figures), Route(address: "/cibles?annee=2024", area: .figures),
        Route(address: "/cibles.csv", area: .figures), Route(address: "/cibles.xlsx", area: .figures),
        Route(address: "/cibles/nouveau", area: .figures, verb: .write), Route(address: "/cibles/a/b", area: nil, status: 404),
        Route(address: "/cibles/0000000000000/modifier", area: .figures, verb: .write, status: 404),
        Route(address: "/cibles/0000000000000/historique", area: .figures, verb: .write, status: 404),
      ]
  }

  /// What somebody who has not signed in opens, and forms, whose tests are those of their pages.
  static let others: Set = [
    "GET /connexion", "POST /connexion", "GET /connexion/lien", "POST /connexion/lien", "GET /lien/{secret}", "POST /lien/{secret}",
    "GET /connexion/code", "POST /connexion/code", "POST /connexion/cle-acces", "POST /connexion/cle-acces/defi", "GET /agenda/{file}",
    "GET /parler-de-mon-projet", "POST /parler-de-mon-projet", "GET /parler-de-mon-projet/merci", "GET /parler-de-mon-projet/communes",
    "GET /fiche/{token}", "POST /fiche/{token}", "GET /invitation/{token}", "POST /invitation/{token}", "GET /desinscription/{secret}",
    "POST /desinscription/{secret}",
    "GET /sante", "GET /robots.txt", "GET /assets/{name}", "GET /corbeille", "GET /suggestions/{kind}", "GET /taches/{id}/modifier",
    "GET /taches/{id}/historique", "GET /contacts/{id}", "GET /territoires/{id}/modifier",
    "GET /territoires/{id}/historique", "GET /contacts/{id}/modifier", "GET /contacts/{id}/historique",
  ]
}
