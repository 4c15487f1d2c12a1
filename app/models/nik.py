"""NIK and No KK: cleaned, parsed and masked by pure functions; penduduk and keluarga use them.

A NIK is 6 digits of the wilayah of first registration, DDMMYY of birth (women DD + 40) and a
serial of 4 digits; it holds for life and follows neither a move nor a corrected birth date
(PP 40/2019 art. 30 (2)). The table of checks is DOMAIN "Penduduk".
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.teks import N_

GALAT_DIGIT = N_("NIK harus 16 digit angka.")
GALAT_SEMENTARA = N_("NIK berawalan 0 hanya untuk NIK sementara.")
GALAT_BUKAN_SEMENTARA = N_("NIK sementara harus diawali angka 0.")
GALAT_TANGGAL = N_("Tanggal lahir di dalam NIK tidak valid.")
GALAT_URUT = N_("Nomor urut NIK tidak boleh 0000.")
GALAT_DIGIT_KK = N_("Nomor KK harus 16 digit angka.")
PERINGATAN_PROVINSI = N_("Kode provinsi di awal NIK tidak dikenal.")
PERINGATAN_KELAMIN = N_("Jenis kelamin tidak sesuai NIK.")
PERINGATAN_TANGGAL = N_("Tanggal lahir tidak sesuai NIK.")

# The provinsi codes of Kemendagri, as of 2025 (`data/wilayah_nasional.csv.gz`).
_PROVINSI = frozenset(
    (
        *("11", "12", "13", "14", "15", "16", "17", "18", "19", "21"),
        *("31", "32", "33", "34", "35", "36", "51", "52", "53"),
        *("61", "62", "63", "64", "65", "71", "72", "73", "74", "75", "76"),
        *("81", "82", "91", "92", "93", "94", "95", "96"),
    )
)
_NOISE = re.compile(r"[\s.'‘’ʼ`\u200b-\u200f\u2060\ufeff]")
_DIGITS = re.compile(r"[0-9]{16}")


@dataclass(frozen=True)
class Nik:
    """What a NIK says: ``galat`` refuses it, ``peringatan`` does not.

    ``jenis_kelamin`` is ``"l"``, ``"p"``, or None when unreadable; ``tanggal_lahir`` holds the
    dates its six digits can mean, 19yy before 20yy, none when there is no such date.
    """

    nomor: str
    galat: str | None = None
    peringatan: tuple[str, ...] = ()
    jenis_kelamin: str | None = None
    tanggal_lahir: tuple[date, ...] = ()

    def likely_birth(self, today: date) -> date | None:
        """Return the latest possible birth date not after ``today``; None when there is none."""
        return max((d for d in self.tanggal_lahir if d <= today), default=None)

    def disagreements(self, jenis_kelamin: str | None, tanggal_lahir: date | None) -> list[str]:
        """Return a warning for each known fact of the person that the NIK contradicts."""
        found = []
        if self.jenis_kelamin and jenis_kelamin and self.jenis_kelamin != jenis_kelamin:
            found.append(PERINGATAN_KELAMIN)
        if self.tanggal_lahir and tanggal_lahir and tanggal_lahir not in self.tanggal_lahir:
            found.append(PERINGATAN_TANGGAL)
        return found


def clean_nomor(text: str) -> str:
    """Return the number without spaces, dots, apostrophes and zero-width characters.

    >>> clean_nomor("'3574 0101.0190 9930")
    '3574010101909930'
    """
    return _NOISE.sub("", text)


@lru_cache(maxsize=256)
def parse_nik(text: str, *, sementara: bool = False) -> Nik:
    """Read a NIK; ``sementara`` allows, and demands, the 0 in front of a temporary one.

    >>> parse_nik("3574014101909902").jenis_kelamin
    'p'
    >>> parse_nik("357401").galat
    'NIK harus 16 digit angka.'
    """
    nomor = clean_nomor(text)
    if not _DIGITS.fullmatch(nomor):
        return Nik(nomor, GALAT_DIGIT)
    if sementara or nomor.startswith("0"):
        return Nik(nomor, _sementara_error(nomor, sementara))
    hari, bulan, tahun = int(nomor[6:8]), int(nomor[8:10]), int(nomor[10:12])
    kelamin = "p" if hari > 40 else "l"
    births = _dates(hari - 40 if hari > 40 else hari, bulan, tahun)
    galat = None
    if not births:
        galat = GALAT_TANGGAL
    elif nomor[12:] == "0000":
        galat = GALAT_URUT
    peringatan = () if nomor[:2] in _PROVINSI else (PERINGATAN_PROVINSI,)
    return Nik(nomor, galat, peringatan, kelamin, births)


def _sementara_error(nomor: str, sementara: bool) -> str | None:
    if not sementara:
        return GALAT_SEMENTARA
    return None if nomor.startswith("0") else GALAT_BUKAN_SEMENTARA


def _dates(hari: int, bulan: int, tahun: int) -> tuple[date, ...]:
    found = []
    for abad in (1900, 2000):
        try:
            found.append(date(abad + tahun, bulan, hari))
        except ValueError:
            continue
    return tuple(found)


def no_kk_error(text: str) -> str | None:
    """Return why this is no No KK, or None; its digits carry no meaning to rely on (DOMAIN).

    >>> no_kk_error("3574010101209901") is None
    True
    """
    return None if _DIGITS.fullmatch(clean_nomor(text)) else GALAT_DIGIT_KK


def mask(value: str | None) -> str:
    """Return a NIK or No KK as lists and exports show it (UU 27/2022, DOMAIN "Rules").

    >>> mask("3574010101909901")
    '3574****9901'
    """
    if not value:
        return ""
    return f"{value[:4]}****{value[-4:]}" if len(value) >= 12 else "****"
