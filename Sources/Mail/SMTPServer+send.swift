import CCurlShim
import Foundation

extension SMTPServer {
  /// Hands a message over to the server, for every address of `to` and `cc`: all of them or none.
  public func send(_ message: MailMessage) async throws(SMTPFailure) {
    // libcurl blocks, for minutes perhaps: on a thread of its own, never on a cooperative one.
    let failure = await withCheckedContinuation { continuation in
      let thread = Thread { continuation.resume(returning: transmit(message)) }
      thread.name = "smtp"
      thread.start()
    }
    if let failure { throw failure }
  }

  private func transmit(_ message: MailMessage) -> SMTPFailure? {
    let memory = CTexts()
    var seen: Set<String> = []
    let recipients = (message.to + message.cc).map(\.address).filter { seen.insert($0).inserted }.map { memory.text($0) }
    var server = mail_server(
      url: memory.text(description), user: memory.text(user), password: memory.text(password), ca_file: memory.text(certificates),
      requires_tls: encryption == .required ? 1 : 0, verifies: verifies ? 1 : 0,
      connect_seconds: Int(patience.connection.components.seconds), total_seconds: Int(patience.total.components.seconds))
    var words = [CChar](repeating: 0, count: 512)
    let (outcome, said) = withExtendedLifetime(memory) {
      words.withUnsafeMutableBufferPointer { words in
        var outcome = smtp_outcome(code: 0, reply: 0, started: 0, words: words.baseAddress, room: words.count)
        message.encoded().withUnsafeBytes { bytes in
          smtp_send(&server, memory.text(message.from.address), recipients, recipients.count, bytes.baseAddress, bytes.count, &outcome)
        }
        return (outcome, String(decoding: words.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
      }
    }
    guard outcome.code != 0 else { return nil }
    return SMTPFailure(
      code: Int(outcome.code), reply: outcome.reply, words: outcome.reply == 0 ? "" : Self.oneLine(said), hasStarted: outcome.started != 0)
  }

  /// A server's words, which may be anything.
  private static func oneLine(_ text: String) -> String {
    let visible = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : String($0) }.joined()
    return String(visible.split(separator: " ").joined(separator: " ").prefix(300))
  }
}
