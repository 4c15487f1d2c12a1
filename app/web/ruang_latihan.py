"""The sandbox: a second portal on made-up data below `/latihan/`, in the process of the first.

It has its own SQLite file, files, key and cookie (`config.latihan_config`). It is made at its first
use, and starts anew each day: nobody's mistakes stay for the next.
"""

import fcntl
import hashlib
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.util import application_uri

from flask import Flask
from sqlalchemy import make_url
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.utils import redirect

from app.extensions import db
from app.generator.fields import WIB
from app.models.engine import transaction
from app.services.benih_latihan import seed_berkas
from config import LATIHAN, PROJECT, latihan_config

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SOURCES = ("app/**/*.py", "app/data/**/*.*", "migrations/versions/*.py")
"""What the first state of the sandbox follows from; a change makes it anew."""

PINTU = "/masuk/"
"""Where the portal hands a person over (`app/web/latihan.py`)."""

Fill = Callable[[], object]
"""Brings the database of the current app to where `make run` would: tables, rights, demo data."""


def mount(app: Flask, make: Callable[[dict[str, object]], Flask], fill: Fill) -> None:
    """Put the sandbox below `/latihan/` of the portal, unless a setting says otherwise."""
    if not app.config["RUANG_LATIHAN"]:
        return
    config = latihan_config(app.config)
    ruang = RuangLatihan(Path(app.config["RUANG_LATIHAN"]), lambda: make(config), fill)
    app.extensions["latihan"] = ruang
    app.wsgi_app = DispatcherMiddleware(  # type: ignore[method-assign]
        app.wsgi_app, {LATIHAN: ruang}
    )


class RuangLatihan:
    """The sandbox as a WSGI app of several threads and processes; ``folder`` holds its data."""

    def __init__(self, folder: Path, make: Callable[[], Flask], fill: Fill) -> None:
        self._folder = folder
        self._make = make
        self._fill = fill
        self._thread = threading.Lock()
        self._app: Flask | None = None
        self._state = ""

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request; a stranger, who was not handed over, does not wake it up."""
        is_known = f"{LATIHAN[1:]}=" in environ.get("HTTP_COOKIE", "")
        if self._app is None and not is_known and environ.get("PATH_INFO") != PINTU:
            portal = application_uri(environ).rstrip("/").removesuffix(LATIHAN)
            return redirect(f"{portal}/berlatih/")(environ, start_response)
        return self.app()(environ, start_response)

    def warm(self) -> None:
        """Begin to get ready while a person still reads: the very first time takes seconds."""
        if self._app is None:
            threading.Thread(target=self.app, name="latihan", daemon=True).start()

    def app(self) -> Flask:
        """Return the app on the data of today."""
        if self._app is None or self._state != self._today():
            with self._alone():
                self._wake()
        assert self._app is not None
        return self._app

    def reset(self) -> None:
        """Go back to the first state now, for everybody."""
        with self._alone():
            self._wake()
            self._begin_again()

    def _wake(self) -> None:
        if self._app is None:
            self._app = self._make()
            self._app.extensions["ulang_latihan"] = self.reset
        kept = self._folder / "keadaan"
        state = kept.read_text() if kept.exists() else ""
        if state.split(" ")[0] != self._today().split(" ")[0]:
            self._build()
        if state != self._today():
            self._begin_again()
        self._state = self._today()

    def _today(self) -> str:
        return f"{_stamp()} {datetime.now(WIB):%Y-%m-%d}"

    def _build(self) -> None:
        """Make the first state from nothing, and keep a copy of it."""
        (self._folder / "keadaan").unlink(missing_ok=True)
        with self._context():
            db.engine.dispose()
            for path in self._folder.glob("*.db*"):
                path.unlink()
            self._fill()
        with closing(sqlite3.connect(self._database())) as source:
            _copy(source, self._folder / "awal.db")

    def _begin_again(self) -> None:
        """Copy the first state back into the open database; let berkas lie at the desks."""
        with closing(sqlite3.connect(self._folder / "awal.db")) as source:
            _copy(source, self._database())
        shutil.rmtree(self._folder / "berkas", ignore_errors=True)
        with self._context(), transaction(db.engine) as session:
            seed_berkas(session, datetime.now(UTC))
        (self._folder / "keadaan").write_text(self._today())

    def _database(self) -> Path:
        assert self._app is not None
        return Path(str(make_url(self._app.config["SQLALCHEMY_DATABASE_URI"]).database))

    @contextmanager
    def _context(self) -> Iterator[None]:
        assert self._app is not None
        with self._app.app_context():
            yield

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other threads and the other workers of this machine away."""
        with self._thread, (self._folder / "kunci").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _copy(source: sqlite3.Connection, target: Path) -> None:
    with closing(sqlite3.connect(target, timeout=15)) as connection:
        source.backup(connection)


@cache
def _stamp() -> str:
    """Return a hash of what the first state is made from; this process runs just that."""
    content = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in PROJECT.glob(pattern)):
        content.update(path.read_bytes())
    return content.hexdigest()[:12]
