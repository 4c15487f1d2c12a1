"""Migrations make what the models say, on both databases, and can be taken back."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, Engine, inspect

from app import create_app
from app.models.base import HostModel
from app.models.indeks import follow, is_migrated
from config import load_config
from tests.server import need_postgres, scratch_database


@pytest.fixture(params=["sqlite", "postgresql"])
def portal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app on an empty database of each kind."""
    if request.param == "sqlite":
        yield app_on(f"sqlite:///{tmp_path / 'uji.db'}", tmp_path)
        return
    with scratch_database(need_postgres()) as url:
        app = app_on(url, tmp_path)
        yield app
        engine_of(app).dispose()


def app_on(url: str, instance: Path) -> Flask:
    return create_app(load_config({"DATABASE_URL": url}, instance))


def engine_of(app: Flask) -> Engine:
    with app.app_context():
        engine: Engine = app.extensions["sqlalchemy"].engine
        return engine


def tables_of(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_migrations_go_up_down_and_up_again(portal: Flask) -> None:
    engine = engine_of(portal)
    with portal.app_context():
        upgrade()
        first = tables_of(engine)
        assert {"ab_user", "penduduk", "riwayat", "wilayah_leluhur"} <= first
        downgrade(revision="base")
        assert tables_of(engine) == {"alembic_version"}
        upgrade()
    assert tables_of(engine) == first


def test_models_and_migrations_agree(portal: Flask) -> None:
    with portal.app_context():
        upgrade()
    engine = engine_of(portal)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_migrated})
        with warnings.catch_warnings():
            # Alembic does not read the indexes that follow the models; `follow` does.
            warnings.filterwarnings("ignore", message="Skipped unsupported reflection")
            assert compare_metadata(context, HostModel.metadata) == []
        assert follow(connection) == []
    assert checks_in(engine) == checks_of_models()


def checks_in(engine: Engine) -> set[str]:
    """Names of the check constraints, which Alembic does not compare."""
    inspector = inspect(engine)
    return {
        str(check["name"])
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def checks_of_models() -> set[str]:
    return {
        str(constraint.name)
        for table in HostModel.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }


def test_the_hosts_tables_follow_our_naming_convention() -> None:
    tables = [t for name, t in HostModel.metadata.tables.items() if name.startswith("ab_")]
    names = [str(c.name) for table in tables for c in table.constraints]
    assert len(tables) >= 8
    assert all(name.startswith(("pk_ab_", "uq_ab_", "fk_ab_", "ck_ab_")) for name in names), names
