"""The world of the access tests, made once for each module."""

import pytest
from flask import Flask

from tests.access.doors import Orang
from tests.access.dunia import Dunia, build_dunia
from tests.conftest import Portal


@pytest.fixture(scope="session")
def people() -> dict[str, Orang]:
    """Who has signed in so far; cookies and tokens outlive the database of a module."""
    return {}


@pytest.fixture(scope="module")
def dunia(app: Flask, portal: Portal, people: dict[str, Orang]) -> Dunia:
    """Places, rows and people; a module starts from the seeded database."""
    dunia = build_dunia(app, portal.engine)
    dunia.people = people
    return dunia
