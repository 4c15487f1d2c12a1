"""Tanda: what the desk should know of a pemohon before it decides; never a decision of its own."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas, StatusBerkas
from app.models.biodata import StatusDasar
from app.models.nik import parse_nik
from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from app.teks import N_

REASON = "keadaan pemohon sekarang, walau sudah pindah wilayah"

SAMA = ("keperluan", "untuk_nik")
"""Answers that make two letters of one layanan the same letter (DOMAIN "Layanan", SKTM)."""


@dataclass(frozen=True)
class Tanda:
    """One remark, as an Indonesian msgid with what fills it."""

    pesan: str
    isi: Mapping[str, Any] = field(default_factory=dict)


def list_tanda(session: Session, berkas: Berkas, now: datetime) -> list[Tanda]:
    """Return the remarks on a berkas that still runs; none on a closed one."""
    if berkas.waktu_selesai is not None:
        return []
    found = [*_register(session, berkas), *_identity(berkas)]
    if (other := same_letter(session, berkas, now)) is not None:
        found.append(
            Tanda(N_("Surat yang sama untuk keperluan ini masih berlaku: %(nomor)s."), other)
        )
    return found


def _register(session: Session, berkas: Berkas) -> list[Tanda]:
    """Return what the register says of the pemohon since (ROUTING §3 case 31).

    Only that he moved or died, never where to: that lies outside the reader's area.
    """
    if berkas.pemohon_id is None:
        return []
    with unscoped(session, REASON):
        row = session.execute(
            select(Penduduk.status_dasar, Penduduk.wilayah_id).where(
                Penduduk.id == berkas.pemohon_id
            )
        ).one()
    if row.status_dasar == StatusDasar.MATI:
        return [Tanda(N_("Pemohon tercatat meninggal dunia setelah berkas diajukan."))]
    if row.status_dasar != StatusDasar.HIDUP or row.wilayah_id != berkas.wilayah_asal_id:
        return [Tanda(N_("Pemohon tercatat pindah setelah berkas diajukan; jalur berkas tetap."))]
    return []


def _identity(berkas: Berkas) -> list[Tanda]:
    """Return what to look at twice in an identity that was typed in."""
    if berkas.pemohon_id is not None:
        return []
    data = berkas.data_pemohon
    found = [Tanda(N_("Pemohon tidak ada di data penduduk: cocokkan dengan dokumen aslinya."))]
    lahir = data.get("tanggal_lahir")
    if data.get("nik") and lahir:
        nik = parse_nik(str(data["nik"]))
        words = nik.disagreements(data.get("jenis_kelamin"), date.fromisoformat(str(lahir)))
        found += [Tanda(text) for text in (*nik.peringatan, *words)]
    return found


def same_letter(session: Session, berkas: Berkas, now: datetime) -> dict[str, str] | None:
    """Return the nomor of a finished berkas for the same purpose whose letter still holds."""
    months = berkas.versi_layanan.masa_berlaku_bulan
    key = _purpose(berkas.isian)
    if berkas.pemohon_id is None or not months or not key:
        return None
    rows = session.execute(
        select(Berkas.nomor, Berkas.isian)
        .where(
            Berkas.pemohon_id == berkas.pemohon_id,
            Berkas.layanan_id == berkas.layanan_id,
            Berkas.id != berkas.id,
            Berkas.status == StatusBerkas.SELESAI,
            Berkas.waktu_selesai > months_before(now, months),
        )
        .order_by(Berkas.waktu_selesai.desc())
    )
    return next(({"nomor": nomor} for nomor, isian in rows if _purpose(isian) == key), None)


def _purpose(isian: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the answers that name the purpose, however they are spaced and capitalised."""
    if not isian.get(SAMA[0]):
        return ()
    return tuple(" ".join(str(isian.get(name) or "").casefold().split()) for name in SAMA)


def months_before(moment: datetime, months: int) -> datetime:
    """Return the moment this many months earlier, on the last day of a shorter month.

    >>> months_before(datetime(2026, 5, 31), 3).date().isoformat()
    '2026-02-28'
    """
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
