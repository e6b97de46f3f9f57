import Foundation

/// Texts for C, freed together.
final class CTexts {
  private var texts: [UnsafeMutablePointer<CChar>] = []

  deinit { for text in texts { free(text) } }

  func text(_ string: String?) -> UnsafePointer<CChar>? {
    guard let string, let text = strdup(string) else { return nil }
    texts.append(text)
    return UnsafePointer(text)
  }
}
