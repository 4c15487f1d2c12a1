"""Places that tests of pages put rows in: inside and outside the area of the seeded people."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.access.dunia import _new_rt
from tests.access.rows import Tempat
from tests.conftest import Portal
from tests.walk import unit


@pytest.fixture(scope="module")
def pilang(app: Flask, portal: Portal) -> Tempat:
    with Session(portal.engine) as session:
        return Tempat(portal.engine, unit(session, "RT 001/RW 002 Pilang"))


@pytest.fixture(scope="module")
def jauh(app: Flask, portal: Portal) -> Tempat:
    """An RT of another kecamatan, outside the area of the admin too."""
    with Session(portal.engine) as session:
        kota = unit(session, "Kota Probolinggo")
    return Tempat(portal.engine, _new_rt(portal.engine, kota, "kecamatan"))
