"""The first and the last page of an area, with all that the page says, in one kept statement.

An index holds the rows of an area in the order of the list, and people of one area open the same
list all day: so the statement is made once for them, and asked with nothing before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy.orm import Session

from app.generator import estimates, titles
from app.generator.filters import area_of
from app.generator.listing import Build, Listing
from app.generator.reading import Reader, Window
from app.models.pelaku import AREA_COLUMN_BY_TINGKAT
from app.models.policy import KEPT_OPTION, current_pelaku

MOST = 500
"""Statements kept by a worker."""


@dataclass(frozen=True)
class Kept:
    """A statement; ``areas`` are the columns its filters compare with the units of ``pairs``.

    Before the columns of `estimates.told` each row has title and tingkat of each pair.
    """

    statement: Select[Any]
    areas: tuple[str, ...]
    pairs: tuple[tuple[str, int], ...]


_kept: dict[Any, Kept] = {}


def read_end(reader: Reader, window: Window, most: int) -> Sequence[Row[Any]] | None:
    """Return an end of a list that asks for units alone, else None.

    Each row ends with what `estimates.told` reads of up to ``most`` rows.
    """
    listing, session = reader.listing, reader.session
    if listing.search.strip() or listing.where is not None:
        return None
    if listing.filters and listing.order is not None:
        return None
    key = _key(session, listing, window, most)
    kept = _kept.get(key)
    if kept is not None:
        rows = session.execute(kept.statement).all()
        if _is_still_so(reader, kept, rows):
            return rows
    kept = _make(reader, window, most)
    if kept is None:
        return None
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[key] = kept
    return session.execute(kept.statement).all()


def _key(session: Session, listing: Listing, window: Window, most: int) -> tuple[Any, ...]:
    door = (listing.spec.resource, listing.action)
    pelaku = current_pelaku(session)
    area = pelaku.area(*door) if pelaku else None
    asked = (listing.spec.model, listing.names, listing.filters, listing.order, listing.raw)
    return session.get_bind().dialect.name, *asked, *door, area, window, most


def _is_still_so(reader: Reader, kept: Kept, rows: Sequence[Row[Any]]) -> bool:
    """Tell whether each unit is still of the same tingkat; a row also names them."""
    session, pairs = reader.session, kept.pairs
    if rows and pairs:
        facts = tuple(rows[0])[-2 * len(pairs) - 3 : -3]
        found = zip(facts[::2], facts[1::2], strict=True)
        titles.learn(session, dict(zip(pairs, found, strict=True)))
    known = titles.load_titles(session, reader.specs, pairs)
    return kept.areas == tuple(AREA_COLUMN_BY_TINGKAT.get(str(known[pair][1])) for pair in pairs)


def _make(reader: Reader, window: Window, most: int) -> Kept | None:
    listing, session, specs = reader.listing, reader.session, reader.specs
    titles.load_titles(session, specs, listing.pointed)
    found = [area_of(session, specs, listing.spec, clause) for clause in listing.filters]
    areas = tuple(area for area in found if area is not None)
    pairs = listing.pointed
    if len(areas) < len(found) or len(pairs) < len(found):
        return None
    inside = Build(session, listing, specs).narrow()
    names = [column for pair in pairs for column in titles.columns(specs, *pair)]
    bounds = estimates.bounds(session, listing, most, inside, _along(reader))
    query = reader.statement(window).add_columns(*names, *bounds)
    return Kept(query.execution_options(**{KEPT_OPTION: True}), areas, pairs)


def _along(reader: Reader) -> list[Any]:
    """Return the order in which an index holds the rows of an area, whatever was asked."""
    listing = replace(reader.listing, order=None)
    sorts = Build(reader.session, listing, reader.specs).sorts()
    return [] if any(s.joined for s in sorts) else [s.clause(turned=False) for s in sorts]
