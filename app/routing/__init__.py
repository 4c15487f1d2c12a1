"""The pure routing engine: frozen values in, frozen values out; the standard library only."""

from app.routing.aksi import AKSI_TAHAPAN, Aksi, JenisAksi
from app.routing.alur import DERAJAT_TINGKAT, Alur, JikaKosong, Tahapan
from app.routing.berikut import Lewatan, berikut
from app.routing.dunia import Dunia, Pemegang
from app.routing.kalender import WIB_MENIT, Jam, Kalender, menit, tambah
from app.routing.kandidat import kandidat, sisi_pengaju
from app.routing.keadaan import (
    STATUS_BERJALAN,
    STATUS_TERTUTUP,
    Keadaan,
    Kunjungan,
    Meja,
    MejaPengaju,
    Sebab,
    Status,
    StatusKunjungan,
)
from app.routing.peristiwa import Pengajuan, Peristiwa
from app.routing.putuskan import aksi_tersedia, putuskan
from app.routing.syarat import Op, Syarat, parse_syarat
from app.routing.terapkan import replay, terapkan
from app.routing.tolak import KodeTolak, Tolak

__all__ = [
    "AKSI_TAHAPAN",
    "DERAJAT_TINGKAT",
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
    "KodeTolak",
    "Kunjungan",
    "Lewatan",
    "Meja",
    "MejaPengaju",
    "Op",
    "Pemegang",
    "Pengajuan",
    "Peristiwa",
    "Sebab",
    "Status",
    "StatusKunjungan",
    "Syarat",
    "Tahapan",
    "Tolak",
    "aksi_tersedia",
    "berikut",
    "kandidat",
    "menit",
    "parse_syarat",
    "putuskan",
    "replay",
    "sisi_pengaju",
    "tambah",
    "terapkan",
]
