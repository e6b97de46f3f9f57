import Foundation

extension MailMessage {
  /// The message as it travels (RFC 5322 and MIME): ASCII, lines of at most 78 columns ended by CRLF.
  public func encoded() -> Data {
    var headers = HeaderBlock()
    headers.add("Date", words: date.formatted(Self.dateFormat).split(separator: " ").map(String.init))
    let messageID = messageID.utf8.filter { isAtomByte($0) || ".@".utf8.contains($0) }
    headers.add("Message-ID", words: ["<\(String(decoding: messageID, as: UTF8.self))>"])
    headers.add("From", [from])
    headers.add("To", to)
    headers.add("Cc", cc)
    headers.add("Reply-To", replyTo.map { [$0] } ?? [])
    headers.add("Subject", text: subject)
    for header in self.headers { headers.add(header) }
    headers.add("MIME-Version", words: ["1.0"])
    return Data(headers.text.utf8) + content.encoded
  }

  private var content: MailPart {
    let plain = MailPart(text: text, subtype: "plain")
    // What is asked of a calendar is another way to say the same (RFC 6047); it travels as a file as well, for those who open files.
    let others = html.map { [MailPart(text: $0, subtype: "html")] } ?? []
    let calendars = attachments.filter(\.asksACalendar).map { MailPart($0, isShown: true) }
    let body = others.isEmpty && calendars.isEmpty ? plain : MailPart("alternative", [plain] + others + calendars)
    return attachments.isEmpty ? body : MailPart("mixed", [body] + attachments.map { MailPart($0) })
  }

  private static var dateFormat: Date.VerbatimFormatStyle {
    Date.VerbatimFormatStyle(
      format: """
        \(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \
        \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) +0000
        """,
      locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
  }
}

/// One part of a message, with its own headers.
private struct MailPart {
  let encoded: Data

  init(text: String, subtype: String) {
    var headers = HeaderBlock()
    headers.add("Content-Type", words: ["text/\(subtype);", "charset=utf-8"])
    headers.add("Content-Transfer-Encoding", words: ["quoted-printable"])
    encoded = Data(headers.text.utf8) + Data("\r\n".utf8) + quotedPrintable(text)
  }

  /// - Parameter isShown: as a part of the text, which has no name.
  init(_ attachment: MailAttachment, isShown: Bool = false) {
    var headers = HeaderBlock()
    headers.add("Content-Type", words: attachment.mediaType.split(separator: " ").map(String.init))
    headers.add("Content-Transfer-Encoding", words: ["base64"])
    if !isShown { headers.add("Content-Disposition", words: ["attachment;"] + HeaderBlock.parameter("filename", attachment.name)) }
    let lines = Data(attachment.content).base64EncodedData(
      options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
    encoded = Data(headers.text.utf8) + Data("\r\n".utf8) + lines + Data("\r\n".utf8)
  }

  /// Parts together. Neither encoding of a part can give `=_`, so the boundary is never found inside one; parts inside parts have
  /// another subtype, and so another boundary.
  init(_ subtype: String, _ parts: [MailPart]) {
    let boundary = "=_\(subtype)_"
    var headers = HeaderBlock()
    headers.add("Content-Type", words: ["multipart/\(subtype);", "boundary=\"\(boundary)\""])
    var encoded = Data(headers.text.utf8) + Data("\r\n".utf8)
    for part in parts { encoded += Data("--\(boundary)\r\n".utf8) + part.encoded }
    self.encoded = encoded + Data("--\(boundary)--\r\n".utf8)
  }
}

/// Text as quoted-printable (RFC 2045): readable where it is ASCII, lines of at most 76 columns, each ended by CRLF.
private func quotedPrintable(_ text: String) -> Data {
  var result: [UInt8] = []
  for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
    var column = 0
    let bytes = Array(line.utf8)
    for (index, byte) in bytes.enumerated() {
      let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
      let isPlain = (33...126).contains(byte) && byte != UInt8(ascii: "=") || isBlank && index < bytes.count - 1
      let letters = isPlain ? [byte] : Array("=\(hexadecimal(byte))".utf8)
      if column + letters.count > 75 {
        result += "=\r\n".utf8
        column = 0
      }
      result += letters
      column += letters.count
    }
    result += "\r\n".utf8
  }
  return Data(result)
}
