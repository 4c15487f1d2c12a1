"""Where a berkas stands: the frozen projection of its riwayat, with the status derived from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.routing.jenis import JenisAksi


class Status(StrEnum):
    """The status of a berkas (ROUTING §1, Status is derived)."""

    DRAF = "draf"
    DIAJUKAN = "diajukan"
    DIPROSES = "diproses"
    MENUNGGU_TTD = "menunggu_ttd"
    SIAP_DIAMBIL = "siap_diambil"
    DIKEMBALIKAN = "dikembalikan"
    SELESAI = "selesai"
    DITOLAK = "ditolak"
    DIBATALKAN = "dibatalkan"
    KEDALUWARSA = "kedaluwarsa"


STATUS_BERJALAN = frozenset(
    {Status.DIAJUKAN, Status.DIPROSES, Status.MENUNGGU_TTD, Status.SIAP_DIAMBIL}
)
STATUS_TERTUTUP = frozenset({Status.SELESAI, Status.DITOLAK, Status.DIBATALKAN, Status.KEDALUWARSA})


GUGUR = 0
"""The urutan of a visit that a migrasi left behind: it stays in the record and counts no more."""


class StatusKunjungan(StrEnum):
    """The status of one visit to a desk."""

    MENUNGGU = "menunggu"
    DIAMBIL = "diambil"
    DISETUJUI = "disetujui"
    DIKEMBALIKAN = "dikembalikan"
    DITOLAK = "ditolak"
    DILEWATI = "dilewati"
    DIBATALKAN = "dibatalkan"


class Sebab(StrEnum):
    """Why a step was skipped, or why it opened other than at its own staffed desk."""

    SYARAT = "syarat_tidak_terpenuhi"
    TINGKAT_TIDAK_ADA = "tingkat_tidak_ada"
    TIDAK_ADA_PEJABAT = "tidak_ada_pejabat"
    SURAT_PENGANTAR = "surat_pengantar"
    TIDAK_DIWAJIBKAN = "tidak_diwajibkan"
    NAIK = "naik"
    KOSONG = "kosong"
    PENGGANTI = "pengganti"


@dataclass(frozen=True)
class Meja:
    """The post where a step opens. Who sits there is computed when read, never stored.

    ``seharusnya_id`` is the unit where the step belongs; it differs from ``wilayah_id`` after
    naik. ``sebab`` is None at the step's own staffed desk, else naik, kosong or pengganti.
    """

    tahapan: str
    peran: str
    tingkat: str
    wilayah_id: int
    seharusnya_id: int
    seksi_kode: str | None = None
    sebab: Sebab | None = None


@dataclass(frozen=True)
class Klaim:
    """A lease on an open visit: others wait until ``sampai`` (ROUTING §3 cases 17 and 18)."""

    penugasan_id: int
    pengguna_id: int
    sampai: datetime


@dataclass(frozen=True)
class Kunjungan:
    """One visit, numbered by ``ke`` from 1 without gaps; a skipped step is a visit too.

    ``meja`` is None for a skipped step; the two ids say who closed the visit, None while open.
    ``klaim`` says who works on it, None when nobody has taken it; ``buka_atasan`` that the ladder
    opened it to the superior as well.
    """

    ke: int
    tahapan: str
    urutan: int
    aksi: JenisAksi
    status: StatusKunjungan
    sebab: Sebab | None = None
    meja: Meja | None = None
    penugasan_id: int | None = None
    pengguna_id: int | None = None
    klaim: "Klaim | None" = None
    buka_atasan: bool = False

    @property
    def is_terbuka(self) -> bool:
        """Whether the visit still waits for an act."""
        return self.status in (StatusKunjungan.MENUNGGU, StatusKunjungan.DIAMBIL)


@dataclass(frozen=True)
class MejaPengaju:
    """The filing desk, a post and not a person: a returned berkas lies in its queue."""

    peran: str
    wilayah_id: int
    tingkat: str


@dataclass(frozen=True)
class Terakhir:
    """The newest event, as far as undoing it needs: which act, whose, when, on which visit."""

    jenis: JenisAksi
    penugasan_id: int
    pada: datetime
    ke: int | None


@dataclass(frozen=True)
class Keadaan:
    """The projection of a berkas. Everything that can be derived is a property.

    ``nomor`` counts the events so far; ``jalur`` maps tingkat to wilayah_id, frozen at filing;
    ``penutup`` is the closed status, None before the end; ``dikembalikan_pada`` the moment of the
    newest return; ``terakhir`` the newest event; ``data`` holds isian and pemohon facts,
    which the shell supplies from the berkas because riwayat keeps no personal text
    (ROUTING §3 case 51).
    """

    nomor: int = 0
    kunjungan: tuple[Kunjungan, ...] = ()
    jalur: Mapping[str, int] = field(default_factory=dict)
    pengaju: MejaPengaju | None = None
    surat_pengantar: bool = False
    penutup: Status | None = None
    dikembalikan_pada: datetime | None = None
    terakhir: Terakhir | None = None
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def ke(self) -> int:
        """The number of the newest visit, 0 before filing: what an act has to name."""
        return len(self.kunjungan)

    @property
    def terbuka(self) -> Kunjungan | None:
        """The one open visit; None in a draft, a returned or a closed berkas (ROUTING §4 I1)."""
        newest = self.kunjungan[-1] if self.kunjungan else None
        return newest if newest is not None and newest.is_terbuka else None

    @property
    def status(self) -> Status:
        """The status, derived from the visits (ROUTING §1)."""
        if self.penutup is not None:
            return self.penutup
        if self.pengaju is None:
            return Status.DRAF
        if (kunjungan := self.terbuka) is None:
            return Status.DIKEMBALIKAN
        if kunjungan.urutan == 1:
            return Status.DIAJUKAN
        if kunjungan.aksi is JenisAksi.TANDA_TANGANI:
            return Status.MENUNGGU_TTD
        if kunjungan.aksi is JenisAksi.SERAHKAN:
            return Status.SIAP_DIAMBIL
        return Status.DIPROSES

    @property
    def kembali(self) -> int:
        """How often the berkas was returned; compared with maks_kembali (ROUTING §3 case 24)."""
        return sum(k.status is StatusKunjungan.DIKEMBALIKAN for k in self.kunjungan)

    @property
    def balik_ke(self) -> str | None:
        """The kode of the step that returned the berkas; None unless it is dikembalikan."""
        return self.kunjungan[-1].tahapan if self.status is Status.DIKEMBALIKAN else None

    @property
    def berlaku(self) -> tuple[Kunjungan, ...]:
        """The visits that still stand, in order of their steps.

        A visit falls when a later one reaches the same or an earlier step, because a resumed
        berkas walks every step from there again (ROUTING §3 cases 20 to 23). One whose step a
        migrasi left behind neither stands nor brings another to fall.
        """
        standing: list[Kunjungan] = []
        for kunjungan in self.kunjungan:
            if kunjungan.urutan == GUGUR:
                continue
            standing = [k for k in standing if k.urutan < kunjungan.urutan]
            standing.append(kunjungan)
        return tuple(standing)
