"""A database with all tables and triggers, on SQLite in memory or on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from app.models import discover
from app.models.base import HostModel
from tests.models.contoh import Dunia, build_dunia
from tests.models_berkas.contoh import Katalog, build_katalog, run_triggers
from tests.server import need_postgres, scratch_database


@pytest.fixture
def engine() -> Iterator[Engine]:
    """An empty database in memory that keeps foreign keys; without the triggers."""
    discover()
    engine = create_engine("sqlite://", poolclass=StaticPool)
    event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA foreign_keys=ON"))
    HostModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session without a person: scoped models have no rows."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def dunia(session: Session) -> Dunia:
    """Units and peran of a small Kademangan."""
    return build_dunia(session)


@pytest.fixture
def katalog(session: Session, dunia: Dunia) -> Katalog:
    """SKTM with a konsep."""
    return build_katalog(session, dunia)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Engine]:
    """An empty PostgreSQL database with all tables."""
    discover()
    with scratch_database(need_postgres()) as url:
        engine = create_engine(url)
        HostModel.metadata.create_all(engine)
        yield engine
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def guarded(request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session on each database with the triggers; what a test commits is undone."""
    name = "engine" if request.param == "sqlite" else "postgres"
    engine: Engine = request.getfixturevalue(name)
    with engine.connect() as connection:
        outer = connection.begin()
        run_triggers(connection, "trigger_statements")
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()
