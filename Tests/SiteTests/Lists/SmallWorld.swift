import Federation
import Records
import TestSupport
import Testing

/// Five teams and five exchanges of which everything is known.
enum SmallWorld {
  static let structures = """
    reference;type;nom;departement;commune;etat;depuis;nb_professionnels;finess
    S1;msp;Maison de santé de l’Œillet;69;Tarare;ouverte;2020-01-01;12;
    S2;cpts;CPTS Bièvre;38;Voiron;ecriture;2024-05-01;;
    S3;esp;Équipe des Tilleuls;38;Grenoble;contact;2025-03-01;5;
    S4;msp;Ancienne maison;69;Givors;fermee;2025-01-01;7;
    S5;cds;Centre de santé 100 %;01;Belley;ouverte;2021-06-01;30;
    """

  static let exchanges = """
    date;canal;structures;themes;nature;objet;duree_minutes;auteur;reference
    2026-02-03;telephone;S1|S2;montage_msp|cpts;gestion;Accès aux soins;30;Odile Marchandet;E1
    2026-03-04;courriel;S3;montage_msp;;Étapes de création;10;Odile Marchandet;E2
    2026-03-05;visite;;;;Sans équipe;;Noé Pralong;E3
    2026-11-20;telephone;S1;;juridique;;45;;E4
    2025-05-06;visio;S2;cpts;;L’an dernier;60;Noé Pralong;E5
    """

  static func bring(into installation: Installation) async throws {
    #expect(try await installation.bring("structures", structures).created == 5)
    #expect(try await installation.bring("echanges", exchanges).created == 5)
  }

  /// `count` teams called « Équipe 001 » and so on.
  static func teams(_ count: Int) -> String {
    let rows = (1...count).map { "T\(padded($0));msp;Équipe \(padded($0));38;ouverte;2020-01-01" }
    return (["reference;type;nom;departement;etat;depuis"] + rows).joined(separator: "\n")
  }

  static func padded(_ number: Int) -> String { String(String(1_000 + number).dropFirst()) }
}
