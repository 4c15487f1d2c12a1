"""A long read of its own: own connection, one moment, as the person, two at once, nothing written.

Exports read through here, so that a slow one holds no connection that pages need. A statement is
run by the session, with the row policy in it, and its rows come from the driver as they are.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import Engine, Select, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.errors import BangkitError
from app.models.engine import driver_of
from app.models.pelaku import Pelaku
from app.models.policy import bind_pelaku
from app.teks import N_

AT_ONCE = 2
"""Exports that run at the same time; more would take the database from the pages."""

WAIT_SECONDS = 2.0

LOCK_CLASS = 0x656B7370
"""First half of the key of PostgreSQL's advisory locks; the second is the slot."""

BLOCK_BYTES = 64 * 1024

_HOLD = "tahan"
"""Execution option: the statement is not sent, but handed back."""


class _HeldBack(Exception):
    """Carries a statement as the driver would have got it."""

    def __init__(self, text: str, parameters: Any) -> None:
        super().__init__()
        self.text = text
        self.parameters = parameters


class EksporPenuhError(BangkitError):
    """Two exports are running; a third waits a moment and is then sent away."""

    status = 503
    code = "ekspor_penuh"

    def __init__(self) -> None:
        super().__init__(N_("Dua unduhan lain sedang berjalan. Coba lagi sebentar."))


@contextmanager
def snapshot(engine: Engine, pelaku: Pelaku, wait: float = WAIT_SECONDS) -> Iterator[Session]:
    """Give a session that reads everything as of one moment, as this person, and cannot write.

    Raises:
        EksporPenuhError: two of them are open, and stayed so for ``wait`` seconds.
    """
    own = _engine_like(engine.url.render_as_string(hide_password=False))
    is_postgres = own.dialect.name == "postgresql"
    slot = nullcontext() if is_postgres else _slot_here(str(own.url), wait)
    with slot, own.connect() as connection:
        if is_postgres:
            connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            _wait_for(lambda: _slot_there(connection), wait)
        else:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        with Session(connection) as session:
            bind_pelaku(session, pelaku)
            yield session


@cache
def _engine_like(url: str) -> Engine:
    """Return an engine beside that of the pages: nothing is kept open between two exports."""
    engine = create_engine(make_url(url), poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "do_execute")
    def hold(cursor: Any, statement: str, parameters: Any, context: Any) -> None:
        if context.execution_options.get(_HOLD):
            raise _HeldBack(statement, parameters)

    return engine


def _wait_for(take: Callable[[], bool], wait: float) -> None:
    until = time.monotonic() + wait
    while not take():
        if time.monotonic() >= until:
            raise EksporPenuhError
        time.sleep(0.05)


def _slot_there(connection: Any) -> bool:
    """Take a slot for this transaction, whichever worker it runs in; a dead one lets go of it."""
    slots = (func.pg_try_advisory_xact_lock(LOCK_CLASS, slot) for slot in range(AT_ONCE))
    return any(connection.scalar(select(slot)) for slot in slots)


@contextmanager
def _slot_here(url: str, wait: float) -> Iterator[None]:
    """Take a slot of this process: SQLite is served by one (`BANGKIT_PEKERJA`)."""
    slots = _slots(url)
    if not slots.acquire(timeout=wait):
        raise EksporPenuhError
    try:
        yield
    finally:
        slots.release()


@cache
def _slots(url: str) -> BoundedSemaphore:
    return BoundedSemaphore(AT_ONCE)


def sql_of(session: Session, statement: Select[Any]) -> tuple[str, Any]:
    """Return the text and parameters this session sends for a statement, scoped, without sending.

    The session must be one of `snapshot`.
    """
    try:
        session.execute(statement, execution_options={_HOLD: True})
    except _HeldBack as held:
        return held.text, held.parameters
    raise TypeError("a session that is not of a snapshot")


def copied(session: Session, statement: Select[Any], separator: str) -> Iterator[list[bytes]]:
    """Yield the CSV rows of a statement in lists of about 64 KiB, as PostgreSQL writes them.

    Each row ends with a line feed. Left early, the database stops reading.
    """
    text, parameters = sql_of(session, statement)
    command = f"COPY ({text}) TO STDOUT (FORMAT csv, DELIMITER '{separator}', ENCODING 'UTF8')"
    rows: list[bytes] = []
    size = 0
    with driver_of(session).cursor() as cursor, cursor.copy(command, parameters) as copy:
        # The protocol sends each row as a message of its own.
        while row := copy.read():
            rows.append(bytes(row))
            size += len(row)
            if size >= BLOCK_BYTES:
                yield rows
                rows, size = [], 0
    if rows:
        yield rows


def fetched(
    session: Session,
    statement: Select[Any],
    functions: Mapping[str, Callable[[str], str]],
    size: int = 512,
) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Yield the rows of a statement in lists, as SQLite's driver gives them."""
    text, parameters = sql_of(session, statement)
    raw = driver_of(session)
    for name, function in functions.items():
        raw.create_function(name, 1, function, deterministic=True)
    cursor = raw.execute(text, parameters)
    try:
        while rows := cursor.fetchmany(size):
            yield rows
    finally:
        cursor.close()
