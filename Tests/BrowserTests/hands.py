"""What people do: by keyboard, with and without JavaScript."""

import datetime
from urllib.parse import parse_qs, unquote, urlsplit

from browsing import LAST_YEAR, equal, today
from looks import violations


def hands(browsing):
    tests = [
        everything_works_without_script, figures_work_without_script, a_wrong_password_is_explained, the_first_tab_skips_to_the_content,
        a_menu_opens_and_closes_by_keyboard, a_cell_is_changed_by_mouse, the_palette_is_used_by_keyboard, the_palette_acts, the_palette_forgets_at_the_door,
        everything_is_searched_without_script, a_department_of_the_map_opens_its_teams, the_keyboard_reaches_everything, filters_send_themselves,
        a_closed_menu_sends_its_boxes, another_page_wins_over_boxes,
        several_words_are_searched, the_theme_is_kept, a_number_opens_its_list, the_list_comes_as_a_file,
        an_exchange_is_noted_by_keyboard, an_exchange_is_noted_without_script, a_form_left_behind_asks_first, a_link_signs_in, somebody_is_invited,
        a_report_is_published_without_script, the_report_comes_as_a_pdf, a_pasted_text_keeps_its_shape,
        a_colleague_is_called_by_keyboard, a_comment_is_written_without_script,
    ]
    for test in tests:
        yield test.__name__.replace("_", " "), lambda test=test: test(browsing)


def query(page):
    return parse_qs(urlsplit(page.url).query)


def count(page):
    return int(page.locator(".rangee > strong[role=status]").inner_text().split(" ")[0].replace("\u202f", ""))


def everything_works_without_script(browsing):
    with browsing.page(java_script_enabled=False) as page:
        everyone = count(page)
        page.locator(".filtres details.menu", has_text="Type").locator("summary").click()
        page.get_by_label("CPTS", exact=True).check()
        page.fill(".filtres input[type=search]", "CPTS du")
        page.locator(".filtres details.menu[open]").get_by_role("button", name="Appliquer").click()
        equal(query(page)["type"], ["cpts"])
        assert 0 < count(page) < everyone, f"{count(page)} of {everyone}"
        equal(page.locator("main tbody tr").count(), count(page), "rows")
        page.get_by_role("link", name="Tout effacer").click()
        equal(count(page), everyone)
        page.locator("main tbody a").first.click()
        page.get_by_role("link", name="Historique des étapes").click()
        assert page.get_by_role("heading", name="Historique des étapes").is_visible()
        page.goto("/echanges")
        page.get_by_role("link", name=str(LAST_YEAR), exact=True).click()
        equal(query(page)["annee"], [str(LAST_YEAR)])
        page.get_by_role("button", name="Se déconnecter").click()
        equal(urlsplit(page.url).path, "/connexion")
        page.goto("/structures")
        equal(urlsplit(page.url).path, "/connexion")


def figures_work_without_script(browsing):
    with browsing.page(java_script_enabled=False) as page:
        page.goto("/chiffres?chiffre=contacts.count")
        page.select_option("#par", "canal")
        page.select_option("#periode", str(LAST_YEAR))
        page.get_by_role("button", name="Afficher").click()
        equal((query(page)["par"], query(page)["periode"]), (["canal"], [str(LAST_YEAR)]))
        assert page.get_by_role("rowheader", name="Téléphone").first.is_visible()
        # On a small screen too, where settings are folded.
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.get_by_role("button", name="Afficher").is_visible()
        page.get_by_role("button", name="Ouvrir le menu").click()
        page.get_by_role("link", name="Structures", exact=True).click()
        page.wait_for_url("**/structures")


