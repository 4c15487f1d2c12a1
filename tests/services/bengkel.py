"""Lets a worker run inside a test, until what it should do is done."""

import threading
import time
from collections.abc import Callable

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.models.pekerjaan import Pekerjaan
from app.models.policy import unscoped
from app.services.antrean_kerja import TERBUKA
from app.services.pelaksana import Pelaksana


def status_of(engine: Engine, id_: int) -> str:
    """Return where a pekerjaan stands."""
    with Session(engine) as session, unscoped(session, "uji membaca"):
        return str(session.scalars(select(Pekerjaan.status).where(Pekerjaan.id == id_)).one())


def run_until_ended(pelaksana: Pelaksana, id_: int) -> None:
    """Let it work until this pekerjaan has ended, for at most 20 seconds."""
    run_until(pelaksana, lambda: status_of(pelaksana.engine, id_) not in TERBUKA)


def run_until(pelaksana: Pelaksana, is_done: Callable[[], bool]) -> None:
    """Let it work until ``is_done``, for at most 20 seconds."""
    stop = threading.Event()
    thread = threading.Thread(target=pelaksana.run, args=(stop,))
    thread.start()
    patience = time.monotonic() + 20
    while not is_done() and time.monotonic() < patience:
        time.sleep(0.01)
    stop.set()
    thread.join()
