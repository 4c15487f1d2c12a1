"""Measures acts on berkas: pure decisions, whole acts, and bare psycopg on the same statements.

Run by `make bench`. Ratios count, not milliseconds: the sides alternate within one run, and the
table gives the median of the rounds. Needs PostgreSQL where the tests look for it.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.models.engine import writing
from app.models.pelaku import Pelaku
from app.models.policy import bind_pelaku
from app.routing import JenisAksi
from app.services.berkas import tindak
from tests.conftest import Portal
from tests.routing.contoh import RANTAI_SKTM, Jalan, make_alur, make_dunia, pejabat
from tests.server import find_postgres, scratch_database
from tests.walk import PENGAJU, SENIN, act_as, file_sktm

ROUNDS = 5
ACTS = 60
"""Acts of one side in one round; every one on a berkas of its own."""

THREADS = (1, 4, 16)


@dataclass(frozen=True)
class Statement:
    """One statement as the driver got it; ``made`` is the id of the riwayat row it inserted."""

    sql: str
    params: Any


@dataclass(frozen=True)
class Recorded:
    """All statements of one act, and the id its riwayat row had when it was recorded."""

    statements: tuple[Statement, ...]
    riwayat_id: int


class Acts:
    """One portal with filed SKTM on the desk of one Ketua RT, consumed act by act."""

    def __init__(self, portal: Portal) -> None:
        self.engine: Engine = portal.engine
        with Session(self.engine) as session:
            self.pelaku: Pelaku = act_as(session, PENGAJU)

    def file(self, count: int) -> list[int]:
        """File so many SKTM; return their ids."""
        with Session(self.engine) as session:
            return [file_sktm(session) for _ in range(count)]

    def approve(self, session: Session, berkas_id: int) -> int:
        """Take the first act of the chain, not committed; return the id of its riwayat row."""
        bind_pelaku(session, self.pelaku)
        return tindak(
            session,
            self.pelaku,
            SENIN,
            berkas_id=berkas_id,
            jenis=JenisAksi.SETUJUI,
            ke=1,
            kunci=uuid4().hex,
        ).id

    def whole(self, berkas_id: int) -> None:
        """Take the act as a request does, and commit."""
        with writing(), Session(self.engine) as session:
            self.approve(session, berkas_id)
            session.commit()

    def record(self, berkas_id: int) -> Recorded:
        """Return what an act sends to the database, without leaving a trace there."""
        with recording(self.engine) as statements, Session(self.engine) as session:
            riwayat_id = self.approve(session, berkas_id)
            session.rollback()
        return Recorded(tuple(statements), riwayat_id)


@contextmanager
def recording(engine: Engine) -> Iterator[list[Statement]]:
    """Collect the statements that reach the driver."""
    found: list[Statement] = []

    def note(conn: Any, cursor: Any, sql: str, params: Any, context: Any, many: bool) -> None:
        found.append(Statement(sql, params))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def replay(connection: psycopg.Connection, act: Recorded) -> None:
    """Run a recorded act on a bare connection: the same statements, their rows read, one commit."""
    made: Any = None
    for statement in act.statements:
        params = statement.params
        if made is not None and params and params.get("riwayat_id") == act.riwayat_id:
            params = {**params, "riwayat_id": made}
        cursor = connection.execute(statement.sql, params)
        rows = cursor.fetchall() if cursor.description else []
        if statement.sql.startswith("INSERT INTO riwayat"):
            made = rows[0][0]
    connection.commit()


def per_second(works: Sequence[Callable[[], object]], threads: int) -> float:
    """Return how many of the works are done in a second by so many threads."""
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: None, range(threads)))  # the threads exist before the clock starts
        start = time.perf_counter()
        for _ in pool.map(lambda work: work(), works):
            pass
        return len(works) / (time.perf_counter() - start)


class BarePool:
    """One bare connection per thread, as the pool of the engine has them."""

    def __init__(self, url: str, size: int, *, sync: bool) -> None:
        address = url.replace("postgresql+psycopg", "postgresql")
        self.free = [psycopg.connect(address) for _ in range(size)]
        for connection in self.free:
            connection.execute(f"SET synchronous_commit = {'on' if sync else 'off'}")
            connection.commit()

    def run(self, act: Recorded) -> None:
        """Replay an act on a free connection."""
        connection = self.free.pop()
        replay(connection, act)
        self.free.append(connection)

    def close(self) -> None:
        """Close all connections."""
        for connection in self.free:
            connection.close()


def compare(acts: Acts, url: str, threads: int, *, sync: bool) -> tuple[float, float, int]:
    """Return acts a second, whole and bare, and the number of statements of one act."""
    bare = BarePool(url, threads, sync=sync)
    ours, theirs = [], []
    count = 0
    with synchronous(acts.engine, on=sync):
        for berkas_id in acts.file(threads * 2):
            acts.whole(berkas_id)  # connections are open, statements compiled
        for _ in range(ROUNDS):
            own = acts.file(ACTS)
            recorded = [acts.record(berkas_id) for berkas_id in acts.file(ACTS)]
            assert len({tuple(s.sql for s in act.statements) for act in recorded}) == 1
            count = len(recorded[0].statements)
            ours.append(per_second([lambda b=b: acts.whole(b) for b in own], threads))
            theirs.append(per_second([lambda a=a: bare.run(a) for a in recorded], threads))
    bare.close()
    return statistics.median(ours), statistics.median(theirs), count


@contextmanager
def synchronous(engine: Engine, *, on: bool) -> Iterator[None]:
    """Let the engine's connections wait, or not, until a commit is on disk."""

    def setting(connection: Any, record: Any) -> None:
        connection.execute(f"SET synchronous_commit = {'on' if on else 'off'}")
        connection.commit()

    engine.dispose()
    event.listen(engine, "connect", setting)
    try:
        yield
    finally:
        event.remove(engine, "connect", setting)
        engine.dispose()


