"""The port behind which longer work is done: what the screens ask for, and what the work is given.

The generator starts jobs and writes their handlers against these; `app/web/pekerjaan.py` (to ask)
and `app/services/kerja.py` (to do) stand behind them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy.orm import Session

from app.errors import TidakBerwenangError
from app.generator.spec import EntitySpec
from app.models.pelaku import Pelaku
from app.teks import N_


class Jobs(Protocol):
    """Starts work that takes longer than two seconds."""

    def start(self, kind: str, title: str, data: Mapping[str, Any]) -> int:
        """Write the job in the transaction of this request; return its id. The caller commits.

        ``title`` is in the person's language and names nobody: the admin sees it. ``data`` goes
        into JSON.
        """

    def store(self, name: str, blocks: Iterable[bytes]) -> str:
        """Keep an input of a job (an uploaded file); return the key to put in its data."""

    def unfinished(self, kind: str) -> Sequence[Mapping[str, Any]]:
        """Return the data of the person's jobs of this kind that wait or run."""

    def url(self, job_id: int) -> str:
        """Return the address of the page that shows how far the job is."""


class Work(Protocol):
    """One job as its handler sees it; it may be run again after a crash.

    Nothing a handler writes counts before `step` or `finish`: both commit its session together
    with the mark on the job, and only while this run still holds the job.
    """

    id: int
    data: Mapping[str, Any]
    pelaku: Pelaku
    done: int
    """What earlier runs committed by `step`; begin after it."""

    def session(self, *, writes: bool = False) -> AbstractContextManager[Session]:
        """Give a session that works as the person who asked; it never commits by itself.

        With ``writes`` a transaction of SQLite takes the write lock at its start, as `step` and
        `finish` need it. Read long without, write shortly with.
        """

    def progress(self, done: int, total: int | None = None) -> None:
        """Tell how far it is, as often as you like; raises to stop a cancelled run: let it pass."""

    def open(self, key: str) -> Iterable[bytes]:
        """Return the bytes of a stored input, in blocks."""

    def keep(self, name: str, blocks: Iterable[bytes]) -> None:
        """Keep the result for a day, for the person who asked; the last one counts."""

    def step(self, session: Session, done: int, total: int | None = None) -> None:
        """Commit one batch of this session, and that ``done`` items are done, together."""

    def finish(self, session: Session, message: str, **params: Any) -> None:
        """Commit this session and mark the job done, together: an effect never happens twice.

        ``message`` is a msgid, filled with ``params`` where it is shown.
        """


def still_granted(work: Work, specs: Mapping[str, EntitySpec], action: str) -> EntitySpec:
    """Return the entity a job was asked for (``sumber_daya`` of its data).

    Raises:
        TidakBerwenangError: the person may no longer do this with it.
    """
    spec = specs[work.data["sumber_daya"]]
    if not work.pelaku.may(spec.resource, action):
        raise TidakBerwenangError(N_("Anda tidak berwenang melakukan tindakan ini."))
    return spec


Handler = Callable[[Work], None]
"""Does one kind of job. It ends with `Work.finish`, or raises a `BangkitError` with the reason."""
