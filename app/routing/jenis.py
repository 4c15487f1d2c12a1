"""The kinds of acts; the list is closed, and each has a rule in the engine."""

from enum import StrEnum


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
