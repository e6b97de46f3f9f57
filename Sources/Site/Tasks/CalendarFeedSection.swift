import Federation
import HTTPTypes
import Hummingbird
import Markup
import Records
import WebSupport

/// `/agenda/….ics`: one's open tasks, for a calendar, which has no session.
struct CalendarFeedSection {
  let site: Site

  func add(to routes: RouterGroup<SiteContext>) {
    routes.get("agenda/{file}", use: show)
  }

  @Sendable private func show(_ request: Request, _ context: SiteContext) async throws -> Response {
    let file = try context.parameters.require("file")
    guard file.hasSuffix(Self.ending),
      let feed = try await site.installation.accounts.calendarFeed(
        secret: String(file.dropLast(Self.ending.count)), from: site.origin(of: request, context))
    else { throw HTTPError(.notFound) }
    let bytes = Self.file(feed, siteURL: site.installation.accounts.siteURL).bytes
    return Response(
      status: .ok,
      headers: [
        .contentType: "text/calendar; charset=utf-8", .cacheControl: "private, max-age=300",
        .contentDisposition: "inline; filename=\"maillage.ics\"",
      ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  private static let ending = ".ics"

  /// The address that calendars ask for; without the site's own, only its path.
  static func address(of secret: String, siteURL: String?) -> String { "\(siteURL ?? "")/agenda/\(secret)\(ending)" }

  private static func teams(_ names: [String]) -> String? {
    names.isEmpty ? nil : "\(names.count == 1 ? "Équipe" : "Équipes")\u{A0}: \(names.joined(separator: ", "))"
  }

  /// What the tasks' page shows, and no more: neither notes nor people.
  static func file(_ feed: CalendarFeed, siteURL: String?) -> CalendarFile {
    CalendarFile(
      name: "Maillage (\(feed.federation))", zone: feed.zone,
      events: feed.entries.map { entry in
        CalendarFile.Event(
          id: "\(entry.id)@taches.maillage", changed: entry.changed, sequence: entry.version - 1, title: entry.title,
          detail: teams(entry.teams), category: entry.nature.label, day: entry.due, time: entry.time,
          minutes: entry.minutes, isBusy: entry.nature == .appointment,
          page: siteURL.map { $0 + Link.task(entry.id).appending("modifier").address })
      }, today: feed.today)
  }
}
