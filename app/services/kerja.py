"""One run of a pekerjaan, as its handler sees it (the port `app.generator.jobs.Work`)."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.models.engine import is_lock_timeout, writing
from app.models.pekerjaan import StatusPekerjaan
from app.models.pelaku import Pelaku
from app.models.policy import bind_pelaku
from app.services.antrean_kerja import Ambilan, akhiri, tandai
from app.services.simpanan_kerja import simpan, stream

PERIOD = 0.5
"""Seconds between two notes of progress."""


class TerhentiError(Exception):
    """This run must end and change nothing: cancelled, taken over, or the worker is stopping."""


class Kerja:
    """The pekerjaan, the person who asked, and the doors to the database and the store."""

    def __init__(
        self,
        engine: Engine,
        place: object,
        clock: Callable[[], datetime],
        ambilan: Ambilan,
        pelaku: Pelaku,
        stop: threading.Event,
    ) -> None:
        self.id = ambilan.id
        self.data: Mapping[str, Any] = ambilan.data
        self.done = ambilan.tercatat
        self.pelaku = pelaku
        self.selesai = False
        self._engine, self._place, self._clock = engine, place, clock
        self._ambilan, self._stop = ambilan, stop
        self._hasil: dict[str, str] = {}
        self._writes = 0
        self._noted = 0.0

    @contextmanager
    def session(self, *, writes: bool = False) -> Iterator[Session]:
        """Give a session that works as the person who asked; only `step` and `finish` commit."""
        if not writes:
            with Session(self._engine) as session:
                bind_pelaku(session, self.pelaku)
                yield session
            return
        with writing(), Session(self._engine) as session:
            bind_pelaku(session, self.pelaku)
            self._writes += 1
            try:
                yield session
            finally:
                self._writes -= 1

    def progress(self, done: int, total: int | None = None) -> None:
        """Note how far it is, at most twice a second.

        Raises:
            TerhentiError: the run must end.
        """
        if self._stop.is_set():
            raise TerhentiError
        if time.monotonic() - self._noted < PERIOD:
            return
        self._noted = time.monotonic()
        if self._writes and self._engine.dialect.name == "sqlite":
            return  # its own transaction holds the one write lock; nobody else can cancel now
        try:
            with writing(), self._engine.begin() as connection:
                held = tandai(connection, self._ambilan, kemajuan=done, jumlah=total)
        except OperationalError as error:
            if not is_lock_timeout(error):
                raise
            return  # somebody writes for long; the next note comes soon
        if not held:
            raise TerhentiError

    def open(self, key: str) -> Iterator[bytes]:
        """Return the bytes of a stored input, in blocks."""
        return stream(self._place, key)

    def keep(self, name: str, blocks: Iterable[bytes]) -> None:
        """Store the result; it counts from `finish` on. One of a run that failed is swept up."""
        self._hasil = {"hasil": simpan(self._place, blocks), "nama_hasil": name[-150:]}

    def step(self, session: Session, done: int, total: int | None = None) -> None:
        """Commit one batch and its mark together; a rerun begins after it.

        Raises:
            TerhentiError: the run must end, and this batch is rolled back.
        """
        session.flush()
        held = tandai(
            session.connection(),
            self._ambilan,
            kemajuan=done,
            jumlah=total,
            tercatat=done,
            percobaan=1,  # it gets on, so it is no poison
        )
        self._commit(session, held)
        self.done = done
        if self._stop.is_set():
            raise TerhentiError

    def finish(self, session: Session, message: str, **params: Any) -> None:
        """Commit the effect and the mark of the end together.

        Raises:
            TerhentiError: the run no longer holds the pekerjaan, and the effect is rolled back.
        """
        session.flush()
        held = akhiri(
            session.connection(),
            self._ambilan,
            StatusPekerjaan.SELESAI,
            self._clock(),
            pesan=message,
            pesan_data=params,
            **self._hasil,
        )
        self._commit(session, held)
        self.selesai = True

    def _commit(self, session: Session, held: bool) -> None:
        if not held:
            session.rollback()
            raise TerhentiError
        session.commit()