def a_wrong_password_is_explained(browsing):
    with browsing.page(signed_in=False) as page:
        page.goto("/structures?type=msp")
        page.fill("#courriel", browsing.site.email)
        page.fill("#mot_de_passe", "un mot de passe faux")
        page.keyboard.press("Enter")
        assert page.get_by_role("alert").inner_text().startswith("L’adresse ou le mot de passe")
        equal(page.input_value("#courriel"), browsing.site.email)
        assert page.evaluate("document.activeElement.id") == "mot_de_passe", "the cursor waits where the fault may be"
        page.keyboard.type(browsing.site.password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/structures?type=msp")


def a_link_signs_in(browsing):
    """Without script, from the sign-in form to another password."""
    with browsing.page(signed_in=False, java_script_enabled=False) as page:
        page.goto("/connexion")
        page.fill("#courriel", "charge-mission@demonstration.example")
        page.get_by_role("button", name="Recevoir un lien par courriel").click()
        assert page.get_by_role("heading", name="Regardez vos courriels").is_visible()
        link = browsing.site.mailed_link()
        page.goto(link)
        page.get_by_role("button", name="Entrer dans Maillage").click()
        page.wait_for_url("**/aujourdhui")
        page.locator("nav a[href='/compte']").click()
        assert page.get_by_text("cette session").is_visible()
        equal(page.locator("#ancien").count(), 0, "the present password is not asked for")
        page.fill("#nouveau", "demonstration-charge-mission")
        page.fill("#encore", "demonstration-charge-mission")
        page.get_by_role("button", name="Changer de mot de passe").click()
        assert page.get_by_text("Votre mot de passe est changé.").is_visible()
        equal(page.goto(link).status, 410, "used")


def somebody_is_invited(browsing):
    with browsing.page() as page:
        page.goto("/comptes")
        page.get_by_role("link", name="Inviter").click()
        page.fill("#courriel", "Sidonie@demonstration.example")
        page.fill("#nom", "Sidonie Marchant")
        page.select_option("#role", "assistance")
        page.get_by_role("button", name="Envoyer l’invitation").click()
        assert page.get_by_role("heading", name="Sidonie Marchant").is_visible()
        equal(page.faults, [])
        link = browsing.site.mailed_link()
    with browsing.page(signed_in=False) as page:
        page.goto(link)
        page.fill("#nouveau", "une phrase facile")
        page.fill("#encore", "une autre phrase")
        page.get_by_role("button", name="Entrer dans Maillage").click()
        assert page.get_by_text("Les deux saisies du nouveau mot de passe diffèrent.").is_visible()
        page.fill("#nouveau", "une phrase facile")
        page.fill("#encore", "une phrase facile")
        page.get_by_role("button", name="Entrer dans Maillage").click()
        page.wait_for_url("**/aujourdhui")


def the_first_tab_skips_to_the_content(browsing):
    with browsing.page() as page:
        for _, address, _ in browsing.pages:
            page.goto(address)
            # A form puts the cursor where one begins to type.
            if page.locator("[autofocus]").count():
                continue
            page.keyboard.press("Tab")
            equal(page.evaluate("document.activeElement.getAttribute('href')"), "#contenu", address)
            assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0, "the skip link is seen"
        page.goto("/structures")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null"), "the next stop is in the content"


def a_menu_opens_and_closes_by_keyboard(browsing):
    with browsing.page() as page:
        menu = page.locator(".filtres details.menu", has_text="Département")
        menu.locator("summary").focus()
        page.keyboard.press("Enter")
        assert menu.get_attribute("open") is not None, "Enter opens"
        page.keyboard.press("Tab")
        equal(page.evaluate("document.activeElement.name"), "departement")
        page.keyboard.press("Escape")
        assert menu.get_attribute("open") is None, "Escape closes"
        equal(page.evaluate("document.activeElement.tagName"), "SUMMARY", "focus")
        equal(page.faults, [])


def a_cell_is_changed_by_mouse(browsing):
    """As on a telephone, where there is neither Enter nor Escape."""
    with browsing.page() as page:
        page.goto("/structures?colonnes=nom&colonnes=suivi")
        page.locator("a[data-cellule]").first.click()
        field = page.locator(".cellule select")
        field.select_option("6")
        page.get_by_role("button", name="Annuler").click()
        equal(page.locator(".cellule").count(), 0)
        page.locator("a[data-cellule]").first.click()
        field.select_option("6")
        with page.expect_response("**/modifier"):
            page.get_by_role("button", name="Enregistrer").click()
        page.wait_for_selector("a[data-cellule=ok]")
        page.reload()
        assert page.locator("a[data-cellule]").first.inner_text().startswith("6"), "saved"
        equal(page.faults, [], "console")


def the_palette_is_used_by_keyboard(browsing):
    with browsing.page() as page:
        page.goto(browsing.structure)
        team = page.locator("main h1").inner_text()
        page.goto("/chiffres")
        page.keyboard.press("Control+k")
        field = page.get_by_role("combobox", name="Rechercher ou agir")
        assert field.is_visible() and page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
        # Before anything is typed: what was opened last, and what one may add.
        equal(options(page)[0], team)
        assert "Nouvelle tâche" in options(page), options(page)
        with page.expect_response("**/recherche.json?q=maison"):
            page.keyboard.type("maison")
        page.wait_for_selector("#palette [role=option] .compte")
        equal(field.get_attribute("aria-expanded"), "true")
        assert not page.locator("#palette [aria-selected=true]").count(), "nothing is chosen yet"
        page.keyboard.press("ArrowDown")
        chosen = page.locator("#palette [aria-selected=true]")
        equal(field.get_attribute("aria-activedescendant"), chosen.get_attribute("id"))
        assert page.evaluate("document.activeElement.name") == "q", "the focus stays in the field"
        page.keyboard.press("ArrowUp")
        equal(page.evaluate("[...document.querySelectorAll('#palette [role=option]')].at(-1).ariaSelected"), "true", "around")
        page.keyboard.press("ArrowDown")
        address = chosen.get_attribute("href")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}")
        # A letter alone opens nothing (WCAG 2.1.4). Escape closes.
        page.keyboard.press("/")
        assert not page.locator("#palette").is_visible()
        page.keyboard.press("Control+k")
        assert page.locator("#palette").is_visible()
        page.keyboard.press("Escape")
        assert not page.locator("#palette").is_visible()
        page.get_by_role("searchbox").first.focus()
        page.keyboard.press("/")
        assert page.locator("#palette").is_visible(), "typed into the header's field, it goes on in the palette"
        equal(page.get_by_role("combobox").input_value(), "/")
        page.keyboard.press("Control+k")
        assert not page.locator("#palette").is_visible()
        # Of a name that is one record's alone Enter opens it.
        page.keyboard.press("Control+k")
        # The answer to the whole name: one to its beginning is not taken for it.
        with page.expect_response(lambda answer: "/recherche.json" in answer.url and unquote(answer.url).endswith(team)):
            page.keyboard.type(team)
        page.wait_for_timeout(500)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{urlsplit(browsing.structure).path}")
        # Without a choice, and of what several are called, Enter asks the page.
        page.keyboard.press("Control+k")
        page.keyboard.type("maison")
        page.keyboard.press("Enter")
        page.wait_for_url("**/recherche?q=maison")
        assert page.get_by_role("heading", name="Structures (").is_visible()
        equal(page.faults, [])


