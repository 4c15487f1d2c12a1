"""Lacak berkas: what the holder of a kode lacak may know, without signing in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.models.berkas import Berkas, StatusBerkas
from app.models.kunjungan import TERBUKA, Kunjungan, StatusKunjungan
from app.models.layanan import Layanan
from app.models.penugasan import Sifat, sebutan_of
from app.models.peran import Peran
from app.models.policy import unscoped
from app.models.riwayat import Alasan, JenisRiwayat
from app.models.seksi import Seksi
from app.models.tahapan import Tahapan
from app.models.wilayah import Wilayah
from app.services.antrean import minutes_left
from app.services.kode_lacak import hmac_of
from app.services.waktu import load_waktu

REASON = "pemegang kode lacak membaca keadaan berkasnya"

KODE_TERPANJANG = 100
"""Characters of an entry that are read: a code has 28, and room for spaces and hyphens."""


@dataclass(frozen=True)
class Langkah:
    """One step of the version; ``status`` is that of its newest visit, None before the first."""

    nama: str
    menit: int
    status: StatusKunjungan | None


@dataclass(frozen=True)
class Lacak:
    """What a berkas tells the holder of its code: posts, no person, nothing about the pemohon.

    ``meja`` is the post where it lies, "" once it is closed; ``alasan`` why it was returned or
    refused. Minutes are service minutes: ``terpakai_menit`` of ``janji_menit`` are spent, and
    ``sisa_menit`` are left at this step, negative when late, None without a deadline;
    ``is_terlambat`` is true also while the late desk is closed.
    """

    layanan: str
    status: StatusBerkas
    waktu_diajukan: datetime | None
    waktu_selesai: datetime | None
    meja: str
    alasan: Alasan | None
    langkah: tuple[Langkah, ...]
    terpakai_menit: int
    janji_menit: int
    sisa_menit: int | None
    is_terlambat: bool
    biaya: int
    dasar_biaya: str | None


def lacak(
    session: Session, kode: str, now: datetime, *, secret_key: str, lama_hari: int
) -> Lacak | None:
    """Return what the code opens; None for one that is wrong, malformed or expired.

    All three take one way, so that neither the answer nor its time tells them apart: whatever
    was typed is hashed, and the same one statement finds nothing, since the age of a closed
    berkas (``lama_hari``) is a condition of it.
    """
    sidik = hmac_of(kode[:KODE_TERPANJANG], secret_key)
    oldest = now - timedelta(days=lama_hari)
    with unscoped(session, REASON):
        row = session.execute(
            select(Berkas, Layanan.nama)
            .join(Layanan, Layanan.id == Berkas.layanan_id)
            .options(joinedload(Berkas.versi_layanan))
            .where(
                Berkas.kode_lacak_hmac == sidik,
                or_(Berkas.waktu_selesai.is_(None), Berkas.waktu_selesai > oldest),
            )
        ).one_or_none()
        return None if row is None else _read(session, row[0], row[1], now)


def _read(session: Session, berkas: Berkas, layanan: str, now: datetime) -> Lacak:
    steps = session.scalars(
        select(Tahapan)
        .where(Tahapan.versi_layanan_id == berkas.versi_layanan_id)
        .order_by(Tahapan.urutan)
    ).all()
    waktu = load_waktu(session, berkas, berkas.riwayat, now)
    newest = {visit.tahapan_id: visit.status for visit in berkas.kunjungan}
    visit = next((v for v in berkas.kunjungan if v.status in TERBUKA), None)
    batas = visit.batas_waktu if visit else None
    kalender = waktu.kalender.get(visit.wilayah_id) if visit else None
    versi = berkas.versi_layanan
    return Lacak(
        layanan=layanan,
        status=berkas.status,
        waktu_diajukan=berkas.waktu_diajukan,
        waktu_selesai=berkas.waktu_selesai,
        meja=_desk(session, berkas, visit),
        alasan=_reason(berkas),
        langkah=tuple(Langkah(s.nama, s.sla_menit, newest.get(s.id)) for s in steps),
        terpakai_menit=round(waktu.janji_menit),
        janji_menit=waktu.janji_total_menit,
        sisa_menit=minutes_left(visit, kalender, now),
        is_terlambat=batas is not None and batas < now,
        biaya=int(versi.biaya),
        dasar_biaya=versi.dasar_biaya,
    )


def _desk(session: Session, berkas: Berkas, visit: Kunjungan | None) -> str:
    """Return the post where the berkas lies: its open desk, or the filing desk it came back to."""
    if berkas.status == StatusBerkas.DIKEMBALIKAN:
        return _post(session, berkas.pengaju_peran, berkas.pengaju_wilayah_id, None)
    if visit is None:
        return ""
    return _post(session, visit.peran_kode, visit.wilayah_id, visit.seksi_kode)


def _post(session: Session, peran: str | None, unit: int | None, seksi: str | None) -> str:
    """Return a post as letters print it, whoever holds it: "Lurah Pilang"."""
    row = session.execute(
        select(Peran, Wilayah, Seksi)
        .select_from(Peran)
        .join(Wilayah, Wilayah.id == unit)
        .outerjoin(Seksi, (Seksi.wilayah_id == unit) & (Seksi.kode == seksi))
        .where(Peran.kode == peran)
    ).one_or_none()
    return "" if row is None else sebutan_of(*row, Sifat.DEFINITIF)


def _reason(berkas: Berkas) -> Alasan | None:
    """Return why it was returned or refused; the officer's own words may name people."""
    act = {
        StatusBerkas.DIKEMBALIKAN: JenisRiwayat.KEMBALIKAN,
        StatusBerkas.DITOLAK: JenisRiwayat.TOLAK,
    }.get(berkas.status)
    codes = [row.alasan_kode for row in berkas.riwayat if row.jenis == act]
    return Alasan(codes[-1]) if codes and codes[-1] else None
