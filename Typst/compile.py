"""Makes one PDF: the template's folder and name and the fonts' folder as arguments, the values as JSON on standard input.

`pictures` among the values holds files by their names, in base64: they lie beside a copy of the template while it is read.
"""
import base64
import json
import os
import shutil
import sys
import tempfile

import typst

folder, template, fonts = sys.argv[1:]
values = json.load(sys.stdin)
pictures = values.pop("pictures", {})
try:
    with tempfile.TemporaryDirectory(prefix="maillage-") as place:
        shutil.copy(os.path.join(folder, template), place)
        for name, content in pictures.items():
            with open(os.path.join(place, os.path.basename(name)), "wb") as file:
                file.write(base64.b64decode(content))
        values["available"] = sorted(pictures)
        compiler = typst.Compiler(os.path.join(place, template), root=place, ignore_system_fonts=True, font_paths=[fonts])
        sys.stdout.buffer.write(compiler.compile(sys_inputs={"data": json.dumps(values)}, pdf_standards=["ua-1"]))
except typst.TypstError as error:
    sys.exit(str(error))
