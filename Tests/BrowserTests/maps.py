"""The map one moves in: by keyboard and mouse, over the years, and the drawing that stays without JavaScript."""

from browsing import LAST_YEAR, equal
from looks import overflow, settle, violations


def maps(browsing):
    for theme, width in (("light", 1280), ("dark", 390)):
        yield f"axe, map {theme} at {width}", lambda theme=theme, width=width: is_accessible(browsing, theme, width)
    for test in (
        a_team_of_the_map_is_opened_by_keyboard, what_stands_together_is_all_reached, the_map_follows_its_year_and_its_ground,
        the_map_is_a_drawing_without_script,
    ):
        yield test.__name__.replace("_", " "), lambda test=test: test(browsing)


def opened(page, address="/carte"):
    page.goto(address)
    page.locator(".atlas[data-carte=prete]").wait_for()
    return page.locator(".vive")


def is_accessible(browsing, theme, width):
    with browsing.page(color_scheme=theme, viewport={"width": width, "height": 800}) as page:
        box = opened(page)
        box.focus()
        page.keyboard.press("Enter")
        page.locator(".leaflet-popup-content a").first.wait_for()
        settle(page)
        equal(violations(page, "carte") + overflow(page, "carte", width), [], "axe")
        # Something is drawn: départements, and teams on the canvas.
        assert page.locator(".vive path.zone").count() == 12
        assert page.evaluate(
            "(c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0))(document.querySelector('.vive canvas'))")
        equal(page.faults, [], "console")


def a_team_of_the_map_is_opened_by_keyboard(browsing):
    with browsing.page() as page:
        box = opened(page, "/carte?type=cpts")
        box.focus()
        page.keyboard.press("+")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
        link = page.locator(".leaflet-popup-content a").first
        link.wait_for()
        assert link.evaluate("e => e === document.activeElement"), "the first team has the focus"
        page.keyboard.press("Escape")
        page.locator(".leaflet-popup").wait_for(state="detached")
        box.focus()
        page.keyboard.press("Enter")
        name = link.inner_text()
        page.keyboard.press("Enter")
        page.wait_for_url("**/structures/*")
        assert name in page.locator("h1").inner_text()
        equal(page.faults, [], "console")


def what_stands_together_is_all_reached(browsing):
    with browsing.page() as page:
        rows = [f"LIEU-{n};msp;Maison du même lieu {n};15;Aurillac;ouverte;2020-01-01" for n in range(1, 8)]
        browsing.site.bring("structures", "\n".join(["reference;type;nom;departement;commune;etat;depuis", *rows]) + "\n")
        opened(page, "/carte?q=Maison+du+même+lieu")
        page.locator(".vive").focus()
        page.keyboard.press("Enter")
        page.locator(".leaflet-popup-content a").first.wait_for()
        equal(sorted(page.locator(".leaflet-popup-content a").all_inner_texts()), [f"Maison du même lieu {n}" for n in range(1, 8)])


def the_map_follows_its_year_and_its_ground(browsing):
    with browsing.page() as page:
        opened(page, "/carte?type=cpts")
        page.locator("#annee").focus()
        page.keyboard.press("ArrowLeft")
        page.wait_for_url(f"**annee={LAST_YEAR}*")
        assert "type=cpts" in page.url, "the filters stay"
        caption = page.locator("table caption", has_text=f"au 31 décembre {LAST_YEAR}")
        caption.wait_for()
        equal(page.locator("form.annee output").inner_text(), str(LAST_YEAR))
        page.locator("#fond").select_option("equipes")
        page.wait_for_url("**fond=equipes*")
        page.locator(".cles-carte", has_text="Nombre d’équipes").wait_for()
        shown = page.locator(".nom-zone small").all_inner_texts()
        # What the address says is what another reader opens.
        opened(page, page.url)
        equal(page.locator(".nom-zone small").all_inner_texts(), shown)
        equal(page.locator("#annee").input_value(), str(LAST_YEAR))
        page.get_by_role("button", name="Agrandir").click()
        equal(page.faults, [], "console")


def the_map_is_a_drawing_without_script(browsing):
    with browsing.page(java_script_enabled=False) as page:
        page.goto("/carte")
        assert page.locator(".atlas > svg .points a").count() > 50
        page.locator("#fond").select_option("aucun")
        page.locator("form.annee").get_by_role("button", name="Afficher").click()
        assert "fond=aucun" in page.url
        equal(page.locator(".dep.couv").count(), 0)
        equal(page.faults, [], "console")
