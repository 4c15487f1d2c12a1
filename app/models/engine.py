"""How SQLite is opened: WAL, full sync, foreign keys, and a write lock taken at the start."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine, event
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


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Give a session of its own that writes; commit at the end of the block, else roll back."""
    with writing(), Session(engine) as session:
        yield session
        session.commit()


@event.listens_for(Engine, "connect")
def _open(connection: Any, record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # SQLAlchemy's "begin" below decides, not the driver.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={LOCK_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
