"""Commands of the portal: `flask --app run bangkit …`; each calls one function and commits."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import upgrade

from app.extensions import db
from app.generator.access import grants, sync_roles
from app.models.engine import writing

bangkit = AppGroup("bangkit", help="Perintah BPJS Bangkit.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(bangkit)


@bangkit.command("siapkan")
def prepare() -> None:
    """Bawa basis data ke versi ini: tabel, lalu hak tiap peran. Aman diulang."""
    upgrade()
    with writing():
        changed = sync_roles(
            current_app.appbuilder.sm,  # type: ignore[attr-defined]
            grants(current_app.extensions["specs"].values()),
        )
        db.session.commit()
    click.echo(f"Basis data siap. Hak yang disesuaikan: {changed}.")
