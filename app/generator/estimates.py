"""How many rows a list holds, said before they are counted: up to a bound, or about."""

from typing import Any

from sqlalchemy import ColumnElement, and_, column, func, literal, or_, select, table
from sqlalchemy.orm import Session

from app.generator.listing import Listing
from app.models.policy import current_pelaku


def bounded(session: Session, listing: Listing, most: int) -> tuple[int, int | None]:
    """Return how many rows the whole list holds, up to ``most``, and about how many in all.

    The estimate is what the database knows of the table; None unless the person's area is all
    of it. One statement.
    """
    model: Any = listing.spec.model
    some = select(model.id).limit(most).subquery()
    counted = select(func.count()).select_from(some).scalar_subquery()
    about = _rows_of(session, model)
    query = select(counted, about, _covers(session, listing))
    found = session.execute(query.execution_options(**listing.door)).one()
    is_all = found[2] and found[1] is not None and found[1] >= most
    return int(found[0]), int(found[1]) if is_all else None


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
