"""Texts like the one that was looked for in vain, for who mistyped a name (PostgreSQL)."""

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.generator.listing import Listing
from app.generator.matching import SHORTEST, plain
from app.models.urutan import fold, folded

MOST = 5


def can_be_similar(session: Session, listing: Listing) -> bool:
    """Whether the database can tell likeness, and there is something to compare."""
    is_able = session.get_bind().dialect.name == "postgresql"
    return is_able and len(listing.search) >= SHORTEST and bool(plain(listing.spec))


def similar(session: Session, listing: Listing) -> list[str]:
    """Return texts of the first searched column most like the search, of the person's own area."""
    if not can_be_similar(session, listing):
        return []
    model: Any = listing.spec.model
    column = getattr(model, plain(listing.spec)[0])
    sought = fold(listing.search)
    likeness = func.greatest(
        func.similarity(folded(column), sought), func.word_similarity(sought, folded(column))
    )
    # Both operators read the trigram index; how alike is enough, the database says (0.3 and 0.6).
    alike = or_(folded(column).op("%")(sought), folded(column).op("%>")(sought))
    found: Select[Any] = (
        select(column, func.max(likeness))
        .where(alike)
        .group_by(column)
        .order_by(func.max(likeness).desc(), folded(column))
        .limit(MOST)
    )
    return [str(row[0]) for row in session.execute(found.execution_options(**listing.door))]
