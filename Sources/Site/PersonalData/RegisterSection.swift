import Documents
import Federation
import Hummingbird
import Markup
import Records
import Store
import WebSupport

/// `/donnees-personnelles`: the register of processing, as a page and on paper, and who was anonymised.
struct RegisterSection {
  static let path: Link = "/donnees-personnelles"
  static let title = "Données personnelles"

  let site: Site

  func add(to routes: RouterGroup<SignedInContext>) {
    routes.get("donnees-personnelles", use: show)
    routes.get("donnees-personnelles/registre.pdf", use: pdf)
  }

  static func after(_ receipt: Receipt) -> Link { path.setting(Receipt.parameter, receipt.rawValue) }

  @Sendable private func show(_ request: Request, _ context: SignedInContext) async throws -> Response {
    let hasPDF = site.compiler != nil
    let (page, frame) = try await site.read(request, context) { connection, frame in
      let erasures = try Erasure.all(connection)
      let names = try erasures.isEmpty ? [:] : Account.names(connection)
      return RegisterPage(
        sheets: try Processing.all(connection), hasPDF: hasPDF, count: erasures.count,
        erasures: erasures.suffix(50).reversed().map { erasure in
          RegisterPage.Erased(
            title: erasure.title, moment: frame.moment(erasure.at), author: erasure.account.flatMap { names[$0] },
            reason: erasure.reason.label)
        })
    }
    return site.page(
      Self.title, at: .personalData, page.html(), frame,
      messages: Receipt.messages(request, path: Self.path, csrf: frame.session.csrf))
  }

  @Sendable private func pdf(_ request: Request, _ context: SignedInContext) async throws -> Response {
    guard let compiler = site.compiler else { throw Missing(sentence: French.typeset(DocumentFailure.notInstalled.description)) }
    let (sheets, frame) = try await site.read(request, context) { connection, _ in try Processing.all(connection) }
    let document = ReportDocument(register: sheets, federation: frame.federation, today: frame.today)
    return .download(
      Array(try await compiler.pdf("report.typ", document)), named: "registre-des-traitements-\(frame.today).pdf", type: "application/pdf")
  }
}

/// The register, sheet by sheet.
struct RegisterPage: Sendable {
  struct Erased: Sendable {
    let title: String
    let moment: String
    let author: String?
    let reason: String
  }

  let sheets: [Processing]
  let hasPDF: Bool
  /// How many were anonymised.
  let count: Int
  /// The latest of them.
  let erasures: [Erased]

  func html() -> HTML {
    """
    \(PageHeader(RegisterSection.title, sentence: "Ce que la fédération garde sur des personnes, pourquoi, et jusqu’à quand.", actions: actions).html)
    <div class="duo"><div class="pile"><h2>Registre des traitements</h2>\(sheets.isEmpty ? empty : HTML.empty)\(each: sheets, card)</div>
    <div class="pile">\(Card("echeances", "Durées de conservation", retention).html)\(Card("effacements", "Anonymisations", erased).html)</div></div>
    """
  }

  private var actions: [PageAction] {
    [
      hasPDF ? PageAction("Registre (.pdf)", .download, RegisterSection.path.appending("registre.pdf")) : nil,
      PageAction("Ajouter un traitement", .add, RegisterSection.path.appending("nouveau"), isPrincipal: true),
    ].compactMap(\.self)
  }

  private var empty: HTML { EmptyState("Le registre est vide", "Ajoutez une fiche par raison de garder des données.").html }

  private func card(_ sheet: Processing) -> HTML {
    let link = RegisterSection.path.appending(sheet.id.description)
    let actions: HTML = """
      <span class="rangee"><a href="\(link.appending("modifier"))">Modifier<span class="sr"> \(sheet.name)</span></a> \
      <a href="\(link.appending("historique"))">Historique<span class="sr"> de \(sheet.name)</span></a></span>
      """
    return Card("t\(sheet.id)", sheet.name, aside: actions, Facts(Self.lines(of: sheet).map { .init($0.label, $0.value) }).html).html
  }

  static func lines(of sheet: Processing) -> [(label: String, value: String)] {
    [
      ("Base légale", sheet.basis.label), ("Personnes", sheet.people), ("Données", sheet.data), ("Destinataires", sheet.recipients),
      ("Durée", sheet.duration), ("Sécurité", sheet.security), ("Sous-traitants", sheet.processors),
      ("Transferts hors de l’Union européenne", sheet.transfers),
    ]
  }

  private var retention: HTML {
    """
    <p>Qui n’a plus de fonction ni d’échange depuis longtemps ne reste pas dans l’annuaire. Rien ne s’efface sans vous.</p>
    <a class="bouton" href="\(RegisterSection.path.appending("echeances"))">À effacer ce trimestre</a>
    """
  }

  private var erased: HTML {
    if erasures.isEmpty {
      return "<p class=\"note\">Aucune. Une personne s’anonymise depuis sa page, «\u{202F}Données personnelles\u{202F}».</p>"
    }
    let rest: HTML = count > erasures.count ? "<p class=\"note\">Les \(erasures.count) dernières, sur \(French.number(count)).</p>" : .empty
    return "<ul class=\"liste\">\(each: erasures, row)</ul>\(rest)"
  }

  private func row(_ erased: Erased) -> HTML {
    """
    <li><div class="corps"><span>\(erased.title)</span><small>\(erased.reason), le \(erased.moment), par \(erased.author ?? "une commande")</small></div></li>

    """
  }
}

extension ReportDocument {
  /// The register on paper: one part a sheet.
  init(register sheets: [Processing], federation: String, today: CivilDate) {
    self.init(
      sheet: "Registre des traitements", year: today.year, federation: federation,
      notice: "\(federation). Imprimé le \(French.fullDay(today.description)).",
      chapters: sheets.map { sheet in
        var terms = Block(kind: .terms)
        terms.terms = RegisterPage.lines(of: sheet).map { [$0.label, $0.value.isEmpty ? French.unknown : $0.value] }
        return Chapter(title: sheet.name, blocks: [terms])
      })
  }
}
