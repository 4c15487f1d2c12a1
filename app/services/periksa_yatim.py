"""Looks for orphans: rows without their berkas, files without bytes, desks nobody can sit at."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import obstore
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas, BerkasPersyaratan
from app.models.eskalasi import EskalasiTerjadi
from app.models.kotak_keluar import KotakKeluar
from app.models.kunjungan import TERBUKA, Kunjungan
from app.models.lampiran import Lampiran
from app.models.riwayat import Riwayat
from app.models.surat import NomorSurat, Surat
from app.models.wilayah import Wilayah
from app.services.nomor import wib_date

ANAK = (Kunjungan, Riwayat, Lampiran, Surat, KotakKeluar, BerkasPersyaratan, EskalasiTerjadi)
"""What belongs to a berkas; foreign keys hold it there, unless somebody switched them off."""

Temuan = tuple[str, str, str]


def find_orphans(session: Session, now: datetime) -> Iterator[Temuan]:
    """Yield (kind, name, what is wrong); call it unscoped."""
    for model in ANAK:
        yield from _without_berkas(session, model)
    yield from _retired_desks(session, now)
    yield from _counters(session)


def missing_blobs(place: object, kunci: str, ukuran_bytes: int) -> str | None:
    """Return what is wrong with the stored file of a lampiran, None if it is there whole."""
    try:
        size = obstore.head(place, kunci)["size"]  # type: ignore[arg-type]
    except FileNotFoundError:
        return "isinya tidak ada di penyimpanan"
    return None if size == ukuran_bytes else f"isinya {size} byte, tercatat {ukuran_bytes}"


def _without_berkas(session: Session, model: Any) -> Iterator[Temuan]:
    table = model.__tablename__
    query = (
        select(model.id, model.berkas_id)
        .outerjoin(Berkas, Berkas.id == model.berkas_id)
        .where(Berkas.id.is_(None))
    )
    for id_, berkas_id in session.execute(query):
        yield "yatim", f"{table} {id_}", f"berkas {berkas_id} tidak ada"


def _retired_desks(session: Session, now: datetime) -> Iterator[Temuan]:
    """Open visits at a unit that has ended: the sweep should have moved them (case 32)."""
    query = (
        select(Berkas.nomor, Kunjungan.ke, Wilayah.sebutan)
        .join(Berkas, Berkas.id == Kunjungan.berkas_id)
        .join(Wilayah, Wilayah.id == Kunjungan.wilayah_id)
        .where(Kunjungan.status.in_(TERBUKA), Wilayah.tanggal_sampai < wib_date(now))
        .order_by(Berkas.id)
    )
    for nomor, ke, sebutan in session.execute(query):
        yield "yatim", nomor, f"kunjungan ke {ke} terbuka di {sebutan}, yang sudah tidak berlaku"


def _counters(session: Session) -> Iterator[Temuan]:
    """Compare each counter with the letters of its unit and year: no gap, none beyond it."""
    letters = (
        select(
            Surat.unit_id,
            Surat.tahun,
            func.count().label("banyak"),
            func.max(Surat.nomor).label("tertinggi"),
        )
        .group_by(Surat.unit_id, Surat.tahun)
        .subquery()
    )
    query = (
        select(
            Wilayah.sebutan,
            letters.c.tahun,
            letters.c.banyak,
            letters.c.tertinggi,
            func.coalesce(NomorSurat.terakhir, 0),
        )
        .select_from(letters)
        .join(Wilayah, Wilayah.id == letters.c.unit_id)
        .outerjoin(
            NomorSurat,
            (NomorSurat.unit_id == letters.c.unit_id) & (NomorSurat.tahun == letters.c.tahun),
        )
        .order_by(Wilayah.sebutan, letters.c.tahun)
    )
    for sebutan, tahun, many, highest, last in session.execute(query):
        if not many == highest == last:
            text = f"{many} surat, nomor tertinggi {highest}, hitungan {last}"
            yield "beda", f"nomor surat {sebutan} {tahun}", text
