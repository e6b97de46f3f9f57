import Federation
import HTTPTypes
import Hummingbird
import Markup
import NIOCore
import Records
import Store
import WebSupport

/// Which records a batch is of and which field, as the forms of its steps carry it.
struct BatchForm {
  /// What the bar calls the bin where it names a field.
  static let bin = "corbeille"

  let field: String
  /// The address of the list that the records were chosen from.
  let list: Link
  /// All that the list holds, by its address; else the ticked ones.
  let takesWhole: Bool
  private let ticked: [Int64]

  /// - Parameter other: what the bar calls what is no change of the records.
  /// - Throws: `Refusal` when nothing is ticked; `HTTPError` when the list or the field is none of these pages'.
  init(_ form: FormItems, of pages: RecordPages, for other: String? = nil) throws {
    guard let list = Link(ownPath: form[BatchBar.Names.list]), list.withoutQuery == pages.path,
      [Self.bin, other].contains(form[BatchBar.Names.action]) || pages.batched.contains(where: { $0.name == form[BatchBar.Names.action] })
    else { throw HTTPError(.badRequest) }
    field = form[BatchBar.Names.action]
    self.list = list
    takesWhole = form.value(BatchBar.Names.whole) != nil
    let written = form.all(BatchBar.Names.record).flatMap { $0.split(separator: " ") }
    ticked = written.compactMap { Identifier<Site>(String($0))?.rawValue }
    guard takesWhole || !ticked.isEmpty else { throw Refusal("Aucune fiche n’est cochée : revenez à la liste et cochez-en.") }
  }

  /// What the next step's form sends again.
  var hidden: [(name: String, value: String)] {
    let records = ticked.map { Identifier<Site>(rawValue: $0).description }.joined(separator: " ")
    return [(BatchBar.Names.action, field), (BatchBar.Names.list, list.address)]
      + (takesWhole ? [(BatchBar.Names.whole, "1")] : [(BatchBar.Names.record, records)])
  }

  /// The records, in the order of the list when all of it was taken.
  func records(_ pages: RecordPages, _ frame: Frame, _ connection: any Connection) throws -> [Int64] {
    guard takesWhole else { return ticked }
    let asked = Request(
      head: HTTPRequest(method: .get, scheme: nil, authority: nil, path: list.address), body: RequestBody(buffer: ByteBuffer()))
    return try pages.selected(asked, frame, connection)
  }

  /// - Throws: `Refusal` when the list is not what its address asks for: more would be changed than was shown.
  static func expectExact(_ isExact: Bool) throws {
    guard isExact else { throw Refusal("Un filtre de cette liste n’existe pas : rien n’est changé, car elle contient plus que demandé.") }
  }

  /// Of a list, as many as a batch may have, and one more that tells there are others.
  static let limit = Batch.mostRecords + 1
}

extension RecordPages {
  /// Where many records are changed at a time.
  var batchPath: Link { Link("/lots").appending(String(path.address.dropFirst())) }

  /// The bar under a list; `nil` for those who only read it.
  /// - Parameter total: how many records the list holds on all its pages.
  func batchBar(_ list: Link, total: String, _ frame: Frame) -> BatchBar? {
    let writes = !batched.isEmpty && frame.session.account.role.scope(.write, area) != .none
    let letters = letterAction(frame)
    guard writes || letters != nil else { return nil }
    let fields = writes ? batched.map { BatchBar.Action($0.name, $0.label ?? $0.name) } : []
    let bin = writes ? [BatchBar.Action(BatchForm.bin, "Mettre à la corbeille", .close)] : []
    return BatchBar(
      action: batchPath, csrf: frame.session.csrf, list: list, whole: "Toute la liste (\(total))",
      actions: fields + [letters].compactMap(\.self) + bin)
  }

  /// A value of a list, to be changed where it stands by those who may.
  func cell<Subject>(_ field: String, _ label: String, of id: Identifier<Subject>, _ text: String, _ frame: Frame) -> HTML {
    guard cells.contains(field), frame.session.account.role.scope(.write, area) != .none else { return HTML(text: text) }
    return EditableCell(text, label: label, path.appending(id.description).appending("modifier").adding(Self.onlyField, field)).html
  }
}
