/// What waits its turn, first in, first out.
struct Backlog<Element> {
  private var slots: [Element?] = []
  private var head = 0

  var count: Int { slots.count - head }
  /// How many places are kept for them: a backlog that never ends must not keep those of all that has been.
  var places: Int { slots.count }

  mutating func append(_ element: Element) { slots.append(element) }

  mutating func next() -> Element? {
    guard head < slots.count else { return nil }
    defer { leave() }
    return slots[head]
  }

  private mutating func leave() {
    slots[head] = nil
    head += 1
    // Half of it at a time, so that each element is moved once on average.
    guard head == slots.count || (head >= 64 && head * 2 >= slots.count) else { return }
    slots.removeFirst(head)
    head = 0
  }
}
