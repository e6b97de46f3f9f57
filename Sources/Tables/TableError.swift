/// Why a file cannot be read as a table, or a table written as a file.
public enum TableError: Error, Equatable, CustomStringConvertible {
  case empty
  case notText
  case unclosedQuote(line: Int)

  /// Neither CSV, XLSX nor ODS: a picture, a letter, any other archive.
  case notATable
  /// A compound file: Excel 97, or an XLSX behind a password; or XLSB.
  case otherExcel
  case encrypted
  /// Truncated, inconsistent, or with parts missing.
  case damaged
  case wrongChecksum
  case unsupportedCompression
  case zip64
  case tooManyEntries
  case unsafeName
  case tooLarge
  case suspiciousCompression
  case documentType
  /// More attributes, or more elements within each other, than any program writes.
  case crowdedElement
  case tooManyCells

  case tooManyRows
  case tooManyColumns
  case textTooLong(row: Int, column: String)

  public var description: String {
    switch self {
    case .empty: "Le fichier est vide : la première ligne doit nommer les colonnes."
    case .notText: "Ce fichier n’est pas un texte séparé (CSV)."
    case .unclosedQuote(let line): "Un guillemet ouvert à la ligne \(line) n’est jamais fermé."
    case .notATable: "Ce fichier n’est pas un tableau : choisissez un classeur XLSX ou ODS, ou un texte séparé (CSV)."
    case .otherExcel:
      "Ce classeur est protégé par un mot de passe ou dans un format d’Excel qui n’est pas lu (XLS, XLSB) : "
        + "enregistrez-le au format XLSX, sans mot de passe."
    case .encrypted: "Ce classeur est protégé par un mot de passe : enregistrez-le sans mot de passe."
    case .damaged: "Ce classeur est abîmé ou incomplet : ouvrez-le dans votre tableur et enregistrez-le à nouveau."
    case .wrongChecksum: "Le contenu de ce classeur a été altéré (somme de contrôle fausse) : demandez une nouvelle copie du fichier."
    case .unsupportedCompression:
      "Ce classeur est compressé d’une manière qui n’est pas lue : enregistrez-le à nouveau au format XLSX ou ODS."
    case .zip64: "Ce classeur est une archive ZIP64, qui n’est pas lue : enregistrez-le à nouveau avec votre tableur, ou en CSV."
    case .tooManyEntries: "Ce classeur contient plus de 10 000 fichiers : gardez seulement la feuille à importer."
    case .unsafeName: "Ce classeur contient des noms de fichiers interdits : il n’a pas été fait par un tableur."
    case .tooLarge:
      "Ce classeur dépasse 400 Mo une fois décompressé : retirez les images et les feuilles inutiles, ou enregistrez-le en CSV."
    case .suspiciousCompression: "Ce classeur se décompresse d’une manière anormale : enregistrez la feuille à importer en CSV."
    case .documentType: "Ce classeur contient une déclaration interdite (DOCTYPE) : il n’a pas été fait par un tableur."
    case .crowdedElement: "Ce classeur contient un élément démesuré : il n’a pas été fait par un tableur."
    case .tooManyCells: "La feuille dépasse un million de lignes ou dix millions de cellules : coupez-la en plusieurs fichiers."
    case .tooManyRows: "Un classeur ne peut pas tenir plus d’un million de lignes : réduisez la liste ou exportez-la en CSV."
    case .tooManyColumns: "Un classeur ne peut pas tenir plus de 16 384 colonnes : exportez en CSV."
    case .textTooLong(let row, let column):
      "Le texte de la ligne \(row), colonne « \(column) », dépasse les 32 767 caractères d’une cellule de classeur : exportez en CSV."
    }
  }
}
