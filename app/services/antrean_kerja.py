"""The queue of pekerjaan: every change of a row's state, each one statement that names its right.

A worker that holds a pekerjaan bears a token in ``pemegang``. Each change it makes asks for that
token, so a worker that was taken for dead and comes back changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, and_, case, func, or_, select

from app.models.pekerjaan import Pekerjaan, StatusPekerjaan

TERBUKA = (StatusPekerjaan.MENUNGGU, StatusPekerjaan.BERJALAN)

LAMA = timedelta(days=1)
"""How long after the end a result is kept, and what the pekerjaan was given."""

table: Table = Pekerjaan.__table__  # type: ignore[assignment]


@dataclass(frozen=True)
class Ambilan:
    """A pekerjaan as the worker that claimed it knows it; ``percobaan`` counts from 1."""

    id: int
    jenis: str
    data: dict[str, Any]
    bahasa: str
    pengguna_id: int
    tercatat: int
    percobaan: int
    pemegang: str


def ada(connection: Connection, mati: datetime) -> bool:
    """Whether something can be claimed; it only reads."""
    return connection.scalar(select(table.c.id).where(_free(mati)).limit(1)) is not None


def ambil(connection: Connection, pemegang: str, now: datetime, mati: datetime) -> Ambilan | None:
    """Claim the oldest that waits, or whose worker was not heard since ``mati``; None if none.

    On SQLite the transaction must hold the write lock.
    """
    oldest = select(table.c.id).where(_free(mati)).order_by(table.c.id).limit(1)
    id_ = connection.scalar(oldest.with_for_update(skip_locked=True))
    if id_ is None:
        return None
    connection.execute(
        table.update()
        .where(table.c.id == id_)
        .values(
            status=StatusPekerjaan.BERJALAN,
            pemegang=pemegang,
            denyut=now,
            percobaan=table.c.percobaan + 1,
            waktu_mulai=func.coalesce(table.c.waktu_mulai, now),
            revisi=table.c.revisi + 1,
        )
    )
    names = ("id", "jenis", "data", "bahasa", "pengguna_id", "tercatat", "percobaan", "pemegang")
    row = connection.execute(select(*(table.c[n] for n in names)).where(table.c.id == id_)).one()
    return Ambilan(**row._mapping)


def _free(mati: datetime) -> Any:
    silent = and_(table.c.status == StatusPekerjaan.BERJALAN, table.c.denyut < mati)
    return or_(table.c.status == StatusPekerjaan.MENUNGGU, silent)


def tandai(connection: Connection, ambilan: Ambilan, **values: Any) -> bool:
    """Change the row while this run holds it; return whether it still does."""
    changed = connection.execute(
        table.update()
        .where(
            table.c.id == ambilan.id,
            table.c.pemegang == ambilan.pemegang,
            table.c.status == StatusPekerjaan.BERJALAN,
        )
        .values(revisi=table.c.revisi + 1, **values)
    )
    return changed.rowcount == 1


def lepas(connection: Connection, ambilan: Ambilan, *, dihitung: bool) -> bool:
    """Give a pekerjaan back to the queue; not ``dihitung`` when it was not its own fault."""
    lower = case((table.c.percobaan > 0, table.c.percobaan - 1), else_=0)
    values = {} if dihitung else {"percobaan": lower}
    return tandai(
        connection, ambilan, status=StatusPekerjaan.MENUNGGU, pemegang=None, denyut=None, **values
    )


def akhiri(
    connection: Connection, ambilan: Ambilan, status: StatusPekerjaan, now: datetime, **values: Any
) -> bool:
    """Mark the end while this run holds it; return whether it still did."""
    return tandai(
        connection, ambilan, status=status, waktu_selesai=now, hasil_sampai=now + LAMA, **values
    )


def hentikan(connection: Connection, pengguna_id: int, id_: int, now: datetime) -> bool:
    """Cancel an open pekerjaan of this person; return whether it was open."""
    changed = connection.execute(
        table.update()
        .where(table.c.id == id_, table.c.pengguna_id == pengguna_id, table.c.status.in_(TERBUKA))
        .values(
            status=StatusPekerjaan.DIBATALKAN,
            waktu_selesai=now,
            hasil_sampai=now + LAMA,
            pemegang=None,
            revisi=table.c.revisi + 1,
        )
    )
    return changed.rowcount == 1


def kosongkan(connection: Connection, ids: list[int]) -> None:
    """Forget what these pekerjaan were given and what came of them; their files are gone."""
    connection.execute(
        table.update()
        .where(table.c.id.in_(ids))
        .values(data={}, hasil=None, hasil_sampai=None, revisi=table.c.revisi + 1)
    )
