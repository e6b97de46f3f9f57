"""Runs the tests whose names hold one of the given words, all of them without; fails when one fails."""

import os
import sys
import traceback

from playwright.sync_api import sync_playwright

from browsing import Browsing
from demonstration import Site
from forms import forms
from hands import hands
from keys import keys
from looks import looks
from maps import maps


def main(words):
    failed = passed = 0
    with Site() as site, sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=options)
        browsing = Browsing(browser, site)
        for name, test in [*looks(browsing), *hands(browsing), *forms(browsing), *keys(browsing), *maps(browsing)]:
            if words and not any(word in name for word in words):
                continue
            try:
                test()
                passed += 1
                print(f"ok    {name}", flush=True)
            except Exception as fault:
                failed += 1
                where = traceback.extract_tb(fault.__traceback__)[-1]
                print(f"FAIL  {name}\n      {fault} ({os.path.basename(where.filename)}:{where.lineno})", flush=True)
        browser.close()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1:]))
