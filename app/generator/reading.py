"""Reads a window of a list: by offset or beyond a key, forwards or from the end.

Words that occur often are looked for along the order, and only if that leads nowhere all rows
that hold them are sorted. Titles of related rows are read for the rows of the window alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    any_,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session

from app.generator import matching
from app.generator.listing import Build, Listing, Specs
from app.generator.ordering import beyond, may_seek
from app.generator.titles import other_of
from app.models.urutan import folded

OFFSET_MOST = 1000
"""Rows that are counted off from an end; further pages carry the row beside them."""

WALK = 100_000
"""Rows that are read in order for words that occur often, before all hits are sorted."""

WALK_FAR = 20_000
"""The same in an order whose index does not hold the texts: each row is read from the table."""


@dataclass(frozen=True)
class Window:
    """Which rows of a list to read: by offset or beyond a key, ``turned`` from the end."""

    limit: int
    offset: int = 0
    turned: bool = False
    key: tuple[Any, ...] | None = None


class Reader:
    """Reads windows of one list; the conditions are made once."""

    def __init__(self, session: Session, listing: Listing, specs: Specs) -> None:
        self.session = session
        self.listing = listing
        self.specs = specs

    def _build(self) -> Build:
        return Build(self.session, self.listing, self.specs)

    def key_of(self, id_: int | None) -> tuple[Any, ...] | None:
        """Return where a row stands in the order; None if it has gone."""
        build = self._build()
        sorts = build.sorts()
        if id_ is None or not may_seek(sorts):
            return None
        query = build.joined(select(*(sort.column for sort in sorts)))
        found = self.session.execute(query.where(build.model.id == id_)).first()
        return None if found is None else tuple(found)

    def ids(self, most: int) -> Sequence[int]:
        """Return the ids of the list's rows, at most ``most``, in no order.

        They come as one text: a thousand rows would take longer than the rest of the page.
        """
        build = self._build()
        conditions = build.conditions()
        found = build.joined(select(build.model.id.label("id"))).where(*conditions)
        texts = cast(found.limit(most).subquery().c.id, String)
        query = select(func.aggregate_strings(texts, ",")).execution_options(**self.listing.door)
        text: str | None = self.session.scalar(query)
        return [int(id_) for id_ in text.split(",")] if text else []

    def statement(self, window: Window) -> Select[Any]:
        """Return the SELECT of a window of a list without words."""
        return self._statement(window, None, None, walk=False)

    def read(self, window: Window, ids: Sequence[int] | None = None) -> Sequence[Row[Any]]:
        """Return the rows of a window, in the order of the list."""
        if window.key is None and ids is None and window.offset > OFFSET_MOST:
            # Counting off needs the index alone; only the rows of the page are read.
            ids, window = self._ids_of(window), replace(window, offset=0, turned=False)
        if window.key is None:
            return self._read(window, None, ids)
        sorts = self._build().sorts()
        parts = len(beyond(sorts, window.key, turned=window.turned))
        found: list[Row[Any]] = []
        for part in range(parts):
            if len(found) < window.limit:
                rest = replace(window, limit=window.limit - len(found))
                rows = list(self._read(rest, part, None))
                found = rows + found if window.turned else found + rows
        return found

    def _ids_of(self, window: Window) -> Sequence[int]:
        build = self._build()
        order = [sort.clause(turned=window.turned) for sort in build.sorts()]
        query = build.joined(select(build.model.id)).where(*build.conditions()).order_by(*order)
        return self.session.scalars(query.limit(window.limit).offset(window.offset)).all()

    def _read(
        self, window: Window, part: int | None, ids: Sequence[int] | None
    ) -> Sequence[Row[Any]]:
        build = self._build()
        # An order with blanks is read in two parts; a walk in each would ask too often.
        if ids is None and build.match.anywhere and not build.sorts()[0].nullable:
            found = self.session.execute(self._statement(window, part, None, walk=True)).all()
            if len(found) == window.limit:
                return found
        return self.session.execute(self._statement(window, part, ids, walk=False)).all()

    def _statement(
        self, window: Window, part: int | None, ids: Sequence[int] | None, *, walk: bool
    ) -> Select[Any]:
        """Return the SELECT of a window: the rows first, then the titles of their relations."""
        build = self._build()
        sorts = build.sorts()
        columns = self._columns(build)
        columns += [sort.column.label(f"k{i}") for i, sort in enumerate(sorts)]
        conditions: list[ColumnElement[bool]] = []
        if part is not None and window.key is not None:
            conditions.append(beyond(sorts, window.key, turned=window.turned)[part])
        order = [sort.clause(turned=window.turned) for sort in sorts]
        if ids is not None:
            conditions.append(one_of(self.session, build.model.id, ids))
            rows = self._sorted(build, columns, conditions, sorts, window)
        elif walk:
            return self._titled(build, self._walk(build, columns, conditions, order, window), sorts)
        elif build.match.anywhere:
            conditions += build.conditions()
            rows = self._sorted(build, columns, conditions, sorts, window)
        else:
            conditions += build.narrow()
            rows = build.joined(select(*columns)).where(*conditions).order_by(*order)
        rows = rows.limit(window.limit).offset(window.offset or None)
        return self._titled(build, rows, sorts)

    def _columns(self, build: Build) -> list[Any]:
        model, spec = build.model, self.listing.spec
        fields = enumerate(spec.pick(self.listing.names))
        own = [getattr(model, field.name).label(f"c{i}") for i, field in fields]
        return [model.id.label("id"), model.revisi.label("revisi"), *own]

    def _walk(
        self,
        build: Build,
        columns: list[Any],
        conditions: list[Any],
        order: list[Any],
        window: Window,
    ) -> Select[Any]:
        """Return the rows that hold the words among the next rows of the order.

        The walk asks for what the index of the order holds; only its hits are read from the table.
        """
        names = [
            f.name for f in self.listing.spec.pick(self.listing.spec.screen.search) if not f.mask
        ]
        searched = [folded(build.own(name)).label(f"s_{name}") for name in names]
        rows = build.joined(select(build.model.id.label("id"), *searched))
        is_near = self.listing.order in (None, *self.listing.spec.screen.order)
        walk = rows.where(*conditions, *build.narrow()).order_by(*order)
        passed = walk.limit(WALK if is_near else WALK_FAR).subquery("jalan")
        compared = matching.compare(
            self.listing.spec, build.match.anywhere, lambda name: passed.c[f"s_{name}"]
        )
        # No ORDER BY: the rows come as the walk goes, and the reading stops when there are enough.
        hits = select(passed.c.id).where(*compared)
        hits = hits.limit(window.limit).offset(window.offset or None)
        return build.joined(select(*columns)).where(build.model.id.in_(hits))

    def _sorted(
        self,
        build: Build,
        columns: list[Any],
        conditions: list[Any],
        sorts: list[Any],
        window: Window,
    ) -> Select[Any]:
        """Return all rows of these conditions, found before anything is sorted.

        Else the database might read the order of a million rows for the few that are meant.
        """
        hits = build.joined(select(*columns)).where(*conditions).cte("temuan")
        hits = hits.prefix_with("MATERIALIZED")
        order = [
            s.clause(turned=window.turned, column=hits.c[f"k{i}"]) for i, s in enumerate(sorts)
        ]
        return select(*hits.c).order_by(*order).execution_options(**self.listing.door)

    def _titled(self, build: Build, rows: Select[Any], sorts: Sequence[Any]) -> Select[Any]:
        found = rows.subquery("baris")
        shown, titles = [], []
        for i, name in enumerate(self.listing.names):
            target = build.target(name)
            title = None if target is None else _title(target, found.c[f"c{i}"])
            if title is not None and self.listing.raw:
                titles.append(title)
            shown.append(found.c[f"c{i}"] if title is None or self.listing.raw else title)
        labelled = [column.label(f"v{i}") for i, column in enumerate([*shown, *titles])]
        order = [s.clause(turned=False, column=found.c[f"k{i}"]) for i, s in enumerate(sorts)]
        query = select(found.c.id, found.c.revisi, *labelled).order_by(*order)
        return query.execution_options(**self.listing.door)


def _title(target: Any, key: Any) -> Any:
    """Return the title of the row ``key`` points at; None where the person may not read it."""
    other = other_of(target.model)
    return select(getattr(other, target.screen.title)).where(other.id == key).scalar_subquery()


def one_of(session: Session, column: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """Return "``column`` is one of these", as one value however many they are."""
    if session.get_bind().dialect.name == "postgresql":
        equals: ColumnElement[bool] = column == any_(literal(list(ids), ARRAY(Integer)))
        return equals
    values = func.json_each(f"[{','.join(str(int(i)) for i in ids)}]").table_valued("value")
    found: ColumnElement[bool] = column.in_(select(values.c.value))
    return found
