"""The grammar of a letter's number, ``{klasifikasi}/{nomor:3}/{kode_unit}/{tahun}``, and its text.

Publishing checks it, signing renders it: one reader for both (DOMAIN "Layanan", Nomor surat).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.teks import N_

TEKS, ANGKA, ROMAWI = "teks", "angka", "romawi"

JENIS_PENANDA = {
    "klasifikasi": TEKS,
    "nomor": ANGKA,
    "kode_unit": TEKS,
    "rt": ANGKA,
    "rw": ANGKA,
    "bulan_romawi": ROMAWI,
    "tahun": ANGKA,
}
"""The tokens a format may hold; only an ``ANGKA`` takes a width, as in ``{nomor:3}``."""

ROMAWI_BULAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

_POTONGAN = re.compile(r"\{([^{}]*)\}|([{}])|([^{}]+)")
_PENANDA = re.compile(r"([a-z_]+)(?::([1-9]))?")


@dataclass(frozen=True)
class Penanda:
    """One part of a format: plain text (``nama`` is empty), or a token with its least width."""

    nama: str
    teks: str = ""
    lebar: int = 0


class FormatNomorError(ValueError):
    """The format cannot be read, or not be filled; ``message`` is an Indonesian msgid."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


def parse_format(text: str) -> tuple[Penanda, ...]:
    """Return the parts of a format in order.

    Raises:
        FormatNomorError: a brace without its partner, an unknown token, or no ``{nomor}``,
            without which two letters would bear one number.

    >>> [p.nama or p.teks for p in parse_format("{nomor:3}/RT.{rt:2}")]
    ['nomor', '/RT.', 'rt']
    """
    parts = tuple(_part(*found.groups()) for found in _POTONGAN.finditer(text))
    if [part.nama for part in parts].count("nomor") != 1:
        raise FormatNomorError(N_("Format nomor harus memuat {nomor} tepat satu kali."))
    return parts


def _part(token: str | None, brace: str | None, plain: str | None) -> Penanda:
    if plain is not None:
        return Penanda("", plain)
    if brace is not None or token is None:
        raise FormatNomorError(N_("Kurung kurawal pada format nomor tidak berpasangan."))
    found = _PENANDA.fullmatch(token)
    if found is None or found[1] not in JENIS_PENANDA:
        raise FormatNomorError(
            N_("Penanda {%(nama)s} pada format nomor tidak dikenal."), nama=token
        )
    if found[2] and JENIS_PENANDA[found[1]] != ANGKA:
        raise FormatNomorError(
            N_("Penanda {%(nama)s} pada format nomor tidak memakai lebar."), nama=token
        )
    return Penanda(found[1], lebar=int(found[2] or 0))


def render(format_nomor: str, values: Mapping[str, str | int | None]) -> str:
    """Return the number a letter bears; ``values`` go by token.

    ``nomor``, ``rt``, ``rw`` and ``tahun`` are whole numbers or their digits, ``bulan_romawi`` is
    the month from 1 to 12.

    Raises:
        FormatNomorError: the format is wrong, or a value it needs is missing or no number.

    >>> render("{nomor:3}/{bulan_romawi}/{tahun}", {"nomor": 7, "bulan_romawi": 11, "tahun": 2026})
    '007/XI/2026'
    """
    return "".join(
        part.teks if not part.nama else _fill(part, values.get(part.nama))
        for part in parse_format(format_nomor)
    )


def _fill(part: Penanda, value: str | int | None) -> str:
    text = "" if value is None else str(value).strip()
    if not text:
        raise FormatNomorError(
            N_("Nomor surat memerlukan %(nama)s, yang belum diisi."), nama=part.nama
        )
    jenis = JENIS_PENANDA[part.nama]
    if jenis == TEKS:
        return text
    if not (text.isascii() and text.isdigit()):
        raise FormatNomorError(N_("Nilai %(nama)s pada nomor surat harus angka."), nama=part.nama)
    if jenis == ROMAWI:
        if not 1 <= int(text) <= len(ROMAWI_BULAN):
            raise FormatNomorError(N_("Bulan pada nomor surat harus 1 sampai 12."))
        return ROMAWI_BULAN[int(text) - 1]
    return str(int(text)).zfill(part.lebar)
