import Federation

extension Visibility {
  /// On the page of a confidential note.
  static let whoReads = "Son auteur, les personnes qui suivent ses équipes, et la direction"

  /// Under the two choices of a form.
  static let help =
    "Confidentielle : seuls la lisent son auteur, les personnes qui suivent ses équipes, et la direction. Elle compte dans les chiffres ; "
    + "personne d’autre ne la trouve, ni dans les listes, ni par la recherche, ni dans les fichiers. Sa prochaine étape n’est lue que d’eux "
    + "et de la personne à qui elle est confiée, ou qui la remplace."
}
