import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// Who may write records, and the addresses of their pages.
extension RecordPages {
  func expectWriting(_ id: Int64?, _ request: Request, _ context: SignedInContext) async throws {
    let may = try await site.installation.database.read { try context.session.account.mayWrite(area, id, $0) }
    guard may else { throw closed(to: context.session.account) }
  }

  /// Of a record that one may not write: whoever writes all those that they see does not see it.
  func closed(to account: Account) -> HTTPError { HTTPError(account.role.scope(.write, area) == .all ? .notFound : .forbidden) }

  /// What the address and the form of one field call it.
  static let onlyField = "champ"

  /// Those that a form shows: all, or the one that a list's cell is about.
  func layouts(_ only: String?) -> [RecordFormBuilder.Layout] {
    guard let only, var layout = (layouts + batched).first(where: { $0.name == only }) else { return layouts }
    layout.isSegmented = false
    return [layout]
  }

  func recordID(_ context: SignedInContext) throws -> Int64 {
    guard let id = Identifier<Site>(try context.parameters.require("id")) else { throw HTTPError(.notFound) }
    return id.rawValue
  }

  func link(_ id: Int64) -> Link { path.appending(Identifier<Site>(rawValue: id).description) }

  func page(of id: Int64) -> Link { hasOwnPage ? link(id) : path }

  /// The page that follows a new record.
  func after(_ page: Link, made id: Int64, _ receipt: Receipt) -> Link {
    let told = page.setting(Receipt.parameter, receipt.rawValue)
    return receipt == .noted ? told.setting("fiche", Identifier<Site>(rawValue: id).description) : told
  }

  func link(_ id: Int64, after receipt: Receipt) -> Link { page(of: id).adding(Receipt.parameter, receipt.rawValue) }

  func breadcrumb(_ record: Entries?, _ link: Link, current: String) -> Breadcrumb {
    let list = LinkedText(words.list, path)
    return Breadcrumb(record.map { [list, LinkedText(words.title($0), link)] } ?? [list], current: current)
  }
}
