"""One page of a list, wherever it lies: as quick at a million rows as at ten thousand.

Near the start a page is found by counting off, near the end the same from there, in between by
the row beside it. Up to `COUNT_MOST` rows are found once, and their number is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.generator import estimates
from app.generator.ends import read_end
from app.generator.listing import Listing, Specs, count
from app.generator.reading import Reader, Window
from app.generator.titles import load_titles

COUNT_MOST = 1000
"""Rows a list counts; more are said as "1.000+", or estimated, until somebody asks."""

LAST_PAGE = 10_000_000


@dataclass(frozen=True)
class Place:
    """Where a person is in a list: ``page`` 0 is the first, -1 the last.

    ``after`` and ``before`` are the ids of the rows beside it. ``exact`` asks for the true count.
    """

    page: int = 0
    after: int | None = None
    before: int | None = None
    exact: bool = False


@dataclass(frozen=True)
class Total:
    """How many rows: ``known``, else more than `COUNT_MOST`, ``about`` so many where estimated."""

    known: int | None = None
    about: int | None = None


@dataclass(frozen=True)
class Page:
    """The rows of one page, which page it is (counted from an end), and what lies beside it.

    A row has id, revisi and the values of the list's columns; more may follow.
    """

    rows: Sequence[Row[Any]]
    number: int
    total: Total
    has_prev: bool
    has_next: bool


def turn(session: Session, listing: Listing, specs: Specs, place: Place, size: int) -> Page:
    """Return the page of ``size`` rows at ``place``; a place beyond the end is the last page."""
    reader = Reader(session, listing, specs)
    if place in (Place(), Place(-1)) and (found := _end(reader, place, size)) is not None:
        return found
    load_titles(session, specs, listing.pointed)
    place = replace(place, page=max(-LAST_PAGE, min(place.page, LAST_PAGE)))
    key = reader.key_of(place.before if place.after is None else place.after)
    if key is not None and not place.exact:
        return _beside(reader, place, key, size)
    ids = None if listing.is_whole else reader.ids(COUNT_MOST + 1)
    total = _total(reader, ids, exact=place.exact)
    if total.known is not None:
        return _counted(reader, place, total, size, ids)
    if key is not None:
        return replace(_beside(reader, place, key, size), total=total)
    shown = _from_an_end(reader, place, total, size)
    if not shown.rows and place.page > 0:
        return _from_an_end(reader, Place(-1), total, size)
    return shown


def total_of(session: Session, listing: Listing, specs: Specs) -> Total:
    """Return how many rows a list holds; one that is long is not counted to its end."""
    reader = Reader(session, listing, specs)
    ids = None if listing.is_whole else reader.ids(COUNT_MOST + 1)
    return _total(reader, ids, exact=False)


def _total(reader: Reader, ids: Sequence[int] | None, *, exact: bool) -> Total:
    if ids is not None and len(ids) <= COUNT_MOST:
        return Total(len(ids))
    if exact:
        return Total(count(reader.session, reader.listing, reader.specs))
    if ids is not None:
        return Total()
    return _bounded(*estimates.bounded(reader.session, reader.listing, COUNT_MOST + 1))


def _bounded(least: int, about: int | None) -> Total:
    return Total(least) if least <= COUNT_MOST else Total(None, about)


def _end(reader: Reader, place: Place, size: int) -> Page | None:
    """Return the first or last page of an area, and how many rows it has; None of other lists."""
    turned = place.page < 0
    found = read_end(reader, Window(size + 1, turned=turned), COUNT_MOST + 1)
    if found is None:
        return None
    total = _bounded(*estimates.told(found[0], COUNT_MOST + 1)) if found else Total(0)
    if turned and total.known is not None:
        return _counted(reader, place, total, size, None)
    return _at_an_end(found, place, total, size)


def _counted(
    reader: Reader, place: Place, total: Total, size: int, ids: Sequence[int] | None
) -> Page:
    """Return a page of a list whose length is known, read from the nearer end."""
    rows = total.known or 0
    last = max(0, (rows - 1) // size)
    number = min(place.page, last) if place.page >= 0 else max(0, last + 1 + place.page)
    start = number * size
    shown = max(0, min(size, rows - start))
    ids = ids if ids is not None and len(ids) <= COUNT_MOST else None
    behind = rows - start - shown
    turned = ids is None and behind < start
    window = Window(shown, behind if turned else start, turned)
    found = reader.read(window, ids) if shown else []
    return Page(found, number, total, number > 0, number < last)


def _beside(reader: Reader, place: Place, key: tuple[Any, ...], size: int) -> Page:
    """Return the page after or before a row; where it turns out to be at an end, it says so."""
    turned = place.before is not None
    found = list(reader.read(Window(size + 1, turned=turned, key=key)))
    more = len(found) > size
    shown = found[-size:] if turned else found[:size]
    number = place.page
    if not more:
        number = 0 if turned else -1
    elif number in (0, -1):
        number = -2 if turned else 1
    return Page(shown, number, Total(), more or not turned, more or turned)


def _from_an_end(reader: Reader, place: Place, total: Total, size: int) -> Page:
    """Return a page by counting off from the start, or from the end where ``page`` is below 0."""
    turned = place.page < 0
    steps = -place.page - 1 if turned else place.page
    found = reader.read(Window(size + 1, steps * size, turned))
    return _at_an_end(found, place, total, size)


def _at_an_end(found: Sequence[Row[Any]], place: Place, total: Total, size: int) -> Page:
    """Return the page of rows counted off from an end; one row too many says there is more."""
    more, page = len(found) > size, place.page
    if page < 0:
        return Page(found[-size:], page if more else 0, total, more, page < -1)
    return Page(found[:size], page if more or not page else -1, total, page > 0, more)
