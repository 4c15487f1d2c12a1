"""Sampah: what was deleted, seen by who may delete it, put back, and let go of after some days."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, and_, delete, false, or_, select
from sqlalchemy.orm import RelationshipDirection, Session

from app.errors import DataBerubahError, TidakDitemukanError
from app.models.base import AREA_COLUMNS, Entity
from app.models.nilai import column_types, from_json
from app.models.perubahan import Perubahan
from app.models.policy import current_pelaku, unscoped
from app.models.sampah import Sampah
from app.teks import N_

ID_TAKEN = N_("Nomor data ini sudah dipakai data lain, jadi data lama tidak dapat dipulihkan.")
NO_LONGER = N_("Isi data ini tidak cocok lagi dengan aturan sekarang; tambahkan sebagai data baru.")


@dataclass(slots=True)
class Buangan:
    """One deleted row that may be put back."""

    id: int
    sebutan: str
    waktu: datetime
    nama: str


@contextmanager
def satu_kelompok(session: Session) -> Iterator[str]:
    """Let all that is deleted in this block be put back as one; give what names it."""
    kelompok = session.info["kelompok"] = uuid4().hex
    try:
        yield kelompok
    finally:
        session.info["kelompok"] = None


def load_sampah(
    session: Session,
    model: type[Entity],
    *,
    sejak: datetime,
    kelompok: str | None = None,
    sebelum: int | None = None,
    banyak: int,
) -> list[Buangan]:
    """Return what of a model was deleted and the person could delete, newest first."""
    query = _visible(session, model, sejak).order_by(Sampah.id.desc()).limit(banyak)
    if kelompok is not None:
        query = query.where(Sampah.kelompok == kelompok)
    if sebelum is not None:
        query = query.where(Sampah.id < sebelum)
    return [Buangan(s.id, s.sebutan, s.waktu, s.nama_pengguna) for s in session.scalars(query)]


def _visible(session: Session, model: type[Entity], sejak: datetime) -> Select[Sampah]:
    """Return what lies in the area where the person may delete; rows of nobody lie everywhere."""
    pelaku = current_pelaku(session)
    query = select(Sampah).where(Sampah.sumber_daya == model.__name__, Sampah.waktu >= sejak)
    if pelaku is None or not pelaku.may(model.__name__, "delete"):
        return query.where(false())
    if model.screen.scope is None and model.screen.write_scope is None:
        return query
    area = sorted(pelaku.area(model.__name__, "delete"))
    return query.where(or_(*(getattr(Sampah, column) == unit for column, unit in area)))


def pulihkan(
    session: Session, model: type[Entity], sampah_id: int, *, sejak: datetime, row: Any
) -> None:
    """Fill the empty ``row`` with what was deleted, and add its children; the caller flushes.

    Raises:
        TidakDitemukanError: nothing of the kind lies where the person may delete.
        DataBerubahError: another row has the id by now, or a value is none any more.
    """
    kept = session.scalar(_visible(session, model, sejak).where(Sampah.id == sampah_id))
    if kept is None:
        raise TidakDitemukanError
    others = select(Sampah).where(Sampah.kelompok == kept.kelompok, Sampah.id != kept.id)
    group = session.scalars(others.order_by(Sampah.id)).all()
    for kind, part in _family(model, kept, group):
        target = row if part is kept else kind()
        _fill(session, kind, part, target)
        session.add(target)
        session.delete(part)


def _family(model: Any, kept: Sampah, group: Sequence[Sampah]) -> Iterator[tuple[Any, Sampah]]:
    """Yield a deleted row, and those deleted with it that hung on it; parents first."""
    yield model, kept
    for relation in model.__mapper__.relationships:
        if relation.direction is not RelationshipDirection.ONETOMANY:
            continue
        child = relation.mapper.class_
        (column,) = relation.remote_side
        key = relation.mapper.get_property_by_column(column).key
        for part in group:
            if part.sumber_daya == child.__name__ and part.isi.get(key) == kept.baris_id:
                yield from _family(child, part, group)


def _fill(session: Session, model: Any, kept: Sampah, row: Any) -> None:
    """Write the kept values onto the row; keys and the counter of edits come by themselves."""
    table = model.__table__
    taken = select(table.c.id).where(table.c.id == kept.baris_id)
    if session.connection().execute(taken).first() is not None:
        raise DataBerubahError(ID_TAKEN)
    types = column_types(model)
    passed_over = {"revisi", *AREA_COLUMNS}
    if _was_reused(session, kept):
        # The row that had the id in between is no part of this one's history: it begins anew.
        passed_over.add("created_at")
    try:
        for name in types.keys() & kept.isi.keys() - passed_over:
            setattr(row, name, from_json(types[name], kept.isi[name]))
    except ValueError as error:
        raise DataBerubahError(NO_LONGER) from error


def _was_reused(session: Session, kept: Sampah) -> bool:
    """Whether another row had this id since the deletion."""
    later = select(Perubahan.id).where(
        Perubahan.sumber_daya == kept.sumber_daya,
        Perubahan.waktu > kept.waktu,
        or_(
            and_(Perubahan.baris_id == kept.baris_id, Perubahan.sampai_id.is_(None)),
            and_(Perubahan.sampai_id >= kept.baris_id, Perubahan.baris_id <= kept.baris_id),
        ),
    )
    with unscoped(session, "whether an id was given again is asked of every unit", keep=True):
        return session.execute(later.limit(1)).first() is not None


def kosongkan_sampah(session: Session, now: datetime, hari: int) -> int:
    """Let go of what was deleted more than ``hari`` days ago; return how many rows that were."""
    old = delete(Sampah).where(Sampah.waktu < now - timedelta(days=hari))
    result: Any = session.execute(old)
    return int(result.rowcount)
