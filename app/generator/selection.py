"""Which rows a bulk act is about: those that were ticked, or all that a list holds."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.generator.listing import Build, Listing, Specs, criterion
from app.models.pelaku import Pelaku
from app.models.validation import INTEGER_LIMIT

TICKED_MOST = 500
"""Ticked rows that one form may name; a page shows fewer."""

BLOCK = 10_000


def chosen(form: MultiDict[str, str], whole: Listing, pelaku: Pelaku) -> Listing:
    """Return the rows that are meant, as far as the person may act on them so.

    All of the list where ``semua`` is set, else the ticked.
    """
    model: Any = whole.spec.model
    meant = whole
    if "semua" not in form:
        texts = form.getlist("rowid")[:TICKED_MOST]
        ids = [int(text) for text in texts if text.isascii() and text.isdecimal()]
        ticked = model.id.in_([id_ for id_ in ids if id_ <= INTEGER_LIMIT])
        meant = Listing(whole.spec, whole.names, action=whole.action).narrowed(ticked)
    rule = criterion(whole.spec, pelaku, whole.action)
    return meant if rule is None else meant.narrowed(rule)


def as_sent(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Return the names and values by which the next form says the same."""
    names = ("semua", "rowid", "url")
    return [(name, value) for name in names for value in form.getlist(name)[:TICKED_MOST]]


def ids_of(
    session: Session, specs: Specs, listing: Listing, most: int | None = None
) -> Iterator[int]:
    """Yield the ids of the rows of a list, ascending, at most ``most``."""
    build = Build(session, listing, specs)
    conditions = build.conditions()
    query = build.joined(select(build.model.id)).where(*conditions)
    query = query.order_by(build.model.id).limit(most)
    yield from session.scalars(query.execution_options(yield_per=BLOCK))


def as_lines(ids: Iterator[int]) -> bytes:
    """Return ids as a job keeps them, one a line: a million take eight megabytes."""
    return b"".join(b"%d\n" % id_ for id_ in ids)
