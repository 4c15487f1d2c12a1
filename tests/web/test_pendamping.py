"""The process beside the server: begun anew when it dies, gone when the server is."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.web import pendamping
from app.web.pendamping import beside
from config import PROJECT

SERVER = """
import os, sys, time
from pathlib import Path
from app.web.pendamping import beside, until_asked

def work():
    stop = until_asked(os.getppid())
    Path(sys.argv[1], str(os.getpid())).touch()
    while not stop.is_set():
        stop.wait(0.1)

with beside(work):
    while not Path(sys.argv[1], "selesai").exists():
        time.sleep(0.1)
"""


@pytest.fixture
def server(tmp_path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", SERVER, str(tmp_path)], cwd=PROJECT)


def wait_for_workers(folder: Path, count: int) -> list[int]:
    """Return the pids of workers that began, once there are so many."""
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        found = sorted(folder.glob("[0-9]*"), key=lambda path: path.stat().st_mtime_ns)
        if len(found) >= count:
            return [int(path.name) for path in found]
        time.sleep(0.05)
    raise AssertionError(f"no {count} workers began")


def wait_until_gone(pid: int) -> None:
    """Wait until a process has ended; one that nobody has collected yet has ended too."""
    patience = time.monotonic() + 30
    while time.monotonic() < patience:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except FileNotFoundError:
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} lives on")


def test_a_worker_that_dies_is_replaced_and_the_last_ends_with_the_server(
    server: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    (first,) = wait_for_workers(tmp_path, 1)
    os.kill(first, signal.SIGKILL)
    _, second = wait_for_workers(tmp_path, 2)
    (tmp_path / "selesai").touch()
    assert server.wait(30) == 0
    wait_until_gone(second)


def test_a_server_that_is_killed_leaves_no_worker(
    server: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    (worker,) = wait_for_workers(tmp_path, 1)
    server.kill()
    assert server.wait(30) == -signal.SIGKILL
    wait_until_gone(worker)


def test_a_server_may_be_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pendamping, "_processes", None)
    with beside(None) as nothing:
        assert nothing is None
