"""Starts the portal: `python run.py` serves it, `flask --app run` finds the app here."""

import gc
import os
import sys
from functools import cache
from multiprocessing import parent_process

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from app import create_app
from app.cli.pekerja import work
from app.web import jadwal
from app.web.pendamping import beside, until_asked
from config import SERVER_THREADS, ConfigError, load_config


@cache
def _app() -> Flask:
    return create_app()


def __getattr__(name: str) -> Flask:
    """Make ``app`` at its first use, so that the parent of the server's workers makes none.

    ``server`` is the same app in a worker, which also does what is due by itself.
    """
    if name == "app":
        return _app()
    if name == "server":
        _leave_group()
        jadwal.start(_app())
        _settle()
        return _app()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _leave_group() -> None:
    """Let Ctrl+C reach the parent alone, which then ends its workers one by one.

    A worker that gets both signals at once may hear neither (granian 2.8.7 hung 8 times of 10).
    """
    if parent_process() is not None:
        os.setpgid(0, 0)


def _settle() -> None:
    """Let the collector leave alone what stays, and come after ten pages' objects, not each page's.

    It would walk through all of the program again and again, a tenth of the time of a page.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def pekerja() -> None:
    """Do pekerjaan beside the server, in a process of its own."""
    work(_app(), until_asked(os.getppid()))


def serve() -> None:
    """Serve the portal until it is stopped; each worker makes its own app.

    The worker of pekerjaan runs beside it, unless BANGKIT_PEKERJA_LATAR says no.
    """
    try:
        config = load_config()
    except ConfigError as error:
        sys.exit(error.format_message())
    host, port = config["BANGKIT_HOST"], config["BANGKIT_PORT"]
    server = Granian(
        "run:server",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=config["BANGKIT_PEKERJA"],
        blocking_threads=SERVER_THREADS,
        websockets=False,
        # Its notices of starting and stopping would push the address off the screen.
        log_level=LogLevels.error,
    )
    print(f"Portal BPJS Bangkit: http://{host}:{port}/ (berhenti: Ctrl+C)", flush=True)
    with beside(pekerja if config["BANGKIT_PEKERJA_LATAR"] else None):
        server.serve()


if __name__ == "__main__":
    serve()
