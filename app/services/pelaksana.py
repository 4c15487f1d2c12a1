"""The worker: claims pekerjaan, runs their handlers, and says how each ended.

Several may run beside each other, on one machine or more. One that dies leaves its pekerjaan
with a heartbeat that stands still; another takes it up, and the token in the row lets only one of
them write its end. On SQLite one pekerjaan runs at a time, for there is one writer anyway.
"""

import logging
import os
import secrets
import socket
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.errors import BangkitError, DataTidakValidError
from app.models.engine import is_lock_timeout, writing
from app.models.pekerjaan import StatusPekerjaan
from app.services.antrean_kerja import Ambilan, ada, akhiri, ambil, lepas, tandai
from app.services.kerja import Kerja, TerhentiError
from app.services.pekerjaan import bersihkan
from app.services.pelaku import load_pelaku
from app.teks import N_

log = logging.getLogger(__name__)

SLOTS = 2
"""Pekerjaan that one worker runs at once on PostgreSQL."""

MOST = 5
"""Runs of one pekerjaan that may be cut off before it counts as poison."""

STOP_SECONDS = 8.0
"""How long a worker that stops waits for its runs to give up at their next note of progress."""

CLEAN_SECONDS = 600.0
"""How often results that had their day are removed."""

Pelaksanaan = Callable[[Kerja], None]


@dataclass(frozen=True)
class Irama:
    """Seconds: between looks at the queue, between heartbeats, and until a silent one is dead."""

    jeda: float = 1.0
    denyut: float = 2.0
    mati: float = 15.0


def _no_context(bahasa: str) -> AbstractContextManager[Any]:
    return nullcontext()


@dataclass
class Pelaksana:
    """One worker process; ``konteks`` gives what a handler needs around it, for a language."""

    engine: Engine
    place: object
    clock: Callable[[], datetime]
    handlers: Mapping[str, Pelaksanaan]
    konteks: Callable[[str], AbstractContextManager[Any]] = _no_context
    irama: Irama = Irama()
    _running: dict[Future[bool], Ambilan] = field(default_factory=dict)
    _beaten: float = 0.0
    _cleaned: float = 0.0

    def run(self, stop: threading.Event) -> bool:
        """Work until ``stop`` is set, and give back to the queue what runs then.

        Return False if a run would not give up in time: the caller should end the process, and
        another worker takes it up.
        """
        pool = ThreadPoolExecutor(self.slots)
        while not stop.is_set():
            try:
                self._round(pool, stop)
            except SQLAlchemyError as error:
                # The database is away or busy: what runs goes on, the next round tries again.
                log.warning("pekerja: %s", type(error).__name__)
                stop.wait(self.irama.jeda)
        wait(self._running, timeout=STOP_SECONDS)
        self._collect()
        pool.shutdown(wait=False, cancel_futures=True)
        return not self._running

    @property
    def slots(self) -> int:
        """How many run at once."""
        return 1 if self.engine.dialect.name == "sqlite" else SLOTS

    def _round(self, pool: ThreadPoolExecutor, stop: threading.Event) -> None:
        self._collect()
        self._beat()
        while len(self._running) < self.slots:
            ambilan = self._claim()
            if ambilan is None:
                break
            self._running[pool.submit(self._handle, ambilan, stop)] = ambilan
        if self._running:
            wait(self._running, timeout=self.irama.jeda, return_when=FIRST_COMPLETED)
            return
        self._clean()
        stop.wait(self.irama.jeda)

    def _claim(self) -> Ambilan | None:
        now = self.clock()
        mati = now - timedelta(seconds=self.irama.mati)
        with self.engine.connect() as connection:
            if not ada(connection, mati):
                return None
        token = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(6)}"
        with writing(), self.engine.begin() as connection:
            return ambil(connection, token, now, mati)

    def _beat(self) -> None:
        if not self._running or time.monotonic() - self._beaten < self.irama.denyut:
            return
        self._beaten = time.monotonic()
        now = self.clock()
        try:
            with writing(), self.engine.begin() as connection:
                for ambilan in self._running.values():
                    tandai(connection, ambilan, denyut=now)
        except OperationalError as error:
            if not is_lock_timeout(error):
                raise
            # Whoever holds the lock of SQLite keeps other workers from claiming as well.

    def _clean(self) -> None:
        if time.monotonic() - self._cleaned >= CLEAN_SECONDS or not self._cleaned:
            self._cleaned = time.monotonic()
            bersihkan(self.engine, self.place, self.clock())

    def _handle(self, ambilan: Ambilan, stop: threading.Event) -> bool:
        """Run one; return whether it was finished, and let its error be the thread's."""
        handler = self.handlers.get(ambilan.jenis)
        if handler is None:
            raise BangkitError(N_("Jenis pekerjaan ini tidak dikenal portal."))
        if ambilan.percobaan > MOST:
            raise BangkitError(
                N_(
                    "Pekerjaan ini %(kali)s kali terhenti di tengah jalan, jadi tidak diulang "
                    "lagi. Sebutkan nomor pekerjaan %(nomor)s kepada administrator."
                ),
                kali=MOST,
                nomor=ambilan.id,
            )
        with Session(self.engine) as session:
            pelaku = load_pelaku(session, ambilan.pengguna_id, self.clock())
        if pelaku is None:
            raise BangkitError(N_("Akun yang meminta pekerjaan ini tidak aktif lagi."))
        kerja = Kerja(self.engine, self.place, self.clock, ambilan, pelaku, stop)
        with self.konteks(ambilan.bahasa):
            handler(kerja)
        return kerja.selesai

    def _collect(self) -> None:
        for future in [future for future in self._running if future.done()]:
            self._end(self._running[future], future)
            del self._running[future]

    def _end(self, ambilan: Ambilan, future: Future[bool]) -> None:
        error = future.exception()
        if error is None and future.result():
            return
        with writing(), self.engine.begin() as connection:
            if isinstance(error, TerhentiError):
                # Without the token this changes nothing: it was cancelled, or taken over.
                lepas(connection, ambilan, dihitung=False)
            elif isinstance(error, OperationalError):
                log.warning("pekerjaan %s (%s): %s", ambilan.id, ambilan.jenis, _place(error))
                lepas(connection, ambilan, dihitung=True)
            else:
                pesan, isi = _words(ambilan, error)
                akhiri(
                    connection,
                    ambilan,
                    StatusPekerjaan.GAGAL,
                    self.clock(),
                    pesan=pesan,
                    pesan_data=isi,
                )


def _words(ambilan: Ambilan, error: BaseException | None) -> tuple[str, dict[str, Any]]:
    """Return what the person reads; an error of the program goes to the log, without values."""
    if isinstance(error, DataTidakValidError) and error.fields:
        return next(iter(error.fields.values())), dict(error.params)
    if isinstance(error, BangkitError):
        return error.message, dict(error.params)
    log.error("pekerjaan %s (%s): %s", ambilan.id, ambilan.jenis, _place(error))
    text = N_(
        "Gagal karena kesalahan program. Coba lagi; bila berulang, sebutkan nomor pekerjaan "
        "%(nomor)s kepada administrator."
    )
    return text, {"nomor": ambilan.id}


def _place(error: BaseException | None) -> str:
    """Return kind and place of an error; its text may hold a NIK."""
    if error is None:
        return "the handler returned without finish"
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames[-4:]))
    return f"{type(error).__name__} {where}"
