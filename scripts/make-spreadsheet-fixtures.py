#!/usr/bin/env python3
"""Writes Tests/TablesTests/Fixtures: small workbooks as other programs make them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install openpyxl==3.1.5 odfpy==1.4.1
    /tmp/venv/bin/python scripts/make-spreadsheet-fixtures.py

The contents are the same on every run; dates inside the archives are not, so commit only what changed on purpose.
"""

import sys
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

from odf import dc, office, style, table, text
from odf.opendocument import OpenDocumentSpreadsheet
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "Tests/TablesTests/Fixtures"


def xlsx_types():
    """Every type of cell: the header is the case, row 2 the value."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Types"
    cases = [
        ("texte", "Étienne « Œuvre » & <b>", None),
        ("formule_en_texte", "=1+1", "text"),
        ("entier", 44525, None),
        ("siret", 80295478500028, None),
        ("decimal", 12.5, None),
        ("somme", 0.1 + 0.2, None),
        ("grand", 1e20, None),
        ("petit", 0.00001234, None),
        ("negatif", -3.0, None),
        ("pourcentage", 0.457, "0.0%"),
        ("euros", 1234.5, '# ##0.00 "€ d’aide"'),
        ("vrai", True, None),
        ("faux", False, None),
        ("jour", date(2021, 11, 25), "dd/mm/yyyy"),
        ("jour_standard", date(2021, 11, 25), "mm-dd-yy"),
        ("jour_francais", date(2021, 12, 31), "[$-40C]d mmmm yyyy;@"),
        ("moment", datetime(2021, 11, 25, 14, 30), "dd/mm/yyyy hh:mm"),
        ("minuit", datetime(2021, 11, 25), "dd/mm/yyyy hh:mm"),
        ("heure", time(9, 5), "hh:mm"),
        ("duree", timedelta(hours=30, minutes=15), "[h]:mm"),
        ("jours_ecrits", 12, '0 "jours"'),
        ("rouge", 12, "[Red]0;[Red]-0"),
        ("echappe", 12, "0 \\d\\m"),
        ("lignes", "un\ndeux", None),
        ("espaces", "  bord  ", None),
        ("erreur", "#N/A", None),
    ]
    for column, (title, value, number_format) in enumerate(cases, start=1):
        sheet.cell(1, column, title)
        cell = sheet.cell(2, column, value)
        if number_format == "text":
            cell.data_type = "s"
        elif number_format:
            cell.number_format = number_format
    rich = CellRichText("Maison ", TextBlock(InlineFont(b=True), "de"), " santé")
    sheet.cell(1, len(cases) + 1, "riche")
    sheet.cell(2, len(cases) + 1, rich)
    sheet.cell(2, 1).comment = Comment("Un commentaire", "A. Auteur")
    book.create_sheet("Autre")["A1"] = "pas lue"
    book.save(FOLDER / "types.xlsx")


def xlsx_layout():
    """Gaps, blank rows, merged cells, formulas without a value, a hidden first sheet."""
    book = Workbook()
    hidden = book.active
    hidden.title = "Listes"
    hidden["A1"] = "cachée"
    hidden.sheet_state = "hidden"
    sheet = book.create_sheet("Données")
    book.active = 1
    sheet.append(["a", "b", "c", "d"])
    sheet["A2"] = 1
    sheet["D2"] = 4
    sheet["C5"] = "=1+1"
    sheet["A5"] = "cinq"
    sheet["A7"] = "fusion"
    sheet.merge_cells("A7:C8")
    sheet["D8"] = "huit"
    sheet["A10"] = "   "
    sheet["AB12"] = "loin"
    book.save(FOLDER / "layout.xlsx")


def xlsx_1904():
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["jour"])
    book.active.append([date(2021, 11, 25)])
    book.active["A2"].number_format = "yyyy-mm-dd"
    book.save(FOLDER / "1904.xlsx")


def cell(kind=None, content=(), **attributes):
    if kind:
        attributes["valuetype"] = kind
    made = table.TableCell(**attributes)
    for line in [content] if isinstance(content, str) else content:
        made.addElement(text.P(text=line) if isinstance(line, str) else line)
    return made


def row(*cells, **attributes):
    made = table.TableRow(**attributes)
    for one in cells:
        made.addElement(one)
    return made


def paragraph(*parts):
    made = text.P()
    for part in parts:
        if isinstance(part, str):
            made.addText(part)
        else:
            made.addElement(part)
    return made


def ods_types():
    document = OpenDocumentSpreadsheet()
    note = office.Annotation()
    note.addElement(dc.Date(text="2021-11-25T00:00:00"))
    note.addElement(text.P(text="Un commentaire"))
    cases = [
        ("texte", cell("string", "Étienne « Œuvre » & <b>")),
        ("formule_en_texte", cell("string", "=1+1")),
        ("entier", cell("float", "44 525", value="44525")),
        ("siret", cell("float", "8,03E+13", value="80295478500028")),
        ("decimal", cell("float", "12,5", value="12.5")),
        ("somme", cell("float", "0,3", value="0.30000000000000004")),
        ("grand", cell("float", "1E+20", value="1E+020")),
        ("pourcentage", cell("percentage", "45,7 %", value="0.457")),
        ("euros", cell("currency", "1 234,50 €", value="1234.5", currency="EUR")),
        ("vrai", cell("boolean", "VRAI", booleanvalue="true")),
        ("faux", cell("boolean", "FAUX", booleanvalue="false")),
        ("jour", cell("date", "25/11/2021", datevalue="2021-11-25")),
        ("moment", cell("date", "25/11/2021 14:30", datevalue="2021-11-25T14:30:00")),
        ("minuit", cell("date", "25/11/2021", datevalue="2021-11-25T00:00:00")),
        ("heure", cell("time", "09:05", timevalue="PT09H05M00S")),
        ("duree", cell("time", "30:15", timevalue="PT30H15M00S")),
        ("lignes", cell("string", ["un", "deux"])),
        ("espaces", cell("string", [paragraph("a", text.S(c=3), "b", text.Tab(), "c", text.LineBreak(), "d")])),
        ("riche", cell("string", [paragraph("Maison ", text.Span(text="de"), " santé")])),
        ("lien", cell("string", [paragraph(text.A(href="https://exemple.fr", text="exemple"))])),
        ("commente", cell("string", [note, "suivi"])),
        ("calcul", cell("float", "2", value="2", formula="of:=1+1")),
        ("non_calcule", cell(formula="of:=1+1")),
    ]
    sheet = table.Table(name="Types")
    sheet.addElement(row(*[cell("string", title) for title, _ in cases]))
    sheet.addElement(row(*[made for _, made in cases]))
    document.spreadsheet.addElement(sheet)
    other = table.Table(name="Autre")
    other.addElement(row(cell("string", "pas lue")))
    document.spreadsheet.addElement(other)
    document.save(FOLDER / "types.ods")


def ods_layout():
    """Repeated cells and rows up to the end of the sheet, covered cells, a hidden first sheet."""
    document = OpenDocumentSpreadsheet()
    hidden_style = style.Style(name="ta1", family="table")
    hidden_style.addElement(style.TableProperties(display="false"))
    document.automaticstyles.addElement(hidden_style)
    hidden = table.Table(name="Listes", stylename=hidden_style)
    hidden.addElement(row(cell("string", "cachée")))
    document.spreadsheet.addElement(hidden)

    sheet = table.Table(name="Données")
    header = table.TableHeaderRows()
    header.addElement(row(*[cell("string", title) for title in "abcd"], cell(numbercolumnsrepeated=16380)))
    sheet.addElement(header)
    sheet.addElement(row(cell("float", "1", value="1"), cell(numbercolumnsrepeated=2), cell("float", "4", value="4")))
    sheet.addElement(row(cell(numbercolumnsrepeated=16384), numberrowsrepeated=2))
    sheet.addElement(row(cell("string", "deux fois", numbercolumnsrepeated=2), numberrowsrepeated=2))
    covered = table.CoveredTableCell(numbercolumnsrepeated=2)
    covered.addElement(text.P(text="caché"))
    sheet.addElement(row(cell("string", "fusion", numbercolumnsspanned=3, numberrowsspanned=1), covered, cell("string", "sept")))
    sheet.addElement(row(cell(numbercolumnsrepeated=16384), numberrowsrepeated=1048000))
    sheet.addElement(row(cell("string", "loin")))
    document.spreadsheet.addElement(sheet)
    document.save(FOLDER / "layout.ods")


def letter():
    """A letter is an archive with the same parts around it."""
    with zipfile.ZipFile(FOLDER / "letter.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        archive.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        )
        archive.writestr("word/document.xml", "<document/>")


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for write in (xlsx_types, xlsx_layout, xlsx_1904, ods_types, ods_layout, letter):
        write()


if __name__ == "__main__":
    main()
