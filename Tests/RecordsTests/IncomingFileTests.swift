import Foundation
import Testing

@testable import Records

/// What may be joined to a record is told by its bytes, and a photo does not tell where it was taken.
struct IncomingFileTests {
  private static let png: [UInt8] =
    [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10] + chunk("IHDR", Array(repeating: 1, count: 13)) + chunk("eXIf", Array("Paris".utf8))
    + chunk("pHYs", [7]) + chunk("iTXt", Array("XML:com.adobe.xmp Paris".utf8)) + chunk("IDAT", [1, 2, 3]) + chunk("IEND", [])

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    [0, 0, 0, UInt8(content.count)] + Array(name.utf8) + content + [0, 0, 0, 0]
  }

  private static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
    [0xFF, marker, UInt8((content.count + 2) >> 8), UInt8((content.count + 2) & 255)] + content
  }

  /// Two scans, in which bytes look like markers.
  private static let picture =
    segment(0xDB, [9, 9]) + segment(0xDA, []) + [0xFF, 0, 0xE1, 0xFF, 0xD3, 7] + segment(0xC4, [5]) + segment(0xDA, []) + [8, 0xFF, 0xD9]

  /// A photo that lies on its side, with a latitude of 45° 11′ 0″, and another picture behind it.
  private static func photo(isLittle: Bool, side: Int = 6) -> [UInt8] {
    func bytes(_ number: Int, _ size: Int) -> [UInt8] {
      let big = (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * (size - 1 - $0))) }
      return isLittle ? big.reversed() : big
    }
    func entry(_ tag: Int, _ type: Int, _ count: Int, _ value: [UInt8]) -> [UInt8] {
      bytes(tag, 2) + bytes(type, 2) + bytes(count, 4) + value
    }
    var tiff: [UInt8] = Array((isLittle ? "II" : "MM").utf8) + bytes(42, 2) + bytes(8, 4)
    tiff += bytes(3, 2) + entry(0x010F, 2, 4, Array("Fab\0".utf8)) + entry(0x0112, 3, 1, bytes(side, 2) + [0, 0])
    tiff += entry(0x8825, 4, 1, bytes(50, 4)) + bytes(0, 4)
    tiff += bytes(2, 2) + entry(1, 2, 2, [78, 0, 0, 0]) + entry(2, 5, 3, bytes(80, 4)) + bytes(0, 4)
    tiff += [45, 1, 11, 1, 0, 1].flatMap { bytes($0, 4) }
    return [0xFF, 0xD8] + segment(0xE0, Array("JFIF\0".utf8)) + segment(0xE1, Array("Exif\0\0".utf8) + tiff)
      + segment(0xE1, Array("http://ns.adobe.com/xap/1.0/\0 45.18 Grenoble".utf8)) + segment(0xED, Array("Photoshop Grenoble".utf8))
      + segment(0xE2, Array("ICC_PROFILE\0".utf8)) + segment(0xE2, Array("MPF\0".utf8)) + segment(0xFE, Array("Grenoble".utf8))
      + picture + [0xFF, 0xD8, 0xFF, 0xE1] + Array("Grenoble".utf8)
  }

  @Test(arguments: [true, false]) func aPhotoNoLongerSaysWhereItWasTaken(_ isLittle: Bool) throws {
    let kept = try IncomingFile(named: "IMG_1.JPG", Self.photo(isLittle: isLittle))
    #expect(kept.type == .jpeg && kept.name == "IMG_1.JPG")
    // What is left is known to the byte: form, side, colours, picture.
    let side: [UInt8] = [77, 77, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
    #expect(
      kept.bytes == [0xFF, 0xD8] + Self.segment(0xE0, Array("JFIF\0".utf8)) + Self.segment(0xE1, Array("Exif\0\0".utf8) + side)
        + Self.segment(0xE2, Array("ICC_PROFILE\0".utf8)) + Self.picture)
    for upright in [0, 1, 9] {
      let kept = try IncomingFile(named: "a.jpg", Self.photo(isLittle: isLittle, side: upright))
      #expect(!String(decoding: kept.bytes, as: Unicode.ASCII.self).contains("Exif"))
    }
  }

  /// Whatever is cut off is refused, or shows what there is of it.
  @Test func aPhotoThatIsCutOffTellsNoMore() throws {
    let photo = Self.photo(isLittle: true)
    for end in 4..<photo.count {
      do {
        let kept = try IncomingFile(named: "a.jpg", Array(photo[..<end])).bytes
        #expect(!String(decoding: kept, as: Unicode.ASCII.self).contains("Grenoble"), "\(end)")
      } catch let refusal as Refusal { #expect(refusal.sentence.contains("image abîmée"), "\(end)") }
    }
  }

  @Test func aPictureKeepsItsPictureOnly() throws {
    let kept = try IncomingFile(named: "carte.png", Self.png + Array("Paris".utf8))
    let text = String(decoding: kept.bytes, as: Unicode.ASCII.self)
    #expect(kept.type == .png && !text.contains("Paris"))
    #expect(["IHDR", "pHYs", "IDAT", "IEND"].allSatisfy { text.contains($0) })
    for end in 8..<Self.png.count { #expect(throws: Refusal.self) { try IncomingFile(named: "a.png", Array(Self.png[..<end])) } }
  }

  @Test func whatAFileIsStandsInItsBytes() throws {
    let pdf = Array("%PDF-1.7\n".utf8)
    #expect(try IncomingFile(named: "../Compte rendu", pdf).name == "Compte rendu.pdf")
    #expect(try IncomingFile(named: "v1.2", pdf).name == "v1.2.pdf")
    #expect(try IncomingFile(named: "facture.exe", pdf).name == "facture.exe.pdf")
    #expect(try IncomingFile(named: "fac\u{202E}fdp.pdf", pdf).name == "facfdp.pdf")
    #expect(try IncomingFile(named: "liste.csv", Array("nom;âge\n".utf8)).type == .text)
    #expect(try IncomingFile(named: "a.gif", Array("GIF89a…".utf8)).type == .gif)
    let refused: [(String, [UInt8], String)] = [
      ("photo.png", Array("<!doctype html><script>alert(1)</script>".utf8), "n’est pas d’une sorte acceptée"),
      ("photo.png", Array("bonjour".utf8), "annonce une image PNG, mais son contenu est du texte"),
      ("photo.jpg", pdf, "annonce une photo JPEG, mais son contenu est un PDF"),
      ("note.txt", pdf, "annonce du texte, mais son contenu est un PDF"), ("vide.pdf", [], "est vide"),
      ("photo.jpg", [0xFF, 0xD8, 0xFF, 0xE0] + Array("MZ programme".utf8), "est une image abîmée"),
      ("a.txt", Array(" \n<svg onload='x'/>".utf8), "sorte acceptée"), ("a.docx", Array("PK\u{3}\u{4}reste".utf8), "sorte acceptée"),
      ("a.doc", [0xD0, 0xCF, 0x11, 0xE0, 0], "sorte acceptée"), ("a.exe", Array("MZ".utf8) + [0, 1], "sorte acceptée"),
    ]
    for (name, bytes, words) in refused {
      #expect(throws: Refusal.self, "\(name) \(words)") { try IncomingFile(named: name, bytes) }
      do { _ = try IncomingFile(named: name, bytes) } catch let refusal as Refusal { #expect(refusal.sentence.contains(words), "\(name)") }
    }
  }
}
