"""Names of the rows that filters point at: asked at once, told wherever they are needed."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import literal, null, select
from sqlalchemy.orm import Session, aliased

from app.generator.spec import EntitySpec
from app.models.policy import ACTION_OPTION
from app.models.validation import INTEGER_LIMIT

Known = dict[tuple[str, int], tuple[str | None, str | None]]


def load_titles(
    session: Session, specs: Mapping[str, EntitySpec], wanted: Iterable[tuple[str, int]]
) -> Known:
    """Return (title, tingkat) of these rows by (resource, id); None for what may not be read.

    Whatever a request has asked once is known to it.
    """
    known: Known = session.info.setdefault("titles", {})
    missing = [pair for pair in dict.fromkeys(wanted) if pair not in known]
    asked = [column for pair in missing for column in columns(specs, *pair)]
    if asked:
        found = session.execute(select(*asked)).one()
        for place, pair in enumerate(missing):
            known[pair] = (found[2 * place], found[2 * place + 1])
    return known


def learn(session: Session, found: Known) -> None:
    """Take in what another statement of this request has read."""
    session.info.setdefault("titles", {}).update(found)


@cache
def other_of(model: Any) -> Any:
    """Return the table of a model under another name; made once, for making it takes long."""
    return aliased(model)


def columns(specs: Mapping[str, EntitySpec], resource: str, id_: int) -> list[Any]:
    """Return title and tingkat of a row, as columns for whatever statement."""
    spec = specs[resource]
    if not 0 < id_ <= INTEGER_LIMIT:
        return [literal(None), literal(None)]
    model: Any = spec.model
    row = other_of(model)
    names = (spec.screen.title, "tingkat" if spec.screen.tree else None)
    return [
        null().label("kosong")
        if name is None
        else select(getattr(row, name))
        .where(row.id == id_)
        .execution_options(**{ACTION_OPTION: (resource, "list")})
        .scalar_subquery()
        for name in names
    ]
