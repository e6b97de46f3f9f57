"""What forms keep: on the way back, when the session has ended, on a small screen."""

import datetime

from browsing import equal, today
from hands import count


def forms(browsing):
    tests = [
        the_way_back_keeps_what_was_typed, a_task_moves_with_its_day, an_ended_session_keeps_the_cell, a_dialog_fits_a_small_screen,
        a_token_says_what_is_unknown, a_word_of_ones_own_is_a_tag, a_form_goes_on_in_its_own_page, chosen_columns_scroll_by_themselves,
        a_note_is_made_confidential_in_the_dialog,
    ]
    for test in tests:
        yield test.__name__.replace("_", " "), lambda test=test: test(browsing)


def the_way_back_keeps_what_was_typed(browsing):
    """Tokens and the record that the form is for, so that saving again makes no second one."""
    with browsing.page() as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/echanges/nouveau")
        team = page.locator("[name=structures_texte]")
        name = page.evaluate("document.querySelector('[name=structures_texte]').list.options[0].value")
        team.press_sequentially(name)
        page.keyboard.press("Tab")
        equal(page.locator(".jeton").count(), 1, "a token by Tab")
        page.get_by_label("Ce qu’il faut retenir").fill("Revenu par le bouton.")
        record = page.input_value("[name=fiche]")
        page.wait_for_function("history.state?.saisies?.length")
        # Left unsaved.
        page.wait_for_timeout(400)
        page.goto("/structures")
        page.go_back()
        equal((page.locator(".jeton").all_inner_texts()[0].strip(), page.input_value("[name=fiche]")), (name, record))
        equal(page.get_by_label("Ce qu’il faut retenir").input_value(), "Revenu par le bouton.")
        page.get_by_role("button", name="Enregistrer", exact=True).click()
        page.wait_for_url("**fait=note&fiche=*")
        page.go_back()
        equal((page.locator(".jeton").count(), page.input_value("[name=fiche]")), (1, record))
        page.get_by_label("Ce qu’il faut retenir").fill("Revenu, et changé.")
        page.get_by_role("button", name="Enregistrer", exact=True).click()
        page.wait_for_url("**fait=modifie*")
        page.goto("/echanges?q=Revenu")
        equal(count(page), 1)
        equal(page.faults, [])


def a_word_of_ones_own_is_a_tag(browsing):
    with browsing.page() as page:
        page.on("dialog", lambda dialog: dialog.accept())
        browsing.site.bring("structures", "reference;type;nom;departement;etiquettes\nDEMO-002;;;;Site pilote\n")
        page.goto(f"{browsing.structure}/modifier")
        tags = page.locator("[name=etiquettes_texte]")
        for text in ("Site", "site PILOTE"):
            tags.press_sequentially(text)
            page.keyboard.press(",")
        equal([token.input_value() for token in page.locator("[name=etiquettes]").all()], ["Site", "Site pilote"])
        equal(page.locator(".jeton", has_text="?").count(), 0, "none is in question")
        equal(page.faults, [])


def a_token_says_what_is_unknown(browsing):
    with browsing.page() as page:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/echanges/nouveau")
        team = page.locator("[name=structures_texte]")
        name = page.evaluate("document.querySelector('[name=structures_texte]').list.options[0].value")
        for text in (name, "Introuvable"):
            team.press_sequentially(text)
            page.keyboard.press(",")
        page.wait_for_selector(".jeton:text('Introuvable ?')")
        equal(page.locator(".jeton").last.get_attribute("title"), "Ce nom n’est pas connu.")
        page.locator(".jeton input").last.click(force=True)
        equal((page.locator(".jeton").count(), page.evaluate("document.activeElement.name")), (1, "structures_texte"), "one goes on typing")
        page.keyboard.press("Backspace")
        equal(page.locator(".jeton").count(), 0)
        equal(page.faults, [])


def a_form_goes_on_in_its_own_page(browsing):
    with browsing.page() as page:
        page.goto("/chiffres")
        page.get_by_text("Ajouter", exact=True).first.click()
        page.get_by_role("link", name="Nouvel échange").click()
        page.wait_for_selector("dialog.large[open]")
        page.get_by_label("Ce qu’il faut retenir").fill("Commencé par-dessus une page.")
        with page.expect_event("load"):
            page.get_by_role("link", name="Ouvrir en pleine page").click()
        equal(page.get_by_label("Ce qu’il faut retenir").input_value(), "Commencé par-dessus une page.")
        page.get_by_role("button", name="Enregistrer", exact=True).click()
        page.wait_for_url("**fait=note&fiche=*")
        assert page.get_by_text("sans équipe").is_visible(), "what was noted is told"
        equal(page.faults, [])


