"""What the import pages draw: plain lists and texts, values masked where they are sensitive."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from flask_babel import gettext

from app.generator.fields import mask_numbers, show_number
from app.generator.imports.cells import is_blank, read_text
from app.generator.imports.files import Opened
from app.generator.imports.mapping import Specs, known_layout
from app.generator.imports.ports import Entry
from app.generator.imports.work import say
from app.generator.spec import EntitySpec
from app.teks import N_

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "cp1252": "Windows-1252",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
SEPARATORS = {
    ";": N_("titik koma"),
    ",": N_("koma"),
    "\t": N_("tab"),
    "|": N_("garis tegak"),
}
MOST_SHOWN = 100
SAMPLES = 3


def first_rows(opened: Opened, spec: EntitySpec, specs: Specs) -> list[list[str]]:
    """Return the first rows of the file as text; every long number is masked."""
    rows = []
    for _, cells in islice(opened.rows, 20):
        if all(map(is_blank, cells)):
            continue
        rows.append([_cell(cell) for cell in cells])
        if len(rows) == SAMPLES:
            break
    return rows


def _cell(cell: Any) -> str:
    if is_blank(cell):
        return ""
    try:
        text = read_text(cell)
    except ValueError:
        text = str(cell)
    return mask_numbers(text.replace("\x00", "")[:60])


def columns(
    opened: Opened, codes: Sequence[str], sample: Sequence[Sequence[str]]
) -> list[dict[str, Any]]:
    """Return each column of the file: header, place, and a few of its values."""
    found = []
    for index, (header, code) in enumerate(zip(opened.headers, codes, strict=True)):
        values = [row[index] for row in sample if index < len(row) and row[index]]
        name = header or gettext(N_("(tanpa judul)"))
        found.append({"judul": name, "kode": code, "contoh": ", ".join(values)})
    return found


def layout_name(spec: EntitySpec, headers: Sequence[str]) -> str:
    """Return the name of the other system whose file this is, "" for none."""
    layout = known_layout(spec, headers)
    return str(gettext(layout.name)) if layout else ""


def how_read(opened: Opened) -> str:
    """Return in words how a file was understood."""
    if opened.kind != "CSV":
        return opened.kind
    separator = gettext(SEPARATORS[opened.separator]) if opened.separator in SEPARATORS else "–"
    words = {"huruf": ENCODINGS[opened.encoding], "pemisah": separator}
    return str(gettext(N_("CSV, huruf %(huruf)s, pemisah %(pemisah)s")) % words)


def report(entry: Entry) -> dict[str, Any]:
    """Return the report of an import as its page draws it."""
    facts = entry.laporan or {}
    status = str(entry.status)
    wrong, warned = facts.get("galat", []), facts.get("peringatan", [])
    counts = (entry.jumlah_baru, entry.jumlah_berubah, entry.jumlah_sama, entry.jumlah_galat)
    labels = (N_("Baru"), N_("Berubah"), N_("Sama"), N_("Galat"))
    return {
        "status": status,
        "jumlah": [(gettext(t), show_number(n)) for t, n in zip(labels, counts, strict=True)],
        "ada_galat": entry.jumlah_galat > 0,
        "ada_isi": entry.jumlah_baru + entry.jumlah_berubah > 0,
        "dapat_jalan": str(entry.cara) == "lewati" or entry.jumlah_galat == 0,
        "galat": [_problem(p) for p in wrong[:MOST_SHOWN]],
        "galat_lain": show_number(n)
        if (n := facts.get("jumlah_galat", 0) - MOST_SHOWN) > 0
        else "",
        "peringatan": [_problem(p) for p in warned[:MOST_SHOWN]],
        "jumlah_peringatan": show_number(facts.get("jumlah_peringatan", 0)),
        "perubahan": [
            {"baris": row, "isi": [(gettext(label), old, new) for label, old, new in changes]}
            for row, *changes in facts.get("perubahan", [])
        ],
        "ditolak": bool(facts.get("ditolak")),
    }


def _problem(problem: Sequence[Any]) -> dict[str, Any]:
    row, column, value, message, params = problem
    return {
        "baris": show_number(row),
        "kolom": gettext(column) if column else "",
        "nilai": value,
        "pesan": say(message, params),
    }
