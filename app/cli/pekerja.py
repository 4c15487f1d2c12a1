"""The command of the worker that does pekerjaan beside the server."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import force_locale

from app.extensions import db
from app.services.lampiran import open_store
from app.services.pelaksana import Pelaksana


@click.command("pekerja")
@click.option("--ikut-induk", is_flag=True, hidden=True)
@with_appcontext
def worker(ikut_induk: bool) -> None:
    """Kerjakan pekerjaan latar (impor, ekspor besar) sampai dihentikan. Boleh lebih dari satu."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    stop = threading.Event()
    _listen(stop, ikut_induk)
    pelaksana = build_pelaksana(app)
    if not pelaksana.run(stop):
        os._exit(1)  # a thread that does not give up would keep the process


def build_pelaksana(app: Flask) -> Pelaksana:
    """Return a worker for the handlers of this app."""

    @contextmanager
    def konteks(bahasa: str) -> Iterator[None]:
        with app.app_context(), force_locale(bahasa):
            yield

    return Pelaksana(
        db.engine,
        open_store(app.config["BANGKIT_PENYIMPANAN"]),
        lambda: datetime.now(UTC),
        app.extensions["handlers"],
        konteks,
    )


def _listen(stop: threading.Event, ikut_induk: bool) -> None:
    """Set ``stop`` at a signal; ``ikut_induk``: at the end of the input, which the parent holds."""
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    if not ikut_induk:
        signal.signal(signal.SIGINT, lambda *_: stop.set())
        return
    # Ctrl+C reaches both; the parent ends its requests first, then closes our input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        sys.stdin.buffer.read()
        stop.set()

    threading.Thread(target=watch, name="induk", daemon=True).start()
