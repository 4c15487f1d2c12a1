"""Units of a large kecamatan: demo kelurahan, RW and RT beside the real ones, and a second one.

All are marked as demo data in their address, as the seed marks its own.
"""

from collections.abc import Iterator
from itertools import count

from sqlalchemy import Connection, text

from app.services.benih_contoh import TANDA
from bench.warga import Tempat

KECAMATAN = "35.74.01"
LUAR = "35.74.99"
"""The second kecamatan, outside the area of everybody who is measured."""

RW, RT = 12, 12
"""RW of a demo kelurahan and RT of each RW: 144 RT of about 300 people."""

PER_KELURAHAN = 43_000


def add_units(connection: Connection, rows: int) -> None:
    """Add as many demo kelurahan as so many people fill, and the second kecamatan."""
    units = Units(connection)
    inside = units.find(KECAMATAN)
    units.kota = units.find("35.74")
    for n in range(1, rows // PER_KELURAHAN + 1):
        units.add_kelurahan(inside, f"{KECAMATAN}.29{n:02}", f"Contoh {n:02}", RW, RT)
    outside = units.add(units.kota, "kecamatan", LUAR, "Contoh", "Kecamatan Contoh")
    units.add_kelurahan(outside, f"{LUAR}.2901", "Contoh Luar", 3, 3)
    units.write()


class Units:
    """New rows of `wilayah` and its closure, written at once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        top = connection.scalar(text("SELECT max(id) FROM wilayah")) or 0
        self.ids: Iterator[int] = count(top + 1)
        self.rows: list[dict[str, object]] = []
        self.leluhur: dict[int, list[int]] = {}
        self.kota = 0

    def find(self, kode: str) -> int:
        """Return a seeded unit, and learn its ancestors, itself first."""
        id_: int = self.connection.execute(
            text("SELECT id FROM wilayah WHERE kode = :kode"), {"kode": kode}
        ).scalar_one()
        above = self.connection.execute(
            text("SELECT leluhur_id FROM wilayah_leluhur WHERE turunan_id = :id ORDER BY jarak"),
            {"id": id_},
        )
        self.leluhur[id_] = list(above.scalars())
        return id_

    def add(self, induk: int, tingkat: str, kode: str, nama: str, sebutan: str) -> int:
        """Add one unit; return its id."""
        id_ = next(self.ids)
        self.leluhur[id_] = [id_, *self.leluhur[induk]]
        self.rows.append(
            {"id": id_, "induk": induk, "tingkat": tingkat, "kode": kode, "nama": nama}
            | {"sebutan": sebutan, "tanda": TANDA}
        )
        return id_

    def add_kelurahan(self, induk: int, kode: str, nama: str, rw_count: int, rt_count: int) -> None:
        """Add a kelurahan with RW and RT."""
        kelurahan = self.add(induk, "kelurahan", kode, nama, f"Kelurahan {nama}")
        for rw in (f"{n:03}" for n in range(1, rw_count + 1)):
            rw_id = self.add(kelurahan, "rw", rw, rw, f"RW {rw} {nama}")
            for rt in (f"{n:03}" for n in range(1, rt_count + 1)):
                self.add(rw_id, "rt", rt, rt, f"RT {rt}/RW {rw} {nama}")

    def write(self) -> None:
        """Write units, closure and the sequence."""
        self.connection.execute(
            text(
                "INSERT INTO wilayah (id, induk_id, tingkat, kode, nama, sebutan, alamat,"
                " created_at, revisi) VALUES (:id, :induk, :tingkat, :kode, :nama, :sebutan,"
                " :tanda, '2026-01-02 01:00:00.000000', 1)"
            ),
            self.rows,
        )
        new = [row["id"] for row in self.rows]
        self.connection.execute(
            text("INSERT INTO wilayah_leluhur VALUES (:leluhur, :turunan, :jarak)"),
            [
                {"leluhur": above, "turunan": id_, "jarak": jarak}
                for id_ in new
                for jarak, above in enumerate(self.leluhur[int(str(id_))])
            ],
        )
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(
                text("SELECT setval(pg_get_serial_sequence('wilayah', 'id'), max(id)) FROM wilayah")
            )


def places(connection: Connection) -> tuple[list[Tempat], list[Tempat]]:
    """Return the RT of the measured kecamatan, and those of the second one."""
    rows = connection.execute(
        text(
            "SELECT kecamatan.kode, kecamatan.id, kelurahan.id, rw.id, rt.id FROM wilayah rt"
            " JOIN wilayah rw ON rw.id = rt.induk_id"
            " JOIN wilayah kelurahan ON kelurahan.id = rw.induk_id"
            " JOIN wilayah kecamatan ON kecamatan.id = kelurahan.induk_id"
            " WHERE rt.tingkat = 'rt' ORDER BY rt.id"
        )
    ).all()
    inside = [Tempat(*row[1:]) for row in rows if row[0] == KECAMATAN]
    return inside, [Tempat(*row[1:]) for row in rows if row[0] == LUAR]
