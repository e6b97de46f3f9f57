import Federation
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization

/// A browser reduced to what tests need: it keeps cookies, and follows nothing by itself.
final class Visitor: Sendable {
  private let client: any TestClientProtocol
  private let jar = Mutex<[String: String]>([:])
  private let typed = Mutex("")

  /// Of a program, which shows it with each request.
  private let key: String?

  init(_ client: any TestClientProtocol, key: String? = nil) {
    self.client = client
    self.key = key
  }

  /// A program with somebody's key, without their cookies.
  func bearing(_ key: String) -> Visitor { Visitor(client, key: key) }

  /// Somebody else in front of the same site.
  func stranger() -> Visitor { Visitor(client) }

  /// The one that was last typed.
  var password: String { typed.withLock { $0 } }

  var cookies: [String: String] { jar.withLock { $0 } }

  func setCookie(_ name: String, _ value: String?) { jar.withLock { $0[name] = value } }

  func get(_ address: String, headers: HTTPFields = [:]) async throws -> Answer {
    try await send(address, .get, headers, nil)
  }

  func post(_ address: String, _ form: [(String, String)], headers: HTTPFields = [:]) async throws -> Answer {
    var headers = headers
    headers[.contentType] = "application/x-www-form-urlencoded"
    let body = form.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
    return try await send(address, .post, headers, ByteBuffer(string: body))
  }

  /// Sends a form with a file, as browsers do.
  func upload(
    _ address: String, _ fields: [(String, String)], file name: String, _ bytes: [UInt8], headers: HTTPFields = [:]
  ) async throws -> Answer {
    try await upload(address, fields, files: [(name, bytes)], headers: headers)
  }

  func upload(
    _ address: String, _ fields: [(String, String)], files: [(name: String, bytes: [UInt8])], headers: HTTPFields = [:]
  ) async throws -> Answer {
    let boundary = "----maillage7d1c"
    var body: [UInt8] = []
    for (name, value) in fields {
      body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8
    }
    for file in files {
      let quoted = file.name.replacing("\"", with: "%22")
      body += "--\(boundary)\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"\(quoted)\"\r\n".utf8
      body += "Content-Type: application/octet-stream\r\n\r\n".utf8
      body += file.bytes
      body += "\r\n".utf8
    }
    body += "--\(boundary)--\r\n".utf8
    var headers = headers
    headers[.contentType] = "multipart/form-data; boundary=\(boundary)"
    return try await send(address, .post, headers, ByteBuffer(bytes: body))
  }

  func send(_ address: String, _ method: HTTPRequest.Method, _ headers: HTTPFields, _ body: ByteBuffer?) async throws -> Answer {
    var headers = headers
    let cookies = self.cookies
    if let key { headers[.authorization] = "Bearer \(key)" }
    if !cookies.isEmpty { headers[.cookie] = cookies.map { "\($0)=\($1)" }.sorted().joined(separator: "; ") }
    let answer = Answer(try await client.executeRequest(uri: address, method: method, headers: headers, body: body))
    for cookie in answer.cookies { keep(cookie) }
    return answer
  }

  private func keep(_ cookie: String) {
    let parts = cookie.components(separatedBy: "; ")
    guard let equals = parts[0].firstIndex(of: "=") else { return }
    let name = String(parts[0][..<equals])
    setCookie(name, parts.contains("Max-Age=0") ? nil : String(parts[0][parts[0].index(after: equals)...]))
  }
}

extension Visitor {
  /// Signs in as people do: opens the form, then sends it.
  @discardableResult
  func signIn(_ email: String, _ password: String, next: String? = nil, headers: HTTPFields = [:]) async throws -> Answer {
    typed.withLock { $0 = password }
    let form = try await get(next.map { "/connexion?suite=\(encoded($0))" } ?? "/connexion")
    var items = [("courriel", email), ("mot_de_passe", password), ("csrf", form.field("csrf") ?? "")]
    if let next = form.field("suite") { items.append(("suite", next)) }
    return try await post("/connexion", items, headers: headers)
  }

  /// - Returns: `self`, signed in as the demonstration's account of a role.
  func signedIn(_ role: Role) async throws -> Visitor {
    let word = role.rawValue.replacing("_", with: "-")
    return try await signedIn("\(word)@demonstration.example", "demonstration-\(word)")
  }

  /// - Returns: `self`, signed in.
  func signedIn(_ email: String, _ password: String) async throws -> Visitor {
    try await signIn(email, password)
    return self
  }
}

/// What the site answered.
struct Answer: Sendable {
  let status: Int
  let headers: HTTPFields
  let text: String

  init(_ response: TestResponse) {
    status = response.status.code
    headers = response.headers
    text = String(buffer: response.body)
  }

