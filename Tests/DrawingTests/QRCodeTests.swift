import Markup
import Testing

@testable import Drawing

/// Against what other programs draw of the same text.
struct QRCodeTests {
  private func rows(_ text: String, mask: Int) -> [String] {
    let bytes = Array(text.utf8)
    guard let version = QRVersion.smallest(holding: bytes.count) else { return [] }
    return QRMatrix(version, version.codewords(of: bytes), mask: mask).modules.map { row in row.map { $0 ? "#" : "." }.joined() }
  }

  @Test func theSmallestIsDrawnAsElsewhere() {
    #expect(
      rows("A", mask: 0) == [
        "#######..###..#######",
        "#.....#.#.###.#.....#",
        "#.###.#...#...#.###.#",
        "#.###.#..#....#.###.#",
        "#.###.#.##..#.#.###.#",
        "#.....#...#.#.#.....#",
        "#######.#.#.#.#######",
        "...........##........",
        "#.#.#.#...##....#..#.",
        "#..###...#....#...##.",
        ".#....#.###.#...#...#",
        "#.#.#....##...#...#..",
        "#.#..##.#.#.#.#.#.#.#",
        "........####.#.#.#.#.",
        "#######....#.###.####",
        "#.....#..#.###.###...",
        "#.###.#.##.#.###.##.#",
        "#.###.#.......#...##.",
        "#.###.#.##..#...#...#",
        "#.....#..##...#...##.",
        "#######.#...#.#.#.###",
      ])
  }

  /// A whole address of a telephone's code, of four blocks; and two of the sizes that say their number.
  @Test(arguments: [
    (
      "otpauth://totp/Maillage:direction%40exemple.fr?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Maillage", 3, 41,
      0xC614410637A1B679 as UInt64
    ),
    (String(repeating: "é", count: 60), 7, 45, 0xCDBD389495954C4B as UInt64),
    (String(repeating: "y", count: 170), 5, 53, 0xE67F7E2F0F5D1156 as UInt64),
    (String(repeating: "x", count: 213), 1, 57, 0xC64616A7896600CA as UInt64),
  ]) func largeOnesAreDrawnAsElsewhere(_ text: String, _ mask: Int, _ side: Int, _ digest: UInt64) {
    let rows = rows(text, mask: mask)
    #expect(rows.count == side)
    // FNV-1a of the rows, one after the other.
    let found = rows.joined().utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    #expect(found == digest)
  }

  @Test func whatIsTooLongIsNotDrawn() {
    #expect(QRCode(String(repeating: "a", count: 213))?.modules.count == 57)
    #expect(QRCode(String(repeating: "a", count: 214)) == nil)
    #expect(QRCode("")?.modules.count == 21)
  }

  @Test func theDrawingHasAQuietMarginAndAName() throws {
    let html = try #require(QRCode("A")).html("Carré").description
    #expect(html.contains("viewBox=\"0 0 29 29\"") && html.contains("aria-label=\"Carré\"") && html.contains("d=\"M4 4h7v1h-7z"))
  }
}
