"""The published definition of a layanan as the engine reads it: an Alur of serial Tahapan."""

from dataclasses import dataclass
from enum import StrEnum

from app.routing.jenis import AKSI_TAHAPAN, JenisAksi
from app.routing.syarat import Syarat

DERAJAT_TINGKAT = {
    "rt": 0,
    "rw": 1,
    "dusun": 2,
    "kelurahan": 3,
    "desa": 3,
    "kecamatan": 4,
    "kabupaten": 5,
    "kota": 5,
    "provinsi": 6,
}
"""How high a tingkat stands in the tree of wilayah; two names of one level share a number."""

KEKUATAN_AKSI = {
    JenisAksi.TERUSKAN: 0,
    JenisAksi.SETUJUI: 0,
    JenisAksi.SERAHKAN: 0,
    JenisAksi.PARAF: 1,
    JenisAksi.TANDA_TANGANI: 2,
}
"""How much authority an act takes: a post that only forwards may not stand in for a signature."""


class JikaKosong(StrEnum):
    """What happens to a tahapan where nobody eligible sits (ROUTING §2)."""

    TUNGGU = "tunggu"
    NAIK = "naik"
    LEWATI = "lewati"


@dataclass(frozen=True)
class Tahapan:
    """One step; ``syarat`` is an AND-list, ``kolom_dijamin`` the columns this desk vouches for.

    Raises:
        ValueError: the tingkat is unknown, or the aksi is not one that finishes a step.
    """

    urutan: int
    kode: str
    tingkat: str
    peran: str
    aksi: JenisAksi
    seksi_kode: str | None = None
    syarat: tuple[Syarat, ...] = ()
    jika_kosong: JikaKosong = JikaKosong.NAIK
    kolom_dijamin: tuple[str, ...] = ()
    beda_orang: bool = False
    boleh_pelaksana: bool = True
    boleh_dilewati: bool = False
    wajib: bool = False
    memberi_nomor: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "aksi", JenisAksi(self.aksi))
        object.__setattr__(self, "jika_kosong", JikaKosong(self.jika_kosong))
        if self.tingkat not in DERAJAT_TINGKAT:
            raise ValueError(f"tahapan {self.kode}: unknown tingkat {self.tingkat!r}")
        if self.aksi not in AKSI_TAHAPAN:
            raise ValueError(f"tahapan {self.kode}: {self.aksi} does not finish a step")

    @property
    def derajat(self) -> int:
        """How high the step stands in the tree of wilayah."""
        return DERAJAT_TINGKAT[self.tingkat]

    @property
    def kekuatan(self) -> int:
        """How much authority the step's act takes."""
        return KEKUATAN_AKSI[self.aksi]


@dataclass(frozen=True)
class Alur:
    """The steps of one version, in order, and the peran that may file (ROUTING §1, Who files).

    ``perbaikan_hari``: days after which a correction counts as abandoned (ROUTING §3 case 29).

    Raises:
        ValueError: a shape that would leave a berkas without a human decision: no step, a gap in
            urutan, a kode used twice, or a last step that is conditional or not wajib.
    """

    tahapan: tuple[Tahapan, ...]
    pengaju: tuple[str, ...] = ()
    maks_kembali: int = 3
    perbaikan_hari: int = 14

    def __post_init__(self) -> None:
        if [t.urutan for t in self.tahapan] != list(range(1, len(self.tahapan) + 1)):
            raise ValueError("urutan must run 1, 2, … without gaps")
        if not self.tahapan or len({t.kode for t in self.tahapan}) != len(self.tahapan):
            raise ValueError("an alur needs steps, each with a kode of its own")
        if not self.tahapan[-1].wajib or self.tahapan[-1].syarat:
            raise ValueError("the last step must be wajib and without syarat")

    @property
    def peran_pengaju(self) -> tuple[str, ...]:
        """The peran that may file; by default that of step 1, and petugas_kelurahan."""
        return self.pengaju or (self.tahapan[0].peran, "petugas_kelurahan")

    def step(self, kode: str) -> Tahapan:
        """Return the step with this kode.

        Raises:
            KeyError: no such step: the berkas was filed under another version.
        """
        for tahapan in self.tahapan:
            if tahapan.kode == kode:
                return tahapan
        raise KeyError(kode)
