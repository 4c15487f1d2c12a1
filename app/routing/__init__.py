"""The pure routing engine: frozen values in, frozen values out; the standard library only."""

from app.routing.aksi import SISTEM, Aksi
from app.routing.alur import DERAJAT_TINGKAT, Alur, JikaKosong, Tahapan
from app.routing.berikut import Lewatan, berikut
from app.routing.dunia import Dunia, Pemegang
from app.routing.jenis import AKSI_SISTEM, AKSI_TAHAPAN, JenisAksi
from app.routing.kalender import (
    WIB_MENIT,
    Jam,
    Kalender,
    Periode,
    hari_ke,
    hari_kerja,
    menit,
    tambah,
)
from app.routing.kandidat import atasan, kandidat, klaim_berlaku, meja_atasan, sisi_pengaju
from app.routing.keadaan import (
    STATUS_BERJALAN,
    STATUS_TERTUTUP,
    Keadaan,
    Klaim,
    Kunjungan,
    Meja,
    MejaPengaju,
    Sebab,
    Status,
    StatusKunjungan,
)
from app.routing.meja import LAMA_KLAIM
from app.routing.peristiwa import Pengajuan, Peristiwa
from app.routing.putuskan import aksi_tersedia, putuskan
from app.routing.syarat import Op, Syarat, parse_syarat
from app.routing.terapkan import replay, terapkan
from app.routing.tolak import KodeTolak, Tolak
from app.routing.urungkan import BATAS_URUNG
from app.routing.waktu import Menit, rinci

__all__ = [
    "AKSI_SISTEM",
    "AKSI_TAHAPAN",
    "BATAS_URUNG",
    "DERAJAT_TINGKAT",
    "LAMA_KLAIM",
    "SISTEM",
    "STATUS_BERJALAN",
    "STATUS_TERTUTUP",
    "WIB_MENIT",
    "Aksi",
    "Alur",
    "Dunia",
    "Jam",
    "JenisAksi",
    "JikaKosong",
    "Kalender",
    "Keadaan",
    "Klaim",
    "KodeTolak",
    "Kunjungan",
    "Lewatan",
    "Meja",
    "MejaPengaju",
    "Menit",
    "Op",
    "Pemegang",
    "Pengajuan",
    "Periode",
    "Peristiwa",
    "Sebab",
    "Status",
    "StatusKunjungan",
    "Syarat",
    "Tahapan",
    "Tolak",
    "aksi_tersedia",
    "atasan",
    "berikut",
    "hari_ke",
    "hari_kerja",
    "kandidat",
    "klaim_berlaku",
    "meja_atasan",
    "menit",
    "parse_syarat",
    "putuskan",
    "replay",
    "rinci",
    "sisi_pengaju",
    "tambah",
    "terapkan",
]
