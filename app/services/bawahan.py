"""Berkas that the ladder shows to a superior: late at the desks below, and open to act or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from app.models.base import HostModel
from app.models.berkas import Berkas, StatusBerkas
from app.models.eskalasi import TindakanEskalasi
from app.models.kunjungan import Kunjungan
from app.models.pelaku import Pelaku
from app.models.tahapan import Tahapan
from app.routing import Alur, Dunia, Keadaan, Meja, StatusKunjungan, hari_kerja, meja_atasan
from app.routing import Kunjungan as Visit
from app.services.antrean import Antrean, Baris, as_antrean, load_baris
from app.services.dunia import load_alur, load_tata
from app.services.kalender import load_kalender
from app.services.waktu import ALARM_HUKUM_HARI, TENGGAT_HUKUM_HARI

TAMPIL = (TindakanEskalasi.TAMPILKAN_ATASAN, TindakanEskalasi.BUKA_ATASAN)
"""The rungs after which a superior sees the berkas."""

PENGAWAS = ("lurah", "sekretaris_kelurahan", "sekcam", "camat", "admin_kecamatan", "auditor")
"""Supervisors of an area, and who keeps its calendars (DOMAIN "Layanan")."""


@dataclass(frozen=True)
class Bawahan:
    """One row; ``is_dibuka`` says that the nearest superior may act in the desk's place."""

    antrean: Antrean
    is_dibuka: bool


def list_bawahan(
    session: Session, pelaku: Pelaku, now: datetime, limit: int = 100
) -> list[Bawahan]:
    """Return the berkas shown to this person as a superior of the desk where they lie.

    Every level above sees them, so that none is lost where the nearest is vacant; ``limit`` counts
    those of the person's area, the longest overdue first.
    """
    if not pelaku.jabatan:
        return []
    rows = load_baris(session, _shown(), limit)
    alurs: dict[int, Alur] = {}
    tata = load_tata(session, {unit for baris, _ in rows for unit in baris[0].jalur.values()})
    visits = [baris[3] for baris, _ in rows if baris[3] is not None]
    kode = select(Tahapan.id, Tahapan.kode).where(Tahapan.id.in_({v.tahapan_id for v in visits}))
    steps = dict(session.execute(kode).all())
    found = []
    for baris, kalender in rows:
        berkas, visit = baris[0], baris[3]
        if berkas.versi_layanan_id not in alurs:
            alurs[berkas.versi_layanan_id] = load_alur(session, berkas.versi_layanan_id)
        desks = _desks_above(alurs[berkas.versi_layanan_id], baris, steps, tata)
        if visit is not None and any(_holds(pelaku, desk) for desk in desks):
            found.append(Bawahan(as_antrean(baris, kalender, now=now), visit.buka_atasan))
    return found


def _shown() -> ColumnElement[bool]:
    """Return "a rung that shows has fired for this open visit".

    The two tables are read as they are, below the row policy: the berkas beside them is scoped.
    """
    tables: Any = HostModel.metadata.tables
    fired, rung = tables["eskalasi_terjadi"], tables["eskalasi"]
    return exists(
        select(fired.c.id)
        .join(rung, rung.c.id == fired.c.eskalasi_id)
        .where(and_(fired.c.kunjungan_id == Kunjungan.id, rung.c.tindakan.in_(TAMPIL)))
        .correlate(Kunjungan)
    )


def _desks_above(
    alur: Alur, baris: Baris, steps: Mapping[int, str], tata: Dunia
) -> tuple[Meja, ...]:
    """Ask the engine who stands above the open visit; it needs no journal for that."""
    berkas, visit = baris[0], baris[3]
    if visit is None:
        return ()
    step = alur.step(steps[visit.tahapan_id])
    open_visit = Visit(
        ke=1,
        tahapan=step.kode,
        urutan=step.urutan,
        aksi=step.aksi,
        status=StatusKunjungan.MENUNGGU,
    )
    keadaan = Keadaan(kunjungan=(open_visit,), jalur=berkas.jalur)
    return meja_atasan(alur, keadaan, tata)


def _holds(pelaku: Pelaku, desk: Meja) -> bool:
    return any(
        jabatan.peran == desk.peran
        and jabatan.wilayah_id == desk.wilayah_id
        and desk.seksi_kode in (None, jabatan.seksi)
        for jabatan in pelaku.jabatan
    )


@dataclass(frozen=True)
class Alarm:
    """How many berkas of this person's area need a look: late below, near the law, undated.

    ``tenggat_hukum`` counts those whose legal deadline is ``tenggat_sampai`` or earlier.
    """

    bawahan: int = 0
    tenggat_hukum: int = 0
    tanpa_tenggat: int = 0
    tenggat_sampai: date | None = None


def count_alarm(session: Session, pelaku: Pelaku, now: datetime) -> Alarm:
    """Return what a superior, the admin or the auditor should look at today.

    The legal clock alarms from the third of five working days, that is with two left; they are
    counted in the calendar of the person's own unit.
    """
    if not pelaku.has_peran(*PENGAWAS):
        return Alarm(bawahan=len(list_bawahan(session, pelaku, now)))
    kalender = load_kalender(session, pelaku.jabatan[0].wilayah_id)
    near = hari_kerja(now, TENGGAT_HUKUM_HARI - ALARM_HUKUM_HARI, kalender)
    running = select(func.count(Berkas.id)).where(Berkas.waktu_selesai.is_(None))
    undated = running.where(
        Berkas.batas_waktu.is_(None),
        Berkas.status.not_in((StatusBerkas.DIKEMBALIKAN, StatusBerkas.DRAF)),
    )
    return Alarm(
        len(list_bawahan(session, pelaku, now)),
        0 if near is None else session.scalar(running.where(Berkas.tenggat_hukum <= near)) or 0,
        session.scalar(undated) or 0,
        near,
    )
