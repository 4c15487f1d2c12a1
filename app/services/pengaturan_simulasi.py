"""What a person may ask of a simulation, read from a form or the command line, within bounds."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from app.errors import BangkitError
from app.teks import N_


@dataclass(frozen=True)
class Pengaturan:
    """Arrivals per hour, service days, and the seed of chance."""

    per_jam: float
    hari: int
    benih: int


@dataclass(frozen=True)
class Batas:
    """The bounds of one number, both allowed, and what to say beyond them."""

    awal: float
    akhir: float
    pesan: str


BATAS = {
    "per_jam": Batas(0.1, 60, N_("Berkas per jam harus angka dari 0,1 sampai 60.")),
    "hari": Batas(1, 60, N_("Hari layanan harus angka bulat dari 1 sampai 60.")),
    "benih": Batas(0, 999_999, N_("Benih acak harus angka bulat dari 0 sampai 999.999.")),
}

BAWAAN = {"per_jam": "4", "hari": "20", "benih": "1"}

PETUGAS_TERBANYAK = 50


def read_pengaturan(typed: Mapping[str, str]) -> Pengaturan:
    """Return what was typed; a comma or a point parts the decimals.

    Raises:
        BangkitError: a number is none, or out of bounds.
    """
    return Pengaturan(
        _number(typed, "per_jam", float),
        int(_number(typed, "hari", int)),
        int(_number(typed, "benih", int)),
    )


def _number(typed: Mapping[str, str], name: str, kind: Callable[[str], float]) -> float:
    batas = BATAS[name]
    try:
        value = kind(typed[name].strip().replace(",", "."))
    except ValueError:
        value = float("nan")
    if not batas.awal <= value <= batas.akhir:
        raise BangkitError(batas.pesan)
    return value


def read_petugas(typed: Mapping[str, str], known: Collection[str]) -> dict[str, int]:
    """Return peran → officers at each of its desks; what is left empty stays as it is.

    Raises:
        BangkitError: a peran has no step here, or a number is none or too large.
    """
    found = {}
    for kode, text in typed.items():
        if kode not in known:
            raise BangkitError(N_("Peran %(kode)s tidak ada di tahapan layanan ini."), kode=kode)
        if not (digits := text.strip()):
            continue
        if not re.fullmatch(r"[0-9]{1,3}", digits) or int(digits) > PETUGAS_TERBANYAK:
            raise BangkitError(N_("Jumlah petugas harus angka dari 0 sampai 50."))
        found[kode] = int(digits)
    return found
