"""The worker beside the server: started with it, begun anew if it dies, ended with it.

The server forks its own processes, so its parent must have no thread. Who watches the worker is
therefore a process too, forked before the server begins; it shares the memory of the code.
"""

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

STOP_SECONDS = 12.0
"""How long a process that was asked to end may take; then it is killed."""

PAUSES = (1.0, 30.0)
"""Seconds before a worker that died is begun anew: the first time, and at most."""

LOOK = 0.2
"""Seconds between two looks whether the worker, and the parent, are there."""

_processes = multiprocessing.get_context("fork")


@contextmanager
def beside(work: Callable[[], None] | None) -> Iterator[None]:
    """Keep a process that does ``work`` during the block; None: there is none."""
    if work is None:
        yield
        return
    watcher = _processes.Process(target=keep_alive, args=(work,), name="pendamping")
    watcher.start()
    try:
        yield
    finally:
        _end(watcher, 2 * STOP_SECONDS)


def keep_alive(work: Callable[[], None]) -> None:
    """Do ``work`` in a child, again whenever that dies, until SIGTERM or the parent is gone."""
    stop = until_asked(os.getppid())
    pause = PAUSES[0]
    while not stop.is_set():
        began = time.monotonic()
        child = _processes.Process(target=work, name="pekerja")
        child.start()
        while child.is_alive() and not stop.is_set():
            stop.wait(LOOK)
        if stop.is_set():
            _end(child, STOP_SECONDS)
            return
        pause = PAUSES[0] if time.monotonic() - began > PAUSES[1] else pause
        log.warning("pekerja: berhenti dengan kode %s, dimulai lagi", child.exitcode)
        stop.wait(pause)
        pause = min(2 * pause, PAUSES[1])


class Asked(threading.Event):
    """Is set once this process was asked to end, or its parent is no longer ``parent``."""

    def __init__(self, parent: int) -> None:
        super().__init__()
        self.parent = parent

    def is_set(self) -> bool:
        """Whether to end now."""
        return super().is_set() or os.getppid() != self.parent


def until_asked(parent: int) -> Asked:
    """Return what says when to end; Ctrl+C is left to the parent, which ends us in turn."""
    asked = Asked(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    return asked


def _end(process: multiprocessing.process.BaseProcess, seconds: float) -> None:
    process.terminate()
    process.join(seconds)
    if process.is_alive():
        process.kill()  # its pekerjaan is taken up by the next worker
        process.join()
