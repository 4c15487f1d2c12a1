"""The row policy (DESIGN §3): which rows a session may read and write, for every door at once.

One listener adds the person's area to each ORM select, update and delete; one check refuses
rows and foreign keys outside it before a flush. Without a `Pelaku` in ``session.info`` a scoped
model has no rows. `unscoped` is the only way around, and a test lists its call sites.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, event, false, or_, select, true
from sqlalchemy.orm import (
    ORMExecuteState,
    Session,
    UOWTransaction,
    with_loader_criteria,
)
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.orm.interfaces import ORMOption

from app.errors import DataTidakValidError, DiluarWilayahError, TidakBerwenangError
from app.models.append_only import AppendOnlyMixin
from app.models.base import AREA_COLUMNS, AreaMixin, Entity, HostModel
from app.models.pelaku import Area, Pelaku
from app.models.references import added_target, foreign_id, foreign_row, will_change
from app.models.wilayah import WilayahLeluhur, area_of_wilayah
from app.teks import N_

ACTION_OPTION = "aksi"
"""Execution option ``(resource, action)``: read this resource in the area of that action."""

KEPT_OPTION = "disimpan"
"""Execution option of a statement that is kept and asked again: its scoped form is kept with it."""


def bind_pelaku(session: Session, pelaku: Pelaku | None) -> None:
    """Fix for whom this session reads and writes, before it loads a scoped row."""
    session.info["pelaku"] = pelaku
    session.info.pop("policy_options", None)
    session.info.pop("titles", None)


def current_pelaku(session: Session) -> Pelaku | None:
    """Return for whom this session works; None closes every scoped model."""
    pelaku: Pelaku | None = session.info.get("pelaku")
    return pelaku


@contextmanager
def unscoped(session: Session, reason: str, *, keep: bool = False) -> Iterator[None]:
    """Lift the policy inside the block, for ``reason``; flush and let go of what it loaded.

    No row loaded inside stays in the session (``keep`` is only for the signed-in account, which
    the login host goes on using), so that a screen cannot meet it in the identity map.
    """
    outer = session.info.get("unscoped")
    known = set(session)
    session.info["unscoped"] = reason
    try:
        yield
        if outer is None and not keep:
            session.flush()
    finally:
        session.info["unscoped"] = outer
        if outer is None and not keep:
            for row in set(session) - known:
                session.expunge(row)


def scoped_models() -> tuple[type[Entity], ...]:
    """Return the models whose rows belong to a wilayah, in the order of their names."""
    mapped = [m.class_ for m in HostModel.registry.mappers if issubclass(m.class_, Entity)]
    scoped = [model for model in mapped if model.screen.scope is not None]
    return tuple(sorted(scoped, key=lambda model: model.__name__))


def area_criterion(model: type[Entity], area: Area) -> ColumnElement[bool]:
    """Return the condition "this row of ``model`` lies in ``area``" as equalities.

    A model with area columns compares them; a child (``scope`` names a relation) asks its
    parent by EXISTS. An empty area gives false.
    """
    if not area:
        return false()
    if issubclass(model, AreaMixin):
        return or_(*(getattr(model, column) == wilayah for column, wilayah in sorted(area)))
    relation = getattr(model, str(model.screen.scope))
    parent: type[Entity] = relation.property.mapper.class_
    criterion: ColumnElement[bool] = relation.has(area_criterion(parent, area))
    return criterion


def write_criterion(model: type[Entity], area: Area) -> ColumnElement[bool]:
    """Return the condition "from ``area`` this row may be written" of rows that all may read."""
    if model.screen.write_scope is None:
        return true()
    units = units_below(area)
    criterion: ColumnElement[bool] = getattr(model, model.screen.write_scope).in_(units)
    return criterion


def units_below(area: Area) -> Select[Any]:
    """Return the ids of the units of an area and of all below them."""
    return select(WilayahLeluhur.turunan_id).where(
        WilayahLeluhur.leluhur_id.in_([wilayah for _, wilayah in sorted(area)])
    )


def is_readable(session: Session, model: type[Entity], row_id: int, action: str) -> bool:
    """Whether the person may reach this row of a scoped model for an action, in one small query."""
    pelaku = current_pelaku(session)
    area: Area | None = pelaku.area(model.__name__, action) if pelaku else frozenset()
    if session.info.get("unscoped"):
        area = None
    kind: Any = model
    found = session.connection().execute(_readable(kind, area), {"row_id": row_id})
    return found.first() is not None


@lru_cache(maxsize=256)
def _readable(model: Any, area: Area | None) -> Select[Any]:
    id_ = model.__table__.c.id
    scope = true() if area is None else area_criterion(model, area)
    return select(id_).where(id_ == bindparam("row_id"), scope)


@event.listens_for(Session, "do_orm_execute")
def _read_only_own_rows(state: ORMExecuteState) -> None:
    if state.is_column_load or not (state.is_select or state.is_update or state.is_delete):
        return
    if state.session.info.get("unscoped"):
        return
    door = state.execution_options.get(ACTION_OPTION)
    options = _options(state.session, door)
    if state.execution_options.get(KEPT_OPTION):
        state.statement = _scoped(state.statement, options)
    else:
        state.statement = state.statement.options(*options)


@lru_cache(maxsize=512)
def _scoped(statement: Any, options: tuple[ORMOption, ...]) -> Any:
    return statement.options(*options)


def _options(session: Session, door: tuple[str, str] | None) -> tuple[ORMOption, ...]:
    cached: dict[Any, tuple[ORMOption, ...]] = session.info.setdefault("policy_options", {})
    if door not in cached:
        pelaku = current_pelaku(session)
        areas = tuple((model, _area(model, pelaku, door)) for model in scoped_models())
        cached[door] = _options_of(areas)
    return cached[door]


def _area(model: type[Entity], pelaku: Pelaku | None, door: tuple[str, str] | None) -> Area:
    if pelaku is None:
        return frozenset()
    action = door[1] if door and door[0] == model.__name__ else "list"
    return pelaku.area(model.__name__, action)


@lru_cache(maxsize=256)
def _options_of(areas: tuple[tuple[type[Entity], Area], ...]) -> tuple[ORMOption, ...]:
    """Return the criteria for these areas; people of one post share them between requests."""
    return tuple(
        with_loader_criteria(
            model,
            area_criterion(model, area),
            include_aliases=True,
            propagate_to_loaders=True,
        )
        for model, area in areas
    )


@event.listens_for(Session, "before_flush")
def _write_only_own_rows(session: Session, context: UOWTransaction, instances: Any) -> None:
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in [*session.new, *changed]:
        if isinstance(row, AreaMixin):
            set_area(session, row)
    if session.info.get("unscoped"):
        return
    pelaku = current_pelaku(session)
    for rows, action in ((session.new, "add"), (changed, "edit"), (session.deleted, "delete")):
        for row in [row for row in rows if isinstance(row, Entity)]:
            _check_row(session, pelaku, row, action)


def set_area(session: Session, row: Any) -> None:
    """Copy kecamatan, kelurahan, RW and RT of the owning wilayah into the row's area columns."""
    scope: str = row.screen.scope
    if row not in session.new and not will_change(row, scope):
        return
    wilayah_id = foreign_id(row, scope)
    areas = area_of_wilayah(session, wilayah_id) if wilayah_id is not None else {}
    for column in AREA_COLUMNS:
        setattr(row, column, areas.get(column))


