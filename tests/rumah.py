"""A household for the tests of mutasi and merging: father, mother and child on one KK."""

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.models.base import AREA_COLUMNS
from app.models.biodata import Shdk, StatusDasar
from app.models.engine import writing
from app.models.keluarga import Keluarga
from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from tests.access.rows import NUMBERS, Tempat, write

SERIAL = count(9000)
"""Serials of NIK that no other made-up resident has."""

SHDK = {"Ayah": Shdk.KEPALA_KELUARGA, "Ibu": Shdk.ISTRI, "Anak": Shdk.ANAK}


def make_rumah(engine: Engine, rt_id: int) -> tuple[int, dict[str, int]]:
    """Write the household; return the id of its KK, and of each member by name."""
    place = Tempat(engine, rt_id)
    nomor = f"357401010101{next(NUMBERS):04d}"
    kk = Keluarga(nama_kepala="Ayah", no_kk=nomor, alamat="Jalan Lama 1", wilayah_id=rt_id)
    kk_id, ids = write(engine, kk), {}
    for nama, shdk in SHDK.items():
        row = place.build(Penduduk)
        row.nama, row.shdk, row.keluarga_id, row.alamat = nama, shdk, kk_id, "Jalan Lama 1"
        row.status_kawin = "kawin" if shdk is not Shdk.ANAK else "belum_kawin"
        row.tanggal_lahir = date(1990, 1, 1)
        ids[nama] = write(engine, row)
    return kk_id, ids


def read(session: Session, model: Any, *ids: int) -> Sequence[Any]:
    """Return rows as they lie in the database, past the policy, and let go of them."""
    with unscoped(session, "uji membaca", keep=True):
        return [session.get_one(model, id_, populate_existing=True) for id_ in ids]


def kepala_hidup(session: Session, kk_id: int) -> list[str]:
    """Return the names of the living heads of a KK."""
    with unscoped(session, "uji membaca", keep=True):
        found = session.query(Penduduk.nama).filter_by(
            keluarga_id=kk_id, shdk=Shdk.KEPALA_KELUARGA, status_dasar=StatusDasar.HIDUP
        )
        return [nama for (nama,) in found]


def make_kembar(engine: Engine, id_: int, *nama: str, **facts: Any) -> list[int]:
    """Write one more row like a resident for each name (his own, if none), with another NIK.

    ``facts`` are written on all of them, the first resident too.
    """
    with Session(engine) as session:
        (row,) = read(session, Penduduk, id_)
        values = {c.key: getattr(row, c.key) for c in Penduduk.__table__.columns}
    for name in ("id", "created_at", "revisi", *AREA_COLUMNS):
        del values[name]
    with writing(), Session(engine) as session, unscoped(session, "uji menyusun data"):
        for name, value in facts.items():
            setattr(session.get_one(Penduduk, id_), name, value)
        session.commit()
    return [
        write(
            engine,
            Penduduk(
                **values | facts | {"nama": one, "nik": f"{values['nik'][:12]}{next(SERIAL):04d}"}
            ),
        )
        for one in nama or (values["nama"],)
    ]
