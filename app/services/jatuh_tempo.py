"""What may be due: finds the berkas that the sweep then looks at one by one, under their locks.

It may name a berkas for which nothing is due, but never leaves one out.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.models.berkas import Berkas, StatusBerkas
from app.models.kunjungan import TERBUKA, Kunjungan, StatusKunjungan
from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan, Sifat
from app.models.peran import Peran
from app.models.riwayat import Riwayat
from app.models.seksi import Seksi
from app.models.tahapan import Tahapan
from app.models.wilayah import Wilayah
from app.routing import hari_ke
from app.services.kalender import load_kalenders
from app.services.pelaku import is_valid_at
from app.services.tangga import load_terbuka
from app.services.waktu import ALARM_HUKUM_HARI, tenggat_hukum, unit_hukum

HARI_PENGINGAT = (7, 3)
"""Days after a return on which the pemohon is reminded, the later first (ROUTING §3 case 29)."""


def kunci_pengingat(berkas_id: int, sejak: datetime, now: datetime) -> tuple[str, int]:
    """Return the key of the reminder that is due, and its day; 0 before the first day.

    Only the newest is due: one that was missed is not made up for.
    """
    hari = next((n for n in HARI_PENGINGAT if now - sejak >= timedelta(days=n)), 0)
    return f"sapu:pengingat:{berkas_id}:{int(sejak.timestamp())}:{hari}", hari


def kunci_hukum(berkas_id: int, lengkap: datetime) -> str:
    """Return the key of the alarm of the legal clock, once for each filing."""
    return f"sapu:hukum:{berkas_id}:{int(lengkap.timestamp())}"


def list_calon(session: Session, now: datetime, perbaikan_hari: int) -> tuple[list[int], int]:
    """Return the ids of the berkas to look at, and how many lie at a desk that never opens.

    Call it unscoped; a fixed number of queries, however many berkas there are.
    """
    terbuka = load_terbuka(session)
    found = {t.kunjungan.berkas_id for t in terbuka if t.due(now)}
    found |= {t.kunjungan.berkas_id for t in terbuka if t.batas() != t.kunjungan.batas_waktu}
    found |= {*session.scalars(_unattended(now))}
    found |= _returned(session, now - timedelta(days=min(perbaikan_hari, *HARI_PENGINGAT)))
    found |= _legal(session, now)
    return sorted(found), sum(t.batas() is None for t in terbuka)


def _returned(session: Session, limit: datetime) -> set[int]:
    """Return the corrections that have waited since ``limit`` or longer."""
    query = select(Berkas.id).where(
        Berkas.status == StatusBerkas.DIKEMBALIKAN,
        Berkas.beku.is_(False),
        Berkas.waktu_dikembalikan <= limit,
    )
    return {*session.scalars(query)}


def _legal(session: Session, now: datetime) -> set[int]:
    """Return the running berkas whose legal deadline moved, or has come near without an alarm."""
    running = session.scalars(
        select(Berkas).where(
            Berkas.waktu_selesai.is_(None),
            Berkas.waktu_lengkap.is_not(None),
            Berkas.status != StatusBerkas.DIKEMBALIKAN,
            Berkas.beku.is_(False),
        )
    ).all()
    kalenders = load_kalenders(session, {unit_hukum(b) for b in running}) if running else {}
    found: set[int] = set()
    near: dict[str, int] = {}
    for berkas in running:
        lengkap, kalender = berkas.waktu_lengkap, kalenders[unit_hukum(berkas)]
        assert lengkap is not None, "selected by it"
        if tenggat_hukum(lengkap, kalender) != berkas.tenggat_hukum:
            found.add(berkas.id)
        if hari_ke(lengkap, now, kalender) >= ALARM_HUKUM_HARI:
            near[kunci_hukum(berkas.id, lengkap)] = berkas.id
    alarmed = _known(session, near)
    return found | {id_ for kunci, id_ in near.items() if kunci not in alarmed}


def _known(session: Session, kunci: Iterable[str], block: int = 500) -> set[str]:
    """Return which keys the journal has, asked in blocks that every database takes."""
    todo, found = list(kunci), set[str]()
    for start in range(0, len(todo), block):
        part = todo[start : start + block]
        found |= {*session.scalars(select(Riwayat.kunci).where(Riwayat.kunci.in_(part)))}
    return found


def _unattended(now: datetime) -> Select[int]:
    """Select the berkas at a desk that is claimed, retired, or where surely nobody is at hand.

    A holder surely may act who is definitif, not of the pemohon's family, and at a step that does
    not ask for different people; about all others the engine is asked.
    """
    unit = aliased(Wilayah)
    return (
        select(Kunjungan.berkas_id)
        .join(Berkas, Berkas.id == Kunjungan.berkas_id)
        .join(Tahapan, Tahapan.id == Kunjungan.tahapan_id)
        .join(unit, unit.id == Kunjungan.wilayah_id)
        .where(
            Kunjungan.status.in_(TERBUKA),
            Berkas.beku.is_(False),
            or_(
                Kunjungan.status == StatusKunjungan.DIAMBIL,
                unit.pengganti_id.is_not(None),
                Tahapan.beda_orang.is_(True),
                ~_somebody(now),
            ),
        )
    )


def _somebody(now: datetime) -> ColumnElement[bool]:
    """Return "the desk of this visit has a holder who surely may act"."""
    warga = aliased(Penduduk)
    pemohon = aliased(Penduduk)
    kk = (
        select(pemohon.keluarga_id)
        .where(pemohon.id == Berkas.pemohon_id)
        # The berkas of the sweep, two levels up: nested selects are not correlated by themselves.
        .correlate(Berkas)
        .scalar_subquery()
    )
    is_stranger = or_(
        Pengguna.penduduk_id.is_(None),
        Berkas.pemohon_id.is_(None),
        and_(warga.id != Berkas.pemohon_id, warga.keluarga_id != kk),
    )
    return exists(
        select(Penugasan.id)
        .join(Peran, Peran.id == Penugasan.peran_id)
        .join(Pengguna, Pengguna.id == Penugasan.pengguna_id)
        .outerjoin(Seksi, Seksi.id == Penugasan.seksi_id)
        .outerjoin(warga, warga.id == Pengguna.penduduk_id)
        .where(
            Peran.kode == Kunjungan.peran_kode,
            Penugasan.wilayah_id == Kunjungan.wilayah_id,
            or_(Kunjungan.seksi_kode.is_(None), Seksi.kode == Kunjungan.seksi_kode),
            Penugasan.sifat == Sifat.DEFINITIF,
            Pengguna.active.is_(True),
            is_valid_at(now),
            is_stranger,
        )
        .correlate(Kunjungan, Berkas)
    )
