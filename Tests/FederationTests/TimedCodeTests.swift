import Foundation
import TestSupport
import Testing

@testable import Federation

struct TimedCodeTests {
  /// The examples of RFC 6238, appendix B.
  @Test(arguments: [
    (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
    (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
  ]) func theCodesAreThoseOfTheStandard(_ seconds: Int, _ digits: String) {
    let code = TimedCode(key: Array("12345678901234567890".utf8))
    let step = TimedCode.step(at: Date(timeIntervalSince1970: TimeInterval(seconds)))
    #expect(code.digits(step, count: 8) == digits)
    #expect(code.digits(step) == digits.suffix(6))
  }

  @Test func aClockMayBeOneStepOff() {
    let code = TimedCode(key: Array("12345678901234567890".utf8))
    let now = TestClock.now
    let step = TimedCode.step(at: now)
    for drift in -1...1 { #expect(code.step(of: code.digits(step + drift), at: now) == step + drift) }
    for drift in [-3, -2, 2, 3] { #expect(code.step(of: code.digits(step + drift), at: now) == nil) }
    let present = code.digits(step)
    #expect(code.step(of: " \(present.prefix(3)) \(present.suffix(3)) ", at: now) == step)
    for wrong in ["", "0", "abcdef", present + "0", String(present.dropLast()), "００００００"] {
      #expect(code.step(of: wrong, at: now) == nil, "\(wrong)")
    }
  }

  /// The examples of RFC 4648.
  @Test(arguments: [
    ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
  ])
  func secretsAreWrittenInBase32(_ text: String, _ letters: String) {
    #expect(Base32.text(Array(text.utf8)) == letters)
  }

  @Test func secretsAreOfOneHundredAndSixtyBits() {
    let (one, other) = (TimedCode.random(), TimedCode.random())
    #expect(one.key.count == 20 && one.key != other.key)
    #expect(SecondFactor.Enrolment(key: one.key).groups.split(separator: " ").map(\.count) == Array(repeating: 4, count: 8))
  }
}
