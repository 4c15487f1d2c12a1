"""The acts on a berkas, a person's and the sweep's, as values handed to the engine by the shell."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.routing.alur import Alur
from app.routing.dunia import Pemegang
from app.routing.jenis import JenisAksi

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
    alur_baru: Alur | None = None
