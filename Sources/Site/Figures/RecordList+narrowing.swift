import Records

extension RecordList {
  /// What is left of all, one sentence a dimension: « Département : Isère (38) », « Canal : Visio ou Visite ».
  var narrowing: [String] {
    query.figure.factSet.dimensions.compactMap { dimension in
      let codes = query.filters.filter { $0.dimension == dimension.code }.map(\.value)
      guard !codes.isEmpty else { return nil }
      let names = names(dimension)
      return "\(dimension.label) : \(names.ordered(Set(codes)).map(names.label).joined(separator: " ou "))"
    }
  }
}
