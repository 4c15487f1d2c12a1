"""A refusal as a value: the engine names the code, the shell has the words for it."""

from dataclasses import dataclass
from enum import StrEnum


class KodeTolak(StrEnum):
    """Why an act is refused; a refusal changes nothing (ROUTING §4 I8)."""

    SUDAH_DITUTUP = "sudah_ditutup"
    KUNJUNGAN_USANG = "kunjungan_usang"
    SUDAH_DIAJUKAN = "sudah_diajukan"
    AKSI_TIDAK_SESUAI = "aksi_tidak_sesuai"
    BUKAN_KANDIDAT = "bukan_kandidat"
    KELUARGA_PEMOHON = "keluarga_pemohon"
    BUKAN_PENGAJU = "bukan_pengaju"
    JALUR_TIDAK_LENGKAP = "jalur_tidak_lengkap"
    ALASAN_WAJIB = "alasan_wajib"
    CATATAN_WAJIB = "catatan_wajib"
    MAKS_KEMBALI = "maks_kembali"
    SEDANG_DIKERJAKAN = "sedang_dikerjakan"
    BUKAN_ATASAN = "bukan_atasan"
    TIDAK_ADA_TUJUAN = "tidak_ada_tujuan"
    TIDAK_DAPAT_DIURUNGKAN = "tidak_dapat_diurungkan"
    BELUM_WAKTUNYA = "belum_waktunya"
    VERSI_TIDAK_COCOK = "versi_tidak_cocok"


@dataclass(frozen=True)
class Tolak:
    """The act is refused; ``kode`` is stable and has a text in Indonesian above this floor."""

    kode: KodeTolak