def _check_row(session: Session, pelaku: Pelaku | None, row: Entity, action: str) -> None:
    resource = type(row).__name__
    if pelaku is None or not pelaku.may(resource, action):
        raise TidakBerwenangError(N_("Anda tidak berwenang melakukan tindakan ini."))
    area = pelaku.area(resource, action)
    owners = _owners(session, row, action)
    if any(not (owner.items() & area) for owner in owners):
        raise DiluarWilayahError
    if action != "delete":
        _check_references(session, row)


def _owners(session: Session, row: Any, action: str) -> list[dict[str, int | None]]:
    """Return the areas the row lay in before and lies in after the change; [] when unowned."""
    screen = row.screen
    if isinstance(row, AreaMixin):
        after = {column: getattr(row, column) for column in AREA_COLUMNS}
        before = {column: _before(row, column) for column in AREA_COLUMNS}
        return [after] if action == "add" else [before, after]
    if screen.scope is not None:
        parent = foreign_row(row, screen.scope)
        return [{}] if parent is None else _owners(session, parent, "add")
    if screen.write_scope is not None:
        values = {foreign_id(row, screen.write_scope)}
        if action != "add":
            values.add(_before(row, screen.write_scope))
        return [dict(area_of_wilayah(session, v)) if v is not None else {} for v in values]
    return []


def _before(row: Any, column: str) -> Any:
    history = get_history(row, column)
    return history.deleted[0] if history.deleted else getattr(row, column)


def _check_references(session: Session, row: Any) -> None:
    """Refuse a new foreign key to a scoped row that the person cannot read."""
    by_table = {model.__table__.name: model for model in scoped_models()}  # type: ignore[attr-defined]
    for column in type(row).__mapper__.columns:
        for key in column.foreign_keys:
            target: Any = by_table.get(key.column.table.name)
            added = added_target(row, column.key)
            if target is None or not will_change(row, column.key) or added in session.new:
                continue
            value = foreign_id(row, column.key)
            if value is None:
                continue
            if any(r.id == value for r in session.new if type(r) is target):
                continue
            if session.scalar(select(target.id).where(target.id == value)) is None:
                raise DataTidakValidError({column.key: N_("Pilihan ini di luar wilayah Anda.")})


@event.listens_for(Session, "after_flush_postexec")
def _follow_moved_units(session: Session, context: UOWTransaction) -> None:
    moved = session.info.pop("moved_units", None)
    if moved:
        reset_areas(session, moved)


def reset_areas(session: Session, wilayah_ids: set[int]) -> None:
    """Set the area columns anew of every row owned by these units, after the tree changed."""
    for model in scoped_models():
        if not issubclass(model, AreaMixin) or issubclass(model, AppendOnlyMixin):
            continue  # a record stays with the unit it was written for
        scope = getattr(model, str(model.screen.scope))
        for wilayah_id in wilayah_ids:
            areas = area_of_wilayah(session, wilayah_id)
            values = {column: areas.get(column) for column in AREA_COLUMNS}
            table: Any = model.__table__  # type: ignore[attr-defined]
            session.connection().execute(
                table.update().where(table.c[scope.key] == wilayah_id).values(**values)
            )
