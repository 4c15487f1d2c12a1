"""How a database is opened and used: SQLite with WAL and a write lock taken at the start, lock
time-outs, and plans that PostgreSQL keeps from one request to the next."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from time import monotonic
from typing import Any

import psycopg
from psycopg.errors import LockNotAvailable
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, SelectBase, TextualSelect, event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

_writing: ContextVar[bool] = ContextVar("writing", default=False)

PLANNED_ONCE = "rencana_tetap"
"""Execution option of a statement that PostgreSQL plans once a connection: one that every page
asks, takes longer to plan than to run, and has one good plan whatever its values."""

RESTED_SECONDS = 5
"""A kept connection of PostgreSQL that rested longer is asked whether it still is one."""

USED_AT = "dipakai_pada"
NEVER = 2**31 - 1
ONLY_READ = "hanya_baca"

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


def keep_plans(session: Session) -> None:
    """Let PostgreSQL plan the rest of this transaction once a connection, as `PLANNED_ONCE`."""
    session.connection().execution_options(**{PLANNED_ONCE: True})


def driver_of(session: Session) -> Any:
    """Return the driver's own connection of a session, for what goes past SQLAlchemy.

    Nothing of it is seen here, so the transaction counts as one that writes.
    """
    connection = session.connection()
    connection.info[ONLY_READ] = False
    return connection.connection.driver_connection


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
        # A plan made for no values in particular serves few statements: those say so themselves.
        connection.prepare_threshold = NEVER
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


@event.listens_for(Pool, "checkin")
def _note_use(connection: Any, record: Any) -> None:
    record.info[USED_AT] = monotonic()


@event.listens_for(Pool, "checkout")
def _ask_after_rest(connection: Any, record: Any, fairy: Any) -> None:
    """Let the pool open another where the server has gone; asking each time costs each page."""
    used = record.info.get(USED_AT)
    if not isinstance(connection, psycopg.Connection) or used is None:
        return
    if monotonic() - used <= RESTED_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.commit()
    except psycopg.OperationalError as error:
        raise DisconnectionError from error


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    connection.info[ONLY_READ] = True
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@event.listens_for(Engine, "before_cursor_execute")
def _notice_writing(connection: Connection, *asked: Any) -> None:
    _, _, _, context, _ = asked
    if not _only_reads(context.compiled):
        connection.info[ONLY_READ] = False


def _only_reads(compiled: Any) -> bool:
    """Whether a statement is a SELECT through and through; what cannot be told may write."""
    if compiled is None or not isinstance(compiled.statement, SelectBase):
        return False
    if isinstance(compiled.statement, TextualSelect):
        return False
    return not any(cte.element.is_dml for cte in compiled.ctes or ())


@event.listens_for(Engine, "do_execute")
def _plan_once(cursor: Any, statement: str, parameters: Any, context: Any) -> bool | None:
    if context.execution_options.get(PLANNED_ONCE) and isinstance(cursor, psycopg.Cursor):
        cursor.execute(statement, parameters, prepare=True)
        return True
    return None


@event.listens_for(Engine, "rollback")
def _end_reading(connection: Connection) -> None:
    """End what only read by a commit, which is the same to it: a rollback loses all kept plans."""
    if connection.closed or connection.invalidated or not connection.info.get(ONLY_READ):
        return
    driver = connection.connection.dbapi_connection
    if not isinstance(driver, psycopg.Connection):
        return
    if driver.info.transaction_status == TransactionStatus.INTRANS:
        with suppress(psycopg.Error):  # of the rollback that follows, SQLAlchemy says it
            driver.commit()
