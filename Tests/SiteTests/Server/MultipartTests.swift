import Foundation
import Hummingbird
import Testing

@testable import WebSupport

/// Forms with a file, from pieces cut anywhere.
struct MultipartTests {
  private static let boundary = "x-1"
  private static let content: [UInt8] = Array("a;b\r\n--x\r\n-\r\n--x-\r\né".utf8) + [0, 13, 10, 13, 13, 10, 45, 45]

  private static func body(_ content: [UInt8] = MultipartTests.content, name: String = "fichier") -> [UInt8] {
    Array("préambule\r\n--x-1\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nj\u{E9}ton\r\n--x-1\r\n".utf8)
      + Array("content-disposition: form-data; name=\"\(name)\"; filename=\"a%22b\\\"c.csv\"\r\nContent-Type: text/csv\r\n\r\n".utf8)
      + content
      + Array("\r\n--x-1\r\nContent-Disposition: form-data; name=\"vide\"\r\n\r\n\r\n--x-1--\r\nreste".utf8)
  }

  private func parsed(_ body: [UInt8], by size: Int, limit: Int = 1_000, most: Int = 1) throws -> MultipartParser {
    var parser = MultipartParser(boundary: Self.boundary, fileLimit: limit, mostFiles: most)
    var rest = body[...]
    while !rest.isEmpty {
      try Array(rest.prefix(size)).withUnsafeBytes { try parser.read($0) }
      rest = rest.dropFirst(size)
    }
    return parser
  }

  @Test func piecesMayBeCutAnywhere() throws {
    let body = Self.body()
    for size in Array(1...80) + [body.count] {
      let parser = try parsed(body, by: size)
      #expect(parser.isComplete)
      #expect(parser.file?.bytes == Self.content && parser.file?.name == "a\"b\"c.csv", "\(size)")
      #expect(parser.items["csrf"] == "jéton" && parser.items.value("vide") == "", "\(size)")
    }
  }

  @Test func whatIsTooLargeIsRefusedAsItComes() throws {
    #expect(try parsed(Self.body(), by: 7, limit: Self.content.count).isComplete)
    #expect(throws: UploadTooLarge.self) { try parsed(Self.body(), by: 7, limit: Self.content.count - 1) }
  }

  @Test func severalFilesAreTakenAsFarAsTheyMayBe() throws {
    let parts = [("un", "11"), ("", ""), ("deux", "222"), ("trois", "3"), ("vide", "")].map { name, content in
      "--x-1\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\(name)\"\r\n\r\n\(content)\r\n"
    }
    let body = Array((parts.joined() + "--x-1--").utf8)
    for size in [1, 7, body.count] {
      #expect(try parsed(body, by: size, most: 9).files.map(\.name) == ["un", "deux", "trois", "vide"])
      #expect(try parsed(body, by: size, most: 9).files.map(\.bytes.count) == [2, 3, 1, 0])
      #expect(try parsed(body, by: size, most: 3).files.map(\.name) == ["un", "deux"])
      #expect(try parsed(body, by: size, limit: 6, most: 9).isComplete)
      #expect(throws: UploadTooLarge.self) { try parsed(body, by: size, limit: 5, most: 9) }
    }
  }

  @Test func whatIsCutOffIsNotComplete() throws {
    let body = Self.body()
    for end in stride(from: 0, to: body.count - 8, by: 3) { #expect(try !parsed(Array(body[..<end]), by: 16).isComplete, "\(end)") }
    #expect(try parsed(Self.body([]), by: 5).file?.bytes == [])
  }

  @Test func partsWithoutANameAreRefused() throws {
    let nameless = Array("--x-1\r\nContent-Type: text/plain\r\n\r\na\r\n--x-1--".utf8)
    #expect(throws: HTTPError.self) { try parsed(nameless, by: 9) }
    let endless = Array("--x-1\r\n\(String(repeating: "a", count: 20_000))".utf8)
    #expect(throws: HTTPError.self) { try parsed(endless, by: 999) }
  }

  @Test func onlyFormsHaveABoundary() {
    #expect(MultipartParser.boundary(of: "multipart/form-data; boundary=ab") == "ab")
    #expect(MultipartParser.boundary(of: "Multipart/Form-Data; charset=utf-8; boundary=\"a b\"") == "a b")
    for type in ["text/plain; boundary=a", "multipart/form-data", "multipart/form-data; boundary=", ""] {
      #expect(MultipartParser.boundary(of: type) == nil, "\(type)")
    }
  }
}
