"""Two rows prove to be one: what points at the one moves to the other, under one name."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from app.models.base import Entity, HostModel
from app.models.bulk import references_to, repoint
from app.models.pencatatan import is_recorded
from app.models.perubahan import TindakanPerubahan, as_tindakan, record_many


@contextmanager
def as_gabung(session: Session, row: Any, kept_id: int, catatan: str) -> Iterator[None]:
    """Record what is flushed in this block as a merge of ``row``, which goes, into another.

    Its own record then keeps its last values and leads from the other row to its history.
    """
    session.info["digabung"] = (row, kept_id)
    try:
        with as_tindakan(session, TindakanPerubahan.GABUNG, catatan or None):
            yield
    finally:
        del session.info["digabung"]


def _model_of(table: Table) -> Any:
    """Return our model of a table; each that points at rows people merge has one."""
    ours = (m for m in HostModel.registry.mappers if issubclass(m.class_, Entity))
    return next(m.class_ for m in ours if m.local_table is table)


def count_references(session: Session, row: Any) -> dict[str, int]:
    """Return how many rows of which resource point at this row, wherever they lie."""
    found: dict[str, int] = {}
    for table, column in references_to(type(row).__table__):
        query = select(func.count()).select_from(table).where(table.c[column] == row.id)
        if number := session.connection().execute(query).scalar_one():
            name = _model_of(table).__name__
            found[name] = found.get(name, 0) + number
    return found


def move_references(session: Session, lama: Any, baru: Any) -> None:
    """Let every foreign key to ``lama`` point at ``baru``, wherever the row lies; record it.

    Records that only grow hold plain numbers and frozen facts; they stay as they were written.
    """
    model = type(lama)
    for table, column in references_to(model.__table__):
        ids = repoint(session, table, column, lama.id, baru.id)
        if ids and is_recorded(owner := _model_of(table)):
            changes = [{column: (lama.id, baru.id)}] * len(ids)
            record_many(session, owner, ids, TindakanPerubahan.GABUNG, changes)
    # What was read of the old row before still holds the rows that have moved.
    session.expire(lama, [relation.key for relation in model.__mapper__.relationships])
