import Federation
import Markup
import Records
import Store
import WebSupport

extension Site {
  /// What was typed in a form, with the labels of its fields and of their values.
  /// - Parameter isSignedIn: else the names of records are nobody's to read, and references stay as they were sent.
  func facts(_ held: HeldForm, isSignedIn: Bool, _ connection: any Connection) throws -> [Facts.Fact] {
    if let pages = recordPages.first(where: { held.action.address.hasPrefix("\($0.path.address)/") }) {
      return try facts(installation.model.kind(pages.kind), pages, held, isSignedIn: isSignedIn, connection)
    }
    if held.isBatch, let pages = recordPages.first(where: { held.action.address.hasPrefix($0.batchPath.address) }) {
      return Self.facts(held, batchOf: pages)
    }
    return Self.labels.flatMap { name, label in
      held.form.all(name).filter { !$0.isEmpty }.map { Facts.Fact(label, Role(rawValue: $0)?.label ?? $0) }
    }
  }

  private func facts(
    _ kind: some RecordKind, _ pages: RecordPages, _ held: HeldForm, isSignedIn: Bool, _ connection: any Connection
  ) throws -> [Facts.Fact] {
    let layouts = pages.layouts + pages.batched.filter { one in !pages.layouts.contains { $0.name == one.name } }
    let entries = RecordFormBuilder.entries(kind, layouts, held.form)
    let texts = try FieldTexts(
      kind, layouts, naming: isSignedIn ? entries.map { ($0.key, $0.value) } : [], Preferences(connection).lists, connection)
    let labels = Dictionary(kind.fields.map { ($0.name, $0.label) }, uniquingKeysWith: { first, _ in first })
    let fields = layouts.compactMap { layout in
      entries[layout.name].flatMap { $0.isEmpty ? nil : Facts.Fact(labels[layout.name] ?? layout.name, texts(layout.name, $0)) }
    }
    let step = [("suite", "Prochaine étape"), ("suite_date", "Pour le"), ("texte", "Commentaire")].compactMap { name, label in
      entries[name] == nil && !held.form[name].isEmpty ? Facts.Fact(label, French.withDays(held.form[name])) : nil
    }
    return fields + step
  }

  private static func facts(_ held: HeldForm, batchOf pages: RecordPages) -> [Facts.Fact] {
    let field = held.form[BatchBar.Names.action]
    let records = held.form.all(BatchBar.Names.record).flatMap { $0.split(separator: " ") }.count
    let whole = held.form.value(BatchBar.Names.whole) != nil
    let what = field == BatchForm.bin ? "Mettre à la corbeille" : pages.batched.first { $0.name == field }?.label ?? field
    let value = (held.form.all(field) + held.form.all(FormField.typedName(field)) + held.form.all("valeur")).first { !$0.isEmpty }
    return [
      Facts.Fact("Fiches", whole ? "Toute la liste" : French.plural(records, "fiche cochée", "fiches cochées")),
      Facts.Fact("À changer", what),
    ] + (value.map { [Facts.Fact("Valeur", $0)] } ?? [])
  }

  /// Of the forms that are of no record.
  private static let labels: KeyValuePairs = [
    "nom": "Nom", "courriel": "Adresse de courriel", "role": "Rôle", "autre": "Autre rôle", "territoire": "Territoire",
    "structure": "Structure", "texte": "Texte",
  ]
}
