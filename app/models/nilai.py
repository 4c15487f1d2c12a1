"""Values of columns as JSON keeps them, and back: for what changed, and for what was deleted."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum as PythonEnum
from typing import Any

from sqlalchemy import Date, DateTime, Enum, Numeric, Time
from sqlalchemy.types import TypeEngine

from app.models.base import Waktu


def to_json(value: Any) -> Any:
    """Return a column's value as JSON has it; `from_json` reads it back.

    >>> to_json(date(2026, 11, 25)), to_json(Decimal("1.50"))
    ('2026-11-25', '1.50')
    """
    if isinstance(value, PythonEnum):
        return value.value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def column_types(model: Any) -> dict[str, TypeEngine[Any]]:
    """Return the type of each column of a model, by the name of its attribute."""
    return {a.key: a.columns[0].type for a in model.__mapper__.column_attrs}


def from_json(type_: TypeEngine[Any], value: Any) -> Any:
    """Return the value that a column of this type had when `to_json` wrote it.

    Raises:
        ValueError: a code that its list no longer has.
    """
    if value is None:
        return None
    if isinstance(type_, Enum) and type_.enum_class is not None:
        return type_.enum_class(value)
    if isinstance(type_, Waktu | DateTime):
        return datetime.fromisoformat(value)
    if isinstance(type_, Date):
        return date.fromisoformat(value)
    if isinstance(type_, Time):
        return time.fromisoformat(value)
    return Decimal(value) if isinstance(type_, Numeric) else value
