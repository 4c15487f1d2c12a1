"""The sweep in the server: started by its worker alone, again and again, and never by 0 minutes."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

import run
from app.web import jadwal
from tests.conftest import Portal
from tests.services.jam import jenis_dari
from tests.walk import file_sktm


class Stop(threading.Event):
    """Lets the loop run a number of rounds, and notes how long it would have slept."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.rounds, self.waits = rounds, list[float]()

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0)
        return len(self.waits) > self.rounds


def test_each_round_sweeps_what_is_due(portal: Portal, session: Session, app: Flask) -> None:
    berkas_id = file_sktm(session, now=datetime.now(UTC) - timedelta(days=3))
    stop = Stop(rounds=2)
    jadwal._run(portal.engine, 300.0, 14, 30, stop)
    assert stop.waits == [jadwal.JEDA_AWAL, 300.0, 300.0]
    assert "eskalasi" in jenis_dari(session, berkas_id)


def test_a_database_that_is_away_does_not_end_the_rounds(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop = Stop(rounds=3)
    jadwal._run(create_engine("sqlite:////tidak/ada/basis.db"), 10.0, 14, 30, stop)
    assert stop.waits == [10.0] * 4, "a short pause is not made longer by the first"
    assert caplog.text.count("OperationalError") == 3


def test_zero_minutes_start_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "BANGKIT_SAPU_MENIT", 0)
    assert jadwal.start(app) is None


def test_a_worker_starts_one_daemon_thread(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = threading.Event()
    given: list[Any] = []

    def note(*args: Any) -> None:
        given.extend(args)
        ran.set()

    monkeypatch.setattr(jadwal, "_run", note)
    monkeypatch.setitem(app.config, "BANGKIT_SAPU_MENIT", 7)
    thread = jadwal.start(app)
    assert thread is not None
    assert thread.daemon
    assert ran.wait(5)
    assert given[1:4] == [
        *(420.0, app.config["BANGKIT_PERBAIKAN_HARI"], app.config["BANGKIT_SAMPAH_HARI"]),
    ]


@pytest.mark.parametrize(("name", "starts"), [("app", 0), ("server", 1)])
def test_only_the_server_worker_sweeps_and_not_the_commands(
    name: str, starts: int, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Flask] = []

    def make() -> Flask:
        return app

    monkeypatch.setattr(run, "_app", make)
    monkeypatch.setattr(jadwal, "start", started.append)
    assert getattr(run, name) is app
    assert started == [app] * starts
