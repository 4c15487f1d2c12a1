"""The last 90 days once more, under a konsep: what would each finished berkas have taken?

Each berkas keeps its frozen facts and jalur; a step the konsep keeps takes the minutes it really
took, a step that is new the minutes of its SOP. Who sat where is taken as it was: only the
definition changes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import TidakDitemukanError
from app.models.berkas import Berkas, StatusBerkas
from app.models.kunjungan import Kunjungan
from app.models.layanan import Layanan
from app.models.tahapan import Tahapan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.routing import DERAJAT_TINGKAT, Alur, Kalender, Keadaan, MejaPengaju, Sebab, menit
from app.routing.berikut import cause_to_skip
from app.services.kalender import load_kalenders
from app.services.keadaan import facts
from app.services.perkiraan import RIWAYAT_HARI
from app.services.rencana_simulasi import require_alur
from app.teks import N_

PALING_BANYAK = 2000
"""Berkas replayed at most, newest first."""


@dataclass(frozen=True)
class Lampau:
    """One finished berkas: its state at filing, and minutes by kode of the steps it visited."""

    keadaan: Keadaan
    menit: Mapping[str, float]


@dataclass(frozen=True)
class Perubahan:
    """A step that some berkas would gain or lose: in how many of them."""

    kode: str
    nama: str
    berkas: int


@dataclass(frozen=True)
class Ulangan:
    """The answer; minutes are medians over the berkas, ``hemat`` that of the differences."""

    berkas: int
    dulu: float
    nanti: float
    hemat: float
    muncul: tuple[Perubahan, ...]
    hilang: tuple[Perubahan, ...]


def find_konsep(session: Session, kode: str) -> VersiLayanan:
    """Return the newest konsep of a layanan.

    Raises:
        TidakDitemukanError: the layanan is unknown, or nobody is writing a new version.
    """
    versi = session.scalars(
        select(VersiLayanan)
        .join(Layanan)
        .where(Layanan.kode == kode, VersiLayanan.status == StatusVersi.KONSEP)
        .order_by(VersiLayanan.nomor.desc())
        .limit(1)
    ).first()
    if versi is None:
        raise TidakDitemukanError(N_("Layanan ini belum mempunyai konsep."))
    return versi


def ulang(session: Session, konsep: VersiLayanan, now: datetime) -> Ulangan:
    """Replay what the person may read of the last 90 days under a konsep.

    Raises:
        BangkitError: the steps of the konsep are not a flow yet.
    """
    alur = require_alur(session, konsep)
    sop = {step.kode: step.sla_menit for step in konsep.tahapan}
    nama = {step.kode: step.nama for step in konsep.tahapan}
    lampau, lama = load_lampau(session, konsep.layanan_id, now)
    return compare(alur, sop, lampau, {**lama, **nama})


def compare(
    alur: Alur, sop: Mapping[str, int], lampau: Sequence[Lampau], nama: Mapping[str, str]
) -> Ulangan:
    """Return what the konsep changes over these berkas; pure."""
    dulu, nanti, hemat = [], [], []
    muncul: Counter[str] = Counter()
    hilang: Counter[str] = Counter()
    for berkas in lampau:
        due = steps_due(alur, berkas.keadaan)
        before, after = sum(berkas.menit.values()), sum(berkas.menit.get(k, sop[k]) for k in due)
        dulu.append(before)
        nanti.append(after)
        hemat.append(before - after)
        muncul.update(k for k in due if k not in berkas.menit)
        hilang.update(k for k in berkas.menit if k not in due)
    return Ulangan(
        len(lampau),
        median(dulu) if dulu else 0.0,
        median(nanti) if nanti else 0.0,
        median(hemat) if hemat else 0.0,
        _changes(muncul, nama),
        _changes(hilang, nama),
    )


def _changes(counted: Counter[str], nama: Mapping[str, str]) -> tuple[Perubahan, ...]:
    return tuple(Perubahan(k, nama.get(k, k), n) for k, n in sorted(counted.items()))


def steps_due(alur: Alur, keadaan: Keadaan) -> list[str]:
    """Return the kode of the steps a berkas of these facts passes, whoever sits there."""
    return [step.kode for step in alur.tahapan if cause_to_skip(step, keadaan) is None]


def load_lampau(
    session: Session, layanan_id: int, now: datetime
) -> tuple[list[Lampau], dict[str, str]]:
    """Return the finished berkas of a layanan, and the names of the steps they visited."""
    rows = session.scalars(
        select(Berkas)
        .where(
            Berkas.layanan_id == layanan_id,
            Berkas.status == StatusBerkas.SELESAI,
            Berkas.waktu_selesai >= now - timedelta(days=RIWAYAT_HARI),
        )
        .order_by(Berkas.waktu_selesai.desc(), Berkas.id.desc())
        .limit(PALING_BANYAK)
    ).all()
    visits = session.execute(
        select(
            Kunjungan.berkas_id,
            Tahapan.kode,
            Tahapan.nama,
            Kunjungan.wilayah_id,
            Kunjungan.waktu_dibuka,
            Kunjungan.waktu_ditutup,
            Kunjungan.sebab,
        )
        .join(Tahapan, Tahapan.id == Kunjungan.tahapan_id)
        .where(Kunjungan.berkas_id.in_([row.id for row in rows]))
    ).all()
    units = {visit.wilayah_id for visit in visits if visit.wilayah_id is not None}
    spent = _spent(visits, load_kalenders(session, units))
    letters = {v.berkas_id for v in visits if v.sebab == Sebab.SURAT_PENGANTAR.value}
    lampau = [Lampau(_frozen(row, row.id in letters), spent[row.id]) for row in rows]
    return lampau, {visit.kode: visit.nama for visit in visits}


def _spent(visits: Iterable[Any], kalender: Mapping[int, Kalender]) -> dict[int, dict[str, float]]:
    """Return berkas → kode → service minutes, all visits of a step together."""
    found: dict[int, dict[str, float]] = defaultdict(dict)
    for berkas_id, kode, _, unit, opened, closed, _ in visits:
        if unit is not None and closed is not None:
            spent = menit(opened, closed, kalender[unit])
            found[berkas_id][kode] = found[berkas_id].get(kode, 0.0) + spent
    return found


def _frozen(berkas: Berkas, surat_pengantar: bool) -> Keadaan:
    """Return what the berkas knew at filing; its desk tells which steps may have been skipped."""
    pengaju = None
    for tingkat, unit in berkas.jalur.items():
        if unit == berkas.pengaju_wilayah_id and tingkat in DERAJAT_TINGKAT:
            pengaju = MejaPengaju(berkas.pengaju_peran or "", unit, tingkat)
    return Keadaan(
        data=facts(berkas),
        jalur=berkas.jalur,
        pengaju=pengaju,
        surat_pengantar=surat_pengantar,
    )
