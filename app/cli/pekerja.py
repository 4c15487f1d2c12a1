"""The command of the worker that does pekerjaan beside the server."""

import os
import signal
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
@with_appcontext
def worker() -> None:
    """Kerjakan pekerjaan latar (impor, ekspor besar) sampai dihentikan. Boleh lebih dari satu."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    work(app, stop)


def work(app: Flask, stop: threading.Event) -> None:
    """Work until ``stop`` is set."""
    if not build_pelaksana(app).run(stop):
        os._exit(1)  # a thread that does not give up would keep the process


def build_pelaksana(app: Flask) -> Pelaksana:
    """Return a worker for the handlers of this app."""

    @contextmanager
    def konteks(bahasa: str) -> Iterator[None]:
        with app.app_context(), force_locale(bahasa):
            yield

    with app.app_context():
        engine = db.engine
    return Pelaksana(
        engine,
        open_store(app.config["BANGKIT_PENYIMPANAN"]),
        lambda: datetime.now(UTC),
        app.extensions["handlers"],
        konteks,
    )
