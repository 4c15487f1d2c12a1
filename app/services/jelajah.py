"""Simulation before publishing: every RT × every corner of the conditions, on the pure engine."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.routing import (
    Aksi,
    Alur,
    Dunia,
    JenisAksi,
    Keadaan,
    KodeTolak,
    Pemegang,
    Sebab,
    StatusKunjungan,
    Tolak,
    kandidat,
    putuskan,
    terapkan,
)
from app.services.lapangan import Asal, Lapangan
from app.teks import N_

TIDAK_ADA_PENGAJU = N_("tidak ada yang dapat mengajukan")
MEJA_KOSONG = N_("tidak ada pejabat yang dapat bertindak")
JALUR_KURANG = N_("wilayah ini tidak mempunyai unit tahapan terakhir")


@dataclass(frozen=True)
class Macet:
    """A berkas that would not reach its end: where it came from, with which answers, and why.

    ``tahapan`` is the kode of the step where it lies, None before the first; ``sebab`` a msgid.
    """

    asal: str
    data: Mapping[str, object]
    tahapan: str | None
    sebab: str


@dataclass(frozen=True)
class Jelajah:
    """What a simulation found; minutes are those that the steps promise, of the walks that ended.

    ``naik`` counts the walks that some vacancy sent to a superior; ``dibuka`` are the kode of the
    steps that opened at least once.
    """

    jumlah: int = 0
    naik: int = 0
    macet: tuple[Macet, ...] = ()
    menit_min: int = 0
    menit_maks: int = 0
    dibuka: frozenset[str] = frozenset()


def jelajahi(
    alur: Alur,
    sla_menit: Mapping[str, int],
    sudut: Sequence[Mapping[str, object]],
    lapangan: Lapangan,
) -> Jelajah:
    """Walk a berkas of every origin through every corner; ``sla_menit`` goes by kode of step."""
    jumlah = naik = 0
    macet: list[Macet] = []
    dibuka: set[str] = set()
    minutes: list[int] = []
    for asal in lapangan.asal:
        dunia = world_of(alur, asal, lapangan)
        for data in sudut:
            keadaan, sebab = walk(alur, asal, data, dunia)
            jumlah += 1
            visits = [k for k in keadaan.kunjungan if k.status is not StatusKunjungan.DILEWATI]
            dibuka |= {k.tahapan for k in visits}
            naik += any(k.sebab is Sebab.NAIK for k in visits)
            if sebab:
                at = keadaan.terbuka.tahapan if keadaan.terbuka else None
                macet.append(Macet(asal.nama, data, at, sebab))
            else:
                minutes.append(sum(sla_menit[k.tahapan] for k in visits))
    least, most = min(minutes, default=0), max(minutes, default=0)
    return Jelajah(jumlah, naik, tuple(macet), least, most, frozenset(dibuka))


def world_of(alur: Alur, asal: Asal, lapangan: Lapangan) -> Dunia:
    """Return the part of the field that a berkas of this origin meets."""
    empty = Dunia(pengganti=lapangan.pengganti)
    places = {p for unit in asal.jalur.values() for p in (unit, empty.current_unit(unit))}
    peran = {step.peran for step in alur.tahapan} | {*alur.peran_pengaju}
    holders = [p for unit in sorted(places) for p in lapangan.pemegang.get(unit, ())]
    return replace(
        empty,
        pemegang=tuple(p for p in holders if p.peran in peran),
        seksi=frozenset((unit, kode) for unit, kode in lapangan.seksi if unit in places),
        kini=lapangan.kini,
    )


def walk(
    alur: Alur, asal: Asal, data: Mapping[str, object], dunia: Dunia
) -> tuple[Keadaan, str | None]:
    """File at the first post that may, and let the first candidate act at each desk.

    Returns the state reached, and why it is stuck there; None at the end of the alur.
    """
    keadaan = Keadaan(jalur=asal.jalur, data=data)
    filed = _file(alur, keadaan, dunia)
    if isinstance(filed, str):
        return keadaan, filed
    keadaan = filed
    while (visit := keadaan.terbuka) is not None:
        who = kandidat(alur, keadaan, dunia)
        if not who:
            return keadaan, MEJA_KOSONG
        outcome = putuskan(alur, keadaan, Aksi(visit.aksi, keadaan.ke, who[0]), dunia)
        assert not isinstance(outcome, Tolak), "the engine refuses a candidate of its own"
        keadaan = terapkan(keadaan, outcome[0])
    return keadaan, None


def _file(alur: Alur, keadaan: Keadaan, dunia: Dunia) -> Keadaan | str:
    sebab = TIDAK_ADA_PENGAJU
    for pelaku in _filers(alur, keadaan, dunia):
        outcome = putuskan(alur, keadaan, Aksi(JenisAksi.AJUKAN, 0, pelaku), dunia)
        if not isinstance(outcome, Tolak):
            return terapkan(keadaan, outcome[0])
        if outcome.kode is KodeTolak.JALUR_TIDAK_LENGKAP:
            sebab = JALUR_KURANG
    return sebab


def _filers(alur: Alur, keadaan: Keadaan, dunia: Dunia) -> Iterable[Pemegang]:
    units = set(keadaan.jalur.values())
    for peran in alur.peran_pengaju:
        yield from (p for p in dunia.pemegang if p.peran == peran and p.wilayah_id in units)
