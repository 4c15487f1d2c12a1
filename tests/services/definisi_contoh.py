"""Definitions for tests: the catalogue's, a valid one with conditions, and a small field."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from app.routing import Pemegang
from app.services.benih_layanan import read_katalog
from app.services.benih_sumber import read_csv
from app.services.definisi import Definisi, IsianDefinisi
from app.services.lapangan import Asal, Lapangan

KINI = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TINGKAT = {row["kode"]: row["tingkat_wilayah"] for row in read_csv("referensi/peran")}
RT, RW, KELURAHAN, KECAMATAN = 1003, 102, 11, 1
JALUR = {"rt": RT, "rw": RW, "kelurahan": KELURAHAN, "kecamatan": KECAMATAN}
SEKSI = ("kesejahteraan_sosial", "pemerintahan", "pemberdayaan", "ketenteraman")


@cache
def katalog() -> dict[str, Definisi]:
    return {definisi.kode: definisi for definisi in read_katalog()}


def bersyarat() -> Definisi:
    """Return an SKTM with one isian of each tipe that a condition may ask, and two conditions."""
    rows = [("jenis", "pilihan"), ("jumlah", "angka"), ("darurat", "ya_tidak")]
    isian = tuple(
        IsianDefinisi(n, kode, kode, tipe, wajib=True, opsi=["A", "B"] if n == 1 else None)
        for n, (kode, tipe) in enumerate(rows, 1)
    )
    sktm = replace(katalog()["SKTM"], isian=isian)
    sktm = ubah(sktm, 4, syarat=[["jenis", "in", ["A"]], ["jumlah", "≥", 5]])
    return ubah(sktm, 7, syarat=[["darurat", "=", False]])


def ubah(definisi: Definisi, ke: int, /, **facts: Any) -> Definisi:
    """Return the definition with one step changed."""
    steps = [replace(s, **facts) if s.urutan == ke else s for s in definisi.tahapan]
    return replace(definisi, tahapan=tuple(steps))


def pejabat(peran: str, **facts: Any) -> Pemegang:
    """Return the officer of a peran on the JALUR."""
    serial = list(TINGKAT).index(peran)
    unit = JALUR[TINGKAT[peran]]
    return replace(Pemegang(500 + serial, 100 + serial, peran, unit), **facts)


def lapangan(kosong: tuple[str, ...] = (), **facts: Any) -> Lapangan:
    """Return a field of one RT with every peran filled, except those left ``kosong``."""
    held: dict[int, list[Pemegang]] = {}
    for peran in TINGKAT:
        if peran not in kosong:
            held.setdefault(JALUR[TINGKAT[peran]], []).append(pejabat(peran))
    nama = {RT: "RT 003", RW: "RW 002", KELURAHAN: "Kelurahan Pilang", KECAMATAN: "Kademangan"}
    base = Lapangan(
        kini=KINI,
        peran=TINGKAT,
        asal=(Asal("RT 003", JALUR),),
        nama=nama,
        kode_unit={KELURAHAN: "425.xxx.1", KECAMATAN: "425.xxx"},
        pemegang={unit: tuple(people) for unit, people in held.items()},
    )
    return replace(base, **facts)
