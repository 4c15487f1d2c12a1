"""Pekerjaan as the person sees it: asked for, looked at, cancelled, fetched; theirs alone.

Every statement names the owner: the row policy knows areas, and these rows belong to a person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from app.errors import BangkitError, TidakBerwenangError, TidakDitemukanError
from app.models.engine import transaction
from app.models.pekerjaan import Pekerjaan, StatusPekerjaan
from app.models.pelaku import Pelaku
from app.models.policy import unscoped
from app.models.validation import INTEGER_LIMIT
from app.services.antrean_kerja import TERBUKA, hentikan, kosongkan
from app.services.simpanan_kerja import hapus, hapus_tua, kunci_dalam, stream
from app.teks import N_

MOST_OPEN = 20
"""One person has no more unfinished pekerjaan than this."""

YATIM_LAMA = timedelta(days=3)
"""A stored file older than this belongs to nothing that still runs."""

HALAMAN = 50
REASON = "pekerjaan milik orang, bukan wilayah"


@dataclass(frozen=True)
class Ringkasan:
    """One pekerjaan as its owner sees it; ``nama_hasil`` is empty when there is none to fetch."""

    id: int
    judul: str
    status: StatusPekerjaan
    kemajuan: int
    jumlah: int | None
    pesan: str
    pesan_data: Mapping[str, Any]
    nama_hasil: str
    hasil_sampai: datetime | None
    waktu_diminta: datetime
    waktu_selesai: datetime | None

    @property
    def terbuka(self) -> bool:
        """Whether it still waits or runs."""
        return self.status in TERBUKA


def mulai(
    session: Session,
    pelaku: Pelaku,
    now: datetime,
    *,
    jenis: str,
    judul: str,
    data: Mapping[str, Any],
    bahasa: str,
) -> int:
    """Write a pekerjaan in the transaction of the request, so that it is lost or kept with it.

    Raises:
        TidakBerwenangError: the person holds no post now.
        BangkitError: too many are unfinished.
    """
    if not pelaku.jabatan:
        raise TidakBerwenangError(N_("Anda tidak berwenang melakukan tindakan ini."))
    session.flush()
    with unscoped(session, REASON):
        own = _own(pelaku, func.count()).where(Pekerjaan.status.in_(TERBUKA))
        if (session.scalar(own) or 0) >= MOST_OPEN:
            raise BangkitError(
                N_("Sudah ada %(n)s pekerjaan Anda yang belum selesai: tunggu dahulu."), n=MOST_OPEN
            )
        row = Pekerjaan(
            jenis=jenis,
            judul=judul[:200],
            status=StatusPekerjaan.MENUNGGU,
            data=dict(data),
            bahasa=bahasa,
            waktu_diminta=now,
            pengguna_id=pelaku.pengguna_id,
            wilayah_id=pelaku.jabatan[-1].wilayah_id,
        )
        session.add(row)
        session.flush()
        return row.id


def list_pekerjaan(
    session: Session, pelaku: Pelaku, now: datetime, sebelum: int | None = None
) -> list[Ringkasan]:
    """Return this person's pekerjaan, newest first, at most `HALAMAN`, older than ``sebelum``."""
    query = _rows(pelaku).order_by(Pekerjaan.id.desc()).limit(HALAMAN)
    if sebelum is not None:
        query = query.where(Pekerjaan.id < min(sebelum, INTEGER_LIMIT))
    with unscoped(session, REASON):
        return [_ringkas(row, now) for row in session.execute(query)]


def data_terbuka(session: Session, pelaku: Pelaku, jenis: str) -> list[Mapping[str, Any]]:
    """Return the data of this person's pekerjaan of a kind that have not ended."""
    query = _own(pelaku, Pekerjaan.data).where(
        Pekerjaan.jenis == jenis, Pekerjaan.status.in_(TERBUKA)
    )
    with unscoped(session, REASON):
        return list(session.scalars(query))


def baca(session: Session, pelaku: Pelaku, now: datetime, id_: int) -> Ringkasan:
    """Return one pekerjaan of this person.

    Raises:
        TidakDitemukanError: there is none, or it is somebody else's.
    """
    with unscoped(session, REASON):
        row = session.execute(_one(_rows(pelaku), id_)).one_or_none()
    if row is None:
        raise TidakDitemukanError
    return _ringkas(row, now)


def batalkan(session: Session, pelaku: Pelaku, now: datetime, id_: int) -> bool:
    """Cancel one pekerjaan of this person; return False if it had ended before.

    Raises:
        TidakDitemukanError: there is none, or it is somebody else's.
    """
    baca(session, pelaku, now, id_)
    return hentikan(session.connection(), pelaku.pengguna_id, id_, now)


def unduh(
    session: Session, pelaku: Pelaku, now: datetime, place: object, id_: int
) -> tuple[str, Iterator[bytes]]:
    """Return name and bytes of a result.

    Raises:
        TidakDitemukanError: none, somebody else's, or older than a day.
    """
    with unscoped(session, REASON):
        query = _one(_own(pelaku, Pekerjaan.nama_hasil, Pekerjaan.hasil), id_)
        row = session.execute(query.where(Pekerjaan.hasil_sampai > now)).one_or_none()
    if row is None:
        raise TidakDitemukanError(N_("Hasil tidak ada, atau sudah lewat satu hari."))
    return row.nama_hasil, stream(place, row.hasil)


def bersihkan(engine: Engine, place: object, now: datetime) -> int:
    """Forget inputs and results of what ended a day ago, and stray files; return how many rows."""
    with transaction(engine) as session, unscoped(session, REASON):
        rows = session.execute(
            select(Pekerjaan.id, Pekerjaan.data, Pekerjaan.hasil).where(
                Pekerjaan.hasil_sampai <= now
            )
        ).all()
        kosongkan(session.connection(), [row.id for row in rows])
    for row in rows:
        hapus(place, [*kunci_dalam(row.data), *([row.hasil] if row.hasil else [])])
    hapus_tua(place, now - YATIM_LAMA)
    return len(rows)


def _own(pelaku: Pelaku, *columns: Any) -> Select[Any]:
    return select(*columns).where(Pekerjaan.pengguna_id == pelaku.pengguna_id)


def _one(query: Select[Any], id_: int) -> Select[Any]:
    return query.where(Pekerjaan.id == min(id_, INTEGER_LIMIT))


def _rows(pelaku: Pelaku) -> Select[Any]:
    names = (
        *("id", "judul", "status", "kemajuan", "jumlah", "pesan", "pesan_data"),
        *("nama_hasil", "hasil_sampai", "waktu_diminta", "waktu_selesai"),
    )
    return _own(pelaku, *(getattr(Pekerjaan, name) for name in names))


def _ringkas(row: Any, now: datetime) -> Ringkasan:
    fetchable = row.hasil_sampai is not None and row.hasil_sampai > now
    values = {
        **row._mapping,
        "pesan": row.pesan or "",
        "pesan_data": row.pesan_data or {},
        "nama_hasil": row.nama_hasil if fetchable else "",
    }
    return Ringkasan(**values)
