"""Starts the portal: `python run.py` serves it, `flask --app run` finds the app here."""

import sys
from functools import cache

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from app import create_app
from app.web import jadwal
from app.web.pendamping import beside
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
        jadwal.start(_app())
        return _app()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


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
    with beside(config["BANGKIT_PEKERJA_LATAR"]):
        server.serve()


if __name__ == "__main__":
    serve()
