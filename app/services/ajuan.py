"""The berkas a person filed last, for the first page to say how they fare."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas, StatusBerkas
from app.models.layanan import Layanan
from app.models.pelaku import Pelaku


@dataclass(frozen=True)
class Ajuan:
    """One berkas this person filed; ``diajukan`` is when."""

    berkas_id: int
    nomor: str
    layanan: str
    pemohon: str
    status: StatusBerkas
    diajukan: datetime


def list_ajuan(session: Session, pelaku: Pelaku, limit: int) -> list[Ajuan]:
    """Return what was filed under this person's appointments of today, the newest first."""
    rows = session.execute(
        select(Berkas.id, Berkas.nomor, Layanan.nama, Berkas.nama_pemohon)
        .add_columns(Berkas.status, Berkas.waktu_diajukan)
        .join(Layanan, Layanan.id == Berkas.layanan_id)
        .where(
            Berkas.diajukan_oleh_id.in_([j.penugasan_id for j in pelaku.jabatan]),
            Berkas.waktu_diajukan.is_not(None),
        )
        .order_by(Berkas.waktu_diajukan.desc(), Berkas.id.desc())
        .limit(limit)
    )
    return [Ajuan(*row) for row in rows]
