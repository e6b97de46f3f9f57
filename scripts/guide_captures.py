"""The pictures of the guide: pages of the demonstration as a chargée de mission sees them."""

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent / "Tests" / "BrowserTests"))
from demonstration import Site  # noqa: E402

ROLE = "charge-mission"


def main(folder):
    os.makedirs(folder, exist_ok=True)
    with Site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(
            base_url=site.address, locale="fr-FR", color_scheme="light", viewport={"width": 1180, "height": 760})
        page = context.new_page()

        def take(name):
            # Fonts and movements are part of the picture.
            page.evaluate("document.fonts.ready.then(() => Promise.all(document.getAnimations().map(a => a.finished))).then(() => 0)")
            page.screenshot(path=f"{folder}/{name}.png")

        page.goto("/connexion")
        page.fill("#courriel", f"{ROLE}@demonstration.example")
        page.fill("#mot_de_passe", f"demonstration-{ROLE}")
        page.press("#mot_de_passe", "Enter")
        page.wait_for_load_state()
        page.goto("/aujourdhui")
        take("aujourdhui")
        page.goto("/structures?tri=-echange")
        take("structures")
        page.locator("tbody a[href^='/structures/']").first.click()
        page.wait_for_load_state()
        take("equipe")
        page.get_by_role("link", name="Ajouter un échange").click()
        page.wait_for_selector("dialog[open]")
        take("noter-un-echange")
        page.goto("/chiffres?chiffre=contacts.count&par=canal")
        take("chiffre")
        browser.close()


main(sys.argv[1])