def the_palette_acts(browsing):
    with browsing.page() as page:
        page.get_by_role("searchbox").first.click()
        page.keyboard.type("échange")
        page.wait_for_selector("#palette h3:text-is('Agir')")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open] form[data-garde]")
        assert not page.locator("#palette").is_visible()
        equal(page.faults, [])


def the_palette_forgets_at_the_door(browsing):
    with browsing.page() as page:
        page.goto(browsing.structure)
        assert page.evaluate("sessionStorage.getItem('fiches')") is not None
        page.get_by_role("button", name="Se déconnecter").click()
        page.wait_for_url("**/connexion**")
        equal(page.evaluate("sessionStorage.getItem('fiches')"), None)


def everything_is_searched_without_script(browsing):
    with browsing.page(java_script_enabled=False) as page:
        page.goto("/chiffres")
        page.fill(".cherche input", "maison")
        page.keyboard.press("Enter")
        page.wait_for_url("**/recherche?q=maison")
        page.locator("#contenu").get_by_role("link", name="Tout voir").first.click()
        equal(query(page)["q"], ["maison"])
        assert count(page) > 0


def a_department_of_the_map_opens_its_teams(browsing):
    with browsing.page() as page:
        page.goto("/aujourdhui")
        place = page.locator("svg.geo a").first
        number = int(place.get_attribute("aria-label").split("\u00a0: ")[1].replace("\u202f", ""))
        place.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/structures?departement=*")
        equal(count(page), number)


