import Crypto
import Foundation
import HTTPTypes
import Hummingbird

/// Style sheet, script, icons and fonts: few and small, kept in memory, known by their digest.
public struct StaticFiles: Sendable {
  private struct File: Sendable {
    let bytes: ByteBuffer
    let type: String
    let tag: String
  }

  private let files: [String: File]

  /// - Parameter folders: their files of known kinds, the first folder first.
  public init(folders: [URL]) {
    var files: [String: File] = [:]
    for folder in folders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      for name in names.sorted() where files[name] == nil {
        guard let type = Self.types[URL(fileURLWithPath: name).pathExtension],
          let data = try? Data(contentsOf: folder.appending(path: name))
        else { continue }
        let tag = SHA256.hash(data: data).prefix(8).map { String($0, radix: 16) }.joined()
        files[name] = File(bytes: ByteBuffer(bytes: data), type: type, tag: "\"\(tag)\"")
      }
    }
    self.files = files
  }

  public func contains(_ name: String) -> Bool { files[name] != nil }

  /// A file that is text; `nil` when it is not there.
  public func text(_ name: String) -> String? { files[name].map { String(buffer: $0.bytes) } }

  /// - Throws: `HTTPError` 404.
  public func response(_ name: String, _ request: Request) throws -> Response {
    guard let file = files[name] else { throw HTTPError(.notFound) }
    let headers: HTTPFields = [.contentType: file.type, .eTag: file.tag, .cacheControl: "public, max-age=300"]
    if request.headers[.ifNoneMatch] == file.tag { return Response(status: .notModified, headers: headers) }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.bytes))
  }

  private static let types = [
    "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "woff2": "font/woff2",
  ]
}
