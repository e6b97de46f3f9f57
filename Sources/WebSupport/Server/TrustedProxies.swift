import Foundation
import HTTPTypes

/// The machines that may say on whose behalf they ask: the reverse proxies in front of the site.
public struct TrustedProxies: Sendable {
  private let networks: [Network]

  /// Proxies on the machine itself.
  public static let local = TrustedProxies(networks: ["127.0.0.0/8", "::1"].compactMap { Network($0) })

  private init(networks: [Network]) {
    self.networks = networks
  }

  /// Proxies on the machine itself and those of a list, addresses or networks (`10.0.0.0/8`) between spaces or commas; `nil`
  /// when one of them is neither.
  public init?(_ list: String) {
    var networks = Self.local.networks
    for item in list.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      guard let network = Network(String(item)) else { return nil }
      networks.append(network)
    }
    self.init(networks: networks)
  }

  /// Who asks, for counting: an address of version 4, or the network of 64 bits that one household or office has in version 6.
  ///
  /// The header can hold anything: it is read from its end, as far as trusted machines wrote it.
  /// - Parameter peer: the address at the other end of the connection; `nil` when it is this machine's own.
  /// - Returns: `nil` when only a proxy is known, for it stands for everybody.
  public func client(forwarded headers: HTTPFields, peer: String?) -> String? {
    guard var client = peer.map({ NetworkAddress($0) }) ?? NetworkAddress.local else { return nil }
    for item in Self.forwarded(headers).reversed() {
      guard contains(client), let before = NetworkAddress(item) else { break }
      client = before
    }
    return contains(client) ? nil : client.household
  }

  private static func forwarded(_ headers: HTTPFields) -> [String] {
    guard let name = HTTPField.Name("X-Forwarded-For") else { return [] }
    return headers[values: name].flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func contains(_ address: NetworkAddress) -> Bool { networks.contains { $0.contains(address) } }
}

/// An address of either version, in bytes; one of version 4 that is written as of version 6 is that of version 4.
struct NetworkAddress: Hashable {
  let bytes: [UInt8]

  static let local = NetworkAddress("127.0.0.1")

  /// - Parameter text: with a port or brackets perhaps, as some proxies write it.
  init?(_ text: String) {
    var text = text
    if text.hasPrefix("[") {
      text = String(text.dropFirst().prefix { $0 != "]" })
    } else if text.count(where: { $0 == ":" }) == 1 {
      text = String(text.prefix { $0 != ":" })
    }
    guard let bytes = Self.parsed(text, AF_INET, 4) ?? Self.parsed(text, AF_INET6, 16) else { return nil }
    let isMapped = bytes.count == 16 && bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
    self.bytes = isMapped ? Array(bytes.suffix(4)) : bytes
  }

  private static func parsed(_ text: String, _ family: Int32, _ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return inet_pton(family, text, &bytes) == 1 ? bytes : nil
  }

  var household: String {
    bytes.count == 4
      ? bytes.map(String.init).joined(separator: ".") : bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
  }
}

private struct Network {
  private let address: NetworkAddress
  private let bits: Int

  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let address = NetworkAddress(String(parts[0])), parts.count <= 2 else { return nil }
    let whole = address.bytes.count * 8
    guard let bits = parts.count == 2 ? Int(parts[1]) : whole, (0...whole).contains(bits) else { return nil }
    self.address = address
    self.bits = bits
  }

  func contains(_ other: NetworkAddress) -> Bool {
    guard other.bytes.count == address.bytes.count else { return false }
    return (0..<bits).allSatisfy { bit in (other.bytes[bit / 8] ^ address.bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0 }
  }
}
