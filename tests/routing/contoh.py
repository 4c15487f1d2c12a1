"""A small kecamatan, its officers and the nine-step SKTM alur for the routing tests."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app.routing import (
    Aksi,
    Alur,
    Dunia,
    JenisAksi,
    Keadaan,
    Pemegang,
    Peristiwa,
    Tahapan,
    Tolak,
    putuskan,
    terapkan,
)

RT, RW, KELURAHAN, KECAMATAN = 1003, 102, 11, 1
JALUR = {"rt": RT, "rw": RW, "kelurahan": KELURAHAN, "kecamatan": KECAMATAN}
SEBELAH = {"rt": 1004, "rw": 103, "kelurahan": 12, "kecamatan": 2}

TINGKAT_PERAN = {
    "ketua_rt": "rt",
    "ketua_rw": "rw",
    "petugas_kelurahan": "kelurahan",
    "kasi_kelurahan": "kelurahan",
    "lurah": "kelurahan",
    "petugas_kecamatan": "kecamatan",
    "kasi_kecamatan": "kecamatan",
    "sekcam": "kecamatan",
    "camat": "kecamatan",
}
RANTAI_SKTM = (
    ("ketua_rt", "setujui"),
    ("ketua_rw", "setujui"),
    ("petugas_kelurahan", "teruskan"),
    ("kasi_kelurahan", "paraf"),
    ("lurah", "tanda_tangani"),
    ("petugas_kecamatan", "teruskan"),
    ("kasi_kecamatan", "paraf"),
    ("sekcam", "paraf"),
    ("camat", "tanda_tangani"),
)


def make_alur(
    rantai: Iterable[tuple[str, str]] = RANTAI_SKTM,
    ubah: dict[int, dict[str, Any]] | None = None,
    **alur: Any,
) -> Alur:
    """Build an alur from (peran, aksi) pairs; ``ubah`` maps urutan to changed Tahapan fields."""
    steps = [
        Tahapan(
            urutan=n,
            kode=f"{n:02}_{peran}",
            tingkat=TINGKAT_PERAN[peran],
            peran=peran,
            aksi=JenisAksi(aksi),
        )
        for n, (peran, aksi) in enumerate(rantai, 1)
    ]
    steps[-1] = replace(steps[-1], wajib=True)
    for urutan, fields in (ubah or {}).items():
        steps[urutan - 1] = replace(steps[urutan - 1], **fields)
    return Alur(tuple(steps), **alur)


def pejabat(peran: str, nomor: int = 0, **fields: Any) -> Pemegang:
    """Return the officer of a peran on the JALUR; ``nomor`` tells several of them apart."""
    serial = 10 * list(TINGKAT_PERAN).index(peran) + nomor
    base = Pemegang(
        penugasan_id=500 + serial,
        pengguna_id=100 + serial,
        peran=peran,
        wilayah_id=JALUR[TINGKAT_PERAN[peran]],
    )
    return replace(base, **fields)


def make_dunia(kosong: Iterable[str] = (), tambahan: Iterable[Pemegang] = (), **d: Any) -> Dunia:
    """Return a world with one officer in each peran, except those left ``kosong``."""
    vacant = set(kosong)
    filled = [pejabat(p) for p in TINGKAT_PERAN if p not in vacant]
    return Dunia(pemegang=(*filled, *tambahan), **d)


class Jalan:
    """One berkas on its way: keeps the projection and the riwayat, as the shell would."""

    def __init__(self, alur: Alur, dunia: Dunia, **keadaan: Any) -> None:
        self.alur, self.dunia = alur, dunia
        self.awal = self.keadaan = Keadaan(**{"jalur": JALUR, **keadaan})
        self.riwayat: list[Peristiwa] = []

    def coba(self, jenis: str, pelaku: Pemegang, **aksi: Any) -> Tolak | Peristiwa:
        """Try an act; on success apply its one event."""
        aksi.setdefault("ke", self.keadaan.ke)
        hasil = putuskan(
            self.alur, self.keadaan, Aksi(JenisAksi(jenis), pelaku=pelaku, **aksi), self.dunia
        )
        if isinstance(hasil, Tolak):
            return hasil
        (peristiwa,) = hasil
        self.keadaan = terapkan(self.keadaan, peristiwa)
        self.riwayat.append(peristiwa)
        return peristiwa

    def maju(self, jenis: str, pelaku: Pemegang, **aksi: Any) -> "Jalan":
        """Take an act that has to succeed; returns self, to be chained."""
        hasil = self.coba(jenis, pelaku, **aksi)
        assert isinstance(hasil, Peristiwa), hasil
        return self

    def sampai(self, urutan: int) -> "Jalan":
        """File from the RT, then let each own officer act until the step ``urutan`` is open."""
        if self.keadaan.ke == 0:
            self.maju("ajukan", pejabat("ketua_rt"))
        while self.keadaan.terbuka and self.keadaan.terbuka.urutan < urutan:
            step = self.alur.step(self.keadaan.terbuka.tahapan)
            self.maju(step.aksi, pejabat(step.peran))
        return self

    def kembalikan(self, pelaku: Pemegang) -> "Jalan":
        """Return the berkas with a reason and a note."""
        return self.maju("kembalikan", pelaku, alasan_kode="kurang", catatan="KTP kabur")

    def meja(self) -> tuple[str, int] | None:
        """Return the peran and wilayah_id of the open desk."""
        terbuka = self.keadaan.terbuka
        return (terbuka.meja.peran, terbuka.meja.wilayah_id) if terbuka and terbuka.meja else None

    def sebab(self) -> list[tuple[int, str | None]]:
        """Return urutan and cause of each visit that has one."""
        return [(k.urutan, k.sebab) for k in self.keadaan.kunjungan if k.sebab]
