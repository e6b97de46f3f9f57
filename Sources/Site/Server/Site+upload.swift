import Federation
import Hummingbird
import WebSupport

extension Site {
  /// What a form with a file of the session's own pages sent.
  /// - Parameter limit: of the file, in bytes.
  /// - Throws: `StaleForm` when it is not one of them; `UploadTooLarge`.
  func upload(_ request: Request, _ context: SignedInContext, limit: Int) async throws -> UploadedForm {
    guard !request.isFromElsewhere else { throw StaleForm() }
    // The token stands before the file: whoever has none sends nothing that is kept.
    return try await request.upload(limit: limit) { fields in
      guard fields["csrf"] == context.session.csrf else { throw StaleForm() }
    }
  }
}
