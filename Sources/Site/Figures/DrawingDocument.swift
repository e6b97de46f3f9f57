import Documents
import Drawing
import Hummingbird
import WebSupport

/// A drawing for the template that makes a picture of it.
struct DrawingDocument: Encodable, Sendable {
  let title: String
  let svg: String
  let width: Double

  init(_ image: ChartImage) {
    (title, svg, width) = (image.title, image.titledSVG, image.width)
  }
}

extension Site {
  /// A drawing as a picture, twice as fine as it is wide, on a white ground: for a slide or a letter.
  /// - Throws: `Missing` where the program that makes it is not installed.
  func picture(_ draw: () async throws -> (name: String, image: ChartImage)) async throws -> Response {
    guard let compiler else { throw Missing(sentence: French.typeset(DocumentFailure.notInstalled.description)) }
    let (name, image) = try await draw()
    let bytes = try await compiler.png("drawing.typ", DrawingDocument(image))
    return .download(Array(bytes), named: "\(name).png", type: "image/png")
  }
}
