"""Choices of a relation: found by words, inside the person's area."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, literal, select, true, union_all
from sqlalchemy.orm import Session

from app.generator.listing import Listing, statement
from app.generator.paging import Place, turn
from app.generator.spec import EntitySpec, FieldSpec
from app.models.policy import current_pelaku, units_below
from app.models.validation import INTEGER_LIMIT

FIRST = 50
"""No page renders more options of a relation than this."""


@dataclass(frozen=True)
class Lookup:
    """The choices of one relation field; the row policy bounds what it can find.

    ``owner`` is the entity whose form this is: the unit that will own its row must lie where the
    person may write, though every unit may be read.
    """

    session: Callable[[], Session]
    specs: Mapping[str, EntitySpec]
    field: FieldSpec
    owner: EntitySpec | None = None

    @property
    def target(self) -> EntitySpec:
        """The entity whose rows are the choices."""
        return self.specs[str(self.field.target)]

    def _picked(self) -> ColumnElement[bool]:
        """Return the condition that a choice meets."""
        model: Any = self.target.model
        conditions = [getattr(model, name) == value for name, value in self.field.pick]
        return and_(true(), *conditions, self._writable())

    def _writable(self) -> ColumnElement[bool]:
        owner = self.owner
        if owner is None or not self.target.screen.tree:
            return true()
        if self.field.name not in (owner.screen.scope, owner.screen.write_scope):
            return true()
        pelaku = current_pelaku(self.session())
        if pelaku is None:
            return false()
        model: Any = self.target.model
        area = pelaku.area(owner.resource, "add") | pelaku.area(owner.resource, "edit")
        inside: ColumnElement[bool] = model.id.in_(units_below(area))
        return inside

    def find(self, id_: int) -> str | None:
        """Return the label of one choice, or None if the person may not read it."""
        model: Any = self.target.model
        if not 0 < id_ <= INTEGER_LIMIT:
            return None
        title = getattr(model, self.target.screen.title)
        query = select(title).where(model.id == id_, self._picked())
        row = self.session().execute(query).first()
        return None if row is None else str(row[0])

    def search(self, words: str, *, offset: int = 0, limit: int = 20) -> list[tuple[str, str]]:
        """Return (id, label) of the choices that match all ``words``, in the target's order."""
        listing = Listing(
            self.target,
            (self.target.screen.title,),
            search=words.replace("\x00", "") if self.target.screen.search else "",
            where=self._picked(),
        )
        place = Place(offset // limit)
        found = turn(self.session(), listing, self.specs, place, limit)
        # A page beyond the end is the last one; a look-up that asks on has had all.
        rows: Any = found.rows if found.number == place.page else ()
        return [(str(row.id), str(row[2])) for row in rows]

    def first(self) -> list[tuple[str, str]]:
        """Return the first choices, for use without script."""
        rows = self.session().execute(self.first_rows())
        return [(str(row.id), str(row.c0)) for row in rows]

    def first_rows(self) -> Select[Any]:
        """Return the SELECT of the first choices, as (id, label) in columns ``id`` and ``c0``."""
        listing = Listing(self.target, (self.target.screen.title,), where=self._picked())
        return statement(self.session(), listing, self.specs).limit(FIRST)


def first_of(lookups: Mapping[str, Lookup]) -> dict[str, list[tuple[str, str]]]:
    """Return the first choices of several look-ups by name, in one statement."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in lookups}
    parts = []
    for place, lookup in enumerate(lookups.values()):
        rows = lookup.first_rows().subquery()
        parts.append(select(literal(place).label("n"), rows.c.id, rows.c.c0))
    if parts:
        session = next(iter(lookups.values())).session()
        names = list(lookups)
        every = union_all(*parts).subquery()
        for place, id_, title in session.execute(select(every.c.n, every.c.id, every.c.c0)):
            found[names[place]].append((str(id_), str(title)))
    return found
