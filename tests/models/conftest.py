"""A database in memory with all tables, for tests that need no app."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from app.models import discover
from app.models.base import HostModel
from tests.models.contoh import Dunia, build_dunia


@pytest.fixture
def engine() -> Iterator[Engine]:
    """An empty database in memory that keeps foreign keys."""
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
