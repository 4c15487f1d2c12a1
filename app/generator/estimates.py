"""How many rows a list holds, said before they are counted: up to a bound, or about."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    column,
    false,
    func,
    literal,
    null,
    or_,
    select,
    table,
)
from sqlalchemy.orm import Session

from app.generator.listing import Listing
from app.models.policy import current_pelaku


def bounded(session: Session, listing: Listing, most: int) -> tuple[int, int | None]:
    """Return how many rows the whole list holds, up to ``most``, and about how many in all.

    The estimate is what the database knows of the table; None unless the person's area is all
    of it. One statement.
    """
    query = select(*bounds(session, listing, most))
    return told(session.execute(query.execution_options(**listing.door)).one(), most)


def bounds(
    session: Session,
    listing: Listing,
    most: int,
    conditions: Sequence[ColumnElement[bool]] = (),
    order: Sequence[ColumnElement[Any]] = (),
) -> list[ColumnElement[Any]]:
    """Return what `told` wants to know, as columns for a statement over whatever rows.

    ``conditions``: what the rows of a list meet that is not whole. ``order``: how an index holds
    them; else the database might read all others to find some.
    """
    model: Any = listing.spec.model
    some = select(model.id).where(*conditions).order_by(*order).limit(most).subquery()
    counted = select(func.count()).select_from(some).scalar_subquery()
    if conditions:
        return [counted, null().label("kira"), false().label("semua")]
    return [counted, _rows_of(session, model), _covers(session, listing)]


def told(row: Row[Any], most: int) -> tuple[int, int | None]:
    """Return the counts of `bounded` from a row that ends with its columns."""
    least, about, covers = tuple(row)[-3:]
    is_all = covers and about is not None and about >= most
    return int(least), int(about) if is_all else None


def _rows_of(session: Session, model: Any) -> Any:
    """Return the number of rows as the database last knew it; it grows old between cleanings."""
    if session.get_bind().dialect.name == "sqlite":
        return select(func.max(model.__table__.c.id)).scalar_subquery()
    relation = table("pg_class", column("reltuples"), column("oid"))
    name = func.to_regclass(model.__table__.name)
    return select(relation.c.reltuples).where(relation.c.oid == name).scalar_subquery()


def _covers(session: Session, listing: Listing) -> ColumnElement[bool]:
    """Return "no row lies outside the area of this person", asked of the ends of its index."""
    spec = listing.spec
    if not spec.is_scoped:
        return and_(literal(True))
    pelaku = current_pelaku(session)
    area = pelaku.area(spec.resource, listing.action) if pelaku else frozenset()
    if not spec.has_area or len(area) != 1:
        return or_(literal(False))
    ((name, wilayah),) = area
    place = spec.model.__table__.c[name]  # type: ignore[attr-defined]
    ends = [select(f(place)).scalar_subquery() == wilayah for f in (func.min, func.max)]
    homeless = select(place).where(place.is_(None)).exists()
    return and_(*ends, ~homeless)