def bench_pure() -> float:
    """Return decisions a second: an SKTM from filing to selesai takes ten."""
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < 2:
        jalan = Jalan(make_alur(), make_dunia()).maju("ajukan", pejabat("ketua_rt"))
        for peran, aksi in RANTAI_SKTM:
            jalan.maju(aksi, pejabat(peran))
        done += 10
    return done / (time.perf_counter() - start)


def bench_postgres(server: str) -> None:
    """Print the table of PostgreSQL."""
    with scratch_database(server) as url, tempfile.TemporaryDirectory() as folder:
        portal = Portal(url, Path(folder))
        acts = Acts(portal)
        for sync in (True, False):
            for threads in THREADS:
                whole, bare, count = compare(acts, url, threads, sync=sync)
                say(f"PostgreSQL, sync {'on' if sync else 'off'}", threads, whole, bare, count)
        portal.engine.dispose()


def bench_sqlite() -> None:
    """Print the table of SQLite: whole acts only; one writer at a time."""
    with tempfile.TemporaryDirectory() as folder:
        portal = Portal(f"sqlite:///{folder}/bench.db", Path(folder))
        acts = Acts(portal)
        for threads in THREADS:
            rounds = []
            for _ in range(ROUNDS):
                own = acts.file(ACTS)
                rounds.append(per_second([lambda b=b: acts.whole(b) for b in own], threads))
            say("SQLite, synchronous=FULL", threads, statistics.median(rounds), None, 0)
        portal.engine.dispose()


def say(place: str, threads: int, whole: float, bare: float | None, count: int) -> None:
    """Write one row of the table."""
    tail = "" if bare is None else f" | {bare:.0f} | {whole / bare:.0%} | {count}"
    sys.stdout.write(f"| {place} | {threads} | {whole:.0f}{tail} |\n")
    sys.stdout.flush()


def main() -> None:
    """Measure everything and print it as a table."""
    sys.stdout.write(f"Keputusan murni: {bench_pure():.0f} per detik\n\n")
    sys.stdout.write("| Di mana | Utas | Tindakan/dtk | psycopg/dtk | Rasio | Pernyataan SQL |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    found = find_postgres()
    if found.value is None:
        sys.stdout.write(f"PostgreSQL dilewati: {found.reason}\n")
    else:
        bench_postgres(found.value)
    bench_sqlite()


if __name__ == "__main__":
    main()
