import Federation
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Records
import WebSupport

/// Opens files and figures to a program that shows a person's key (`Authorization: Bearer …`), as far as that person reads them.
/// What it may not have is said in JSON: there is nobody to read a page.
struct ProgramMiddleware: RouterMiddleware {
  let site: Site

  private static let kinds = [".json", ".csv", ".xlsx"]

  private struct Failure: Encodable {
    let erreur: String
  }

  func handle(
    _ request: Request, context: SiteContext, next: (Request, SiteContext) async throws -> Response
  ) async throws -> Response {
    guard let key = Self.key(of: request) else { return try await next(request, context) }
    do {
      guard [.get, .head].contains(request.method), Self.kinds.contains(where: request.uri.path.hasSuffix) else {
        return try Self.failure(.forbidden, "Une clé ne lit que des adresses en .json, .csv ou .xlsx.")
      }
      guard let session = try await site.installation.accounts.session(programKey: key, from: site.origin(of: request, context)) else {
        return try Self.failure(.unauthorized, "Cette clé n’ouvre rien\u{A0}: elle a été retirée, ou n’a jamais existé.")
      }
      if session.mustEnrol {
        return try Self.failure(.forbidden, "Cette clé attend que votre compte ait la double authentification, sur la page Mon compte.")
      }
      var context = context
      (context.session, context.secret) = (session, "")
      return try await next(request, context)
    } catch let error as Refusal {
      return try Self.failure(.badRequest, French.typeset(error.sentence))
    } catch let error as Missing {
      return try Self.failure(.notFound, error.sentence)
    } catch let error as TooManyAttempts {
      return try Self.failure(.tooManyRequests, error.sentence).retry(after: error.seconds)
    } catch let error as any HTTPResponseError {
      return try Self.failure(
        error.status, error.status == .forbidden ? "Le rôle de cette clé n’ouvre pas cette adresse." : "Il n’y a rien à cette adresse.")
    }
  }

  private static func key(of request: Request) -> String? {
    guard let value = request.headers[.authorization], value.lowercased().hasPrefix("bearer ") else { return nil }
    return value.dropFirst("bearer ".count).trimmingCharacters(in: .whitespaces)
  }

  private static func failure(_ status: HTTPResponse.Status, _ sentence: String) throws -> Response {
    try .json(Failure(erreur: sentence), status: status)
  }
}
