"""The acts on a berkas, a person's and the sweep's, as values handed to the engine by the shell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.routing.dunia import Pemegang

if TYPE_CHECKING:
    from app.routing.alur import Alur


class JenisAksi(StrEnum):
    """The closed list of acts: at a desk, around a desk, and those of the system."""

    AJUKAN = "ajukan"
    TERUSKAN = "teruskan"
    SETUJUI = "setujui"
    PARAF = "paraf"
    TANDA_TANGANI = "tanda_tangani"
    SERAHKAN = "serahkan"
    KEMBALIKAN = "kembalikan"
    TOLAK = "tolak"
    BATALKAN = "batalkan"
    AMBIL = "ambil"
    LEPAS = "lepas"
    ALIHKAN = "alihkan"
    URUNGKAN = "urungkan"
    ESKALASI = "eskalasi"
    KEDALUWARSA = "kedaluwarsa"
    HITUNG_ULANG = "hitung_ulang"
    MIGRASI = "migrasi"
    IMPOR = "impor"


AKSI_TAHAPAN = (
    JenisAksi.TERUSKAN,
    JenisAksi.SETUJUI,
    JenisAksi.PARAF,
    JenisAksi.TANDA_TANGANI,
    JenisAksi.SERAHKAN,
)
"""The acts that finish a tahapan and move the berkas on; each tahapan names exactly one."""


AKSI_SISTEM = frozenset(
    {
        JenisAksi.ESKALASI,
        JenisAksi.KEDALUWARSA,
        JenisAksi.HITUNG_ULANG,
        JenisAksi.MIGRASI,
        JenisAksi.IMPOR,
    }
)
"""Only the system takes these; it may also lepas and alihkan. None of them is a decision."""

SISTEM = Pemegang(penugasan_id=0, pengguna_id=0, peran="sistem", wilayah_id=0)
"""The pelaku of what the program does by itself: the sweep, a migration, an import."""


@dataclass(frozen=True)
class Aksi:
    """What a person asks for.

    ``ke`` is the number of the newest kunjungan on the page the person looked at (0 before the
    first filing): it must still be the newest, else the act is refused (ROUTING §3 cases 2, 3, 27).

    Only ``ajukan`` reads these three: ``data`` (isian and pemohon facts, column to value) and
    ``jalur`` (tingkat to wilayah_id) are None where unchanged; ``surat_pengantar`` says at the
    first filing that the signed RT/RW letter is attached. ``rincian`` are the ids and codes that an
    act of the system records (the rung that fired, the new deadline, the closed status of an
    impor); ``alur_baru`` is the definition a migrasi moves to.
    """

    jenis: JenisAksi
    ke: int
    pelaku: Pemegang
    catatan: str = ""
    alasan_kode: str = ""
    data: Mapping[str, object] | None = None
    jalur: Mapping[str, int] | None = None
    surat_pengantar: bool = False
    rincian: Mapping[str, object] = field(default_factory=dict)
    alur_baru: "Alur | None" = None
