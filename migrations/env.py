"""Runs the migrations on the app's own engine; the tables of the login host are among them."""

from typing import Any

from alembic import context
from flask import current_app

from app.models.base import HostModel, Waktu


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
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
