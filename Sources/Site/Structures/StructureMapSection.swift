import Drawing
import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/carte`: the directory on a map, and the map as files. It needs no script and no other host; with a script one moves in it.
struct StructureMapSection {
  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("carte") { request, context -> Response in
      let (map, frame) = try await read(request, context)
      let messages = map.question.asked.warnings.map { Message(.warning, $0) }
      let html = map.html(isLive: site.files.contains("leaflet.js"), hasImages: site.compiler != nil)
      return site.page(StructureMap.title, at: .map, html, frame, messages: messages)
    }
    routes.get("carte.json") { request, context -> Response in
      try await .json(exact(request, context).collection)
    }
    routes.get("carte.svg") { request, context -> Response in
      let map = try await exact(request, context)
      return .download(Array(map.image.titledSVG.utf8), named: "\(map.question.fileName).svg", type: "image/svg+xml")
    }
    routes.get("carte.png") { request, context -> Response in
      try await site.picture {
        let map = try await exact(request, context)
        return (map.question.fileName, map.image)
      }
    }
    for format in TableFileFormat.allCases {
      routes.get("carte.\(format.rawValue)") { request, context -> Response in
        let map = try await exact(request, context)
        return try await format.download(map.question.fileName, title: StructureMap.title, header: map.header, rows: map.lines)
      }
    }
  }

  /// - Throws: `Refusal` when something of the address cannot be done: a file would not say so.
  private func exact(_ request: Request, _ context: SignedInContext) async throws -> StructureMap {
    let (map, _) = try await read(request, context)
    _ = try map.question.checkedForFile()
    return map
  }

  private func read(_ request: Request, _ context: SignedInContext) async throws -> (StructureMap, Frame) {
    let (model, outlines) = (site.installation.model, site.installation.outlines)
    return try await site.read(request, context) { connection, frame in
      let question = try RecordList(
        "/carte", request, of: "structures.count", period: Period(asOf: frame.today), today: frame.today,
        menus: ["type", "situation", "departement", "territoire"], for: frame.session.account.role, model, frame.lists, connection)
      let ground = request.queryItems.last { $0.name == MapGround.item }?.value
      return try StructureMap(question, frame, model, outlines.all(), ground: ground, connection)
    }
  }
}
