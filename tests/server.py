"""The real parts tests run against: databases, PostgreSQL, Chromium, and a served app."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from psycopg import sql
from sqlalchemy import make_url
from werkzeug.serving import make_server

from config import read_settings


class Found(NamedTuple):
    """Where a part is, or None with the reason why it cannot be had."""

    value: str | None
    reason: str = ""


def find_postgres() -> Found:
    """Return the URL of a server where scratch databases may be made.

    TEST_DATABASE_URL, else libpq's own PGHOST, PGPORT, PGUSER, else postgres@127.0.0.1:5432.
    """
    if url := read_settings()["TEST_DATABASE_URL"]:
        return Found(url)
    host, port, user = (
        os.environ.get(name, default)
        for name, default in {"PGHOST": "127.0.0.1", "PGPORT": "5432", "PGUSER": "postgres"}.items()
    )
    url = f"postgresql://{user}@{host}:{port}/postgres"
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return Found(None, f"PostgreSQL tidak menjawab di {host}:{port}: {error}")
    return Found(url)


def find_chromium() -> Found:
    """Return the path of the system's Chromium or Chrome; none is ever downloaded."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    return Found(path, f"Tidak ada {', '.join(names)} di PATH")


def need_postgres() -> str:
    """Return the URL of a PostgreSQL server; skip the test without one, or fail it in CI."""
    return _need(find_postgres())


def need_chromium() -> str:
    """Return the path of Chromium; skip the test without one, or fail it in CI."""
    return _need(find_chromium())


def _need(found: Found) -> str:
    if found.value is None:
        give_up = pytest.fail if read_settings()["BANGKIT_TANPA_LEWAT"] else pytest.skip
        give_up(found.reason)
    return found.value


@contextmanager
def scratch_database(server: str) -> Iterator[str]:
    """Make an empty PostgreSQL database for the block and drop it and its copy after."""
    url = make_url(server).set(
        drivername="postgresql+psycopg", database=f"bangkit_uji_{uuid4().hex[:12]}"
    )
    with _maintenance(server) as execute:
        execute("CREATE DATABASE {}", url.database)
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with _maintenance(server) as execute:
            execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", url.database)
            execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", copy_name(url.database))


def copy_name(database: str) -> str:
    """Return the name of the copy that `save_database` makes."""
    return f"{database}_tersimpan"


def save_database(url: str) -> None:
    """Copy the database beside itself; on PostgreSQL nobody may be connected to it."""
    database = make_url(url).database
    _copy(url, database, copy_name(database))


def restore_database(url: str) -> None:
    """Make the database again what it was at `save_database`."""
    database = make_url(url).database
    _copy(url, copy_name(database), database)


def _copy(url: str, source: str, target: str) -> None:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(source)) as a, closing(sqlite3.connect(target)) as b:
            a.backup(b)
        return
    with _maintenance(url) as execute:
        execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", target)
        execute("CREATE DATABASE {} TEMPLATE {}", target, source)


@contextmanager
def _maintenance(server: str):
    """Give a function that runs a statement on names of databases, outside all of them."""
    url = make_url(server).set(drivername="postgresql", database="postgres")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:

        def execute(statement: str, *names: str) -> None:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

        yield execute


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    """Serve the app with threads on a free port of this machine; give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
