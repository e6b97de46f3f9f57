import Foundation
import Store

/// One column that files of a kind may have, as a page tells of it.
public struct ImportColumn: Sendable {
  public let name: String
  public let label: String
  public let isRequired: Bool
  public let input: FieldInput
}

/// Which field a column of a file fills.
public struct ColumnMatch: Sendable, Equatable {
  /// What it was chosen by.
  public enum Origin: Sendable {
    /// The column bears the field's own name.
    case title
    /// Somebody chose it for a file with the same titles.
    case memory
    /// The program that wrote the file calls it so.
    case source
    case guess
    /// The column is left out.
    case none
  }

  public let title: String
  /// The field's name; empty when the column is left out.
  public let field: String
  public let origin: Origin

  public init(title: String, field: String, origin: Origin) {
    self.title = title
    self.field = field
    self.origin = origin
  }
}

extension RecordKind {
  public var importColumns: [ImportColumn] {
    fields.map { ImportColumn(name: $0.name, label: $0.label, isRequired: $0.isRequired, input: $0.input) }
  }

  /// What each column of a file is for: by its title, else as it was chosen before, else by what such titles usually mean.
  /// - Parameter target: what the program that wrote the file means by its titles; nothing is then guessed.
  public func columnMatches(_ header: [String], remembered: [String]?, target: ImportSource.Target? = nil) -> [ColumnMatch] {
    let known = remembered.flatMap { $0.count == header.count ? $0 : nil }
    let exported = target?.fields(header)
    var taken: Set<String> = []
    func free(_ field: String?) -> String {
      guard let field, fields.contains(where: { $0.name == field }), taken.insert(field).inserted else { return "" }
      return field
    }
    let titled = header.map { title in fieldNamed(title) ?? (target == nil ? nil : fieldNamed(afterRecord(title))) }
    let claimed = Set(exported ?? [])
    func first(_ index: Int) -> String? {
      if let known { return known[index] }
      // What the program itself says stands before what merely bears a field's name.
      if let field = exported?[index], !field.isEmpty { return field }
      return titled[index].flatMap { claimed.contains($0) ? nil : $0 }
    }
    let certain = header.indices.map { free(first($0)) }
    return header.indices.map { index in
      let (title, field) = (header[index], certain[index])
      guard field.isEmpty else {
        return ColumnMatch(
          title: title, field: field, origin: field == titled[index] ? .title : field == exported?[index] ? .source : .memory)
      }
      // What was left out before is left out again.
      let guess = known == nil && target == nil ? free(guess(title, taken)) : ""
      return ColumnMatch(title: title, field: guess, origin: guess.isEmpty ? .none : .guess)
    }
  }

  /// « FINESS » of « Organisation - FINESS ».
  private func afterRecord(_ title: String) -> String { title.components(separatedBy: " - ").dropFirst().joined(separator: " - ") }

  /// Why a file cannot be read by these choices; `nil` when it can.
  /// - Parameter filled: fields that other cells give. What may go for all lines is asked afterwards.
  public func fault(ofColumns columns: [String], filled: Set<String> = []) -> String? {
    let chosen = columns.filter { !$0.isEmpty }
    for field in fields where chosen.count(where: { $0 == field.name }) > 1 {
      return "Plusieurs colonnes vont dans « \(field.label) » : gardez-en une."
    }
    let missing = importColumns.filter { $0.isRequired && !chosen.contains($0.name) && !filled.contains($0.name) && !$0.mayGoForAll }
      .map { "« \($0.label) »" }
    guard !missing.isEmpty else { return nil }
    return "Associez une colonne du fichier à \(missing.joined(separator: ", ")) : c’est obligatoire."
  }

  /// The field that a title names, or calls by its label.
  func fieldNamed(_ title: String) -> String? {
    let key = Fold.code(title)
    return fields.first { !key.isEmpty && ($0.name == key || Fold.code($0.label) == key) }?.name
  }

  private func guess(_ title: String, _ taken: Set<String>) -> String? {
    let key = Fold.code(title)
    guard !key.isEmpty, key != reasonColumn else { return nil }
    let open = fields.map(\.name).filter { !taken.contains($0) }
    func begins(_ word: String) -> Bool { key == word || key.hasPrefix("\(word)_") }
    return open.first { columnSynonyms[$0, default: []].contains(key) } ?? open.first(where: begins)
      ?? open.first { columnSynonyms[$0, default: []].contains(where: begins) }
  }
}

/// How other programs title what fields hold, folded.
private let columnSynonyms: [String: [String]] = [
  "reference": ["ref", "id", "identifiant", "numero"], "nom": ["intitule", "denomination", "raison_sociale", "name"],
  "courriel": ["mail", "email", "e_mail", "adresse_mail", "adresse_electronique"], "telephone": ["tel", "portable", "mobile"],
  "commune": ["ville", "localite"], "departement": ["dpt", "dept", "dep"], "code_postal": ["cp"],
  "etat": ["etape", "avancement", "statut", "stade"], "depuis": ["date_avancement", "date_etat", "date_de_debut", "debut"],
  "jusqua": ["fin", "date_de_fin"], "type": ["categorie"],
  "notes": ["commentaire", "commentaires", "remarque", "remarques", "observations"],
  "structure": ["equipe", "structures"], "structures": ["equipe", "equipes", "structure"], "themes": ["theme"],
  "personnes": ["personne", "contact", "contacts", "interlocuteur"], "duree_minutes": ["duree"], "canal": ["moyen"], "objet": ["sujet"],
  "nb_professionnels": ["effectif", "professionnels"], "site_web": ["site", "site_internet"], "auteur": ["saisi_par"],
]
