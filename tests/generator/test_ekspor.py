"""Cells that the database writes are those that Python shows, byte for byte, on both databases."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Engine,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Time,
    create_engine,
    select,
)
from sqlalchemy.orm import Session

from app.generator import exports
from app.generator.export_sql import disarm
from app.generator.fields import show
from app.generator.snapshot import snapshot
from app.generator.spec import FieldSpec
from app.models.base import Waktu, pilihan
from app.models.biodata import JenisKelamin
from app.models.pelaku import Pelaku

CHOICES = (("l", "Laki-laki; =dan"), ("p", '@"Perempuan"'))

FIELDS = (
    FieldSpec("teks", "Teks", "teks"),
    FieldSpec("panjang", "Panjang", "teks_panjang"),
    FieldSpec("nik", "NIK", "nik", mask="nik"),
    FieldSpec("kelamin", "Kelamin", "pilihan", choices=CHOICES),
    FieldSpec("aktif", "Aktif", "ya_tidak"),
    FieldSpec("tanggal", "Tanggal", "tanggal"),
    FieldSpec("waktu", "Waktu", "waktu"),
    FieldSpec("jam", "Jam", "jam"),
    FieldSpec("angka", "Angka", "angka"),
    FieldSpec("uang", "Uang", "uang"),
    FieldSpec("kunci", "Kunci", "relasi"),
    FieldSpec("judul", "Judul", "relasi"),
)

TABLE = Table(
    "uji_ekspor",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("revisi", Integer, default=1),
    Column("teks", String(200)),
    Column("panjang", Text),
    Column("nik", String(200)),
    Column("kelamin", pilihan(JenisKelamin)),
    Column("aktif", Boolean),
    Column("tanggal", Date),
    Column("waktu", Waktu),
    Column("jam", Time),
    Column("angka", Integer),
    Column("uang", Numeric(12, 0)),
    Column("kunci", Integer),
    Column("judul", String(200)),
)

SIGNS = st.sampled_from(list("=+-@\t\r\n;\"',|.\\*[]% a1") + ["é", "漢", "٣", "\u2028", "\\"])
NASTY = st.one_of(
    st.text(SIGNS, max_size=12),
    st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=8),
    st.sampled_from(["-1.234,5", "-", "--1", "=SUM(A1)", "\\.", "-٣", "-1\n", "NULL", '""']),
)
NUMBER = st.text(st.sampled_from("0123456789٣७ .-x"), min_size=14, max_size=40)
MOMENT = st.integers(-120 * 365 * 86400, 200 * 365 * 86400).map(
    lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)

ROW = st.fixed_dictionaries(
    {
        "teks": NASTY,
        "panjang": st.one_of(NASTY, NUMBER, st.builds("{} {}".format, NASTY, NUMBER)),
        "nik": st.one_of(NASTY, NUMBER, st.just("3574010101909901")),
        "kelamin": st.sampled_from(["l", "p"]),
        "aktif": st.booleans(),
        "tanggal": st.dates(),
        "waktu": MOMENT,
        "jam": st.times(),
        "angka": st.integers(-(2**31), 2**31 - 1),
        "uang": st.integers(-(10**11), 10**11).map(Decimal),
        "kunci": st.integers(1, 2**31 - 1),
        "judul": NASTY,
    }
)
EMPTY = dict.fromkeys(field.name for field in FIELDS)
ROWS = st.lists(
    st.one_of(
        ROW,
        st.builds(
            lambda row, names: row | dict.fromkeys(names),
            ROW,
            st.sets(st.sampled_from(sorted(EMPTY))),
        ),
    ),
    min_size=1,
    max_size=12,
)
NOBODY = Pelaku(1, "Uji")
YEARS = [
    EMPTY | {"tanggal": date(1, 1, 1), "waktu": datetime(1963, 12, 31, 17, 29, tzinfo=UTC)},
    EMPTY | {"waktu": datetime(2026, 12, 31, 16, 59, 59, 999999, UTC), "jam": time(23, 59, 59)},
]


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url)
    TABLE.create(engine)
    yield engine
    TABLE.drop(engine)
    engine.dispose()


def by_python(rows: list[dict[str, Any]], fields: tuple[FieldSpec, ...], separator: str) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\r\n")
    writer.writerows([disarm(show(f, row[f.name])) for f in fields] for row in rows)
    return buffer.getvalue().encode()


def by_database(
    session: Session, query: Any, fields: tuple[FieldSpec, ...], separator: str
) -> bytes | None:
    parts = exports.sql_parts(session, TABLE, query, fields, separator)
    return None if parts is None else b"".join(block for _, block in parts)


@settings(max_examples=50, phases=(Phase.explicit, Phase.generate))  # shrinking asks for minutes
@given(ROWS, st.sampled_from(";,\t|"))
@example(YEARS, ";")
def test_the_database_writes_what_python_shows(
    engine: Engine, rows: list[dict[str, Any]], separator: str
) -> None:
    with engine.begin() as connection:
        connection.execute(TABLE.delete())
        connection.execute(TABLE.insert(), [r | {"id": i} for i, r in enumerate(rows, 1)])
    query = select(TABLE.c.id, TABLE.c.revisi, *(TABLE.c[f.name] for f in FIELDS))
    with snapshot(engine, NOBODY) as session:
        found = by_database(session, query.order_by(TABLE.c.id), FIELDS, separator)
        assert found == by_python(rows, FIELDS, separator)
