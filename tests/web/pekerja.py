"""A worker for tests: does what waits, then stops."""

import threading
import time

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.pekerja import build_pelaksana
from app.extensions import db
from app.models.pekerjaan import Pekerjaan
from app.models.policy import unscoped


def work(app: Flask) -> None:
    """Let a worker do what waits."""
    with app.app_context():
        pelaksana = build_pelaksana(app)
    stop = threading.Event()
    runner = threading.Thread(target=pelaksana.run, args=(stop,))
    runner.start()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and _open(app):
        time.sleep(0.1)
    stop.set()
    runner.join()


def _open(app: Flask) -> bool:
    with app.app_context(), Session(db.engine) as session, unscoped(session, "uji menunggu"):
        query = select(Pekerjaan.id).where(Pekerjaan.status.in_(("menunggu", "berjalan")))
        return session.scalar(query.limit(1)) is not None
