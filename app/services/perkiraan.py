"""When a running berkas will be done: from the queues ahead, the calendars and 90 days of history.

`perkirakan` is pure; `load_perkiraan` reads what it needs in a fixed number of queries.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.models.kunjungan import TERBUKA, Kunjungan, StatusKunjungan
from app.models.tahapan import Tahapan
from app.models.versi_layanan import VersiLayanan
from app.routing import Alur, Dunia, Kalender, Keadaan, Meja, berikut, menit, tambah
from app.routing.kandidat import earlier_approvers, eligible
from app.services.berkas import Babak
from app.services.dunia import read_versi
from app.services.kalender import load_kalenders

RIWAYAT_HARI = 90
"""How far back the minutes of a step are counted, in days (ROUTING §5)."""

PALING_SEDIKIT = 5
"""Visits needed before the past speaks; with fewer, the minutes of the SOP do."""

PALING_BANYAK = 400
"""Past visits read at most, newest first: a page of a berkas must stay cheap."""

Kunci = tuple[str | None, int | None, str | None]
"""A desk as a visit names it: peran, unit, section."""


@dataclass(frozen=True)
class Langkah:
    """One step ahead: how many berkas wait before it, who serves them, minutes for each."""

    wilayah_id: int
    antre: int
    petugas: int
    menit: int


def perkirakan(
    langkah: Sequence[Langkah],
    kalender: Mapping[int, Kalender],
    dibuka: datetime,
    kini: datetime,
) -> datetime | None:
    """Return when the last step will be done; None where a desk is empty or never opens.

    ``dibuka`` is when the first step opened. A desk first serves who waits there now, one berkas
    after another and each officer one at a time; then ours takes the minutes of its step. What
    should be done already is expected within the next service minute.
    """
    tiba = dibuka
    for satu in langkah:
        if satu.petugas < 1:
            return None
        jam = kalender[satu.wilayah_id]
        lowong = tambah(kini, ceil(satu.antre * satu.menit / satu.petugas), jam)
        selesai = tambah(max(tiba, lowong) if lowong and satu.antre else tiba, satu.menit, jam)
        if selesai is not None and selesai <= kini:
            selesai = tambah(kini, 1, jam)
        if lowong is None or selesai is None:
            return None
        tiba = selesai
    return tiba


def desks_ahead(alur: Alur, keadaan: Keadaan, dunia: Dunia) -> tuple[Meja, ...]:
    """Return the desk of the open visit and of each step after it, as the world is now."""
    if keadaan.terbuka is None or keadaan.terbuka.meja is None:
        return ()
    found = [keadaan.terbuka.meja]
    urutan = keadaan.terbuka.urutan
    while (meja := berikut(alur, keadaan, urutan + 1, dunia)[1]) is not None:
        found.append(meja)
        urutan = alur.step(meja.tahapan).urutan
    return tuple(found)


def load_perkiraan(session: Session, babak: Babak, now: datetime) -> datetime | None:
    """Return when this berkas will be done; None when it does not run or nobody can say.

    Six queries at most, whatever the number of steps and of waiting berkas; call it unscoped.
    """
    desks = desks_ahead(babak.alur, babak.keadaan, babak.dunia)
    if not desks or babak.berkas.beku:
        return None
    kalender = load_kalenders(session, {m.wilayah_id for m in desks})
    dibuka, antre = _queues(session, babak, desks)
    sop = read_versi(session, babak.berkas.versi_layanan_id).sla_menit
    lama = load_lama(session, desks, babak.berkas.layanan_id, kalender, now)
    approvers = earlier_approvers(babak.keadaan, len(babak.alur.tahapan) + 1)
    langkah = [
        Langkah(
            m.wilayah_id,
            antre[_key(m)],
            len(eligible(babak.alur.step(m.tahapan), m, babak.dunia, approvers)),
            lama.get(m.tahapan, sop[m.tahapan]),
        )
        for m in desks
    ]
    return perkirakan(langkah, kalender, dibuka, now)


def _key(meja: Meja) -> Kunci:
    return meja.peran, meja.wilayah_id, meja.seksi_kode


def _queues(
    session: Session, babak: Babak, desks: Sequence[Meja]
) -> tuple[datetime, Counter[Kunci]]:
    """Return when our own visit opened, and who waits before it at each desk ahead."""
    rows = session.execute(
        select(
            Kunjungan.berkas_id,
            Kunjungan.peran_kode,
            Kunjungan.wilayah_id,
            Kunjungan.seksi_kode,
            Kunjungan.waktu_dibuka,
        ).where(
            Kunjungan.status.in_(TERBUKA),
            Kunjungan.wilayah_id.in_({m.wilayah_id for m in desks}),
        )
    ).all()
    dibuka = next(row.waktu_dibuka for row in rows if row.berkas_id == babak.berkas.id)
    here = _key(desks[0])
    waiting: Counter[Kunci] = Counter()
    # A desk serves in the order of arrival; of two that came at once, the one filed first.
    for id_, peran, wilayah_id, seksi, opened in rows:
        key = (peran, wilayah_id, seksi)
        if key != here or (opened, id_) < (dibuka, babak.berkas.id):
            waiting[key] += 1
    return dibuka, waiting


def load_lama(
    session: Session,
    desks: Sequence[Meja],
    layanan_id: int,
    kalender: Mapping[int, Kalender],
    now: datetime,
) -> dict[str, int]:
    """Return kode of a step → median service minutes of its visits at this very desk.

    Steps with fewer than `PALING_SEDIKIT` visits in the last `RIWAYAT_HARI` days are left out.
    """
    at_desk = [
        and_(
            Tahapan.kode == m.tahapan,
            Kunjungan.wilayah_id == m.wilayah_id,
            Kunjungan.peran_kode == m.peran,
        )
        for m in desks
    ]
    rows = session.execute(
        select(Tahapan.kode, Kunjungan.wilayah_id, Kunjungan.waktu_dibuka, Kunjungan.waktu_ditutup)
        .join(Tahapan, Tahapan.id == Kunjungan.tahapan_id)
        .join(VersiLayanan, VersiLayanan.id == Tahapan.versi_layanan_id)
        .where(
            VersiLayanan.layanan_id == layanan_id,
            Kunjungan.status == StatusKunjungan.DISETUJUI,
            Kunjungan.waktu_ditutup >= now - timedelta(days=RIWAYAT_HARI),
            or_(*at_desk),
        )
        .order_by(Kunjungan.waktu_ditutup.desc())
        .limit(PALING_BANYAK)
    )
    spent: dict[str, list[float]] = defaultdict(list)
    for kode, wilayah_id, opened, closed in rows:
        if wilayah_id is not None and closed is not None:
            spent[kode].append(menit(opened, closed, kalender[wilayah_id]))
    return {k: max(1, round(median(v))) for k, v in spent.items() if len(v) >= PALING_SEDIKIT}
