"""Fixtures shared by all tests: a database, the prepared app on it, a client, a browser.

A portal is made once and its database saved; each test module starts from the saved state, and
the tests of one module see what earlier ones committed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import app as package
from config import load_config, read_settings
from tests.server import (
    need_chromium,
    need_postgres,
    restore_database,
    save_database,
    scratch_database,
    serve,
)

# A machine under load is not a bug, and a red run must be red again.
settings.register_profile("bangkit", deadline=None, derandomize=True)
settings.register_profile("mutasi", deadline=None, derandomize=True, database=None)
settings.load_profile("bangkit")

CHROMIUM_OPTIONS = [
    "--no-sandbox",  # tests may run as root, where the sandbox refuses to start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def prepare(app: Flask) -> None:
    """Bring the empty database of a new app to where `make run` would: tables, access, data."""
    for command in ("siapkan", "seed"):
        result = app.test_cli_runner(catch_exceptions=False).invoke(args=["bangkit", command])
        assert result.exit_code == 0, result.output


class Portal:
    """A prepared app, with its database as `prepare` left it to go back to."""

    def __init__(self, url: str, instance: Path) -> None:
        config = load_config(
            {
                "DATABASE_URL": url,
                "BANGKIT_BATAS_MASUK": "100000 per 1 minute",
                "BANGKIT_BATAS_LACAK": "100000 per 1 minute",
            },
            instance,
        )
        cheap_password = {"FAB_PASSWORD_HASH_METHOD": "pbkdf2:sha256:1"}
        self.app: Flask = package.create_app({**config, **cheap_password, "TESTING": True})
        self.url = url
        with self.app.app_context():
            self.engine: Engine = self.app.extensions["sqlalchemy"].engine
        prepare(self.app)
        self.engine.dispose()
        save_database(url)

    def restore(self) -> Flask:
        """Return the app on a database as it was after `prepare`."""
        self.engine.dispose()
        restore_database(self.url)
        return self.app


@contextmanager
def scratch_portal(url: str, instance: Path) -> Iterator[Portal]:
    """Make a portal on the empty database ``url``, and let go of its connections after."""
    portal = Portal(url, instance)
    yield portal
    portal.engine.dispose()


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database: on the server of TEST_DATABASE_URL if that is set, else SQLite."""
    if server := read_settings()["TEST_DATABASE_URL"]:
        with scratch_database(server) as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path_factory.mktemp('basis data') / 'bangkit.db'}"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database, wherever the other tests run."""
    with scratch_database(need_postgres()) as url:
        yield url


@pytest.fixture(scope="session")
def portal(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The portal most tests use."""
    with scratch_portal(database_url, tmp_path_factory.mktemp("instance")) as portal:
        yield portal


@pytest.fixture(scope="session")
def postgres_portal(
    request: pytest.FixtureRequest, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Portal]:
    """A portal on PostgreSQL: the usual one if it is, else a second one."""
    if database_url.startswith("postgresql"):
        yield request.getfixturevalue("portal")
        return
    url = request.getfixturevalue("postgres_url")
    with scratch_portal(url, tmp_path_factory.mktemp("instance")) as portal:
        yield portal


@pytest.fixture(scope="module")
def app(portal: Portal) -> Flask:
    """The app, on a fresh database for each test module."""
    return portal.restore()


@pytest.fixture(scope="module")
def postgres_app(postgres_portal: Portal) -> Flask:
    """The app on PostgreSQL, fresh for each test module; not together with `app`."""
    return postgres_portal.restore()


def asked_portal(request: pytest.FixtureRequest) -> tuple[Flask, Portal]:
    """Return the app and portal a fixture's param asks for: "biasa" (the usual) or "postgres"."""
    names = ("app", "portal") if request.param == "biasa" else ("postgres_app", "postgres_portal")
    app, portal = (request.getfixturevalue(name) for name in names)
    assert isinstance(portal, Portal)
    return app, portal


@pytest.fixture
def session(app: Flask, portal: Portal) -> Iterator[Session]:
    """A database session of the test's own.

    No app context is left open: a request would take it over, with its session and its `g`.
    """
    with Session(portal.engine) as session:
        yield session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who has not signed in."""
    return app.test_client()


@pytest.fixture(scope="module")
def live_server(app: Flask) -> Iterator[str]:
    """Address of the app, served with threads on this machine."""
    with serve(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium of the system."""
    path = need_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()
