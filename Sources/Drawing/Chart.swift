import Markup

/// A drawing of numbers: on a page with its table, and by itself as a file.
public protocol Chart: Sendable {
  /// The drawing with its title, its description and the table of its values.
  var html: HTML { get }
  /// The drawing by itself.
  var image: ChartImage { get }
}
