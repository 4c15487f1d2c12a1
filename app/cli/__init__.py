"""Commands of the portal: `flask --app run bangkit …`; each calls one function and commits."""

from flask import Flask
from flask.cli import AppGroup

from app.cli import layanan, pekerja, perutean, portal, simulasi

bangkit = AppGroup("bangkit", help="Perintah BPJS Bangkit.")

for command in (
    portal.prepare,
    portal.seed,
    portal.admin,
    portal.language,
    portal.adapt,
    perutean.check_berkas,
    perutean.sweep,
    pekerja.worker,
    layanan.layanan,
    simulasi.simulation,
):
    bangkit.add_command(command)


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(bangkit)
