"""A worker process for the tests: it counts, in a table that would show an effect twice.

`python -m tests.races.pekerja_uji URL FOLDER` loads the code once, and forks a worker for each line
it reads, which it answers with the pid. At the end of its input the workers stop, and then it.
"""

import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime

from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert

from app.models import discover
from app.services.kerja import Kerja
from app.services.lampiran import open_store
from app.services.pelaksana import Irama, Pelaksana

discover()
EFEK = Table("uji_efek", MetaData(), Column("pekerjaan_id", Integer), Column("urutan", Integer))
"""What the handlers did; nothing in it keeps a row from being written twice."""

IRAMA = Irama(jeda=0.05, denyut=0.2, mati=1.5)
BATCHES = 3


def hitung(kerja: Kerja) -> None:
    """Work a little, then write one row and the end together."""
    for n in range(4):
        time.sleep(0.01)
        kerja.progress(n, 4)
    with kerja.session(writes=True) as session:
        session.execute(insert(EFEK).values(pekerjaan_id=kerja.id, urutan=0))
        time.sleep(0.01)
        kerja.finish(session, "%(n)s dihitung.", n=1)


def bertahap(kerja: Kerja) -> None:
    """Write three batches, each with its mark, then the end."""
    for n in range(kerja.done, BATCHES):
        time.sleep(0.01)
        with kerja.session(writes=True) as session:
            session.execute(insert(EFEK).values(pekerjaan_id=kerja.id, urutan=n))
            kerja.step(session, n + 1, BATCHES)
    with kerja.session(writes=True) as session:
        kerja.finish(session, "%(n)s dihitung.", n=BATCHES)


def work(url: str, folder: str) -> None:
    """Be a worker until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    handlers = {"hitung": hitung, "bertahap": bertahap}
    engine, place = create_engine(url), open_store(folder)
    Pelaksana(engine, place, lambda: datetime.now(UTC), handlers, irama=IRAMA).run(stop)


def main(url: str, folder: str) -> None:
    """Fork workers as asked."""
    pids = []
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            work(url, folder)
            os._exit(0)
        pids.append(pid)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    for pid in pids:
        if os.waitpid(pid, os.WNOHANG) == (0, 0):
            os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