  var location: String? { headers[.location] }
  var cookies: [String] { headers[values: .setCookie] }
  var isPage: Bool { headers[.contentType]?.hasPrefix("text/html") == true }

  /// The whole `Set-Cookie` of a name.
  func cookie(_ name: String) -> String? { cookies.first { $0.hasPrefix("\(name)=") } }

  /// The value of the first form field of that name.
  func field(_ name: String) -> String? {
    guard let start = text.range(of: "name=\"\(name)\" value=\"") else { return nil }
    return unescaped(String(text[start.upperBound...].prefix { $0 != "\"" }))
  }

  /// What a browser sends of the page's own form: each field with the value that it shows.
  var formItems: [(String, String)] { formItems(after: "<form class=\"carte ordre pile\"") }

  /// Those of the form that begins with a text, or has it before its fields.
  func formItems(after beginning: String) -> [(String, String)] {
    guard let start = text.range(of: beginning),
      let end = text.range(of: "</form>", range: start.upperBound..<text.endIndex)
    else { return [] }
    let form = String(text[start.upperBound..<end.lowerBound])
    var items: [(String, String)] = []
    for match in form.matches(of: /<(input|textarea|select|option|button)\b([^>]*)>([^<]*)/) {
      let attributes = String(match.2)
      func attribute(_ name: String) -> String? {
        attributes.range(of: " \(name)=\"").map { unescaped(String(attributes[$0.upperBound...].prefix { $0 != "\"" })) }
      }
      let name = attribute("name")
      switch match.1 {
      case "textarea": items.append((name ?? "", unescaped(String(match.3.drop(while: \.isNewline)))))
      case "select": items.append((name ?? "", ""))
      case "option" where attributes.contains(" selected"): items[items.count - 1].1 = attribute("value") ?? ""
      case "input":
        let isTicked = !["radio", "checkbox"].contains(attribute("type") ?? "") || attributes.contains(" checked")
        if let name, isTicked { items.append((name, attribute("value") ?? "")) }
      default: break
      }
    }
    return items
  }

  /// The number of records that a list says it holds.
  var recordCount: Int? {
    guard let start = text.range(of: "<strong role=\"status\">") else { return nil }
    return leadingNumber(String(text[start.upperBound...].prefix { $0 != "<" }))
  }

  /// The addresses of forms with this beginning, in order.
  func actions(to beginning: String) -> [String] {
    text.components(separatedBy: "action=\"").dropFirst().map { unescaped(String($0.prefix { $0 != "\"" })) }.filter {
      $0.hasPrefix(beginning)
    }
  }

  /// What the records of a list add up to, when it says so beside their number.
  var recordSum: Int? {
    guard let start = text.range(of: "<strong role=\"status\">"), let end = text[start.upperBound...].range(of: "</strong>") else {
      return nil
    }
    return leadingNumber(String(text[end.upperBound...].prefix { $0 != "<" }))
  }

  /// What a link with this beginning of an address is followed by: the addresses, in order, once each.
  func links(to beginning: String) -> [String] {
    var found: [String] = []
    for part in text.components(separatedBy: "href=\"").dropFirst() {
      let address = unescaped(String(part.prefix { $0 != "\"" }))
      if address.hasPrefix(beginning), !found.contains(address) { found.append(address) }
    }
    return found
  }

  /// Of these the pages of records themselves.
  func records(of list: String) -> [String] { links(to: list).filter { $0.count == list.count + 13 } }

  /// The rows of a `.csv` answer, header left out.
  var csvRows: [[String]] {
    text.split(separator: "\r\n", omittingEmptySubsequences: true).dropFirst().map { line in
      line.split(separator: ";", omittingEmptySubsequences: false).map { String($0).trimmingCharacters(in: ["\""]) }
    }
  }

  /// The names in the first column of links of a list.
  var rowTitles: [String] {
    text.components(separatedBy: "<th scope=\"row\"><a href=\"").dropFirst().compactMap { part in
      part.range(of: ">").map { unescaped(String(part[$0.upperBound...].prefix { $0 != "<" })) }
    }
  }
}

func encoded(_ text: String) -> String {
  text.addingPercentEncoding(
    withAllowedCharacters: .init(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")) ?? ""
}

func unescaped(_ html: String) -> String {
  [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")].reduce(html) { $0.replacing($1.0, with: $1.1) }
}

/// « 1 234 structures » is 1234; `nil` when the text does not begin with a digit.
func leadingNumber(_ text: String) -> Int? {
  let digits = text.drop { $0.isWhitespace }.prefix { ("0"..."9").contains($0) || $0 == "\u{202F}" }
  return Int(digits.filter { $0 != "\u{202F}" })
}