def options(page):
    return page.locator("#palette [role=option]").all_inner_texts()


def the_keyboard_reaches_everything(browsing):
    """Tab visits every link and field of a list that can be seen, in order, and comes to an end."""
    with browsing.page() as page:
        page.goto("/structures?type=cpts")
        wanted = page.evaluate(
            "[...document.querySelectorAll('a[href], button, summary, input:not([type=hidden])')].filter(e => e.checkVisibility()).length")
        seen = set()
        for _ in range(wanted + 5):
            page.keyboard.press("Tab")
            seen.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        assert len(seen) >= wanted, f"{len(seen)} of {wanted}"


def filters_send_themselves(browsing):
    with browsing.page() as page:
        page.locator(".filtres details.menu", has_text="Type").locator("summary").click()
        page.get_by_label("MSP", exact=True).check()
        with page.expect_navigation():
            page.get_by_role("button", name="Appliquer").click()
        equal(query(page), {"type": ["msp"]})
        page.locator("a.jeton").click()
        equal(query(page), {})
        equal(page.faults, [])


def a_closed_menu_sends_its_boxes(browsing):
    """Several boxes by keyboard are one question, and the focus comes back to their menu."""
    with browsing.page() as page:
        menu = page.locator(".filtres details.menu", has_text="Type")
        menu.locator("summary").focus()
        page.keyboard.press("Enter")
        for _ in range(2):
            page.keyboard.press("Tab")
            page.keyboard.press("Space")
        assert menu.get_attribute("open") is not None, "the menu stays open"
        equal(query(page), {})
        with page.expect_navigation():
            page.keyboard.press("Escape")
        equal(query(page), {"type": ["msp", "cpts"]})
        equal(page.evaluate("document.activeElement.textContent.trim()"), "Type", "focus")
        # Nothing changed, nothing sent.
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        page.goto("/echanges")
        assert page.evaluate("document.activeElement === document.body"), "another page begins at its top"
        equal(page.faults, [])


def another_page_wins_over_boxes(browsing):
    with browsing.page() as page:
        page.locator(".filtres details.menu", has_text="Type").locator("summary").click()
        page.get_by_label("MSP", exact=True).check()
        page.get_by_role("link", name="Chiffres", exact=True).click()
        page.wait_for_url("**/chiffres")
        equal(query(page), {})


def several_words_are_searched(browsing):
    with browsing.page() as page:
        page.goto("/structures")
        name = page.locator("main tbody th a").first.inner_text()
        assert " " in name, name
        page.fill(".filtres input[type=search]", name)
        page.keyboard.press("Enter")
        page.wait_for_url("**/structures?q=*")
        assert name in page.locator("main tbody th a").all_inner_texts(), name
        equal(page.input_value(".filtres input[type=search]"), name)


def the_theme_is_kept(browsing):
    with browsing.page(color_scheme="light") as page:
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_role("button", name="Changer de thème").click()
        night = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert night != paper, night
        page.goto("/echanges")
        equal(page.evaluate("getComputedStyle(document.body).backgroundColor"), night)
        equal(page.evaluate("document.documentElement.dataset.theme"), "sombre")


def a_number_opens_its_list(browsing):
    with browsing.page() as page:
        page.goto(f"/rapports/{LAST_YEAR}")
        link = page.locator("#accompagnement .recit a").first
        number = int(link.inner_text().split("\u00a0")[0].replace("\u202f", ""))
        link.click()
        equal(count(page), number)
        page.goto("/chiffres?chiffre=contacts.count&par=canal")
        bar = page.locator("figure svg a").first
        name = bar.get_attribute("aria-label")
        bar.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/echanges?*")
        equal(count(page), int(name.split("\u00a0: ")[1].replace("\u202f", "")), name)


