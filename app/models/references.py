"""Where a foreign key will point after the flush, whether it was set by its column or by a row."""

from typing import Any

from sqlalchemy.orm import RelationshipDirection, object_session
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE


def added_target(row: Any, column: str) -> Any:
    """Return the row newly set by the relation over this foreign key, or None."""
    for relation in type(row).__mapper__.relationships:
        if relation.direction is not RelationshipDirection.MANYTOONE:
            continue
        if {c.key for c in relation.local_columns} != {column}:
            continue
        for target in get_history(row, relation.key, PASSIVE_NO_INITIALIZE).added:
            if target is not None:
                return target
    return None


def foreign_id(row: Any, column: str) -> int | None:
    """Return the id a foreign key will hold after the flush, also when set by its relation.

    Raises:
        TypeError: the related row has no id yet; flush it first.
    """
    target = added_target(row, column)
    if target is None:
        value: int | None = getattr(row, column)
        return value
    if target.id is None:
        raise TypeError(f"flush the {type(target).__name__} before the {type(row).__name__}")
    return int(target.id)


def will_change(row: Any, column: str) -> bool:
    """Whether the flush will change this foreign key, through its column or its relation."""
    changed = get_history(row, column, PASSIVE_NO_INITIALIZE).has_changes()
    return changed or added_target(row, column) is not None


def foreign_row(row: Any, relation: str) -> Any:
    """Return the row a to-one relation will lead to after the flush, set by row or by key.

    A pending row never loads a relation from its key, and a loaded one may be out of date.
    """
    prop = type(row).__mapper__.relationships[relation]
    history = get_history(row, relation, PASSIVE_NO_INITIALIZE)
    if history.added and history.added[0] is not None:
        return history.added[0]
    (column,) = prop.local_columns
    value = getattr(row, type(row).__mapper__.get_property_by_column(column).key)
    session = object_session(row)
    if value is None or session is None:
        return None
    with session.no_autoflush:
        found = session.get(prop.mapper.class_, value)
    if found is not None:
        return found
    pending = (new for new in session.new if isinstance(new, prop.mapper.class_))
    return next((new for new in pending if new.id == value), None)
