"""Kills workers with SIGKILL while they work, and counts what became of their pekerjaan."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.models.engine import transaction
from app.models.pekerjaan import Pekerjaan, StatusPekerjaan
from app.models.policy import unscoped
from app.services.antrean_kerja import TERBUKA
from app.services.benih import list_akun
from app.services.pekerjaan import MOST_OPEN, mulai
from config import PROJECT
from tests.races.pekerja_uji import BATCHES, EFEK
from tests.walk import act_as

Efek = Counter[tuple[int, int]]


@dataclass(frozen=True)
class Hasil:
    """How the pekerjaan ended, what took effect how often, and how long it all took."""

    status: Counter[str]
    wanted: Efek
    found: Efek
    kills: int
    mid_run: int
    seconds: float


def ask(engine: Engine, jobs: int) -> Efek:
    """Ask for so many pekerjaan of both kinds; return the effects they must have."""
    EFEK.create(engine, checkfirst=True)
    with transaction(engine) as session:
        people = [username for username, _ in list_akun(session)]
        facts = {"judul": "Uji", "data": {}, "bahasa": "id"}
        wanted: Efek = Counter()
        for n in range(jobs):
            if n % MOST_OPEN == 0:
                pelaku = act_as(session, people[n // MOST_OPEN], datetime.now(UTC))
            jenis = "hitung" if n % 2 else "bertahap"
            id_ = mulai(session, pelaku, datetime.now(UTC), jenis=jenis, **facts)  # type: ignore[arg-type]
            wanted.update((id_, k) for k in range(1 if n % 2 else BATCHES))
    return wanted


class Kandang:
    """The process that forks workers, so that a new one is there at once."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        url = engine.url.render_as_string(hide_password=False)
        command = (sys.executable, "-m", "tests.races.pekerja_uji", url, str(folder))
        self.process = subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self) -> int:
        """Start a worker; return its pid."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def end(self) -> None:
        """Let all of them end."""
        self.process.communicate(timeout=60)
        assert self.process.returncode == 0


def open_count(engine: Engine, *status: StatusPekerjaan) -> int:
    """How many pekerjaan have this status."""
    with Session(engine) as session, unscoped(session, "uji menghitung"):
        query = select(func.count()).select_from(Pekerjaan).where(Pekerjaan.status.in_(status))
        return session.scalar(query) or 0


def kill_and_count(engine: Engine, folder: Path, *, jobs: int, kills: int, seed: int = 1) -> Hasil:
    """Let two workers do the jobs while one after the other is killed; return what came of it."""
    chance = random.Random(seed)
    wanted = ask(engine, jobs)
    kandang = Kandang(engine, folder)
    workers = [kandang.start() for _ in range(2)]
    began, killed, mid_run, left = time.monotonic(), 0, 0, jobs
    while left and time.monotonic() - began < 5 * jobs:
        time.sleep(0.02)
        left = open_count(engine, *TERBUKA)
        if left and killed < kills and jobs - left >= killed * jobs // (kills + 1):
            time.sleep(chance.uniform(0, 0.08))
            victim = workers.pop(chance.randrange(2))
            os.kill(victim, signal.SIGKILL)
            killed += 1
            mid_run += _left_behind(engine, victim)
            workers.append(kandang.start())
    seconds = time.monotonic() - began
    kandang.end()
    return Hasil(_status(engine), wanted, _found(engine), killed, mid_run, seconds)


def _left_behind(engine: Engine, pid: int) -> int:
    """How many pekerjaan the dead worker held."""
    with Session(engine) as session, unscoped(session, "uji menghitung"):
        held = Pekerjaan.status == StatusPekerjaan.BERJALAN
        query = select(func.count()).where(held, Pekerjaan.pemegang.like(f"%:{pid}:%"))
        return session.scalar(query) or 0


def _status(engine: Engine) -> Counter[str]:
    with Session(engine) as session, unscoped(session, "uji menghitung"):
        return Counter(str(status) for status in session.scalars(select(Pekerjaan.status)))


def _found(engine: Engine) -> Efek:
    with engine.connect() as connection:
        return Counter((row.pekerjaan_id, row.urutan) for row in connection.execute(select(EFEK)))
