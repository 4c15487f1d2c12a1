"""Search: what the words of a person become in SQL, the same rows on both databases.

Every word must be in some searched column, in any order. A word of three letters or more may
stand anywhere in it, found by its three-letter pieces, and so may a shorter one beside it; by
themselves shorter ones must begin the column. A NIK or KK is compared whole, for a sensitive
column cannot be read digit by digit.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    literal_column,
    or_,
    select,
    table,
    true,
)
from sqlalchemy import column as sql_column
from sqlalchemy.orm import Session

from app.generator.spec import EntitySpec
from app.models.indeks import search_columns, search_name
from app.models.urutan import fold, folded

ESCAPE = "\\"
SHORTEST = 3
"""Letters a word needs to be looked for anywhere; a trigram has as many."""

MOST_WORDS = 8

NIK_DIGITS = 16

_NUMBER = re.compile(r"\d(?:[ .-]?\d){15}")

Column = Callable[[str], Any]


@dataclass(frozen=True)
class Match:
    """A search as conditions: ``narrow`` reads an index range, ``anywhere`` the trigrams."""

    narrow: ColumnElement[bool]
    anywhere: tuple[str, ...] = ()


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a search; a NIK or KK is one word, however it is spaced.

    >>> words_of("budi  santoso"), words_of("3574 0101 0190 9901")
    (('budi', 'santoso'), ('3574010101909901',))
    """
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return (re.sub(r"\D", "", text),)
    return tuple(dict.fromkeys(fold(word) for word in text.split()))[:MOST_WORDS]


def match(spec: EntitySpec, text: str, column: Column) -> Match:
    """Return what a search of this entity asks for."""
    narrow: list[ColumnElement[bool]] = [true()]
    anywhere: list[str] = []
    words = words_of(text)
    is_long = any(len(word) >= SHORTEST for word in words)
    for word in words:
        is_nik = len(word) == NIK_DIGITS and word.isdecimal()
        whole = [column(f.name) == word for f in _masked(spec) if is_nik or f.kind != "nik"]
        texts = [] if whole and is_nik else plain(spec)
        if is_long and texts and not whole:
            anywhere.append(word)
        elif is_long:
            narrow.append(or_(*whole, *(contains(column(name), word) for name in texts)))
        else:
            narrow.append(or_(*whole, *(begins(column(name), word) for name in texts)))
    return Match(and_(*narrow), tuple(anywhere))


def _masked(spec: EntitySpec) -> list[Any]:
    return [f for f in spec.pick(spec.screen.search) if f.mask]


def plain(spec: EntitySpec) -> list[str]:
    """Return the searched columns that anybody may read, in which words may stand anywhere."""
    return [f.name for f in spec.pick(spec.screen.search) if not f.mask]


def compare(spec: EntitySpec, words: Sequence[str], column: Column) -> list[ColumnElement[bool]]:
    """Return "each word is in some searched column", read from the row."""
    names = plain(spec)
    return [or_(*(contains(column(name), word) for name in names)) for word in words]


def found(session: Session, spec: EntitySpec, words: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return what the search table of SQLite says of these words; elsewhere it is an index.

    It finds too much rather than too little (`compare` decides), and nothing where a model has
    no search table.
    """
    if (
        not any(len(word) >= SHORTEST for word in words)
        or session.get_bind().dialect.name != "sqlite"
        or not _has_table(session, spec)
    ):
        return []
    name = search_name(spec.model)
    pieces = " AND ".join(_pieces(word) for word in words if len(word) >= SHORTEST)
    sought = table(name, sql_column("rowid"))
    query: Select[Any] = select(sought.c.rowid).where(literal_column(name).op("MATCH")(pieces))
    model: Any = spec.model
    return [model.id.in_(query)]


def _pieces(word: str) -> str:
    """Return a query for all three-letter pieces of a word, each in quotes."""
    pieces = dict.fromkeys(word[i : i + SHORTEST] for i in range(len(word) - SHORTEST + 1))
    return " AND ".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


_found: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
"""Search tables that were seen in a database; one that is there stays."""


def _has_table(session: Session, spec: EntitySpec) -> bool:
    if not set(plain(spec)) <= set(search_columns(spec.model)):
        return False
    name, known = search_name(spec.model), _found.setdefault(session.get_bind(), set())
    if name not in known:
        catalogue = table("sqlite_master", sql_column("name"), sql_column("type"))
        query = select(catalogue.c.name).where(catalogue.c.type == "table")
        known.update(session.connection().execute(query).scalars())
    return name in known


def contains(column: Any, text: str) -> ColumnElement[bool]:
    """Return "``column`` contains ``text``", ignoring case, with % and _ taken literally."""
    return folded(column).like(_said(f"%{_literal(fold(text))}%"), escape=ESCAPE)


def begins(column: Any, text: str) -> ColumnElement[bool]:
    """Return "``column`` begins with ``text``", ignoring case, as a range an index can read."""
    text = fold(text)
    end = text[:-1] + chr(min(ord(text[-1]) + 1, 0x10FFFF))
    return and_(folded(column) >= _said(text), folded(column) < _said(end))


def _said(text: str) -> Any:
    """Return a text that stands in the statement itself.

    A prepared statement of PostgreSQL may be planned for any text; which index is quick depends
    on this one.
    """
    return bindparam(None, text, String(), literal_execute=True)


def _literal(text: str) -> str:
    for sign in (ESCAPE, "%", "_"):
        text = text.replace(sign, ESCAPE + sign)
    return text
