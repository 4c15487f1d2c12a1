"""First and last pages of an area: one statement kept for all who see it, and never a stale one."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from app.generator import ends
from app.generator.listing import Listing
from app.generator.paging import Page, Place, Total, turn
from app.models.penduduk import Penduduk
from app.models.wilayah import Wilayah
from tests.conftest import asked_portal
from tests.generator.ramai import SPECS, fill
from tests.pernyataan import counted
from tests.walk import act_as, unit

SIZE = 20


@pytest.fixture(scope="module", params=["biasa", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Some thousand residents on each kind of database."""
    _, portal = asked_portal(request)
    fill(portal.engine, 2500)
    return portal.engine


@pytest.fixture
def admin(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        act_as(session, "admin")
        ends._kept.clear()
        yield session


def of_unit(id_: int, **more: Any) -> Listing:
    spec = SPECS["Penduduk"]
    return Listing(spec, spec.screen.list, filters=(("wilayah_id", "sama", str(id_)),), **more)


def page(session: Session, listing: Listing, number: int = 0) -> Page:
    session.info.pop("titles", None)  # as a new request
    return turn(session, listing, SPECS, Place(number), SIZE)


def rows_in(session: Session, column: str, id_: int) -> int:
    found = session.scalars(select(Penduduk.id).where(getattr(Penduduk, column) == id_)).all()
    return len(found)


def test_the_second_who_opens_a_list_asks_one_statement(admin: Session, engine: Engine) -> None:
    kelurahan = unit(admin, "Kelurahan Pilang")
    first = page(admin, of_unit(kelurahan))
    with counted(engine) as sent:
        again = page(admin, of_unit(kelurahan))
    assert len(sent) == 1
    assert [tuple(row) for row in again.rows] == [tuple(row) for row in first.rows]
    assert admin.info["titles"]["Wilayah", kelurahan] == ("Kelurahan Pilang", "kelurahan")


@pytest.mark.parametrize("number", [0, -1])
def test_an_end_is_the_same_page_that_is_found_by_counting(admin: Session, number: int) -> None:
    rt = unit(admin, "RT 001/RW 002 Pilang")
    names = [row.id for row in turn(admin, of_unit(rt), SPECS, Place(0, exact=True), 10_000).rows]
    total = rows_in(admin, "rt_id", rt)
    last = (total - 1) // SIZE
    found = page(admin, of_unit(rt), number)
    at = number if number == 0 else last
    assert [row.id for row in found.rows] == names[at * SIZE :][:SIZE]
    assert found.number == at
    assert found.total == Total(total) if total <= 1000 else found.total.known is None


def test_another_area_never_gets_the_rows_of_the_first(admin: Session, engine: Engine) -> None:
    kelurahan = unit(admin, "Kelurahan Pilang")
    wide = page(admin, of_unit(kelurahan))
    with Session(engine) as session:
        act_as(session, "rt001rw002.pilang")
        narrow = page(session, of_unit(kelurahan))
        rt = unit(session, "RT 001/RW 002 Pilang")
        own = set(session.scalars(select(Penduduk.id).where(Penduduk.rt_id == rt)))
    assert narrow.rows
    assert {row.id for row in narrow.rows} <= own
    assert wide.total != narrow.total


def test_a_unit_that_became_of_another_tingkat_is_looked_for_anew(admin: Session) -> None:
    kelurahan = unit(admin, "Kelurahan Pilang")
    before = page(admin, of_unit(kelurahan))
    table: Any = Wilayah.__table__
    admin.connection().execute(update(table).where(table.c.id == kelurahan).values(tingkat="rw"))
    after = page(admin, of_unit(kelurahan))
    assert before.rows
    assert not after.rows  # no row has it as its RW
    admin.rollback()


def test_a_list_in_an_order_of_its_own_is_counted_as_ever(admin: Session) -> None:
    kelurahan = unit(admin, "Kelurahan Pilang")
    rows = page(admin, of_unit(kelurahan, order="-nama")).rows
    names = [row.v0 for row in rows]
    assert names == sorted(names, key=str.lower, reverse=True)
    assert not ends._kept
