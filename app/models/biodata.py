"""The closed code lists of a resident's biodata (form F-1.01), as `Penduduk` uses them.

Their codes are words; the numbers of ``data/referensi/*.csv`` stand in the order of members,
so that an import maps them by position (``status_dasar`` skips 5, 7 and 8).
"""

from app.models.base import Pilihan
from app.teks import N_


class JenisKelamin(Pilihan):
    """Sex as the KK states it."""

    LAKI_LAKI = "l", N_("Laki-laki")
    PEREMPUAN = "p", N_("Perempuan")


class Agama(Pilihan):
    """Religion or belief (UU 24/2013; the seventh since MK 97/PUU-XIV/2016)."""

    ISLAM = "islam", N_("Islam")
    KRISTEN = "kristen", N_("Kristen")
    KATOLIK = "katolik", N_("Katolik")
    HINDU = "hindu", N_("Hindu")
    BUDDHA = "buddha", N_("Buddha")
    KHONGHUCU = "khonghucu", N_("Khonghucu")
    KEPERCAYAAN = "kepercayaan", N_("Kepercayaan terhadap Tuhan YME")


class GolonganDarah(Pilihan):
    """Blood group, with rhesus where it is known."""

    A = "a", N_("A")
    B = "b", N_("B")
    AB = "ab", N_("AB")
    O = "o", N_("O")  # noqa: E741 - the name of a blood group, always written GolonganDarah.O
    A_POSITIF = "a+", N_("A+")
    A_NEGATIF = "a-", N_("A-")
    B_POSITIF = "b+", N_("B+")
    B_NEGATIF = "b-", N_("B-")
    AB_POSITIF = "ab+", N_("AB+")
    AB_NEGATIF = "ab-", N_("AB-")
    O_POSITIF = "o+", N_("O+")
    O_NEGATIF = "o-", N_("O-")
    TIDAK_TAHU = "tidak_tahu", N_("Tidak tahu")


class StatusKawin(Pilihan):
    """Marital status; whether it is registered says `StatusCatatKawin`."""

    BELUM_KAWIN = "belum_kawin", N_("Belum kawin")
    KAWIN = "kawin", N_("Kawin")
    CERAI_HIDUP = "cerai_hidup", N_("Cerai hidup")
    CERAI_MATI = "cerai_mati", N_("Cerai mati")


class StatusCatatKawin(Pilihan):
    """Whether the marriage or divorce is registered."""

    TERCATAT = "tercatat", N_("Tercatat")
    BELUM_TERCATAT = "belum_tercatat", N_("Belum tercatat")


class Kewarganegaraan(Pilihan):
    """Citizenship."""

    WNI = "wni", N_("WNI")
    WNA = "wna", N_("WNA")
    DUA = "dua_kewarganegaraan", N_("Dua kewarganegaraan")


class Shdk(Pilihan):
    """Status hubungan dalam keluarga: what a person is to the head of the KK."""

    KEPALA_KELUARGA = "kepala_keluarga", N_("Kepala keluarga")
    SUAMI = "suami", N_("Suami")
    ISTRI = "istri", N_("Istri")
    ANAK = "anak", N_("Anak")
    MENANTU = "menantu", N_("Menantu")
    CUCU = "cucu", N_("Cucu")
    ORANG_TUA = "orang_tua", N_("Orang tua")
    MERTUA = "mertua", N_("Mertua")
    FAMILI_LAIN = "famili_lain", N_("Famili lain")
    PEMBANTU = "pembantu", N_("Pembantu")
    LAINNYA = "lainnya", N_("Lainnya")


class StatusDasar(Pilihan):
    """Whether the person still counts; only HIDUP may get a new berkas (DOMAIN "Layanan")."""

    HIDUP = "hidup", N_("Hidup")
    MATI = "mati", N_("Mati")
    PINDAH = "pindah", N_("Pindah")
    HILANG = "hilang", N_("Hilang")
    PERGI = "pergi", N_("Pergi")
    TIDAK_VALID = "tidak_valid", N_("Tidak valid")


class StatusPenduduk(Pilihan):
    """Whether the person lives here for good."""

    TETAP = "tetap", N_("Tetap")
    TIDAK_TETAP = "tidak_tetap", N_("Tidak tetap")
