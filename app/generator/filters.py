"""The filters a list offers for each kind of column, and the SQL condition each one becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError
from app.generator.fields import KINDS, WIB
from app.generator.spec import EntitySpec, FieldSpec
from app.models.base import AREA_COLUMNS
from app.models.pelaku import AREA_COLUMN_BY_TINGKAT
from app.models.validation import INTEGER_LIMIT
from app.teks import N_

ESCAPE = "\\"


@dataclass(frozen=True)
class Operator:
    """A comparison as the filter names it, and how it becomes SQL."""

    label: str
    build: Callable[[Any, Any], ColumnElement[bool]]


def _contains(column: Any, value: Any) -> ColumnElement[bool]:
    return contains(column, str(value))


def _is_empty(column: Any, value: Any) -> ColumnElement[bool]:
    empty: ColumnElement[bool] = column.is_(None) if value else column.is_not(None)
    return empty


OPERATORS: dict[str, Operator] = {
    "mengandung": Operator(N_("mengandung"), _contains),
    "sama": Operator(N_("adalah"), lambda column, value: column == value),
    "bukan": Operator(N_("bukan"), lambda column, value: or_(column != value, column.is_(None))),
    "mulai": Operator(N_("mulai dari"), lambda column, value: column >= value),
    "sampai": Operator(N_("sampai dengan"), lambda column, value: column <= value),
    "kosong": Operator(N_("kosong"), _is_empty),
}

SUBTREE = Operator(N_("di dalam"), OPERATORS["sama"].build)


def contains(column: Any, text: str) -> ColumnElement[bool]:
    """Return "``column`` contains ``text``", ignoring case, with % and _ taken literally."""
    for sign in (ESCAPE, "%", "_"):
        text = text.replace(sign, ESCAPE + sign)
    condition: ColumnElement[bool] = func.lower(column).like(f"%{text.lower()}%", escape=ESCAPE)
    return condition


def operators_of(spec: FieldSpec) -> tuple[str, ...]:
    """Return the operators a filter on this field offers; a sensitive one only equality.

    "Contains" on a masked column would let anyone read it digit by digit.
    """
    if spec.mask:
        return ("sama",)
    names = KINDS[spec.kind].filters
    return tuple(n for n in names if n != "kosong" or (spec.nullable and not spec.required))


def parse(spec: FieldSpec, operator: str, text: str) -> Any:
    """Return the typed value of a filter.

    Raises:
        DataTidakValidError: the text is no value of this kind, or the operator is not offered.
    """
    if operator not in operators_of(spec):
        raise DataTidakValidError({spec.name: N_("Saringan ini tidak tersedia.")})
    try:
        return _parse(spec, "ya_tidak" if operator == "kosong" else spec.kind, text.strip())
    except (ValueError, InvalidOperation) as error:
        raise DataTidakValidError({spec.name: N_("Nilai saringan tidak dikenal.")}) from error


def _parse(spec: FieldSpec, kind: str, text: str) -> Any:
    if kind in ("angka", "relasi"):
        number = int(text)
        if abs(number) > INTEGER_LIMIT:
            raise ValueError(text)
        return number
    if kind in ("desimal", "uang"):
        return Decimal(text)
    if kind in ("tanggal", "waktu"):
        day = date.fromisoformat(text)
        return day if 1800 <= day.year <= 2200 else _refuse(text)
    if kind == "ya_tidak":
        return {"1": True, "0": False}[text] if text in ("1", "0") else _refuse(text)
    if kind == "pilihan":
        return text if text in dict(spec.choices) else _refuse(text)
    return text if text and "\x00" not in text else _refuse(text)


def _refuse(text: str) -> Any:
    raise ValueError(text)


def condition(
    session: Session,
    specs: Mapping[str, EntitySpec],
    entity: EntitySpec,
    clause: tuple[str, str, str],
) -> ColumnElement[bool]:
    """Return the SQL condition of one filter ``(field, operator, text)`` on ``entity``."""
    name, operator, text = clause
    if name not in entity.screen.filter:
        raise DataTidakValidError({name: N_("Saringan ini tidak tersedia.")})
    spec = entity.fields[name]
    value = parse(spec, operator, text)
    column = getattr(entity.model, name)
    if spec.kind == "waktu" and operator != "kosong":
        day = datetime.combine(value, time(), tzinfo=WIB)
        value = day if operator == "mulai" else day + timedelta(days=1, microseconds=-1)
    target = specs.get(spec.target or "")
    if target is not None and target.screen.tree and operator == "sama":
        return _in_subtree(session, entity, target, spec, value)
    return OPERATORS[operator].build(column, value)


def _in_subtree(
    session: Session, entity: EntitySpec, target: EntitySpec, spec: FieldSpec, value: int
) -> ColumnElement[bool]:
    """Return "in this unit or below": an equality on the area column where the table has one."""
    unit: Any = target.model
    if entity.has_area and spec.name == entity.screen.scope:
        tingkat = session.scalar(select(unit.tingkat).where(unit.id == value))
        column = AREA_COLUMN_BY_TINGKAT.get(str(tingkat))
        if column in AREA_COLUMNS:
            equality: ColumnElement[bool] = getattr(entity.model, column) == value
            return equality
    inside: ColumnElement[bool] = getattr(entity.model, spec.name).in_(subtree(target, value))
    return inside


def subtree(target: EntitySpec, root: int) -> Select[Any]:
    """Return the ids of a tree's node and all below it, by its self-referencing key."""
    node: Any = target.model
    below = select(node.id.label("id")).where(node.id == root).cte("bawahan", recursive=True)
    key = getattr(node, str(target.screen.tree))
    below = below.union_all(select(node.id).join(below, key == below.c.id))
    return select(below.c.id)
