"""Choices of a relation: found by words, inside the person's area."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.generator.listing import Listing, page
from app.generator.spec import EntitySpec, FieldSpec

FIRST = 50
"""No page renders more options of a relation than this."""


@dataclass(frozen=True)
class Lookup:
    """The choices of one relation field; the row policy bounds what it can find."""

    session: Callable[[], Session]
    specs: Mapping[str, EntitySpec]
    field: FieldSpec

    @property
    def target(self) -> EntitySpec:
        """The entity whose rows are the choices."""
        return self.specs[str(self.field.target)]

    def _picked(self) -> Any:
        """Return the condition of ``pick``, or None."""
        model: Any = self.target.model
        conditions = [getattr(model, name) == value for name, value in self.field.pick]
        return conditions[0] if conditions else None

    def find(self, id_: int) -> str | None:
        """Return the label of one choice, or None if the person may not read it."""
        model: Any = self.target.model
        query = select(getattr(model, self.target.screen.title)).where(model.id == id_)
        picked = self._picked()
        if picked is not None:
            query = query.where(picked)
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
        rows: Any = page(self.session(), listing, self.specs, offset=offset, limit=limit)
        return [(str(row.id), str(row[2])) for row in rows]

    def first(self) -> list[tuple[str, str]]:
        """Return the first choices, for use without script."""
        return self.search("", limit=FIRST)
