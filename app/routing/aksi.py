"""The acts a person may take on a berkas, as values handed to the engine by the shell."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.routing.dunia import Pemegang


class JenisAksi(StrEnum):
    """The closed list of acts; the codes are those of ``data/referensi/aksi_tahapan.csv``."""

    AJUKAN = "ajukan"
    TERUSKAN = "teruskan"
    SETUJUI = "setujui"
    PARAF = "paraf"
    TANDA_TANGANI = "tanda_tangani"
    SERAHKAN = "serahkan"
    KEMBALIKAN = "kembalikan"
    TOLAK = "tolak"
    BATALKAN = "batalkan"


AKSI_TAHAPAN = (
    JenisAksi.TERUSKAN,
    JenisAksi.SETUJUI,
    JenisAksi.PARAF,
    JenisAksi.TANDA_TANGANI,
    JenisAksi.SERAHKAN,
)
"""The acts that finish a tahapan and move the berkas on; each tahapan names exactly one."""


@dataclass(frozen=True)
class Aksi:
    """What a person asks for.

    ``ke`` is the number of the newest kunjungan on the page the person looked at (0 before the
    first filing): it must still be the newest, else the act is refused (ROUTING §3 cases 2, 3, 27).

    Only ``ajukan`` reads the last three: ``data`` (isian and pemohon facts, column to value) and
    ``jalur`` (tingkat to wilayah_id) are None where unchanged; ``surat_pengantar`` says at the
    first filing that the signed RT/RW letter is attached.
    """

    jenis: JenisAksi
    ke: int
    pelaku: Pemegang
    catatan: str = ""
    alasan_kode: str = ""
    data: Mapping[str, object] | None = None
    jalur: Mapping[str, int] | None = None
    surat_pengantar: bool = False
