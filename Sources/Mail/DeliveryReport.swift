import Foundation

/// What a mail system says of a message of ours (RFC 3464): to whom it did not arrive, and why.
public struct DeliveryReport: Sendable {
  public struct Failure: Sendable {
    public let address: String
    /// « 550 5.1.1 no such user ».
    public let reason: String
  }

  /// Of the message that it is about.
  public let messageID: String?
  /// For good: what is only late is none.
  public let failures: [Failure]

  /// `nil` for a message that is no report.
  init?(_ root: MIMEPart) {
    guard root.headers.contentType.type == "multipart/report",
      let status = root.parts.first(where: { $0.headers.contentType.type == "message/delivery-status" })
    else { return nil }
    let returned = root.parts.last {
      ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers"].contains($0.headers.contentType.type)
    }
    messageID = (returned?.parts.first?.headers ?? returned.map { MIMEHeaders(ArraySlice($0.content)) })?["message-id"]
      .flatMap(ReceivedMessage.identifier)
    failures = status.text.components(separatedBy: "\n\n").compactMap { block in
      let headers = MIMEHeaders(ArraySlice(block.utf8))
      guard headers["action"]?.lowercased() == "failed", !(headers["status"] ?? "5").hasPrefix("4") else { return nil }
      let address = (headers["original-recipient"] ?? headers["final-recipient"])?.split(separator: ";").last.map(String.init) ?? ""
      guard let known = MailAddress(address.trimmingCharacters(in: CharacterSet(charactersIn: " <>"))) else { return nil }
      let words = headers["diagnostic-code"].map { $0.split(separator: ";", maxSplits: 1).last.map(String.init) ?? $0 } ?? headers["status"]
      return Failure(
        address: known.address.lowercased(),
        reason: String((words ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(300)))
    }
  }
}
