"""Commands of the portal: `flask --app run bangkit …`; each calls one function and commits."""

from flask import Flask
from flask.cli import AppGroup

from app.cli import layanan, pekerja, perutean, portal, simulasi

bangkit = AppGroup("bangkit", help="Perintah BPJS Bangkit.")

for command in (
    portal.prepare,
    portal.seed,
    portal.admin,
    portal.sandbox,
    portal.language,
    portal.adapt,
    perutean.check_berkas,
    perutean.sweep,
    pekerja.worker,
    layanan.layanan,
    simulasi.simulation,
):
    bangkit.add_command(command)


def fill() -> None:
    """Bring an empty database of the current app to where `make run` does: tables, rights, data."""
    portal.prepare_database()
    for _ in portal.seed_all(True):
        pass


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(bangkit)
