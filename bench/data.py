"""The databases of a measurement: the project's schema and seed, then residents and berkas.

`ready` makes each once and keeps it, named by its size; it is made anew when a migration, the
seed or the generator changed. `python -m bench.data 10000 1000000` only makes them.
"""

import hashlib
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, create_engine, make_url, text

from app import create_app
from bench.salinan import copy_berkas, file_templates
from bench.warga import KELUARGA, PENDUDUK, Row, Warga
from bench.wilayah import LUAR, add_units, places
from config import PROJECT, load_config
from tests.conftest import prepare
from tests.server import find_postgres

FOLDER = Path(tempfile.gettempdir()) / "bangkit_ukur"
JENIS = ("postgresql", "sqlite")
BLOK = 20_000
"""People written at a time; their families go before them."""

LAIN = {
    "ukur_kecamatan_nama": "penduduk (kecamatan_id, nama, id)",
    "ukur_kelurahan_nama": "penduduk (kelurahan_id, nama, id)",
}
"""Indexes for floor and peers, which order by the name as it is written; the portal's fold it."""

DI_LUAR = 0.045
"""Residents of the second kecamatan for each one of the first: nobody measured may see them."""


def ready(jenis: str, rows: int) -> str:
    """Return the URL of a database of this size; it is made if it is not there yet."""
    sidik = _sidik()
    url = database_url(jenis, rows)
    if _known(url) == sidik:
        return url
    start = time.perf_counter()
    _make_empty(url)
    app = create_app(load_config(_settings(url), FOLDER / f"instance_{jenis}_{rows}"))
    prepare(app)
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
    file_templates(url)
    _fill(url, rows)
    _keep(url, sidik)
    say(f"{jenis} {rows}: dibuat dalam {time.perf_counter() - start:.0f} detik")
    return url


def database_url(jenis: str, rows: int) -> str:
    """Return where the database of this size stands."""
    if jenis == "sqlite":
        return f"sqlite:///{FOLDER}/bangkit_ukur_{rows}.db"
    found = find_postgres()
    if found.value is None:
        raise SystemExit(f"Tidak ada PostgreSQL untuk diukur: {found.reason}")
    url = make_url(found.value).set(
        drivername="postgresql+psycopg", database=f"bangkit_ukur_{rows}"
    )
    return url.render_as_string(hide_password=False)


def plain(url: str) -> str:
    """Return the URL as libpq reads it."""
    return url.replace("postgresql+psycopg", "postgresql")


def is_sqlite(url: str) -> bool:
    """Whether this is a file of SQLite."""
    return url.startswith("sqlite")


def say(line: str) -> None:
    """Tell the person at the terminal what goes on."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _settings(url: str) -> dict[str, str]:
    return {"DATABASE_URL": url, "BANGKIT_BATAS_MASUK": "100000 per 1 minute"}


def _sidik() -> str:
    """Return the hash of what decides how the database looks."""
    own = PROJECT / "bench"
    paths = [
        *sorted((PROJECT / "migrations" / "versions").glob("*.py")),
        *sorted((PROJECT / "app" / "services").glob("benih*.py")),
        *(own / f"{name}.py" for name in ("data", "warga", "wilayah", "salinan")),
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def _known(url: str) -> str | None:
    """Return the hash kept with the database, None where there is none."""
    database = str(make_url(url).database)
    if is_sqlite(url):
        note = Path(f"{database}.sidik")
        return note.read_text() if note.exists() and Path(database).exists() else None
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with _server(url) as connection:
        row = connection.execute(query, [database]).fetchone()
    return row[0] if row else None


def _keep(url: str, sidik: str) -> None:
    database = str(make_url(url).database)
    if is_sqlite(url):
        Path(f"{database}.sidik").write_text(sidik)
        return
    with _server(url) as connection:
        note = sql.SQL("COMMENT ON DATABASE {} IS {}")
        connection.execute(note.format(sql.Identifier(database), sql.Literal(sidik)))


def _make_empty(url: str) -> None:
    database = str(make_url(url).database)
    if is_sqlite(url):
        FOLDER.mkdir(exist_ok=True)
        for path in FOLDER.glob(f"{Path(database).name}*"):
            path.unlink()
        return
    with _server(url) as connection:
        name = sql.Identifier(database)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))


def _server(url: str) -> psycopg.Connection[Any]:
    server = make_url(plain(url)).set(database="postgres")
    return psycopg.connect(server.render_as_string(hide_password=False), autocommit=True)


def _fill(url: str, rows: int) -> None:
    """Add units, people and berkas, with the indexes and triggers of the product in place."""
    engine = create_engine(url)
    with engine.begin() as connection:
        add_units(connection, rows)
        inside, outside = places(connection)
        referensi: dict[str, list[int]] = {}
        for daftar, id_ in connection.execute(text("SELECT daftar, id FROM referensi ORDER BY id")):
            referensi.setdefault(daftar, []).append(id_)
        ids = [_next_id(connection, table) for table in ("keluarga", "penduduk")]
    warga = Warga(referensi)
    families = warga.families(rows, inside, *ids)
    writer = _to_sqlite if is_sqlite(url) else _to_postgres
    with writer(url) as write:
        last = _write_all(families, write)
        others = warga.families(max(20, int(rows * DI_LUAR)), outside, *(n + 1 for n in last))
        _write_all(others, write)
    copy_berkas(url, rows // 5)
    with engine.begin() as connection:
        for name, columns in LAIN.items():
            connection.execute(text(f"CREATE INDEX {name} ON {columns}"))
    engine.dispose()
    _analyze(url)


def _analyze(url: str) -> None:
    """Let the planner know what is there, as autovacuum or a night's job would."""
    if is_sqlite(url):
        with closing(sqlite3.connect(str(make_url(url).database))) as connection:
            connection.execute("ANALYZE")
            connection.commit()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _next_id(connection: Connection, table: str) -> int:
    return (connection.scalar(text(f"SELECT max(id) FROM {table}")) or 0) + 1


