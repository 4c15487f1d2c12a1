"""Each shown column as a person reads it, made by the database: what a long CSV is copied from.

The texts equal those of `fields.show` byte for byte, which the tests compare on both databases.
A column that SQL cannot write that way makes `cells_of` answer None; Python then writes the file.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from typing import Any

from flask_babel import gettext
from sqlalchemy import (
    ColumnElement,
    Date,
    Enum,
    Integer,
    Numeric,
    Select,
    String,
    Text,
    Time,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    type_coerce,
)
from sqlalchemy.types import TypeEngine

from app.generator.fields import NO, YES, mask_middle, mask_numbers, show_moment
from app.generator.spec import FieldSpec
from app.models.base import Waktu

Cell = ColumnElement[Any]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

NUMBER = "^-[0-9.,]*[0-9][0-9.,]*$"
"""What `disarm` leaves as it is, for PostgreSQL."""

TEXT_KINDS = frozenset({"teks", "email", "telepon", "nik"})


def disarm(text: str) -> str:
    """Return text that a spreadsheet will not run as a formula (OWASP "CSV injection").

    >>> disarm("=1+1"), disarm("-"), disarm("-1.234,5")
    ("'=1+1", "'-", '-1.234,5')
    """
    if text.startswith(FORMULA_STARTS) and not _is_number(text):
        return f"'{text}"
    return text


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "").replace(",", "")
    return digits.isascii() and digits.isdigit()


def quote(text: str, separator: str) -> str:
    """Return a cell of a CSV line, as `csv.writer` writes one of several.

    >>> quote("Jl. Melati; 3", ";"), quote("Jl. Melati", ";")
    ('"Jl. Melati; 3"', 'Jl. Melati')
    """
    if any(sign in text for sign in (separator, '"', "\r", "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text


def cells_of(
    statement: Select[Any], fields: tuple[FieldSpec, ...], dialect: str, separator: str
) -> list[Cell] | None:
    """Return the columns of a list's statement as CSV cells, or None where one is beyond SQL.

    On PostgreSQL COPY does the quoting; an empty cell is NULL, since it quotes an empty text.
    A single column is left to Python: both quote an empty line, COPY also a lone ``\\.``.
    """
    if len(fields) < 2:
        return None
    make: _Maker = _Postgres() if dialect == "postgresql" else _Sqlite(separator)
    columns = [getattr(column, "element", column) for column in statement.selected_columns][2:]
    cells = [_cell(make, field, column) for field, column in zip(fields, columns, strict=True)]
    found = [cell for cell in cells if cell is not None]
    return found if len(found) == len(cells) else None


def line_of(cells: list[Cell], separator: str) -> Cell:
    """Return a whole CSV line as one text (SQLite)."""
    line = cells[0]
    for cell in cells[1:]:
        line = line.concat(literal(separator)).concat(cell)
    return line


def functions(separator: str) -> Mapping[str, Callable[[str], str]]:
    """Return what a SQLite connection must know by name: cells that its SQL leaves to Python."""
    return {
        "sel": lambda text: quote(disarm(text), separator),
        "sel_samar": lambda text: quote(disarm(mask_middle(text)), separator) if text else "",
        "sel_panjang": lambda text: quote(disarm(mask_numbers(text)), separator),
        "wib": lambda text: show_moment(datetime.fromisoformat(text).replace(tzinfo=UTC)),
    }


class _Postgres:
    """How PostgreSQL writes the kinds."""

    def text(self, text: Cell) -> Cell:
        starts = func.left(text, 1).in_(FORMULA_STARTS)
        armed = and_(starts, text.op("!~", is_comparison=True)(literal(NUMBER)))
        return func.nullif(case((armed, literal("'").concat(text)), else_=text), "")

    def constant(self, text: str) -> Cell:
        return literal(disarm(text), Text) if text else null()

    def plain(self, cell: Cell) -> Cell:
        return cell

    def masked(self, text: Cell) -> Cell:
        middle = func.left(text, 4).concat("****").concat(func.right(text, 4))
        return self.text(case((func.length(text) > 8, middle), (text != "", "****")))

    def long_text(self, text: Cell) -> Cell:
        return self.text(func.regexp_replace(text, _number_pattern(), r"\1\2\3\4****\5\6\7\8", "g"))

    def date(self, column: Cell) -> Cell:
        return func.to_char(column, "DD-MM-YYYY")

    def moment(self, column: Cell) -> Cell:
        here = func.timezone("Asia/Jakarta", func.timezone("UTC", column))
        return func.to_char(here, 'DD-MM-YYYY HH24.MI "WIB"')

    def time(self, column: Cell) -> Cell:
        return func.to_char(column, "HH24.MI")

    def number(self, column: Cell) -> Cell:
        shape = "FM9" + ",999" * 8
        return func.replace(func.to_char(column, shape), ",", ".")


class _Sqlite:
    """How SQLite writes the kinds: the common case in SQL, the rest by `functions`."""

    def __init__(self, separator: str) -> None:
        starts = "[=+@\t\r-]*"  # as FORMULA_STARTS; the minus last, where it is no range
        self.special = (starts, f'*[{separator}"\r\n]*')
        self.separator = separator

    def text(self, text: Cell) -> Cell:
        special = or_(*(text.op("GLOB", is_comparison=True)(literal(s)) for s in self.special))
        return self._some(text, (special, func.sel(text)), else_=text)

    def constant(self, text: str) -> Cell:
        return literal(quote(disarm(text), self.separator), Text)

    def plain(self, cell: Cell) -> Cell:
        return func.coalesce(cell, "")

    def masked(self, text: Cell) -> Cell:
        odd = text.op("GLOB", is_comparison=True)(literal("*[^0-9]*"))
        middle = func.substr(text, 1, 4).concat("****").concat(func.substr(text, -4))
        return self._some(
            text, (or_(func.length(text) <= 8, odd), func.sel_samar(text)), else_=middle
        )

    def long_text(self, text: Cell) -> Cell:
        long = func.length(text) >= 16
        return self._some(text, (long, func.sel_panjang(text)), else_=self.text(text))

    def _some(self, text: Cell, *whens: Any, else_: Cell) -> Cell:
        return case((text.is_(None), ""), *whens, else_=else_)

    def date(self, column: Cell) -> Cell:
        raw = type_coerce(column, Text)
        parts = [func.substr(raw, 9, 2), func.substr(raw, 6, 2), func.substr(raw, 1, 4)]
        return parts[0].concat("-").concat(parts[1]).concat("-").concat(parts[2])

    def moment(self, column: Cell) -> Cell:
        raw = type_coerce(column, Text)
        # Seconds are left away before, since SQLite would round them up to the next minute.
        minute = func.substr(raw, 1, 16)
        # WIB has been seven hours ahead since 1964.
        return case(
            (func.substr(raw, 1, 4) < "1964", func.wib(raw)),
            else_=func.strftime("%d-%m-%Y %H.%M WIB", minute, "+7 hours"),
        )

    def time(self, column: Cell) -> Cell:
        return func.replace(func.substr(type_coerce(column, Text), 1, 5), ":", ".")

    def number(self, column: Cell) -> Cell:
        return case((column.is_(None), null()), else_=func.replace(_printf(column), ",", "."))


def _printf(column: Cell) -> Cell:
    return func.printf("%,d", column)


_Maker = _Postgres | _Sqlite


def _cell(make: _Maker, field: FieldSpec, column: Cell) -> Cell | None:
    """Return one column as a cell, or None; the order of the questions is that of `fields.show`."""
    kind: TypeEngine[Any] = column.type
    is_text = isinstance(kind, String)  # Enum and Text are such too
    raw = type_coerce(column, Text)
    if field.mask:
        return make.masked(raw) if is_text else None
    if field.kind == "pilihan":
        labels = {value: make.constant(gettext(label)) for value, label in field.choices}
        return case(labels, value=raw, else_=make.text(raw)) if labels and is_text else None
    if field.kind == "ya_tidak":
        yes, no = make.constant(gettext(YES)), make.constant(gettext(NO))
        return make.plain(case((column.is_(True), yes), (column.is_(False), no)))
    if field.kind == "relasi" and isinstance(kind, Integer):
        return make.plain(cast(column, Text))
    if field.kind in TEXT_KINDS or field.kind == "relasi":
        return make.text(raw) if is_text else None
    return _shaped(make, field, column)


def _shaped(make: _Maker, field: FieldSpec, column: Cell) -> Cell | None:
    kind: TypeEngine[Any] = column.type
    is_whole = isinstance(kind, Integer) or (isinstance(kind, Numeric) and kind.scale == 0)
    if field.kind == "teks_panjang" and isinstance(kind, String) and not isinstance(kind, Enum):
        return make.long_text(type_coerce(column, Text))
    if field.kind == "tanggal" and isinstance(kind, Date):
        return make.plain(make.date(column))
    if field.kind == "waktu" and isinstance(kind, Waktu):
        return make.plain(make.moment(column))
    if field.kind == "jam" and isinstance(kind, Time):
        return make.plain(make.time(column))
    if field.kind in ("angka", "desimal") and is_whole:
        return make.plain(make.number(column))
    if field.kind == "uang" and is_whole:
        return make.plain(literal("Rp", Text).concat(make.number(column)))
    return None


@cache
def _number_pattern() -> str:
    """Return `fields.mask_numbers`'s pattern for PostgreSQL; eight digits are kept by groups."""
    digit = _digits()
    kept = rf"({digit})"
    first = r"[ .-]?".join([kept] * 4)
    last = "".join(rf"[ .-]?{kept}" for _ in range(4))
    return rf"(?<!{digit}){first}(?:[ .-]?{digit}){{8}}{last}(?!{digit})"


def _digits() -> str:
    r"""Return a bracket of every digit of Unicode, which is what ``\d`` is to Python."""
    return f"[{''.join(_ranges())}]"


def _ranges() -> Iterator[str]:
    found = [i for i in range(sys.maxunicode + 1) if chr(i).isdecimal()]
    start = found[0]
    for before, code in pairwise([*found, sys.maxunicode + 2]):
        if code != before + 1:
            yield f"{chr(start)}-{chr(before)}"
            start = code
