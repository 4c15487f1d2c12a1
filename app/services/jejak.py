"""The trail of one berkas with a reason on every hop, told by `alasan_meja` from its riwayat."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.isian import Isian
from app.models.penugasan import Penugasan
from app.models.peran import Peran
from app.models.riwayat import Riwayat
from app.models.seksi import Seksi
from app.models.wilayah import Wilayah
from app.routing import Alur, Dunia, Keadaan, Kunjungan, Pemegang, Peristiwa, terapkan
from app.services.alasan_meja import Sebutan, alasan_lanjut, alasan_meja, alasan_terbuka
from app.services.berkas import Babak
from app.services.kata_syarat import labels_of
from app.services.keadaan import facts
from app.teks import Kalimat


@dataclass(frozen=True)
class Lompatan:
    """One hop: the visit an event opened, moved or skipped, and why, in one or more sentences.

    ``datang`` says that the berkas came here to wait, as a new visit.
    """

    ke: int
    tahapan: str
    alasan: tuple[Kalimat, ...]
    datang: bool


@dataclass(frozen=True)
class Masa:
    """Who held a post from when until when; ``sampai`` None means until further notice."""

    pemegang: Pemegang
    mulai: datetime
    sampai: datetime | None


def load_jejak(
    session: Session, babak: Babak, riwayat: Sequence[Riwayat], isian: Sequence[Isian]
) -> dict[int, tuple[Lompatan, ...]]:
    """Return riwayat.nomor → the hops that entry led to; call it unscoped.

    Four queries, whatever the length of the trail.
    """
    events = [Peristiwa.from_isi(row.isi) for row in riwayat]
    units = _units(events, babak.dunia)
    sebutan = load_sebutan(session, units, isian)
    masa = load_masa(session, babak.alur, units)
    awal = Keadaan(data=facts(babak.berkas), jalur=babak.berkas.jalur or {})
    return tell(babak.alur, awal, events, babak.dunia, masa, sebutan)


def tell(
    alur: Alur,
    awal: Keadaan,
    events: Iterable[Peristiwa],
    dunia: Dunia,
    masa: Sequence[Masa],
    sebutan: Sebutan,
) -> dict[int, tuple[Lompatan, ...]]:
    """Replay the events; return the hops of each, judged in the world of its moment."""
    found: dict[int, tuple[Lompatan, ...]] = {}
    before = awal
    for event in events:
        after = terapkan(before, event)
        then = world_at(dunia, masa, event.pada)
        found[event.nomor] = tuple(
            Lompatan(
                k.ke,
                k.tahapan,
                _why(alur, before, after, event, k, then, sebutan),
                k.is_terbuka and k in event.kunjungan_baru,
            )
            for k in _moved(before, event)
            # A migrasi leaves visits behind whose step the new version does not know.
            if any(k.tahapan == step.kode for step in alur.tahapan)
        )
        before = after
    return found


def _why(
    alur: Alur,
    before: Keadaan,
    after: Keadaan,
    event: Peristiwa,
    kunjungan: Kunjungan,
    dunia: Dunia,
    sebutan: Sebutan,
) -> tuple[Kalimat, ...]:
    said = [alasan_meja(alur, after, kunjungan, dunia, sebutan), alasan_terbuka(kunjungan)]
    if kunjungan.is_terbuka:
        said.insert(0, alasan_lanjut(alur, before, event, sebutan))
    return tuple(kalimat for kalimat in said if kalimat is not None)


def _moved(before: Keadaan, event: Peristiwa) -> tuple[Kunjungan, ...]:
    """Return the visits the event added, and open ones whose desk or doors it changed."""
    known = {k.ke: k for k in before.kunjungan}
    changed = tuple(
        k
        for k in event.kunjungan_ubah
        if k.is_terbuka
        and (k.meja, k.tahapan, k.buka_atasan)
        != (known[k.ke].meja, known[k.ke].tahapan, known[k.ke].buka_atasan)
    )
    return changed + event.kunjungan_baru


def world_at(dunia: Dunia, masa: Sequence[Masa], pada: datetime) -> Dunia:
    """Return the world with the holders of another moment."""
    holders = tuple(
        m.pemegang for m in masa if m.mulai <= pada and (m.sampai is None or pada < m.sampai)
    )
    return replace(dunia, pemegang=holders, kini=pada)


def load_sebutan(session: Session, units: Iterable[int], isian: Sequence[Isian]) -> Sebutan:
    """Return the words for the posts of these units and the isian of a version."""
    ids = set(units)
    return Sebutan(
        peran={row.kode: row for row in session.scalars(select(Peran))},
        wilayah={
            row.id: row for row in session.scalars(select(Wilayah).where(Wilayah.id.in_(ids)))
        },
        seksi={
            (row.wilayah_id, row.kode): row
            for row in session.scalars(select(Seksi).where(Seksi.wilayah_id.in_(ids)))
        },
        kolom=labels_of(isian),
    )


def load_masa(session: Session, alur: Alur, units: Iterable[int]) -> list[Masa]:
    """Return every appointment, past ones too, to the posts of the alur at these units."""
    rows = session.execute(
        select(Penugasan, Peran.kode, Seksi.kode)
        .join(Peran, Peran.id == Penugasan.peran_id)
        .outerjoin(Seksi, Seksi.id == Penugasan.seksi_id)
        .where(
            Penugasan.wilayah_id.in_(set(units)),
            Peran.kode.in_({step.peran for step in alur.tahapan}),
        )
        .order_by(Penugasan.id)
    )
    return [
        Masa(
            Pemegang(row.id, row.pengguna_id, peran, row.wilayah_id, seksi, str(row.sifat)),
            row.waktu_mulai,
            row.waktu_sampai,
        )
        for row, peran, seksi in rows
    ]


def _units(events: Iterable[Peristiwa], dunia: Dunia) -> set[int]:
    """Return every unit the trail names, with the successors known today."""
    units: set[int] = set()
    for event in events:
        jalur: Mapping[str, int] = event.pengajuan.jalur if event.pengajuan else {}
        units |= {*jalur.values()}
        for kunjungan in (*event.kunjungan_baru, *event.kunjungan_ubah):
            if kunjungan.meja is not None:
                units |= {kunjungan.meja.wilayah_id, kunjungan.meja.seharusnya_id}
    return units | {dunia.current_unit(unit) for unit in units}
