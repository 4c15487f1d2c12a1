"""Reads one cell of a file as a value of its column: one table from kind to reader.

A reader takes a cell that is not empty, text or what a workbook holds, and raises ValueError with
a msgid that says what to do.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from sqlalchemy import Enum

from app.generator import typed
from app.generator.fields import WIB
from app.generator.spec import EntitySpec, FieldSpec
from app.teks import N_

Read = Callable[[Any], Any]

NOT_CHOICE = N_("Pilihan tidak dikenal. Pakai salah satu dari: %(pilihan)s.")
NOT_YES_NO = N_("Tulis Ya atau Tidak.")
SCIENTIFIC = N_(
    "Excel mengubah nomor ini menjadi bentuk ilmiah dan angka akhirnya hilang. Ubah format kolom "
    "menjadi Teks, isi lagi nomornya, lalu simpan."
)
ERROR_CELL = N_("Sel ini berisi galat rumus. Isi dengan nilainya.")

NOISE = re.compile(r"[\s.'‘’ʼ`\u200b-\u200f\u2060\ufeff]")
EXPONENT = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
YES = frozenset({"ya", "y", "1", "true", "benar", "v", "x", "iya", "yes"})
NO = frozenset({"tidak", "t", "0", "false", "salah", "n", "no", "-", "tdk"})


class ChoiceError(ValueError):
    """A value outside a closed list; ``params`` fill the message."""

    def __init__(self, message: str, **params: str) -> None:
        super().__init__(message)
        self.params = params


def plain(text: str) -> str:
    """Return a text as spellings are compared: lower case, single spaces, none round "/".

    >>> plain("  TIDAK /  Belum Sekolah ")
    'tidak/belum sekolah'
    """
    return re.sub(r" ?/ ?", "/", " ".join(text.replace("_", " ").lower().split()))


def is_blank(cell: Any) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or cell == "" or (isinstance(cell, str) and not cell.strip())


def reader(spec: EntitySpec, field: FieldSpec) -> Read:
    """Return the reader of a column; a relation is read as text, to be found later."""
    if field.kind == "pilihan":
        return _choice_reader(spec, field)
    return READERS[field.kind]


IMPORTABLE = frozenset(
    {
        *("teks", "teks_panjang", "email", "telepon", "nik", "angka", "desimal", "uang"),
        *("tanggal", "waktu", "jam", "pilihan", "ya_tidak", "relasi"),
    }
)
"""Kinds a file can fill; a password or JSON is never taken from one."""


def read_text(cell: Any) -> str:
    """Return a cell as text; a number without the .0 of a workbook."""
    if type(cell) is str:
        text = cell.strip()
        if text[:1] == "#" and text in ERRORS:
            raise ValueError(ERROR_CELL)
        return text
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime | date):
        cell = cell.strftime("%d-%m-%Y")
    return str(cell).strip()


def read_number_text(cell: Any) -> str:
    """Return a NIK or No KK: spaces, dots, apostrophes and zero-width signs go."""
    text = read_text(cell)
    if text.isdecimal() and text.isascii():
        return text
    if EXPONENT.fullmatch(text):
        raise ValueError(SCIENTIFIC)
    return NOISE.sub("", text)


def _phone(cell: Any) -> str:
    text = read_text(cell)
    if EXPONENT.fullmatch(text):
        raise ValueError(SCIENTIFIC)
    # A number cell has lost the zero in front.
    return f"0{text}" if isinstance(cell, int | float) and text.startswith("8") else text


def _whole(cell: Any) -> int:
    return typed.read_whole(read_text(cell))


def _decimal(cell: Any) -> Decimal:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Decimal(str(cell))
    return typed.read_decimal(read_text(cell))


def _date(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return typed.read_date(read_text(cell).lstrip("'"))


def _moment(cell: Any) -> datetime:
    moment = cell if isinstance(cell, datetime) else typed.read_moment(read_text(cell))
    return moment.replace(tzinfo=WIB)


def _time(cell: Any) -> time:
    return cell if isinstance(cell, time) else typed.read_time(read_text(cell))


def _yes_no(cell: Any) -> bool:
    text = plain(read_text(cell))
    if text in YES or text in NO:
        return text in YES
    raise ValueError(NOT_YES_NO)


READERS: dict[str, Read] = {
    **dict.fromkeys(("teks", "teks_panjang", "email", "relasi"), read_text),
    "telepon": _phone,
    "nik": read_number_text,
    "angka": _whole,
    "desimal": _decimal,
    "uang": _decimal,
    "tanggal": _date,
    "waktu": _moment,
    "jam": _time,
    "ya_tidak": _yes_no,
}


def choice_words(spec: EntitySpec, field: FieldSpec) -> dict[str, str]:
    """Return each accepted spelling of a closed list → its value ("" for none such).

    A value, its label, its position in the list (as the numbered code lists of the registers
    are, from 1), and what the model's `Sheet` adds.
    """
    sheet, words = spec.screen.sheet, {}
    values = [value for value, _ in field.choices]
    for number, value in enumerate(values, start=1):
        words[str(number)] = value
    words |= {str(n): value for n, value in sheet.numbers.get(field.name, {}).items()}
    words |= {plain(label): value for value, label in field.choices}
    words |= {plain(value): value for value in values}
    return words | {plain(k): v for k, v in sheet.values.get(field.name, {}).items()}


def _choice_reader(spec: EntitySpec, field: FieldSpec) -> Read:
    type_: Any = spec.model.__table__.c[field.name].type  # type: ignore[attr-defined]
    member: Any = type_.enum_class if isinstance(type_, Enum) else str
    known = {w: member(v) for w, v in choice_words(spec, field).items() if v}
    seen: dict[Any, Any] = {}

    def read(cell: Any) -> Any:
        value = seen.get(cell)
        if value is None:
            value = known.get(plain(read_text(cell)))
            if value is None:
                labels = ", ".join(gettext(label) for _, label in field.choices[:12])
                raise ChoiceError(NOT_CHOICE, pilihan=labels)
            if len(seen) < 1000:
                seen[cell] = value
        return value

    return read
