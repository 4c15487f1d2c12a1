"""The worker beside the server: started with it, begun anew if it dies, ended with it."""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from config import PROJECT

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "flask", "--app", "run:app", "bangkit", "pekerja", "--ikut-induk")
STOP_SECONDS = 12.0
PAUSES = (1.0, 30.0)
"""Seconds before a worker that died is begun anew: the first time, and at most."""


class Pendamping:
    """Keeps one child process alive. It ends by itself when its input ends: with this process."""

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        self.command = command
        self.child: subprocess.Popen[bytes] | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="pekerja", daemon=True)

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Let the child give back what it does, and end."""
        self._stop.set()
        child = self.child
        if child is None or child.stdin is None:
            return
        with suppress(BrokenPipeError):
            child.stdin.close()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()  # its pekerjaan is taken up by the next worker
        self._thread.join(STOP_SECONDS)

    def _watch(self) -> None:
        pause = PAUSES[0]
        while not self._stop.is_set():
            began = time.monotonic()
            self.child = subprocess.Popen(self.command, stdin=subprocess.PIPE, cwd=PROJECT)
            code = self.child.wait()
            if self._stop.is_set():
                return
            pause = PAUSES[0] if time.monotonic() - began > PAUSES[1] else pause
            log.warning("pekerja: berhenti dengan kode %s, dimulai lagi", code)
            self._stop.wait(pause)
            pause = min(2 * pause, PAUSES[1])


@contextmanager
def beside(wanted: bool) -> Iterator[Pendamping | None]:
    """Run the worker during the block, if it is ``wanted``."""
    if not wanted:
        yield None
        return
    pendamping = Pendamping()
    pendamping.start()
    try:
        yield pendamping
    finally:
        pendamping.stop()