def _write_all(families: Iterator[tuple[Row, list[Row]]], write: Any) -> tuple[int, int]:
    """Write family by family in blocks; return the last ids."""
    last = (0, 0)
    while block := list(islice(families, BLOK // 3)):
        write("keluarga", KELUARGA, [kk for kk, _ in block])
        write("penduduk", PENDUDUK, [row for _, people in block for row in people])
        last = (int(block[-1][0][0] or 0), int(block[-1][1][-1][0] or 0))
    return last


@contextmanager
def _to_postgres(url: str) -> Iterator[Any]:
    """Give a function that writes rows by COPY; keys and indexes are made again after."""

    def write(table: str, columns: tuple[str, ...], rows: list[Row]) -> None:
        lines = ["\t".join("\\N" if v is None else v for v in row) for row in rows]
        command = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with connection.cursor().copy(command) as copy:  # type: ignore[arg-type]
            copy.write("\n".join(lines) + "\n")

    with psycopg.connect(plain(url)) as connection:
        with without_keys(connection, ("keluarga", "penduduk")):
            yield write
        for table in ("keluarga", "penduduk"):
            connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # type: ignore[arg-type]
            )


@contextmanager
def without_keys(connection: psycopg.Connection[Any], tables: tuple[str, ...]) -> Iterator[None]:
    """Take foreign keys and plain indexes off for the block: whole, they are checked faster."""
    drop, make = [], []
    for table in tables:
        keys = connection.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'f' ORDER BY conname",
            [table],
        ).fetchall()
        drop += [f'ALTER TABLE {table} DROP CONSTRAINT "{name}"' for name, _ in keys]
        make += [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text_}' for name, text_ in keys]
        plain_indexes = connection.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
            " WHERE i.indrelid = %s::regclass AND NOT i.indisunique ORDER BY 1",
            [table],
        ).fetchall()
        drop += [f"DROP INDEX {name}" for name, _ in plain_indexes]
        make = [text_ for _, text_ in plain_indexes] + make
    connection.execute("SET maintenance_work_mem = '512MB'")
    for command in drop:
        connection.execute(command)  # type: ignore[arg-type]
    yield
    for command in make:
        connection.execute(command)  # type: ignore[arg-type]


@contextmanager
def _to_sqlite(url: str) -> Iterator[Any]:
    """Give a function that writes rows by executemany, in one transaction."""

    def write(table: str, columns: tuple[str, ...], rows: list[Row]) -> None:
        marks = ", ".join("?" * len(columns))
        names = ", ".join(columns)
        connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)

    with closing(sqlite3.connect(str(make_url(url).database))) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -500000")
        yield write
        connection.commit()


def forget() -> None:
    """Remove the files of SQLite; databases of PostgreSQL are replaced when they are old."""
    shutil.rmtree(FOLDER, ignore_errors=True)


__all__ = ["JENIS", "LUAR", "database_url", "is_sqlite", "plain", "ready", "say"]

if __name__ == "__main__":
    for size in sys.argv[1:]:
        for kind in JENIS:
            ready(kind, int(size))
