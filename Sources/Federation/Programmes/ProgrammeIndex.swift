import Records
import Store
import Tables

/// The programmes, ready to be named, with the teams that take part in each.
struct ProgrammeIndex: Sendable {
  struct Programme: Sendable {
    let name: String
    let begins: CivilDate
    let ends: CivilDate?
    let places: Int?
    /// In their order; none when the programme has none of its own.
    let steps: [String]
  }

  struct Enrolment: Sendable {
    let reference: String
    let structure: Identifier<Structure>
    let entered: CivilDate
    let left: CivilDate?
    let state: EnrolmentState

    func holds(on day: CivilDate) -> Bool { entered <= day && left.map { day <= $0 } ?? true }
  }

  private let index: NameIndex<SupportProgramme>
  private let programmes: [Identifier<SupportProgramme>: Programme]
  private var enrolments: [Identifier<SupportProgramme>: [Enrolment]] = [:]

  init(_ connection: any Connection) throws {
    let rows = try connection.rows(
      "SELECT id, reference, name, begins_on, ends_on, places, steps FROM support_programme WHERE removed_at IS NULL ORDER BY id")
    index = NameIndex(try rows.map { .init(id: try $0[0], reference: try $0[1], email: nil, names: [try $0[2]]) })
    var programmes: [Identifier<SupportProgramme>: Programme] = [:]
    for row in rows {
      programmes[try row[0]] = Programme(
        name: try row[2], begins: try row[3], ends: try row[4], places: try row[5], steps: ProgrammeStep.list(try row[6]))
    }
    self.programmes = programmes
    for row in try connection.rows(
      """
      SELECT programme_id, reference, structure_id, entered_on, left_on, state FROM programme_enrolment WHERE removed_at IS NULL ORDER BY id
      """)
    {
      enrolments[try row[0], default: []].append(
        Enrolment(reference: try row[1], structure: try row[2], entered: try row[3], left: try row[4], state: try row[5]))
    }
  }

  subscript(_ id: Identifier<SupportProgramme>) -> Programme? { programmes[id] }

  func identifier(_ text: String) -> Identifier<SupportProgramme>? { index.identifier(text) }

  func reference(of id: Identifier<SupportProgramme>) -> String { index.reference(of: id) }

  /// All but the one of this reference, which is being written.
  func enrolments(in programme: Identifier<SupportProgramme>, besides reference: String?) -> [Enrolment] {
    enrolments[programme, default: []].filter { $0.reference != reference }
  }

  /// The lines of a file that come after this one know of it.
  mutating func put(_ enrolment: Enrolment, in programme: Identifier<SupportProgramme>) {
    for other in enrolments.keys { enrolments[other]?.removeAll { $0.reference == enrolment.reference } }
    enrolments[programme, default: []].append(enrolment)
  }
}

/// What fields need to know to name programmes.
protocol ProgrammeContext: RecordContext {
  var programmes: ProgrammeIndex { get }
}

extension Field where Context: ProgrammeContext {
  static func programme(_ path: any WritableKeyPath<Draft, Identifier<SupportProgramme>?> & Sendable) -> Field {
    .value(
      "programme", label: "Programme", path, isRequired: true, print: { id, context in context.programmes.reference(of: id) }
    ) { text, reading in
      guard let programme = reading.context.programmes.identifier(text) else {
        throw Refusal("« \(text.prefix(80)) » : aucun programme de cette référence ou de ce nom")
      }
      return programme
    }
  }
}

/// A step of a programme that a team came to on a day.
struct ProgrammeStep: Hashable, Comparable, Sendable, Codable {
  let date: CivilDate
  let name: String

  static let longest = 80

  /// « 02/03/2026 Diagnostic »
  var text: String { "\(date.written) \(name)" }

  static func < (left: ProgrammeStep, right: ProgrammeStep) -> Bool { (left.date, left.name) < (right.date, right.name) }

  /// - Throws: `Refusal`.
  static func reading(_ text: String) throws -> ProgrammeStep {
    let parts = text.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(\.withoutSpacesAround)
    guard parts.count == 2, let day = try? CivilDate.reading(parts[0]) else {
      throw Refusal("« \(text.prefix(80)) » : écrivez le jour, puis l’étape, par exemple 02/03/2026 Diagnostic")
    }
    return ProgrammeStep(date: day, name: try name(parts[1]))
  }

  static func name(_ text: String) throws -> String {
    guard text.count <= longest else {
      throw Refusal("« \(text.prefix(longest))… » est trop long : \(longest) caractères au plus par étape")
    }
    return text
  }

  /// A list of steps as it is kept, one a line.
  static func list(_ text: String?) -> [String] { text.map { $0.split(separator: "\n").map(String.init) } ?? [] }
}
