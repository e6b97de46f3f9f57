import Foundation
import Testing
import WebSupport

struct AssetsTests {
  private static let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().appending(
    path: "../../../Assets"
  ).standardized

  @Test func theSpriteHoldsEveryIcon() throws {
    let sprite = try String(contentsOf: Self.folder.appending(path: "icones.svg"), encoding: .utf8)
    for icon in Icon.allCases { #expect(sprite.contains("<symbol id=\"\(icon.rawValue)\""), "\(icon)") }
  }

  @Test func theStyleSheetStaysSmall() throws {
    let sheet = try Data(contentsOf: Self.folder.appending(path: "maillage.css"))
    #expect(sheet.count < 40_000)
    #expect(!String(decoding: sheet, as: UTF8.self).contains("http"))
  }
}
