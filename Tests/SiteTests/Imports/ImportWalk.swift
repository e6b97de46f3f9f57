import Foundation

/// The steps of an import, as somebody takes them in the browser.
extension Visitor {
  func bring(_ bytes: [UInt8], named name: String, to address: String) async throws -> Answer {
    let form = try await get(address)
    return try await upload(address, [("csrf", form.field("csrf") ?? "")], file: name, bytes)
  }

  /// Sends the columns as the page proposes them.
  func acceptColumns(_ address: String, _ changes: [String: String] = [:]) async throws -> Answer {
    let page = try await get(address)
    var items = [("csrf", page.field("csrf") ?? "")]
    for part in page.text.components(separatedBy: "<select id=\"").dropFirst() {
      let name = String(part.prefix { $0 != "\"" })
      let chosen = part.components(separatedBy: "</select>")[0].firstMatch(of: /value="([a-z_]+)" selected/)
      items.append((name, changes[name] ?? chosen.map { String($0.1) } ?? ""))
    }
    return try await post(address, items)
  }

  /// Sends what the values mean: what is given here, else as the page proposes it.
  func sayValues(_ address: String, _ changes: [String: String] = [:]) async throws -> Answer {
    let page = try await get(address)
    var items = [("csrf", page.field("csrf") ?? "")]
    for part in page.text.components(separatedBy: "name=\"champ\" value=\"").dropFirst() {
      let row = part.components(separatedBy: "</tr>")[0]
      let text = row.firstMatch(of: /name="texte" value="([^"]*)"/).map { String($0.1) } ?? ""
      let chosen = row.firstMatch(of: /<option value="([^"]*)" selected/) ?? row.firstMatch(of: /name="sens" value="([^"]*)"/)
      items += [
        ("champ", String(part.prefix { $0 != "\"" })), ("texte", text), ("sens", changes[text] ?? chosen.map { String($0.1) } ?? ""),
      ]
    }
    return try await post(address, items)
  }

  func accept(_ preview: Answer, _ address: String, leaving: Bool = false) async throws -> Answer {
    let names = ["csrf", "empreinte", "lignes", "nouvelles", "modifiees", "inchangees", "refusees", "creer_valeurs"]
    // What the form carries, not what other forms of the page ask.
    let items = names.map { name in
      (
        name,
        preview.text.components(separatedBy: "type=\"hidden\" name=\"\(name)\" value=\"").dropFirst().first.map {
          String($0.prefix { $0 != "\"" })
        } ?? ""
      )
    }
    return try await post(address, items + (leaving ? [("laisser_refusees", "1")] : []))
  }
}
