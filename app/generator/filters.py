"""The filters a list offers for each kind of column, and the SQL condition each one becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError
from app.generator import matching
from app.generator.fields import KINDS, WIB
from app.generator.ordering import ordered
from app.generator.spec import EntitySpec, FieldSpec
from app.generator.titles import load_titles
from app.models.base import AREA_COLUMNS
from app.models.pelaku import AREA_COLUMN_BY_TINGKAT
from app.models.policy import current_pelaku
from app.models.urutan import fold
from app.models.validation import INTEGER_LIMIT
from app.teks import N_


@dataclass(frozen=True)
class Operator:
    """A comparison as the filter names it, and how it becomes SQL."""

    label: str
    build: Callable[[Any, Any], ColumnElement[bool]]


def _is_empty(column: Any, value: Any) -> ColumnElement[bool]:
    empty: ColumnElement[bool] = column.is_(None) if value else column.is_not(None)
    return empty


OPERATORS: dict[str, Operator] = {
    "mengandung": Operator(N_("mengandung"), matching.contains),
    "diawali": Operator(N_("diawali"), matching.begins),
    "sama": Operator(N_("adalah"), lambda column, value: column == value),
    "bukan": Operator(N_("bukan"), lambda column, value: or_(column != value, column.is_(None))),
    "salah_satu": Operator(N_("salah satu dari"), lambda column, value: column.in_(value)),
    "rentang": Operator(N_("dalam"), lambda column, value: column.between(*value)),
    "mulai": Operator(N_("mulai dari"), lambda column, value: column >= value),
    "sampai": Operator(N_("sampai dengan"), lambda column, value: column <= value),
    "kosong": Operator(N_("kosong"), _is_empty),
}

SUBTREE = Operator(N_("di dalam"), OPERATORS["sama"].build)

SPANS = {
    "hari_ini": N_("hari ini"),
    "minggu_ini": N_("minggu ini"),
    "bulan_ini": N_("bulan ini"),
    "tahun_ini": N_("tahun ini"),
    "30_hari": N_("30 hari terakhir"),
}
"""Stretches of time that move with the day; a week begins on Monday."""


def span(name: str, today: date) -> tuple[date, date]:
    """Return the first and the last day of a stretch of time.

    >>> span("minggu_ini", date(2026, 11, 25))
    (datetime.date(2026, 11, 23), datetime.date(2026, 11, 29))
    """
    monday = today - timedelta(days=today.weekday())
    next_month = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return {
        "hari_ini": (today, today),
        "minggu_ini": (monday, monday + timedelta(days=6)),
        "bulan_ini": (today.replace(day=1), next_month - timedelta(days=1)),
        "tahun_ini": (today.replace(month=1, day=1), today.replace(month=12, day=31)),
        "30_hari": (today - timedelta(days=29), today),
    }[name]


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
        if operator == "rentang":
            return text if text in SPANS else _refuse(text)
        if operator == "salah_satu":
            return tuple(_parse(spec, spec.kind, part) for part in text.split(","))
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
    target = specs.get(spec.target or "")
    if target is not None and target.screen.tree and operator == "sama":
        return _in_subtree(session, entity, target, spec, value)
    column = getattr(entity.model, name)
    if operator == "rentang":
        return OPERATORS[operator].build(column, _days(session, spec, value))
    if operator == "mengandung":
        return and_(
            *matching.found(session, entity, _findable(value)), matching.contains(column, value)
        )
    if operator in ("kosong", "diawali"):
        return OPERATORS[operator].build(column, value)
    if spec.kind == "waktu":
        value = _first_moment(value) if operator == "mulai" else _last_moment(value)
    if spec.kind in ("teks", "email", "telepon"):
        value = fold(value)
    # A relation is ordered by its title, and compared by its key; a masked value stays whole.
    plain = spec.mask is not None or spec.kind == "relasi"
    return OPERATORS[operator].build(column if plain else ordered(spec, column), value)


def _findable(text: str) -> tuple[str, ...]:
    return (fold(text),) if len(text) >= matching.SHORTEST else ()


def _days(session: Session, spec: FieldSpec, name: str) -> tuple[Any, Any]:
    """Return the ends of a stretch of time, by the day on which the person asks."""
    pelaku = current_pelaku(session)
    if pelaku is None or pelaku.saat is None:
        raise TypeError("a stretch of time needs to know for whom, and which day it is")
    first, last = span(name, pelaku.saat.astimezone(WIB).date())
    return (_first_moment(first), _last_moment(last)) if spec.kind == "waktu" else (first, last)


def _first_moment(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=WIB)


def _last_moment(day: date) -> datetime:
    return _first_moment(day) + timedelta(days=1, microseconds=-1)


def _in_subtree(
    session: Session, entity: EntitySpec, target: EntitySpec, spec: FieldSpec, value: int
) -> ColumnElement[bool]:
    """Return "in this unit or below": an equality on the area column where the table has one."""
    column = _area_column(session, entity, target, spec, value)
    if column is not None:
        equality: ColumnElement[bool] = getattr(entity.model, column) == value
        return equality
    inside: ColumnElement[bool] = getattr(entity.model, spec.name).in_(subtree(target, value))
    return inside


def _area_column(
    session: Session, entity: EntitySpec, target: EntitySpec, spec: FieldSpec, value: int
) -> str | None:
    """Return the area column that says which rows lie in this unit; None where none does."""
    if not entity.has_area or spec.name != entity.screen.scope:
        return None
    pair = (target.resource, value)
    _, tingkat = load_titles(session, {target.resource: target}, [pair])[pair]
    column = AREA_COLUMN_BY_TINGKAT.get(str(tingkat))
    return column if column in AREA_COLUMNS else None


def area_of(
    session: Session,
    specs: Mapping[str, EntitySpec],
    entity: EntitySpec,
    clause: tuple[str, str, str],
) -> str | None:
    """Return the area column of a filter that means all rows of one unit; None of others."""
    name, operator, text = clause
    if name not in entity.screen.filter or operator != "sama":
        return None
    spec = entity.fields[name]
    target = specs.get(spec.target or "")
    if target is None or not target.screen.tree:
        return None
    return _area_column(session, entity, target, spec, parse(spec, operator, text))


def subtree(target: EntitySpec, root: int) -> Select[Any]:
    """Return the ids of a tree's node and all below it, by its self-referencing key."""
    node: Any = target.model
    below = select(node.id.label("id")).where(node.id == root).cte("bawahan", recursive=True)
    key = getattr(node, str(target.screen.tree))
    below = below.union_all(select(node.id).join(below, key == below.c.id))
    return select(below.c.id)