def the_list_comes_as_a_file(browsing):
    with browsing.page() as page:
        page.goto("/structures?type=cpts")
        shown = count(page)
        with page.expect_download() as download:
            page.get_by_text("Exporter").click()
            page.get_by_role("link", name="Texte séparé (.csv)").click()
        equal(download.value.suggested_filename, f"structures-{today()}-cpts.csv")
        lines = open(download.value.path(), encoding="utf-8-sig").read().splitlines()
        equal(len(lines), shown + 1)


def an_exchange_is_noted_by_keyboard(browsing):
    """From a team's page, in the dialog over it, and back."""
    with browsing.page() as page:
        page.goto(browsing.structure)
        page.get_by_role("link", name="Ajouter un échange").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog[open]")
        equal(page.evaluate("document.activeElement.name"), "structures_texte", "the first field has the focus")
        equal(page.locator("dialog .jeton").count(), 1, "the team of the page")
        page.keyboard.type("cpts")
        page.wait_for_function("document.activeElement.list.options.length > 1")
        page.keyboard.press(",")
        equal(page.locator("dialog .jeton").count(), 1, "of several none is chosen for one")
        name = page.evaluate("[...document.activeElement.list.options].map(o => o.value).find(v => v.startsWith('CPTS'))")
        page.locator("dialog [name=structures_texte]").fill(name)
        page.keyboard.press(",")
        equal(page.locator("dialog .jeton").count(), 2, "a token by comma")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowRight")
        assert page.get_by_role("radio", name="Courriel").is_checked(), "arrows choose the channel"
        page.get_by_label("Ce qu’il faut retenir").fill("Noté au clavier.")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(f"**{browsing.structure}?fait=note&fiche=*")
        assert page.get_by_text("L’échange est enregistré.").is_visible()
        assert page.get_by_role("link", name="Noté au clavier.").is_visible()
        equal(page.faults, [])


def an_exchange_is_noted_without_script(browsing):
    with browsing.page(java_script_enabled=False) as page:
        page.goto(browsing.structure)
        page.get_by_role("link", name="Ajouter un échange").click()
        page.get_by_label("Ce qu’il faut retenir").fill("Noté sans script.")
        page.get_by_label("Ce qu’il reste à faire").fill("Rappeler")
        page.get_by_role("button", name="Enregistrer", exact=True).click()
        # What is left to do has no day: the page says so, and keeps what was typed.
        assert page.get_by_role("alert").is_visible()
        equal(page.get_by_label("Ce qu’il faut retenir").input_value(), "Noté sans script.")
        page.locator("#c-suite_date").fill(str(today() + datetime.timedelta(days=30)))
        page.get_by_role("button", name="Enregistrer").first.click()
        page.wait_for_url("**fait=note&fiche=*")
        page.goto("/taches")
        assert page.get_by_role("link", name="Rappeler").first.is_visible()


def a_form_left_behind_asks_first(browsing):
    with browsing.page() as page:
        page.goto("/echanges/nouveau")
        page.get_by_label("Ce qu’il faut retenir").press_sequentially("À moitié écrit")
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto("/structures")
        equal(asked, ["beforeunload"])


def a_report_is_published_without_script(browsing):
    with browsing.page(java_script_enabled=False) as page:
        page.goto(f"/rapports/{LAST_YEAR}")
        page.get_by_role("link", name="Publier").click()
        page.get_by_label("Publier quand même").check()
        page.get_by_role("button", name="Publier l’édition 1").click()
        equal(urlsplit(page.url).path, f"/rapports/{LAST_YEAR}/editions/1")
        number = page.locator(".recit a", has_text="échanges")
        shown = int(number.inner_text().split("\u00a0")[0].replace("\u202f", ""))
        number.click()
        equal(count(page), shown, "records")
        page.goto(f"/rapports/{LAST_YEAR}")
        page.get_by_role("link", name="0\u00a0modification depuis la publication").click()
        assert page.get_by_text("Aucune fiche modifiée").is_visible()


