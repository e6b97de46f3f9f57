"""Passkeys, with an authenticator that the browser imitates."""

from contextlib import contextmanager

from browsing import equal


def keys(browsing):
    for test in [a_passkey_is_added_and_opens, a_name_under_which_there_are_none_offers_none]:
        yield test.__name__.replace("_", " "), lambda test=test: test(browsing)


@contextmanager
def device(browsing, **options):
    """A page of a computer that recognises its owner, under the one name of this machine that browsers give passkeys to."""
    address = browsing.site.address.replace("127.0.0.1", "localhost")
    context = browsing.browser.new_context(locale="fr-FR", base_url=address, reduced_motion="reduce")
    page = context.new_page()
    page.faults = []
    page.on("console", lambda message: browsing.note(page, message))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    authenticator = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True, **options,
    }
    added = tools.send("WebAuthn.addVirtualAuthenticator", {"options": authenticator})
    page.credentials = lambda: tools.send("WebAuthn.getCredentials", added)["credentials"]
    page.touch = lambda enabled: tools.send("WebAuthn.setAutomaticPresenceSimulation", {**added, "enabled": enabled})
    try:
        yield page
    finally:
        context.close()


def a_passkey_is_added_and_opens(browsing):
    with device(browsing) as page:
        browsing.sign_in(page)
        page.goto("/compte")
        page.get_by_label("Nom de la nouvelle clé").fill("Ordinateur")
        password = page.locator("#actuel_acces")
        password.fill("faux")
        with page.expect_response("**/cles-acces/defi"):
            page.get_by_role("button", name="Ajouter une clé d’accès").click()
        page.get_by_role("alert").get_by_text("Ce n’est pas votre mot de passe actuel.").wait_for()
        equal(password.get_attribute("aria-invalid"), "true")
        page.faults.clear()  # the browser reports the refusal
        password.fill(browsing.site.password)
        page.get_by_role("button", name="Ajouter une clé d’accès").click()
        page.wait_for_url("**/compte?fait=cle-acces")
        assert page.get_by_text("La clé d’accès est ajoutée").is_visible()
        equal(len(page.credentials()), 1)
        # The same device holds one of an account.
        page.get_by_label("Nom de la nouvelle clé").fill("Encore")
        page.locator("#actuel_acces").fill(browsing.site.password)
        page.get_by_role("button", name="Ajouter une clé d’accès").click()
        page.get_by_role("alert").get_by_text("Cet appareil a déjà une clé d’accès").wait_for()

        page.context.clear_cookies()
        # A key touched by itself would answer what the browser proposes in the field of the address.
        page.touch(False)
        page.goto("/connexion?suite=/structures")
        with page.expect_response("**/cle-acces/defi"):
            page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
        page.touch(True)
        page.wait_for_url("**/structures")
        page.goto("/compte")
        row = page.locator("li", has_text="Ordinateur")
        assert "utilisée le" in row.inner_text()
        row.get_by_text("Renommer ou retirer").click()
        row.get_by_label("Mot de passe actuel").fill(browsing.site.password)
        row.get_by_role("button", name="Retirer").click()
        page.wait_for_url("**/compte?fait=fin-cle-acces")
        equal(page.locator("li", has_text="Ordinateur").count(), 0)
        equal(page.faults, [])


def a_name_under_which_there_are_none_offers_none(browsing):
    with browsing.page() as page:
        page.goto("/compte")
        equal(page.get_by_role("button", name="Ajouter une clé d’accès").is_visible(), False)
        assert page.get_by_text("il faut un navigateur récent").is_visible()
        page.context.clear_cookies()
        page.goto("/connexion")
        equal(page.get_by_role("button", name="Se connecter avec une clé d’accès").is_visible(), False)
        equal(page.faults, [])
