"""A pseudo-locale: every translated text stands in ⟦brackets⟧, so what does not was forgotten."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import flask_babel
import pytest
from sqlalchemy import JSON, Connection, Enum, String, select

from app.models.base import HostModel

OPEN, CLOSE = "⟦", "⟧"

NAMES = frozenset({"BPJS", "Bangkit", "BPJS Bangkit", "Bahasa Indonesia", "English"})
"""Names of the portal and of languages: the same in every language."""

SIGNS = frozenset({"WIB", "Rp", "CSV", "JSON", "PDF"})
"""Signs that numbers and files carry: the same in every language."""

MOMENT = re.compile(r"\d{1,2}-\d{1,2}-\d{4}|\d{1,2}\.\d{2} WIB|Rp[\d.,]+")
"""Dates, times and amounts: written by the rules of the language."""

SEPARATOR = re.compile(r" · |, ")
LETTER = re.compile(r"[^\W\d_]")


class Kurung:
    """Translations of a domain, each in brackets; asks the real ones."""

    def __init__(self, real: Any) -> None:
        self.real = real

    def ugettext(self, text: str) -> str:
        return f"{OPEN}{self.real.ugettext(text)}{CLOSE}" if text else ""

    def ungettext(self, one: str, many: str, n: int) -> str:
        return f"{OPEN}{self.real.ungettext(one, many, n)}{CLOSE}"


@contextmanager
def brackets() -> Iterator[None]:
    """Put every text that ours or a host's catalogue is asked for in brackets."""
    real = flask_babel.Domain.get_translations
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flask_babel.Domain, "get_translations", lambda self: Kurung(real(self)))
        yield


def outside(text: str) -> str:
    """Return what of a text stands in no brackets.

    >>> outside("⟦Belum ada ⟦Penduduk⟧⟧ · Siti")
    ' · Siti'
    """
    depth, found = 0, []
    for sign in text:
        depth += (sign == OPEN) - (sign == CLOSE)
        found.append(sign if depth == 0 and sign != CLOSE else "")
    return "".join(found)


def without_brackets(text: str) -> str:
    return text.replace(OPEN, "").replace(CLOSE, "")


def inside(text: str) -> list[str]:
    """Return the translated texts that a text is made of."""
    return re.findall(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}", text)


def read_data(connection: Connection) -> frozenset[str]:
    """Return every text that stands in the database, less codes of closed lists and rights."""
    found: set[str] = set()
    for name, table in HostModel.metadata.tables.items():
        if name.startswith("ab_") and name != "ab_user":
            continue
        columns = [
            c for c in table.c if isinstance(c.type, String | JSON) and not isinstance(c.type, Enum)
        ]
        for row in connection.execute(select(*columns)) if columns else ():
            found.update(plain(text) for value in row for text in _texts(value))
    return frozenset(found)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        # A page may draw each line of a text by itself.
        yield from (value, *value.splitlines())
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from (key, *_texts(part))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def plain(text: str) -> str:
    """Return a text without the spaces and signs around it."""
    return re.sub(r"^[\W_]+|[\W_]+$", "", " ".join(text.split()))


def forgotten(texts: Iterable[str], data: frozenset[str]) -> list[str]:
    """Return the texts that are neither translated, nor data, nor a name or sign."""
    return [text for text in texts if _is_forgotten(outside(text), data)]


def _is_forgotten(text: str, data: frozenset[str]) -> bool:
    known = data | NAMES | SIGNS
    if not LETTER.search(text) or plain(text) in known:
        return False
    pieces = [plain(piece) for piece in SEPARATOR.split(MOMENT.sub("", text))]
    return any(len(p) > 1 and LETTER.search(p) and p not in known for p in pieces)
