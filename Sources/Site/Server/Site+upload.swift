import Federation
import Hummingbird
import WebSupport

extension Site {
  /// What a form with a file of the session's own pages sent.
  /// - Parameters:
  ///   - limit: of the files, in bytes.
  ///   - files: how many are taken.
  /// - Throws: `StaleForm` when it is not one of them; `UploadTooLarge`.
  func upload(_ request: Request, _ context: SignedInContext, limit: Int, files: Int = 1) async throws -> UploadedForm {
    guard !request.isFromElsewhere else { throw StaleForm() }
    // The token stands before the file: whoever has none sends nothing that is kept.
    return try await request.upload(limit: limit, files: files) { fields in
      guard fields["csrf"] == context.session.csrf else { throw StaleForm() }
    }
  }
}
