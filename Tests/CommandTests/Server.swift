import Foundation
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A `maillage serve` under way, on a free port; whoever starts it ends its process.
struct Server: Sendable {
  let process: RunningProgram
  let address: URL

  static func start(_ program: Program, environment: [String: String] = [:], script: String? = nil) async throws -> Server {
    let process = try program.start(["serve", "--port", "0"], environment: environment, script: script)
    while process.isRunning, port(process.outcome) == nil { try await Task.sleep(for: .milliseconds(10)) }
    let number = try #require(port(process.outcome), "\(process.outcome.errors)")
    return Server(process: process, address: try #require(URL(string: "http://127.0.0.1:\(number)")))
  }

  private static func port(_ run: Run) -> Int? {
    run.text.firstMatch(of: /Maillage répond sur http:\/\/127\.0\.0\.1:([0-9]+)\n/).flatMap { Int($0.1) }
  }
}

/// A browser in front of a server: it follows nothing by itself, and carries the cookies that it is given.
struct Browser: Sendable {
  struct Answer: Sendable {
    let status: Int
    let text: String
    let headers: String

    /// The value of a cookie that the answer sets.
    func cookie(_ name: String) -> String? {
      guard let start = headers.firstRange(of: "\(name)=") else { return nil }
      return String(headers[start.upperBound...].prefix { $0.isHexDigit })
    }

    var csrf: String { text.firstMatch(of: /name="csrf" value="([0-9a-f]+)"/).map { String($0.1) } ?? "" }
  }

  private final class Unmoved: NSObject, URLSessionTaskDelegate, Sendable {
    func urlSession(
      _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
      completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
      completionHandler(nil)
    }
  }

  private let session: URLSession

  init() {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpShouldSetCookies = false
    configuration.httpCookieStorage = nil
    session = URLSession(configuration: configuration, delegate: Unmoved(), delegateQueue: nil)
  }

  func close() { session.invalidateAndCancel() }

  /// - Parameter form: sent by POST when there is one.
  /// - Throws: when the server is gone.
  func ask(_ server: Server, _ path: String, cookies: [String: String] = [:], form: [String: String]? = nil) async throws -> Answer {
    var request = URLRequest(url: try #require(URL(string: server.address.absoluteString + path)))
    request.setValue(cookies.map { "\($0)=\($1)" }.joined(separator: "; "), forHTTPHeaderField: "Cookie")
    if let form {
      request.httpMethod = "POST"
      request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
      request.httpBody = Data(form.map { "\($0)=\(Self.encoded($1))" }.joined(separator: "&").utf8)
    }
    let (data, response) = try await session.data(for: request)
    let answer = try #require(response as? HTTPURLResponse)
    let headers = answer.allHeaderFields.map { "\($0): \($1)" }.joined(separator: "\n")
    return Answer(status: answer.statusCode, text: String(decoding: data, as: UTF8.self), headers: headers)
  }

  /// Signs in as people do: opens the form, then sends it, perhaps to another server of the same federation.
  func signIn(_ server: Server, sendingTo other: Server? = nil, _ email: String, _ password: String) async throws -> Answer {
    let form = try await ask(server, "/connexion")
    let cookies = ["maillage-formulaire": form.cookie("maillage-formulaire") ?? ""]
    return try await ask(
      other ?? server, "/connexion", cookies: cookies, form: ["courriel": email, "mot_de_passe": password, "csrf": form.csrf])
  }

  /// Whether that session is open.
  func isSignedIn(_ server: Server, _ secret: String) async throws -> Bool {
    try await ask(server, "/structures", cookies: ["maillage": secret]).status == 200
  }

  /// - Returns: whether the server acknowledged it.
  func signOut(_ server: Server, _ secret: String) async throws -> Bool {
    let page = try await ask(server, "/structures", cookies: ["maillage": secret])
    return try await ask(server, "/deconnexion", cookies: ["maillage": secret], form: ["csrf": page.csrf]).status == 303
  }

  private static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }
}

extension Program {
  static let email = "odile.marchandet@exemple.fr"
  static let password = "quatre mots bien longs"

  /// An account that opens everything.
  func makeAccount() async throws {
    let run = try await run("user", "create", "--email", Self.email, "--role", "direction", "--password-stdin", input: "\(Self.password)\n")
    try #require(run.status == 0, "\(run.errors)")
  }
}
