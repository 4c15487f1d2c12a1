"""The template of an import: a sheet with the headers, and one that explains the columns."""

import csv
import io
from itertools import islice
from typing import Any

from flask_babel import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.generator.export_sql import disarm
from app.generator.exports import BOM
from app.generator.fields import label_of
from app.generator.imports.mapping import Specs, importable
from app.generator.spec import EntitySpec, FieldSpec
from app.teks import N_

REQUIRED, OPTIONAL = N_("Wajib"), N_("Boleh kosong")
HOW = {
    "nik": N_("16 angka, sebagai teks"),
    "tanggal": N_("Seperti 24-11-2026"),
    "waktu": N_("Seperti 24-11-2026 13.30"),
    "jam": N_("Seperti 13.30"),
    "angka": N_("Angka bulat"),
    "desimal": N_("Seperti 1.500,50"),
    "uang": N_("Seperti 1.500.000"),
    "ya_tidak": N_("Ya atau Tidak"),
}
MOST_LISTED = 120
TITLES = (N_("Kolom"), N_("Isi"), N_("Wajib"), N_("Keterangan"))
SHEETS = (N_("Data"), N_("Petunjuk"))
MORE = N_("Dan lainnya, seperti pada daftar %(plural)s.")


def csv_template(spec: EntitySpec, separator: str) -> bytes:
    """Return a CSV with the headers only."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow([disarm(label_of(f)) for f in importable(spec)])
    return (BOM + text.getvalue()).encode()


def xlsx_template(session: Session, spec: EntitySpec, specs: Specs) -> bytes:
    """Return a workbook: headers to fill under, columns of numbers set as text; and a guide."""
    book = Workbook(write_only=True)
    data = book.create_sheet(gettext(SHEETS[0]))
    fields = importable(spec)
    for number, _ in enumerate(fields, start=1):
        data.column_dimensions[_letter(number)].width = 22
        # Excel then keeps a NIK as it is typed.
        data.column_dimensions[_letter(number)].number_format = "@"
    data.freeze_panes = "A2"
    data.append([_bold(data, label_of(f)) for f in fields])
    guide = book.create_sheet(gettext(SHEETS[1]))
    for letter, width in zip("ABCD", (28, 60, 14, 60), strict=True):
        guide.column_dimensions[letter].width = width
    guide.append([_bold(guide, gettext(title)) for title in TITLES])
    for f in fields:
        required = f.required or f.name in spec.screen.key
        guide.append(
            [
                disarm(label_of(f)),
                disarm(values_of(session, f, specs)),
                gettext(REQUIRED if required else OPTIONAL),
                disarm(gettext(f.help) if f.help else ""),
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _letter(number: int) -> str:
    first, second = divmod(number - 1, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, disarm(text))
    cell.font = Font(bold=True)
    return cell


def values_of(session: Session, f: FieldSpec, specs: Specs) -> str:
    """Return in words what a column takes."""
    if f.choices:
        return ", ".join(gettext(label) for _, label in f.choices)
    target = specs.get(f.target or "")
    if target is None:
        return gettext(HOW[f.kind]) if f.kind in HOW else ""
    if target.is_scoped:
        names = [gettext(target.fields[name].label) for name in target.screen.key]
        return ", ".join(names) or gettext(target.screen.label)
    model: Any = target.model
    query = select(getattr(model, target.screen.title)).order_by(model.id)
    for name, value in f.pick:
        query = query.where(getattr(model, name) == value)
    found = [str(text) for text in session.scalars(query.limit(MOST_LISTED + 1))]
    words = ", ".join(islice(found, MOST_LISTED))
    if len(found) > MOST_LISTED:
        more = gettext(MORE) % {"plural": gettext(target.screen.plural)}
        return f"{', '.join(found[:12])}. {more}"
    return words
