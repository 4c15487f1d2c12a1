"""How a database is opened: SQLite with WAL and a write lock taken at the start; lock time-outs."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

_writing: ContextVar[bool] = ContextVar("writing", default=False)

LOCK_SECONDS = 5
"""How long a writer waits for another before it gives up (ROUTING §2)."""


@contextmanager
def writing() -> Iterator[None]:
    """Begin SQLite transactions in this block with the write lock (BEGIN IMMEDIATE).

    A transaction that reads first and writes later cannot wait for another writer; it fails.
    """
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def read_snapshot(session: Session) -> None:
    """Let a session that has not begun read everything as of one moment, whoever writes.

    A transaction of SQLite (WAL) does so anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def is_lock_timeout(error: DBAPIError) -> bool:
    """Whether a statement failed only because another transaction held what it needs."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return isinstance(error.orig, LockNotAvailable)


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Give a session of its own that writes; commit at the end of the block, else roll back."""
    with writing(), Session(engine) as session:
        yield session
        session.commit()


@event.listens_for(Engine, "connect")
def _open(connection: Any, record: Any) -> None:
    if isinstance(connection, psycopg.Connection):
        # Outside a transaction, so that no rollback takes it back.
        connection.autocommit = True
        connection.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        connection.autocommit = False
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # SQLAlchemy's "begin" below decides, not the driver.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={LOCK_SECONDS * 1000}",
        # SQLite up to 3.40 at least loses a commit at a crash if pages that it wrote early were
        # rolled back to a savepoint: it leaves later frames of the log without their checksums.
        "cache_spill=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
