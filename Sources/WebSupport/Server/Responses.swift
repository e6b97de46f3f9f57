import Foundation
import HTTPTypes
import Hummingbird
import Markup

extension Response {
  /// A page.
  public static func page(_ html: HTML, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "private, no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: html.bytes)))
  }

  /// After a form, to the page that shows what it did.
  public static func seeOther(_ link: Link) -> Response {
    Response(status: .seeOther, headers: [.location: link.address, .cacheControl: "no-store"])
  }

  /// The same answer, which says when to ask again.
  public func retry(after seconds: Int) -> Response {
    var response = self
    response.headers[.retryAfter] = String(seconds)
    return response
  }

  /// `robots.txt`: nothing here is for search engines.
  public static var robots: Response {
    Response(
      status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "public, max-age=86400"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: "User-agent: *\nDisallow: /\n")))
  }

  /// An answer for programs, and for the pages' own script.
  /// - Throws: `EncodingError`.
  public static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Response(
      status: status, headers: [.contentType: "application/json", .cacheControl: "private, no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
  }

  /// A file to keep.
  public static func download(_ bytes: [UInt8], named name: String, type: String) -> Response {
    var headers: HTTPFields = [.contentType: type, .cacheControl: "private, no-store"]
    headers[.contentDisposition] = "attachment; filename=\"\(name)\""
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}

/// What a page may load, and who may frame it.
public enum ContentPolicy {
  /// Nothing from elsewhere, nothing inline, no frame.
  public static let page = """
    default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'
    """

  /// That of a page which shows a file of the site in a frame.
  public static let framingPage = "\(page); frame-src 'self'"
  /// That of such a file, which a browser's own reader shows: it loads nothing, and no other site frames it.
  public static let framedFile = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'"
}

/// What every answer says to the browser: nothing from elsewhere, nothing inline, no frame.
public struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
  private let isSecure: Bool

  /// - Parameter isSecure: the site is reached by https, and browsers are told to keep to it.
  public init(isSecure: Bool) {
    self.isSecure = isSecure
  }

  public func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    // A file that somebody sent has one of its own.
    if response.headers[.contentSecurityPolicy] == nil { response.headers[.contentSecurityPolicy] = ContentPolicy.page }
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[.referrerPolicy] = "same-origin"
    response.headers[.crossOriginOpenerPolicy] = "same-origin"
    if isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
    return response
  }
}

extension HTTPField.Name {
  fileprivate static let referrerPolicy = HTTPField.Name("Referrer-Policy").unsafelyUnwrapped
  fileprivate static let crossOriginOpenerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy").unsafelyUnwrapped
  public static let secFetchSite = HTTPField.Name("Sec-Fetch-Site").unsafelyUnwrapped
}

extension Request {
  /// The items of the query as a form writes them: `+` is a space, which Hummingbird leaves as it is (2026-11-21).
  public var queryItems: [(name: String, value: String)] { (uri.query ?? "").formItems }

  /// Browsers say where a form comes from: another site's is refused before its token is even looked at.
  public var isFromElsewhere: Bool {
    guard let site = headers[.secFetchSite] else { return false }
    return site != "same-origin" && site != "none"
  }

  /// The same of a browser that says no more than an origin, which a proxy may make look foreign: enough to show nothing, not to refuse.
  public var hasOtherOrigin: Bool {
    if isFromElsewhere { return true }
    guard headers[.secFetchSite] == nil, let origin = headers[.origin] else { return false }
    return origin.components(separatedBy: "://").last != head.authority
  }
}
