"""The port behind which longer work is done: what the screens ask for, and what the work is given.

The generator starts jobs and writes their handlers against these; `app/services/pekerjaan.py` and
its worker stand behind them.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.models.pelaku import Pelaku


class Jobs(Protocol):
    """Starts work that takes longer than two seconds."""

    def start(self, kind: str, title: str, data: Mapping[str, Any]) -> int:
        """Write the job in the transaction of this request; return its id. The caller commits."""

    def store(self, name: str, blocks: Iterable[bytes]) -> str:
        """Keep an input of a job (an uploaded file); return the key to put in its data."""


class Work(Protocol):
    """One job as its handler sees it; it may be run again after a crash."""

    data: Mapping[str, Any]
    pelaku: Pelaku

    def session(self, *, writes: bool = False) -> AbstractContextManager[Session]:
        """Give a session that works as the person who asked; it never commits by itself.

        With ``writes`` a transaction of SQLite takes the write lock at its start.
        """

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell how far it is; raises `Dibatalkan` when the person has cancelled."""

    def open(self, key: str) -> Iterable[bytes]:
        """Return the bytes of a stored input, in blocks."""

    def keep(self, name: str, blocks: Iterable[bytes]) -> None:
        """Keep the result for a day, for the person who asked."""

    def finish(self, session: Session, message: str, **params: Any) -> None:
        """Mark the job done in this session and commit: effect and mark together, never twice.

        ``message`` is a msgid, filled with ``params`` where it is shown.
        """


Handler = Callable[[Work], None]
"""Does one kind of job."""
