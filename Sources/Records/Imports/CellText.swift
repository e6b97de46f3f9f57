import Foundation

/// A cell's text without what no field can mean.
enum CellText {
  static func cleaned(_ cell: String) -> String {
    // Printable ASCII without a space around it is clean already, and is most of what files hold.
    let isClean = cell.utf8.allSatisfy { (32..<127).contains($0) } && cell.utf8.first != 32 && cell.utf8.last != 32
    if isClean { return cell }
    var scalars = String.UnicodeScalarView()
    var previous: Unicode.Scalar?
    // By scalars, for Swift sees one character in a carriage return with its line feed: the end of a line, as either is alone.
    for scalar in cell.precomposedStringWithCanonicalMapping.unicodeScalars {
      if scalar == "\r" || (scalar == "\n" && previous != "\r") {
        scalars.append("\n")
      } else if scalar == "\t" || (scalar != "\n" && scalar.properties.generalCategory != .control) {
        scalars.append(scalar)
      }
      previous = scalar
    }
    return String(scalars).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
