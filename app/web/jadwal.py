"""What the server does by itself between requests: the sweep, in a thread of each worker."""

import logging
import threading
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from app.models.engine import transaction
from app.services.sampah import kosongkan_sampah
from app.services.sapu import Sapuan, sapu

log = logging.getLogger(__name__)

JEDA_AWAL = 30.0
"""Seconds after the start before the first sweep: people who wait for a page go first."""


def start(app: Flask) -> threading.Thread | None:
    """Sweep every BANGKIT_SAPU_MENIT minutes until the process ends; None where that is 0.

    Several workers may do so at once; the berkas' locks keep them apart.
    """
    minutes = app.config["BANGKIT_SAPU_MENIT"]
    if minutes == 0:
        return None
    with app.app_context():
        engine = db.engine
    thread = threading.Thread(
        target=_run,
        args=(
            *(engine, 60.0 * minutes, app.config["BANGKIT_PERBAIKAN_HARI"]),
            *(app.config["BANGKIT_SAMPAH_HARI"], threading.Event()),
        ),
        name="sapu",
        daemon=True,
    )
    thread.start()
    return thread


def _run(
    engine: Engine, pause: float, perbaikan_hari: int, sampah_hari: int, stop: threading.Event
) -> None:
    wait = min(JEDA_AWAL, pause)
    while not stop.wait(wait):
        wait = pause
        try:
            report(sapu(lambda: transaction(engine), datetime.now(UTC), perbaikan_hari))
            with transaction(engine) as session:
                kosongkan_sampah(session, datetime.now(UTC), sampah_hari)
        except SQLAlchemyError as error:
            # The database is away or not prepared yet; the next round tries again.
            log.warning("sapu: %s", type(error).__name__)


def report(hasil: Sapuan) -> None:
    """Note in the log what a person should look into; the acts stand in riwayat."""
    for berkas_id, error in hasil.gagal.items():
        log.warning("sapu: berkas %s: %s", berkas_id, error)
    if hasil.tanpa_tenggat:
        log.warning("sapu: %s berkas tanpa tenggat, jam layanan kosong", hasil.tanpa_tenggat)
