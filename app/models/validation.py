"""Rules a row must meet before it is written, so that form, API and import share them."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Column, Date, Enum, Integer, Numeric, String, event
from sqlalchemy.orm import RelationshipDirection, Session, UOWTransaction

from app.errors import DataTidakValidError
from app.models.base import TECHNICAL_COLUMNS, Entity
from app.models.references import added_target, foreign_row, will_change
from app.teks import N_

INTEGER_LIMIT = 2**31 - 1
"""Largest value of an ``integer`` column on PostgreSQL; SQLite would take more."""


@event.listens_for(Session, "before_flush", insert=True)
def _refuse_invalid_rows(session: Session, context: UOWTransaction, instances: Any) -> None:
    with session.no_autoflush:
        changed = [row for row in session.dirty if session.is_modified(row)]
        rows = [row for row in [*session.new, *changed] if isinstance(row, Entity)]
        for row in rows:
            _to_members(row)
        for row in rows:
            validate(row)


def validate(row: Entity) -> None:
    """Check what each column states (required, length, range) and the model's own rules.

    Raises:
        DataTidakValidError: with one message for each field that is wrong.
    """
    mapper: Any = type(row).__mapper__  # type: ignore[attr-defined]
    errors: dict[str, str] = {}
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        if column.info.get("label") and attribute.key not in TECHNICAL_COLUMNS:
            message = _column_error(row, attribute.key, column)
            if message:
                errors[attribute.key] = message
    if not errors:
        errors = ({} if _is_engine_written(mapper.class_) else _relation_errors(row)) or row.check()
    if errors:
        raise DataTidakValidError(errors, row)


@cache
def _is_engine_written(model: Any) -> bool:
    """Whether no peran may write rows of the model: then no person chose what they point at.

    Their foreign keys come from rows the program has just read, and the database checks them.
    """
    granted = {action for text in model.screen.access.values() for action in text.split()}
    return not granted & {"add", "edit"}


def _to_members(row: Any) -> None:
    """Turn a code given as plain text, as forms and the API do, into the member of its list."""
    for attribute in type(row).__mapper__.column_attrs:
        type_ = attribute.columns[0].type
        if isinstance(type_, Enum) and type_.enum_class is not None:
            value = getattr(row, attribute.key)
            if type(value) is str and value in type_.enums:
                setattr(row, attribute.key, type_.enum_class(value))


def _relation_errors(row: Any) -> dict[str, str]:
    """Refuse a new foreign key to nothing, or to a row that ``pick`` of its column leaves out."""
    errors = {}
    for relation in type(row).__mapper__.relationships:
        if relation.direction is not RelationshipDirection.MANYTOONE:
            continue
        (column,) = relation.local_columns
        if "label" not in column.info or not will_change(row, column.key):
            continue
        target = foreign_row(row, relation.key)
        if target is None and getattr(row, column.key) is not None:
            errors[column.key] = N_("Pilihan ini tidak ditemukan.")
        elif target is not None and not _is_picked(target, column.info["pick"]):
            errors[column.key] = N_("Pilihan ini tidak ada pada daftarnya.")
    return errors


def _is_picked(target: Any, pick: Mapping[str, str]) -> bool:
    return all(getattr(target, name) == value for name, value in pick.items())


def _column_error(row: Any, key: str, column: Column[Any]) -> str:
    if column.foreign_keys and added_target(row, key) is not None:
        return ""
    return value_error(column, getattr(row, key))


def value_error(column: Column[Any], value: Any) -> str:
    """Return what is wrong with a value by what its column states (required, length, range)."""
    if value is None:
        has_default = column.default is not None or column.server_default is not None
        return "" if column.nullable or has_default else N_("Wajib diisi.")
    if isinstance(value, str):
        return _text_error(value, column)
    if isinstance(column.type, Integer) and not isinstance(column.type, Boolean):
        return "" if abs(int(value)) <= INTEGER_LIMIT else N_("Angka terlalu besar.")
    if isinstance(column.type, Numeric) and isinstance(value, int | Decimal):
        digits = (column.type.precision or 15) - (column.type.scale or 0)
        return "" if abs(Decimal(value)) < Decimal(10) ** digits else N_("Angka terlalu besar.")
    return ""


def value_checker(column: Column[Any]) -> Callable[[Any], str]:
    """Return `value_error` of a column for many values: what is plainly right is told at once."""
    enum = getattr(column.type, "enum_class", None)
    length = getattr(column.type, "length", None) or INTEGER_LIMIT
    plain: Any = enum or {Boolean: bool, Integer: int, Date: date, String: str}.get(
        type(column.type)
    )
    may_be_none = bool(column.nullable)

    def check(value: Any) -> str:
        if value is None:
            return "" if may_be_none else value_error(column, value)
        if type(value) is not plain:
            return value_error(column, value)
        if plain is str:
            # Nothing blank, no sign that cannot be stored: "!" is the first after the space.
            is_right = len(value) <= length and value.isprintable() and value > "!"
        else:
            is_right = plain is not int or 0 <= value <= INTEGER_LIMIT
        return "" if is_right else value_error(column, value)

    return check


def _text_error(value: str, column: Column[Any]) -> str:
    if not value.strip() and not column.nullable and column.default is None:
        return N_("Wajib diisi.")
    if "\x00" in value:
        return N_("Ada huruf yang tidak dapat disimpan.")
    if isinstance(column.type, Enum):
        return "" if value in column.type.enums else N_("Pilihan tidak dikenal.")
    if isinstance(column.type, String) and column.type.length and len(value) > column.type.length:
        return N_("Isian terlalu panjang.")
    return ""
