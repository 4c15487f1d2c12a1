"""The world of the access tests, made once for each module."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.access.doors import Orang
from tests.access.dunia import Dunia, build_dunia
from tests.conftest import Portal


@pytest.fixture(scope="session")
def people() -> dict[str, Orang]:
    """Who has signed in so far; cookies and tokens outlive the database of a module."""
    return {}


@pytest.fixture(scope="module")
def dunia(app: Flask, portal: Portal, people: dict[str, Orang]) -> Iterator[Dunia]:
    """Places, rows and people; a module starts from the seeded database."""
    with Session(portal.engine) as session:
        dunia = build_dunia(app, portal.engine, session)
        dunia.people = people
        yield dunia
