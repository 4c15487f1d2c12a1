"""Records what a flush did to rows that people edit: each change, and what was deleted whole.

What the system adds, with nobody signed in (seeds, migrations), needs no record: ``created_at``
says when. What it changes or deletes is recorded as "Sistem".
"""

from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import event, insert
from sqlalchemy.orm import Mapper, Session, UOWTransaction
from sqlalchemy.orm.attributes import get_history
from sqlalchemy.orm.base import PASSIVE_NO_INITIALIZE

from app.models.base import AREA_COLUMNS, TECHNICAL_COLUMNS, AreaMixin, Entity
from app.models.nilai import to_json
from app.models.perubahan import (
    TindakanPerubahan,
    clip,
    common_facts,
    owner_of,
    parent_key,
    write,
)
from app.models.policy import current_pelaku
from app.models.sampah import Sampah

SANDI = "sandi"
"""The kind of a column whose values are never kept: only that it changed."""

WRITES = frozenset({"add", "edit", "delete"})


@cache
def is_recorded(model: Any) -> bool:
    """Whether some peran may write rows of the model; the engine's own tables have a journal."""
    if not issubclass(model, Entity) or not hasattr(model, "screen"):
        return False
    return any(WRITES & set(granted.split()) for granted in model.screen.access.values())


@cache
def recorded_columns(model: Any) -> dict[str, bool]:
    """Return the columns whose changes are recorded, and whether with their values."""
    areas = AREA_COLUMNS if issubclass(model, AreaMixin) else ()
    columns = {a.key: a.columns[0] for a in model.__mapper__.column_attrs}
    return {
        key: column.info.get("kind") != SANDI
        for key, column in columns.items()
        if key not in TECHNICAL_COLUMNS
        and key not in areas
        and (key not in model.screen.hidden or column.info.get("kind") == SANDI)
    }


def _model(row: object) -> Any:
    return type(row)


def _is_kept(row: object) -> bool:
    return is_recorded(_model(row))


@event.listens_for(Entity, "mapper_configured", propagate=True)
def _keep_old_values(mapper: Mapper[Any], class_: type) -> None:
    """Let a value be read before it is overwritten, also when a commit has expired it."""
    if is_recorded(class_):
        for key in recorded_columns(class_):
            getattr(class_, key).impl.active_history = True


@event.listens_for(Session, "before_flush")
def _read_deleted(session: Session, context: UOWTransaction, instances: Any) -> None:
    """Load what is about to be deleted: afterwards it cannot be read any more."""
    with session.no_autoflush:
        for row in session.deleted:
            if _is_kept(row):
                _whole(row)


@event.listens_for(Session, "after_flush")
def _record(session: Session, context: UOWTransaction) -> None:
    rows = [*_added(session), *_changed(session)]
    deleted = [row for row in session.deleted if _is_kept(row)]
    records = [
        *(_entry(session, *change) for change in rows),
        *(
            _entry(session, row, TindakanPerubahan.HAPUS, {}) | _merged(session, row)
            for row in deleted
        ),
    ]
    write(session, records)
    if deleted and current_pelaku(session) is not None:
        _discard(session, deleted, records[-len(deleted) :])


def _added(session: Session) -> list[tuple[Any, TindakanPerubahan, dict[str, Any]]]:
    if current_pelaku(session) is None:
        return []
    new = [row for row in session.new if _is_kept(row)]
    return [(row, TindakanPerubahan.TAMBAH, {}) for row in new]


def _changed(session: Session) -> list[tuple[Any, TindakanPerubahan, dict[str, Any]]]:
    dirty = [row for row in session.dirty if _is_kept(row)]
    pairs = [(row, difference(row)) for row in dirty if row not in session.deleted]
    return [(row, TindakanPerubahan.UBAH, isi) for row, isi in pairs if isi]


def difference(row: Any) -> dict[str, list[Any]]:
    """Return column → [old, new] of what this flush changes in the row, as JSON has it."""
    found = {}
    for key, with_values in recorded_columns(_model(row)).items():
        history = get_history(row, key, PASSIVE_NO_INITIALIZE)
        if not history.has_changes():
            continue
        old, new = (to_json(part[0]) if part else None for part in (history.deleted, history.added))
        if old != new:
            found[key] = [old, new] if with_values else [None, None]
    return found


def _entry(
    session: Session, row: Any, tindakan: TindakanPerubahan, isi: dict[str, Any]
) -> dict[str, Any]:
    named = session.info.get("tindakan") or tindakan
    return {
        **common_facts(session, type(row).__name__, named),
        **owner_of(session, row),
        "baris_id": row.id,
        "induk_id": getattr(row, parent) if (parent := parent_key(_model(row))) else None,
        "sebutan": clip(row),
        "isi": isi,
    }


def _merged(session: Session, row: Any) -> dict[str, Any]:
    """Return what the record of a row that was merged into another holds beyond a deletion."""
    gone, kept_id = session.info.get("digabung", (None, None))
    if row is not gone:
        return {}
    names = [name for name, with_values in recorded_columns(_model(row)).items() if with_values]
    values = {name: to_json(getattr(row, name)) for name in (*names, "created_at")}
    isi = {name: [value, None] for name, value in values.items() if value is not None}
    return {"induk_id": kept_id, "isi": isi}


def _discard(session: Session, rows: list[Any], records: list[dict[str, Any]]) -> None:
    group = session.info.get("kelompok") or uuid4().hex
    names = ("pengguna_id", "nama_pengguna", "sumber_daya", "baris_id", "sebutan", "wilayah_id")
    session.connection().execute(
        insert(Sampah),
        [
            {**{n: record[n] for n in (*names, *AREA_COLUMNS)}, "kelompok": group, "isi": _whole(r)}
            for r, record in zip(rows, records, strict=True)
        ],
    )


def _whole(row: Any) -> dict[str, Any]:
    """Return every column of a row as JSON has it, but its passwords."""
    return {
        a.key: to_json(getattr(row, a.key))
        for a in type(row).__mapper__.column_attrs
        if a.columns[0].info.get("kind") != SANDI
    }
