"""Both databases for the races, whichever the other tests run on."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.conftest import Portal, scratch_portal


@pytest.fixture(scope="session")
def sqlite_portal(
    request: pytest.FixtureRequest, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """A portal on SQLite: the usual one if it is, else a second one."""
    if database_url.startswith("sqlite"):
        yield request.getfixturevalue("portal")
        return
    url = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'bangkit.db'}"
    with scratch_portal(url, tmp_path_factory.mktemp("instance")) as portal:
        yield portal


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest) -> Engine:
    """Each database in turn, as it is after the seeds."""
    name = "sqlite_portal" if request.param == "sqlite" else "postgres_portal"
    portal: Portal = request.getfixturevalue(name)
    portal.restore()
    return portal.engine