def chosen_columns_scroll_by_themselves(browsing):
    columns = ["nom", "etape", "situation", "departement", "professionnels", "echange", "type", "commune", "telephone", "courriel", "suivi"]
    with browsing.page() as page:
        page.goto("/structures?" + "&".join(f"colonnes={column}" for column in columns))
        page.evaluate("document.querySelector('.tableau').scrollLeft = 400")
        equal(page.evaluate("document.documentElement.scrollWidth <= innerWidth"), True, "the page stays")
        assert page.evaluate("document.querySelector('tbody th').getBoundingClientRect().left >= document.querySelector('.tableau').getBoundingClientRect().left"), "names stay"
        equal(page.faults, [])


def a_task_moves_with_its_day(browsing):
    with browsing.page() as page:
        page.goto("/taches?de=tous")
        late = page.locator("#t-retard").locator("xpath=ancestor::section").locator("li")
        title = late.first.locator(".titre").inner_text()
        before = late.count()
        late.first.locator("a[data-cellule]").last.click()
        page.locator(".cellule input").fill(str(today() + datetime.timedelta(days=5)))
        page.keyboard.press("Enter")
        page.wait_for_selector("a[data-cellule=ok]")
        # The lists are read again once the cell is.
        late.nth(before - 1).wait_for(state="detached")
        equal(late.count(), before - 1, "no longer late")
        assert page.locator("#t-suite").locator("xpath=ancestor::section").get_by_role("link", name=title, exact=True).count(), "with those to come"
        equal(page.evaluate("document.activeElement.dataset.cellule"), "ok", "the focus stays with the task")
        equal(page.faults, [])


def an_ended_session_keeps_the_cell(browsing):
    with browsing.page() as page:
        page.goto("/structures?colonnes=nom&colonnes=suivi")
        page.locator("a[data-cellule]").first.click()
        page.locator(".cellule select").select_option("9")
        kept = page.context.cookies()
        page.context.clear_cookies()
        page.get_by_role("button", name="Enregistrer").click()
        link = page.locator(".cellule small a")
        link.wait_for()
        equal((link.inner_text(), link.get_attribute("href")), ("Se reconnecter", "/connexion"))
        equal(page.locator(".cellule select").input_value(), "9")
        page.context.add_cookies(kept)
        page.get_by_role("button", name="Enregistrer").click()
        page.wait_for_selector("a[data-cellule=ok]")


def a_dialog_fits_a_small_screen(browsing):
    with browsing.page(viewport={"width": 320, "height": 700}) as page:
        page.goto(browsing.structure)
        page.get_by_role("link", name="Ajouter un échange").click()
        page.wait_for_selector("dialog[open]")
        wide = page.evaluate("""[...document.querySelectorAll('dialog :is(input:not([type=hidden]),select,textarea,button,label)')]
            .filter(e => e.checkVisibility() && !e.closest('.jeton,.segments input,.sr') && !e.matches('.sr,.segments input'))
            .map(e => [e.textContent.trim() || e.name, e.getBoundingClientRect()])
            .filter(([, r]) => r.width > 2 && (r.left < 12 || r.right > 308.5)).map(([name]) => name)""")
        equal(wide, [], "within the dialog")


def a_note_is_made_confidential_in_the_dialog(browsing):
    """The form says who reads each note; the team's page marks those that few read."""
    with browsing.page() as page:
        page.goto(browsing.structure)
        page.get_by_role("link", name="Ajouter un échange").click()
        page.wait_for_selector("dialog[open]")
        assert page.get_by_role("radio", name="Visible par l’équipe salariée").is_checked(), "everybody's unless one says so"
        # By a channel of its own: no other test's note of the day is taken for the same.
        page.get_by_role("radio", name="Visite", exact=True).check()
        page.get_by_label("Ce qu’il faut retenir").fill("Médiation d’essai")
        page.get_by_role("radio", name="Visible par l’équipe salariée").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(f"**{browsing.structure}?fait=note&fiche=*")
        entry = page.locator("li", has=page.get_by_role("link", name="Médiation d’essai"))
        assert entry.get_by_text("Note confidentielle").is_visible()
        equal(page.faults, [])