def the_report_comes_as_a_pdf(browsing):
    with browsing.page() as page:
        page.goto(f"/rapports/{LAST_YEAR}")
        with page.expect_download() as download:
            page.get_by_role("link", name="Télécharger en PDF").click()
        equal(download.value.suggested_filename, f"rapport-{LAST_YEAR}.pdf")
        content = open(download.value.path(), "rb").read()
        assert content.startswith(b"%PDF-") and b"/StructTreeRoot" in content, "a tagged PDF"
        equal(page.faults, [])


PASTED = """<html><body><p class=MsoNormal>Une <b>belle</b> année,
2*3*4 fois.</p><ul><li>une MSP</li><li>deux <i>CPTS</i></li></ul><p>Après</p>
<table><tr><td><p>Ain</p></td><td><p>15</p></td></tr></table><style>p { color: red }</style></body></html>"""


def a_pasted_text_keeps_its_shape(browsing):
    with browsing.page() as page:
        page.goto(f"/blocs/nouveau?annee={LAST_YEAR}&nature=texte")
        field = page.locator("textarea[name=texte]")
        field.fill("Avant. ")
        field.evaluate(
            """(field, html) => {
              field.setSelectionRange(field.value.length, field.value.length);
              const clipboardData = new DataTransfer();
              clipboardData.setData('text/html', html);
              field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
            }""",
            PASTED,
        )
        equal(field.input_value(), "Avant. Une **belle** année, 2\\*3\\*4 fois.\n\n- une MSP\n- deux *CPTS*\n\nAprès\n\n- Ain | 15")


def a_colleague_is_called_by_keyboard(browsing):
    """« @ », a few letters, an arrow and Enter; then what the colleague finds under the bell."""
    with browsing.page() as page:
        page.goto(browsing.structure)
        field = page.get_by_label("Ajouter un commentaire")
        field.focus()
        with page.expect_response(lambda answer: "/commentaires/noms" in answer.url):
            page.keyboard.type("Pour @")
        page.wait_for_selector("[role=listbox] [role=option]")
        names = page.locator("[role=listbox] [role=option]").all_inner_texts()
        equal(page.locator("[role=option][aria-selected=true]").inner_text(), names[0])
        equal(violations(page, "mention"), [], "axe")
        page.keyboard.press("ArrowDown")
        chosen = page.locator("[role=option][aria-selected=true]")
        equal(chosen.get_attribute("id"), field.get_attribute("aria-activedescendant"))
        name = chosen.inner_text()
        page.keyboard.press("Enter")
        equal(field.input_value(), f"Pour @{name} ")
        assert not page.locator("[role=listbox]#c-texte-noms").is_visible(), "the list is closed"
        page.keyboard.type("voir @")
        page.wait_for_selector("#c-texte-noms [role=option]")
        page.keyboard.press("Escape")
        assert not page.locator("#c-texte-noms").is_visible(), "Escape closes"
        page.keyboard.press("Backspace")
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**fait=commentaire**")
        assert page.locator("b", has_text=f"@{name}").is_visible()
        page.get_by_role("link", name="Notifications").first.click()
        page.wait_for_url("**/notifications")
        equal(page.faults, [])


def a_comment_is_written_without_script(browsing):
    with browsing.page(java_script_enabled=False) as page:
        page.goto(browsing.structure)
        page.get_by_role("button", name="Suivre les nouveautés").or_(page.get_by_role("button", name="Ne plus suivre")).first.click()
        page.get_by_label("Ajouter un commentaire").fill("Sans script, @personne d’autre")
        page.get_by_role("button", name="Commenter").click()
        assert page.get_by_text("Le commentaire est enregistré.").is_visible()
        page.get_by_role("button", name="Supprimer mon commentaire").last.click()
        assert page.get_by_text("Le commentaire est supprimé.").is_visible()
        page.get_by_role("button", name="Rétablir").click()
        assert page.get_by_text("Sans script, @personne d’autre").is_visible()
