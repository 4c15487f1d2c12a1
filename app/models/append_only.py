"""`AppendOnlyMixin` for records: rows are added, and never changed or deleted afterwards."""

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Mapper, object_session


class AppendOnlyMixin:
    """Refuses, also to code that works unscoped, to change or delete a row of the model.

    A trigger in the database should refuse what goes around the ORM.
    """


@event.listens_for(AppendOnlyMixin, "before_update", propagate=True)
def _refuse_update(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    session = object_session(row)
    if session is None or session.is_modified(row):
        raise TypeError(f"{type(row).__name__} is append-only")


@event.listens_for(AppendOnlyMixin, "before_delete", propagate=True)
def _refuse_delete(mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    raise TypeError(f"{type(row).__name__} is append-only")
