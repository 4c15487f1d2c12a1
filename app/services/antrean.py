"""Reads for the officers' screens: my queue, and one berkas as it may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas, BerkasPersyaratan, StatusBerkas
from app.models.kunjungan import TERBUKA, Kunjungan
from app.models.lampiran import Lampiran
from app.models.layanan import Layanan
from app.models.pelaku import Jabatan, Pelaku
from app.models.persyaratan import Persyaratan
from app.models.riwayat import Riwayat
from app.models.tahapan import Tahapan
from app.models.wilayah import Wilayah
from app.routing import menit
from app.services.berkas import require_readable
from app.services.kalender import load_kalender


@dataclass(frozen=True)
class Antrean:
    """One row of a queue; ``sisa_menit`` are service minutes left, negative when late."""

    berkas_id: int
    nomor: str
    layanan: str
    pemohon: str
    tahapan: str
    wilayah: str
    status: StatusBerkas
    sejak: datetime
    sisa_menit: int | None


def list_antrean(
    session: Session, pelaku: Pelaku, now: datetime, limit: int = 100
) -> list[Antrean]:
    """Return the berkas on this person's desks, oldest first.

    A desk is a peran at a unit (and seksi); a returned berkas lies at its filing desk.
    """
    rows = session.execute(
        select(Berkas, Layanan.nama, Wilayah.sebutan, Kunjungan, Tahapan.nama)
        .join(Layanan, Layanan.id == Berkas.layanan_id)
        .join(Wilayah, Wilayah.id == Berkas.wilayah_asal_id)
        .outerjoin(Kunjungan, and_(Kunjungan.berkas_id == Berkas.id, Kunjungan.status.in_(TERBUKA)))
        .outerjoin(Tahapan, Tahapan.id == Kunjungan.tahapan_id)
        .where(or_(_at_desks(pelaku), _returned_to(pelaku)))
        # A returned berkas has no open visit; databases disagree where such a row stands.
        .order_by(func.coalesce(Kunjungan.waktu_dibuka, Berkas.waktu_diajukan), Berkas.id)
        .limit(limit)
    )
    calendars: dict[int, Any] = {}
    return [_row(session, row, now, calendars) for row in rows]


def _at_desks(pelaku: Pelaku) -> ColumnElement[bool]:
    return or_(false(), *(_at_desk(jabatan) for jabatan in pelaku.jabatan))


def _at_desk(jabatan: Jabatan) -> ColumnElement[bool]:
    seksi: ColumnElement[bool] = Kunjungan.seksi_kode.is_(None)
    if jabatan.seksi is not None:
        seksi = or_(seksi, Kunjungan.seksi_kode == jabatan.seksi)
    return and_(
        Kunjungan.wilayah_id == jabatan.wilayah_id, Kunjungan.peran_kode == jabatan.peran, seksi
    )


def _returned_to(pelaku: Pelaku) -> ColumnElement[bool]:
    desks = [
        and_(Berkas.pengaju_wilayah_id == j.wilayah_id, Berkas.pengaju_peran == j.peran)
        for j in pelaku.jabatan
    ]
    return and_(Berkas.status == StatusBerkas.DIKEMBALIKAN, or_(false(), *desks))


def _row(session: Session, row: Any, now: datetime, calendars: dict[int, Any]) -> Antrean:
    berkas, layanan, wilayah, kunjungan, tahapan = row
    return Antrean(
        berkas.id,
        berkas.nomor,
        layanan,
        berkas.nama_pemohon,
        tahapan or "",
        wilayah,
        berkas.status,
        kunjungan.waktu_dibuka if kunjungan else berkas.waktu_diajukan,
        minutes_left(session, kunjungan, now, calendars),
    )


def minutes_left(
    session: Session, kunjungan: Kunjungan | None, now: datetime, calendars: dict[int, Any]
) -> int | None:
    """Return the service minutes until the visit is due; None without a deadline."""
    if kunjungan is None or kunjungan.batas_waktu is None or kunjungan.wilayah_id is None:
        return None
    unit = kunjungan.wilayah_id
    if unit not in calendars:
        calendars[unit] = load_kalender(session, unit, now.date())
    return round(menit(now, kunjungan.batas_waktu, calendars[unit]))


@dataclass(frozen=True)
class Halaman:
    """One berkas with all that its page shows; rows are scoped like the berkas."""

    berkas: Berkas
    layanan: str
    wilayah: str
    isian: Sequence[Any]
    persyaratan: Sequence[tuple[Persyaratan, BerkasPersyaratan | None]]
    lampiran: Sequence[Lampiran]
    riwayat: Sequence[Riwayat]
    kunjungan: Sequence[tuple[Kunjungan, str]]
    tahapan: Sequence[tuple[Tahapan, str | None]]


def load_halaman(session: Session, berkas_id: int) -> Halaman:
    """Return what the page of a berkas shows.

    Raises:
        TidakDitemukanError: unknown, or outside the person's area.
    """
    require_readable(session, berkas_id)
    berkas, layanan, wilayah = session.execute(
        select(Berkas, Layanan.nama, Wilayah.sebutan)
        .join(Layanan, Layanan.id == Berkas.layanan_id)
        .join(Wilayah, Wilayah.id == Berkas.wilayah_asal_id)
        .where(Berkas.id == berkas_id)
    ).one()
    ticks = {
        row.persyaratan_id: row
        for row in session.scalars(
            select(BerkasPersyaratan).where(BerkasPersyaratan.berkas_id == berkas_id)
        )
    }
    kunjungan = session.execute(
        select(Kunjungan, Tahapan.nama)
        .join(Tahapan, Tahapan.id == Kunjungan.tahapan_id)
        .where(Kunjungan.berkas_id == berkas_id)
        .order_by(Kunjungan.ke)
    ).all()
    versi = berkas.versi_layanan
    # By kode: a berkas that was moved to another version has visits of the old one's steps.
    ids = [k.tahapan_id for k, _ in kunjungan]
    kode = dict(session.execute(select(Tahapan.id, Tahapan.kode).where(Tahapan.id.in_(ids))).all())
    newest = {kode[k.tahapan_id]: str(k.status) for k, _ in kunjungan}
    return Halaman(
        berkas,
        layanan,
        wilayah,
        list(versi.isian),
        [(row, ticks.get(row.id)) for row in versi.persyaratan],
        session.scalars(
            select(Lampiran).where(Lampiran.berkas_id == berkas_id).order_by(Lampiran.id)
        ).all(),
        session.scalars(
            select(Riwayat).where(Riwayat.berkas_id == berkas_id).order_by(Riwayat.nomor)
        ).all(),
        [(k, nama) for k, nama in kunjungan],
        [(step, newest.get(step.kode)) for step in versi.tahapan],
    )
