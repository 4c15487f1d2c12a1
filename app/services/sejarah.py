"""The history of one row: its changes, newest first, and the values to go back to.

It is for who may see the row, which the caller has loaded through the policy. Values come as
Python has them; which of them a person sees, and under which mask, a page decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.errors import TidakDitemukanError
from app.models.base import Entity
from app.models.nilai import column_types, from_json
from app.models.perubahan import Perubahan, TindakanPerubahan
from app.models.policy import unscoped

REASON = "the history of a row goes with the row, not with its own unit"

Values = Mapping[str, tuple[Any, Any]]
"""Column → (old, new), as Python has them."""


@dataclass(slots=True)
class Catatan:
    """One change of a row, or of a child edited in its form; ``tindakan`` is a msgid.

    ``digabung``: it merged another row into this one.
    """

    id: int
    waktu: datetime
    nama: str
    tindakan: str
    sumber_daya: str
    sebutan: str
    isi: Values
    catatan: str
    digabung: bool


def load_catatan(
    session: Session,
    row: Any,
    anak: Sequence[type[Entity]],
    *,
    sebelum: int | None = None,
    banyak: int,
    gabungan: int | None = None,
) -> list[Catatan]:
    """Return the newest changes of this row and its children, those older than ``sebelum``.

    ``gabungan``: of the row that this change merged into it, instead.

    Raises:
        TidakDitemukanError: nothing was merged into the row by that change.
    """
    models = {model.__name__: model for model in (type(row), *anak)}
    whose = _whose(row) if gabungan is None else _merged(session, row, gabungan)
    children = [
        and_(Perubahan.sumber_daya == name, Perubahan.induk_id == whose.id) for name in models
    ]
    query = _of_row(whose, *children)
    if sebelum is not None:
        query = query.where(Perubahan.id < sebelum)
    with unscoped(session, REASON, keep=True):
        found = session.execute(query.limit(banyak)).all()
    return [
        Catatan(
            id=note.id,
            waktu=note.waktu,
            nama=note.nama_pengguna,
            tindakan=note.tindakan.label,
            sumber_daya=note.sumber_daya,
            sebutan=note.sebutan,
            isi=values_of(models[note.sumber_daya], note.isi),
            catatan=note.catatan or "",
            digabung=note.sumber_daya == whose.sumber_daya and note.induk_id == whose.id,
        )
        for note in found
    ]


@dataclass(frozen=True)
class _Siapa:
    """Whose history: a row between its addition and the change that ended it, if any has.

    SQLite gives the highest id again once its row is gone; but no record of that row is younger
    than this one. An account (it has no ``created_at``) is never deleted.
    """

    sumber_daya: str
    id: int
    sejak: datetime | None
    sampai: int | None = None


def _whose(row: Any) -> _Siapa:
    return _Siapa(type(row).__name__, row.id, getattr(row, "created_at", None))


def _merged(session: Session, row: Any, perubahan_id: int) -> _Siapa:
    """Return whose history ended by being merged into this row, or into one merged into it."""
    merges = select(Perubahan.id, Perubahan.baris_id, Perubahan.induk_id, Perubahan.isi).where(
        Perubahan.sumber_daya == type(row).__name__,
        Perubahan.tindakan == TindakanPerubahan.GABUNG,
        Perubahan.induk_id.is_not(None),
    )
    with unscoped(session, REASON, keep=True):
        note = found = session.execute(merges.where(Perubahan.id == perubahan_id)).first()
        while found is not None and found.induk_id != row.id:
            later = merges.where(Perubahan.baris_id == found.induk_id, Perubahan.id > found.id)
            found = session.execute(later.order_by(Perubahan.id).limit(1)).first()
    if note is None or found is None:
        raise TidakDitemukanError
    sejak, _ = values_of(type(row), note.isi).get("created_at", (None, None))
    return _Siapa(type(row).__name__, note.baris_id, sejak, note.id)


def _of_row(row: _Siapa, *more: ColumnElement[bool]) -> Select[Any]:
    """Return the records of a row, newest first: of this row, not of one whose id it inherited."""
    of_model = Perubahan.sumber_daya == row.sumber_daya
    alone = and_(of_model, Perubahan.baris_id == row.id, Perubahan.sampai_id.is_(None))
    among = and_(
        of_model,
        Perubahan.sampai_id.is_not(None),
        Perubahan.sampai_id >= row.id,
        Perubahan.baris_id <= row.id,
    )
    columns = (
        *(Perubahan.id, Perubahan.waktu, Perubahan.nama_pengguna, Perubahan.tindakan),
        *(Perubahan.sumber_daya, Perubahan.sebutan, Perubahan.isi, Perubahan.catatan),
        Perubahan.induk_id,
    )
    query = select(*columns).where(or_(alone, among, *more)).order_by(Perubahan.id.desc())
    if row.sampai is not None:
        query = query.where(Perubahan.id <= row.sampai)
    return query if row.sejak is None else query.where(Perubahan.waktu >= row.sejak)


def values_of(model: Any, isi: Mapping[str, Sequence[Any]]) -> dict[str, tuple[Any, Any]]:
    """Return a change with its values as Python has them; a column that is gone is left out."""
    types = column_types(model)
    return {
        name: (_value(types[name], old), _value(types[name], new))
        for name, (old, new) in isi.items()
        if name in types
    }


def _value(type_: Any, value: Any) -> Any:
    try:
        return from_json(type_, value)
    except ValueError:  # a code that its list no longer has; its word still tells something
        return value


def nilai_sebelum(
    session: Session, row: Any, perubahan_id: int, *, seluruhnya: bool
) -> dict[str, Any]:
    """Return the values to go back to, by column: of one change, or with all that came after it.

    Raises:
        TidakDitemukanError: it is no change of this row.
    """
    query = _of_row(_whose(row)).where(Perubahan.id >= perubahan_id)
    with unscoped(session, REASON, keep=True):
        found = session.execute(query).all()
    if not found or found[-1].id != perubahan_id:
        raise TidakDitemukanError
    before: dict[str, Any] = {}
    for note in found if seluruhnya else found[-1:]:
        changed = values_of(type(row), note.isi)
        before |= {name: old for name, (old, _) in changed.items()}
    return before
