"""Makes one PDF: the template's folder and name and the fonts' folder as arguments, the values as JSON on standard input."""
import sys

import typst

folder, template, fonts = sys.argv[1:]
try:
    compiler = typst.Compiler(f"{folder}/{template}", root=folder, ignore_system_fonts=True, font_paths=[fonts])
    sys.stdout.buffer.write(compiler.compile(sys_inputs={"data": sys.stdin.read()}, pdf_standards=["ua-1"]))
except typst.TypstError as error:
    sys.exit(str(error))
