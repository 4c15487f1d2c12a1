"""The tables as SQLAlchemy peers map them: read from the database, relations named by hand."""

import os
from typing import Any

from sqlalchemy import MetaData, create_engine, event
from sqlalchemy.engine import Engine

URL = os.environ["UKUR_URL"]
KECAMATAN = int(os.environ["UKUR_KECAMATAN"])
TERBANYAK = int(os.environ.get("UKUR_EKSPOR", "0"))
"""Rows a peer exports at most; 0 is all."""

LIST = ("nama", "nik", "jenis_kelamin", "tanggal_lahir", "wilayah", "status_dasar")
FORM = (
    *("nama", "nik", "nik_sementara", "jenis_kelamin", "tempat_lahir", "tanggal_lahir"),
    *("alasan_nik", "agama", "golongan_darah", "kewarganegaraan", "keluarga", "shdk"),
    *("status_kawin", "status_catat_kawin", "nama_ayah", "nama_ibu", "alamat", "wilayah"),
    *("telepon", "status_penduduk", "pekerjaan", "pendidikan", "disabilitas"),
    *("nomor_akta_lahir", "nomor_akta_kawin", "nomor_akta_cerai", "status_dasar"),
)
TAUTAN = 15
"""Entries of a menu beside the list, as the portal has them (and more)."""

TABLES = ("penduduk", "keluarga", "wilayah", "referensi")


def make_engine() -> Engine:
    """Return an engine opened as the portal opens its own."""
    if not URL.startswith("sqlite"):
        return create_engine(URL, pool_size=8)
    engine = create_engine(URL, pool_size=8, connect_args={"timeout": 15})

    @event.listens_for(engine, "connect")
    def _open(connection: Any, record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")

    return engine


def reflect(engine: Engine, metadata: MetaData) -> None:
    """Read the four tables, and none that hangs on them."""
    metadata.reflect(engine, only=TABLES, resolve_fks=False)
