"""A demonstration of Maillage on a free port of this machine, with its database in a folder of its own."""

import json
import os
import re
import sqlite3
import subprocess
import tempfile
from pathlib import Path


class Site:
    email = "direction@demonstration.example"
    password = "demonstration-direction"

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="maillage-browser-")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MAILLAGE_") or name == "MAILLAGE_TOOLS"}
        self.environment = kept | {
            "MAILLAGE_DATABASE": f"sqlite:{self.folder.name}/demo.sqlite", "MAILLAGE_BASE_URL": "http://127.0.0.1"}
        self.program = os.environ["MAILLAGE_PROGRAM"]
        self.run("demo")
        with open(Path(self.folder.name) / "errors", "w") as errors:
            self.server = subprocess.Popen(
                [self.program, "serve", "--host", "127.0.0.1", "--port", "0"],
                env=self.environment, stdout=subprocess.PIPE, stderr=errors, text=True)
        self.address = self.wait_for_address()
        return self

    def run(self, *arguments):
        subprocess.run([self.program, *arguments], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def bring(self, kind, text):
        path = Path(self.folder.name) / "essai.csv"
        path.write_text(text)
        self.run("import", kind, str(path))

    def wait_for_address(self):
        for line in self.server.stdout:
            found = re.search(r"Maillage répond sur (http://127\.0\.0\.1:\d+)", line)
            if found:
                return found[1]
        said = (Path(self.folder.name) / "errors").read_text()
        self.__exit__()
        raise SystemExit(f"browser-test: the site did not start: {said}")

    def mailed_link(self):
        """The path of the latest link that waits in the outbox."""
        database = sqlite3.connect(f"file:{self.folder.name}/demo.sqlite?mode=ro", uri=True)
        [content] = database.execute("SELECT content FROM outbox ORDER BY id DESC LIMIT 1").fetchone()
        database.close()
        return re.search(r"http://127\.0\.0\.1(/lien/[0-9a-f]{64})", json.loads(content)["text"])[1]

    def __exit__(self, *_):
        self.server.terminate()  # this process only, by its id
        self.server.wait()
        self.server.stdout.close()
        self.folder.cleanup()
