"""Which rows a bulk act is about: those that were ticked, or all that a list holds."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.generator.listing import Build, Listing, Specs, criterion
from app.models.policy import current_pelaku
from app.models.validation import INTEGER_LIMIT

TICKED_MOST = 500
"""Ticked rows that one form may name; a page shows fewer."""

BLOCK = 10_000


def chosen(form: MultiDict[str, str], whole: Listing) -> Listing:
    """Return the rows that are meant: all of the list where ``semua`` is set, else the ticked."""
    if "semua" in form:
        return whole
    texts = form.getlist("rowid")[:TICKED_MOST]
    ids = [int(text) for text in texts if text.isascii() and text.isdecimal()]
    model: Any = whole.spec.model
    ticked = model.id.in_([id_ for id_ in ids if id_ <= INTEGER_LIMIT])
    return Listing(whole.spec, whole.names, action=whole.action).narrowed(ticked)


def as_sent(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Return the names and values by which the next form says the same."""
    names = ("semua", "rowid", "url")
    return [(name, value) for name in names for value in form.getlist(name)[:TICKED_MOST]]


def ids_of(
    session: Session, specs: Specs, listing: Listing, most: int | None = None
) -> Iterator[int]:
    """Yield the ids of the rows that the person may act on so, ascending, at most ``most``."""
    query = _meant(session, specs, listing).limit(most)
    yield from session.scalars(query.execution_options(yield_per=BLOCK))


def size(session: Session, specs: Specs, listing: Listing) -> int:
    """Return how many rows those are."""
    meant = _meant(session, specs, listing).order_by(None).subquery()
    counted = select(func.count()).select_from(meant)
    return session.scalar(counted.execution_options(**listing.door)) or 0


def _meant(session: Session, specs: Specs, listing: Listing) -> Select[Any]:
    pelaku = current_pelaku(session)
    build = Build(session, listing, specs)
    conditions = build.conditions()
    rule = criterion(listing.spec, pelaku, listing.action) if pelaku is not None else false()
    if rule is not None:
        conditions.append(rule)
    query: Any = build.joined(select(build.model.id))
    found: Select[Any] = query.where(*conditions).order_by(build.model.id)
    return found


def as_lines(ids: Iterator[int]) -> bytes:
    """Return ids as a job keeps them, one a line: a million take eight megabytes."""
    return b"".join(b"%d\n" % id_ for id_ in ids)
