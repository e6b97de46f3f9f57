extension HTML {
  /// What a reader sees of it in one line: without its tags, its entities read again. For HTML of this module, where every `<` opens a tag.
  public var text: String {
    var text = ""
    var isTag = false
    for character in description {
      switch character {
      case "<": isTag = true
      case ">" where isTag: isTag = false
      default: if !isTag { text.append(character) }
      }
    }
    for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
      text = text.split(separator: entity, omittingEmptySubsequences: false).joined(separator: character)
    }
    return text
  }
}
