"""Runs the migrations on the app's own engine; the tables of the login host are among them."""

import warnings
from typing import Any

from alembic import context
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection

from app.models.base import HostModel, Waktu
from app.models.indeks import follow, is_migrated


def render_item(type_: str, obj: Any, autogen_context: Any) -> str | bool:
    """Write our moment type as the plain type it is stored as."""
    return "sa.DateTime()" if type_ == "type" and isinstance(obj, Waktu) else False


def run() -> None:
    """Apply the migrations; SQLite rebuilds a table where it cannot alter one."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # A rebuilt table is dropped for a moment; its children must not object.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
        context.configure(
            connection=connection,
            target_metadata=HostModel.metadata,
            render_as_batch=True,
            render_item=render_item,
            include_name=is_migrated,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_latest(connection):
            follow(connection)
        connection.commit()


def is_latest(connection: Connection) -> bool:
    """Whether every migration has run, so that the tables are those of the models."""
    heads = ScriptDirectory.from_config(context.config).get_heads()
    return set(context.get_context().get_current_heads()) == set(heads)


# Alembic reads tables to rebuild them; the derived indexes it cannot read come back by themselves.
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="Skipped unsupported reflection of expression-based")
    run()
