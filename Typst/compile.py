"""Makes one file: the template's folder and name, the fonts' folder and « pdf » or « png » as arguments, the values as JSON on standard input.

`pictures` among the values holds files by their names, in base64: they lie beside a copy of the template while it is read.
"""
import base64
import json
import os
import shutil
import sys
import tempfile

import typst

folder, template, fonts, form = sys.argv[1:]


def drawn(place, name):
    """Whether a picture can be read whole: of a damaged one the template prints the words."""
    try:
        typst.compile(f'#image("{name}")'.encode(), root=place)
        return True
    except typst.TypstError:
        return False


values = json.load(sys.stdin)
pictures = values.pop("pictures", {})
try:
    with tempfile.TemporaryDirectory(prefix="maillage-") as place:
        shutil.copy(os.path.join(folder, template), place)
        for name, content in pictures.items():
            with open(os.path.join(place, os.path.basename(name)), "wb") as file:
                file.write(base64.b64decode(content))
        values["available"] = sorted(os.path.basename(name) for name in pictures if drawn(place, os.path.basename(name)))
        compiler = typst.Compiler(os.path.join(place, template), root=place, ignore_system_fonts=True, font_paths=[fonts])
        inputs = {"data": json.dumps(values)}
        if form == "png":
            # Twice as fine as its points: sharp on paper and on screens.
            pages = compiler.compile(sys_inputs=inputs, format="png", ppi=144.0)
            sys.stdout.buffer.write(pages[0] if isinstance(pages, list) else pages)
            sys.exit()
        try:
            document = compiler.compile(sys_inputs=inputs, pdf_standards=["ua-1"])
        except typst.TypstError as error:
            # The standard refuses a whole document for one sign that no letter of ours draws, and an edition cannot be written again:
            # it is tagged all the same, without the standard's name. Whatever else it refuses is the template's own fault.
            if "could not be displayed with font" not in str(error):
                raise
            document = compiler.compile(sys_inputs=inputs)
        sys.stdout.buffer.write(document)
except typst.TypstError as error:
    sys.exit(str(error))
