"""Every page as it is seen: accessible in both themes, on small screens, and without a word in the console."""

from axe_playwright_python.sync_playwright import Axe

from browsing import LAST_YEAR, equal

axe = Axe()
# Before signing in.
DOORS = [("connexion", "/connexion"), ("lien", "/connexion/lien"), ("premier contact", "/parler-de-mon-projet")]


def looks(browsing):
    for theme in ("light", "dark"):
        yield f"axe, {theme}", lambda theme=theme: is_accessible(browsing, theme)
    for width in (1280, 390, 320):
        yield f"width {width}", lambda width=width: fits(browsing, width)
    for theme, width in (("light", 390), ("dark", 320), ("light", 1280)):
        yield f"space of a facilitator, {theme} at {width}", lambda theme=theme, width=width: own_space(browsing, theme, width)
    yield "paper", lambda: prints(browsing)
    yield "small screen, what matters stays", lambda: keeps_what_matters(browsing)
    yield "axe, small screen with the menu open", lambda: menu_is_accessible(browsing)
    for theme, width in (("light", 1280), ("dark", 390)):
        yield f"pages behind forms, {theme}", lambda theme=theme, width=width: answers_are_accessible(browsing, theme, width)
    for width in (1280, 390):
        yield f"axe, palette at {width}", lambda width=width: palette_is_accessible(browsing, width)


def is_accessible(browsing, theme):
    found = []
    with browsing.page(signed_in=False, color_scheme=theme) as page:
        for name, address in DOORS:
            visit(page, address, 200)
            found += violations(page, name)
        browsing.sign_in(page)
        for name, address, status in browsing.pages:
            visit(page, address, status)
            found += violations(page, name)
        equal(page.faults, [], "console")
    equal(found, [], "axe")


def fits(browsing, width):
    wide = []
    with browsing.page(signed_in=False, viewport={"width": width, "height": 800}) as page:
        for name, address in DOORS:
            visit(page, address, 200)
            wide += overflow(page, name, width)
        browsing.sign_in(page)
        for name, address, status in browsing.pages:
            visit(page, address, status)
            wide += overflow(page, name, width)
        equal(page.faults, [], "console")
    equal(wide, [], "too wide")


def own_space(browsing, theme, width):
    """What a facilitator finds, on the way home: their pages, and the shortcuts at the foot of a telephone."""
    found = []
    with browsing.page(signed_in=False, color_scheme=theme, viewport={"width": width, "height": 800}) as page:
        browsing.sign_in_as_facilitator(page)
        report = page.locator("#bilans a.titre").first.get_attribute("href")
        own = report.removesuffix("/bilan")
        for address in ("/mon-espace", own, report, "/mon-espace/heures", "/mon-espace/heures/nouveau", "/mon-espace/profil"):
            visit(page, address, 200)
            found += violations(page, address) + overflow(page, address, width)
        page.goto("/mon-espace")
        foot = page.get_by_role("navigation", name="Raccourcis")
        equal(foot.is_visible(), width < 992, "shortcuts")
        if foot.is_visible():
            foot.get_by_role("link", name="Bilans").click()
            assert page.get_by_role("heading", name="Bilans à écrire").is_visible()
            box = foot.bounding_box()
            equal(box["y"] + box["height"], 800, "the shortcuts stay under the thumb")
        equal(page.faults, [], "console")
    equal(found, [], "axe and widths")


def menu_is_accessible(browsing):
    with browsing.page(viewport={"width": 390, "height": 800}) as page:
        visit(page, "/structures", 200)
        assert not page.locator("#nav").is_visible(), "the menu is folded"
        page.get_by_role("button", name="Ouvrir le menu").click()
        assert page.locator("#nav").is_visible(), "the menu opens"
        settle(page)
        equal(violations(page, "menu"), [], "axe")
        page.get_by_role("link", name="Échanges").click()
        page.wait_for_url("**/echanges")
        equal(page.faults, [], "console")


def palette_is_accessible(browsing, width):
    for theme in ("light", "dark"):
        with browsing.page(viewport={"width": width, "height": 800}, color_scheme=theme) as page:
            visit(page, "/structures", 200)
            page.locator(".cherche input").click()
            settle(page)
            equal(violations(page, "palette"), [], "axe")
            with page.expect_response("**/recherche.json?q=maison"):
                page.keyboard.type("maison")
            page.wait_for_selector("#palette [role=option] .compte")
            page.keyboard.press("ArrowDown")
            settle(page)
            equal(violations(page, "palette, words"), [], "axe")
            equal(overflow(page, "palette", width), [])
            box = page.locator("#palette").bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= width and box["height"] <= 800, box
            wide = "[...document.querySelectorAll('#palette [role=option]')].filter(o => o.scrollWidth > o.clientWidth + 1).length"
            equal(page.evaluate(wide), 0, "words are cut")
            equal(page.faults, [])


