import Federation
import Markup
import Records
import Store
import WebSupport

/// What happened to one record, newest first, each change with its way back.
struct RecordHistoryPage {
  struct Entry {
    let operation: Records.Operation
    /// The import or the batch that was of many records.
    let subject: Int64
    let at: String
    let by: String
    let isCreation: Bool
    let version: Int
    let changes: [FieldChangeView]
    let mayUndo: Bool
    /// A later undo took it back.
    let isUndone: Bool
    /// The merge that it was part of.
    let merge: Link?

    /// - Parameters:
    ///   - author: `nil` for a command run by hand.
    ///   - merges: where merges of records of a kind are shown.
    init(
      _ entry: RecordHistory.Entry, isUndone: Bool, _ texts: FieldTexts, at: String, by author: String?,
      merges: (_ kind: String, Identifier<Merge>) -> Link?
    ) {
      self.isUndone = isUndone
      merge = [.merge, .unmerge].contains(entry.operation) ? merges(entry.kind, Identifier(rawValue: entry.subject)) : nil
      operation = entry.operation
      subject = entry.subject
      self.at = at
      by = author ?? (entry.operation == .publicForm ? "la page publique" : "une commande de l’administrateur")
      isCreation = entry.isCreation
      version = entry.version
      changes = entry.changes.map { change in
        FieldChangeView(
          label: change.label, before: change.before.isEmpty ? "" : texts(change.name, change.before),
          after: texts(change.name, change.after))
      }
      // An import is taken back whole, by its own undo.
      mayUndo = !isUndone && !entry.isCreation && !entry.changes.isEmpty && [.entry, .undo, .batch].contains(entry.operation)
    }
  }

  let breadcrumb: Breadcrumb
  let title: String
  let entries: [Entry]
  let action: Link
  /// Where the batches of that kind of record are shown.
  let batches: Link
  let csrf: String

  func html() -> HTML {
    """
    \(breadcrumb.html)
    \(PageHeader("Historique", sentence: title).html)
    \(entries.isEmpty ? nothing : list)
    """
  }

  private var nothing: HTML {
    EmptyState("Aucune trace", "Cette fiche n’a pas changé depuis qu’elle est suivie.").html
  }

  private var list: HTML {
    Card("historique", "Ce qui a changé", "<ol class=\"fil\">\(each: entries, row)</ol>").html
  }

  private func row(_ entry: Entry) -> HTML {
    """
    <li><span class="rond b" aria-hidden="true">\(entry.isCreation ? Icon.add.html : Icon.document.html)</span><div>\
    <div class="quoi"><h3>\(entry.isCreation ? "Création" : word(entry.operation)), par \(entry.by)</h3>\
    <time>\(entry.at)</time></div>\(entry.operation == .batch ? whole(entry) : .empty)\
    \(entry.merge.map { LinkedText("Voir la fusion", $0).html })\
    \(entry.changes.isEmpty ? .empty : changes(entry))\(entry.mayUndo ? undo(entry) : .empty)\(entry.isUndone ? "<small>Annulée depuis.</small>" : .empty)</div></li>

    """
  }

  private func changes(_ entry: Entry) -> HTML {
    """
    <ul class="liste">\(each: entry.changes, change)</ul>
    """
  }

  private func change(_ change: FieldChangeView) -> HTML {
    """
    <li><div class="corps">\(change.html)</div></li>
    """
  }

  private func whole(_ entry: Entry) -> HTML {
    LinkedText("Voir tout le lot", batches.appending(Identifier<Batch>(rawValue: entry.subject).description)).html
  }

  private func undo(_ entry: Entry) -> HTML {
    PostButton("Annuler cette modification", action: action, csrf: csrf, hidden: [("version", String(entry.version))]).html
  }

  private func word(_ operation: Records.Operation) -> String {
    switch operation {
    case .entry: "Modification"
    case .fileImport: "Import"
    case .batch: "Modification par lot"
    case .undo: "Annulation"
    case .removal: "Mise à la corbeille"
    case .restoration: "Rétablissement"
    case .attaching: "Pièce jointe ajoutée"
    case .detaching: "Pièce jointe retirée"
    case .reattaching: "Pièce jointe rétablie"
    case .merge: "Fusion"
    case .unmerge: "Fusion défaite"
    case .erasure: "Effacement demandé par une personne"
    default: operation.rawValue.prefix(1).uppercased() + operation.rawValue.dropFirst()
    }
  }
}
