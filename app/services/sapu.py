"""The sweep: what time does to berkas by itself, and never a decision (ROUTING §3 cases 9 to 44).

Each berkas is swept in a transaction of its own, under its lock, from what is read there: running
it twice, late or in parallel changes nothing more than once.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.errors import BangkitError
from app.models.berkas import Berkas, StatusBerkas
from app.models.eskalasi import EskalasiTerjadi, TindakanEskalasi
from app.models.kunjungan import Kunjungan
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.routing import JenisAksi, hari_ke, meja_atasan
from app.services.berkas import REASON, load_babak, lock, tindak_sistem
from app.services.jatuh_tempo import kunci_hukum, kunci_pengingat, list_calon
from app.services.kalender import load_kalender
from app.services.tangga import Terbuka, load_terbuka
from app.services.waktu import ALARM_HUKUM_HARI, tenggat_hukum, unit_hukum

Transaksi = Callable[[], AbstractContextManager[Session]]
"""Gives a session of its own that is committed at the end of its block."""


@dataclass
class Sapuan:
    """What one run did: acts by kind, and the berkas it had to leave, with the kind of error."""

    tindakan: Counter[JenisAksi] = field(default_factory=Counter)
    gagal: dict[int, str] = field(default_factory=dict)
    tanpa_tenggat: int = 0


def sapu(transaksi: Transaksi, now: datetime, perbaikan_hari: int) -> Sapuan:
    """Sweep every berkas for which something may be due; one that fails does not stop the rest.

    ``perbaikan_hari`` are the days after which a correction counts as abandoned.
    """
    hasil = Sapuan()
    with transaksi() as session, unscoped(session, REASON):
        calon, hasil.tanpa_tenggat = list_calon(session, now, perbaikan_hari)
    for berkas_id in calon:
        try:
            with transaksi() as session:
                done = sapu_berkas(session, now, berkas_id, perbaikan_hari)
        except (BangkitError, SQLAlchemyError, ValueError, KeyError) as error:
            # Locked for long, or a journal that does not replay: the next run, or `periksa`, sees
            # to it; the others must not wait for that.
            hasil.gagal[berkas_id] = type(error).__name__
        else:
            hasil.tindakan.update(done)
    return hasil


def sapu_berkas(
    session: Session, now: datetime, berkas_id: int, perbaikan_hari: int
) -> list[JenisAksi]:
    """Do what is due for one berkas; return the acts that were journaled."""
    with unscoped(session, REASON):
        berkas = lock(session, berkas_id)
        work = _Sapu(session, now, berkas, perbaikan_hari)
        if berkas.status == StatusBerkas.DIKEMBALIKAN:
            if not work.act(JenisAksi.KEDALUWARSA, f"sapu:kedaluwarsa:{berkas_id}"):
                work.remind()
        elif berkas.waktu_selesai is None:
            work.free_desk()
            work.recompute()
            work.climb()
            work.alarm_hukum()
        return work.done


class _Sapu:
    """One berkas under its lock, and what was done to it."""

    def __init__(
        self, session: Session, now: datetime, berkas: Berkas, perbaikan_hari: int
    ) -> None:
        self.session, self.now, self.berkas = session, now, berkas
        self.perbaikan_hari = perbaikan_hari
        self.done: list[JenisAksi] = []

    def act(self, jenis: JenisAksi, kunci: str, **rincian: object) -> bool:
        """Ask the engine; say whether it was due and not yet done."""
        row = tindak_sistem(
            self.session,
            self.now,
            berkas_id=self.berkas.id,
            jenis=jenis,
            kunci=kunci,
            rincian=rincian,
            perbaikan_hari=self.perbaikan_hari,
        )
        if row is not None:
            self.done.append(jenis)
        return row is not None

    def next_key(self, jenis: JenisAksi) -> str:
        """Return a key that stands for "in the state the berkas has now"."""
        newest = select(func.max(Riwayat.nomor)).where(Riwayat.berkas_id == self.berkas.id)
        return f"sapu:{jenis.value}:{self.berkas.id}:{self.session.scalar(newest)}"

    def free_desk(self) -> None:
        """Void a claim out of force (case 9); re-home a desk with nobody, or retired (10, 32)."""
        for jenis in (JenisAksi.LEPAS, JenisAksi.ALIHKAN):
            self.act(jenis, self.next_key(jenis))

    def load(self) -> Terbuka | None:
        """Return the open visit as it is now."""
        found = load_terbuka(self.session, Kunjungan.berkas_id == self.berkas.id)
        return found[0] if found else None

    def recompute(self) -> None:
        """Journal new deadlines where the calendar gives others now (case 41)."""
        terbuka, lengkap = self.load(), self.berkas.waktu_lengkap
        if terbuka is None or lengkap is None:
            return
        legal = tenggat_hukum(lengkap, load_kalender(self.session, unit_hukum(self.berkas)))
        due = terbuka.batas()
        if (due, legal) == (terbuka.kunjungan.batas_waktu, self.berkas.tenggat_hukum):
            return
        self.act(
            JenisAksi.HITUNG_ULANG,
            self.next_key(JenisAksi.HITUNG_ULANG),
            batas_waktu=due.isoformat() if due else None,
            tenggat_hukum=legal.isoformat() if legal else None,
        )

    def climb(self) -> None:
        """Fire the highest rung that is due; those below are passed without a word (case 43)."""
        terbuka = self.load()
        rungs = terbuka.due(self.now) if terbuka is not None else []
        if terbuka is None or not rungs:
            return
        top, visit_id = rungs[-1], terbuka.kunjungan.id
        fired = self.act(
            JenisAksi.ESKALASI,
            f"sapu:eskalasi:{visit_id}:{top.id}",
            eskalasi_id=top.id,
            persen=top.pada_persen,
            tindakan=top.tindakan.value,
            buka_atasan=any(rung.tindakan == TindakanEskalasi.BUKA_ATASAN for rung in rungs),
            atasan=self.superiors() if top.tindakan != TindakanEskalasi.INGATKAN else [],
        )
        if fired:
            self.session.add_all(
                EskalasiTerjadi(
                    berkas_id=self.berkas.id,
                    kunjungan_id=visit_id,
                    eskalasi_id=rung.id,
                    waktu=self.now,
                )
                for rung in rungs
            )

    def superiors(self) -> list[str]:
        """Return the nearest desk above the open visit, as the outbox names it; [] at the top."""
        babak = load_babak(self.session, self.berkas, self.now)
        desks = meja_atasan(babak.alur, babak.keadaan, babak.dunia)
        return [f"{desk.peran}:{desk.wilayah_id}" for desk in desks[:1]]

    def alarm_hukum(self) -> None:
        """Alarm once for each filing, from the third working day after it was complete."""
        lengkap = self.berkas.waktu_lengkap
        if lengkap is None or self.berkas.tenggat_hukum is None:
            return
        kalender = load_kalender(self.session, unit_hukum(self.berkas))
        if hari_ke(lengkap, self.now, kalender) >= ALARM_HUKUM_HARI:
            self.act(
                JenisAksi.ESKALASI,
                kunci_hukum(self.berkas.id, lengkap),
                tenggat_hukum=self.berkas.tenggat_hukum.isoformat(),
                atasan=self.superiors(),
            )

    def remind(self) -> None:
        """Remind of a correction on day 3 and 7; late, only of the later one."""
        since = self.berkas.waktu_dikembalikan
        if since is None:
            return
        kunci, hari = kunci_pengingat(self.berkas.id, since, self.now)
        if hari:
            self.act(JenisAksi.ESKALASI, kunci, pengingat_hari=hari)