def prints(browsing):
    """On paper a page says whose it is, which year and which part of the list, and no total repeats."""
    with browsing.page() as page:
        page.emulate_media(media="print")
        for address in (f"/rapports/{LAST_YEAR}", f"/echanges?annee={LAST_YEAR}"):
            page.goto(address)
            assert page.get_by_text("Fédération de démonstration").last.is_visible(), address
            tabs = page.locator(".onglets a").all()
            equal([tab.inner_text() for tab in tabs if tab.is_visible()], [str(LAST_YEAR)], address)
        assert page.locator(".pagination > span").is_visible()
        assert not page.locator(".pagination a").first.is_visible()
        page.goto(f"/chiffres?chiffre=contacts.count&par=theme&puis=departement&annee={LAST_YEAR}")
        equal(page.evaluate("getComputedStyle(document.querySelector('tfoot')).display"), "table-row-group")
        equal(page.evaluate("getComputedStyle(document.querySelector('.simple:has(tfoot)')).page"), "large")
        assert not page.locator(".reglages > form").is_visible(), "settings stay on the screen"


def keeps_what_matters(browsing):
    with browsing.page(viewport={"width": 390, "height": 800}) as page:
        page.goto("/structures")
        assert page.get_by_role("button", name="Changer de thème").is_visible()
        assert page.locator("tbody th .repli .etat").first.is_visible(), "situation"
        page.goto(f"/echanges?annee={LAST_YEAR}")
        assert page.locator("tbody th .repli").first.is_visible(), "channel"
        page.set_viewport_size({"width": 1280, "height": 800})
        assert not page.locator("tbody th .repli").first.is_visible(), "written once"
        for label in page.locator("tbody .serre span").all()[:20]:
            assert label.bounding_box()["height"] < 30, "a channel is on one line"


def answers_are_accessible(browsing, theme, width):
    """The pages that only a form leads to: those of a batch, and of an import."""
    found = []

    def look(name):
        settle(page)
        equal(page.locator("h1").count(), 1, f"titles of {name}")
        found.extend(violations(page, name) + overflow(page, name, width))

    def press(name):
        # The answer is looked at, not the page that is left.
        with page.expect_event("load"):
            page.get_by_role("button", name=name).click()

    with browsing.page(viewport={"width": width, "height": 800}, color_scheme=theme) as page:
        for box in page.locator("tbody input[name=fiche]").all()[:2]:
            box.check()
        press("Rythme de suivi")
        look("batch, value")
        page.get_by_label("Rythme de suivi").select_option(label="6\u00a0mois")
        press("Voir l’aperçu")
        look("batch, preview")
        page.goto(f"/courriels/nouveau?sorte=personnes&fiche={browsing.person[-13:]}")
        page.get_by_label("Objet").fill("Réunion")
        press("Voir qui le reçoit")
        look("letter, refused")
        page.get_by_label("Texte").fill("Bonjour {prénom}")
        press("Voir qui le reçoit")
        look("letter, preview")
        if page.get_by_role("button", name="Envoyer à").count():
            press("Envoyer à")
            look("letter, held")
            press("Rappeler l’envoi")
            look("letter, called back")
        page.goto("/imports/nouveau?sorte=personnes")
        people = "reference;nom;prenom;mail\nP-1;Essai;Noé;noe@exemple.fr\nP-2;;Ada;\n"
        page.set_input_files("#fichier", {"name": "personnes.csv", "mimeType": "text/csv", "buffer": people.encode()})
        press("Lire le fichier")
        look("import, columns")
        press("Voir l’aperçu")
        look("import, preview")
        page.get_by_role("button", name="Abandonner ce fichier").click()
        equal(page.faults, [], "console")
    equal(found, [])


def visit(page, address, status):
    equal(page.goto(address).status, status, address)
    settle(page)
    equal(page.locator("h1").count(), 1, f"titles of {address}")


def settle(page):
    """Fonts and movements are part of what is looked at."""
    page.evaluate("document.fonts.ready.then(() => Promise.all(document.getAnimations().map(a => a.finished))).then(() => 0)")


def violations(page, name):
    return [
        f"{name}: {fault['id']} ({fault['impact']}) {node['html'][:160]}"
        for fault in axe.run(page).response["violations"] for node in fault["nodes"][:3]
    ]


def overflow(page, name, width):
    found = page.evaluate("document.documentElement.scrollWidth")
    return [f"{name}: {found} px"] if found > width else []
