"""Pages of a list: every row once, forwards and backwards, under any order; ends and counts."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.generator import paging, reading, tables
from app.generator.listing import Listing
from app.generator.paging import Place
from app.models.penduduk import Penduduk
from tests.conftest import asked_portal
from tests.generator.ramai import SPECS, fill, listing, read

ROWS = 120
CAMAT, RT = "camat", "rt001rw002.pilang"

ORDERS = [sign + name for name in SPECS["Penduduk"].sortable for sign in ("", "-")]


@pytest.fixture(scope="module", params=["biasa", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """The usual database (SQLite, unless the run says otherwise), then PostgreSQL."""
    _, portal = asked_portal(request)
    fill(portal.engine, ROWS)
    return portal.engine


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every bound be passed by a register of a few hundred."""
    monkeypatch.setattr(paging, "COUNT_MOST", 30)
    monkeypatch.setattr(tables, "COUNT_MOST", 30)
    monkeypatch.setattr(reading, "OFFSET_MOST", 25)
    monkeypatch.setattr(reading, "WALK", 40)


def all_ids(engine: Engine, asked: Listing) -> list[int]:
    """Return every row in one reading, counted in full."""
    return [r.id for r in read(engine, CAMAT, asked, Place(exact=True), 5000).rows]


def forwards(engine: Engine, asked: Listing, size: int) -> list[int]:
    """Turn the pages as the pager would, each from the last row of the one before."""
    page = read(engine, CAMAT, asked, Place(), size)
    found = [row.id for row in page.rows]
    while page.has_next:
        place = Place(page.number + 1, after=found[-1])
        page = read(engine, CAMAT, asked, place, size)
        found += [row.id for row in page.rows]
    return found


def backwards(engine: Engine, asked: Listing, size: int) -> list[int]:
    """The same from the last page to the first."""
    page = read(engine, CAMAT, asked, Place(-1), size)
    found = [row.id for row in page.rows]
    while page.has_prev:
        page = read(engine, CAMAT, asked, Place(page.number - 1, before=found[0]), size)
        found = [row.id for row in page.rows] + found
    return found


asked_lists = st.builds(
    lambda order, search, clauses: listing(order=order, search=search, filters=clauses),
    st.sampled_from(ORDERS),
    st.sampled_from(["", "a", "san", "budi", "bud santo", "zai", "100%"]),
    st.sampled_from([(), (("jenis_kelamin", "sama", "p"),), (("status_dasar", "sama", "mati"),)]),
)


@given(asked=asked_lists, size=st.integers(7, 60))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_is_met_once_in_either_direction(
    engine: Engine, asked: Listing, size: int
) -> None:
    whole = all_ids(engine, asked)
    assert len(whole) == len(set(whole))
    assert forwards(engine, asked, size) == whole
    assert backwards(engine, asked, size) == whole


@pytest.mark.parametrize("order", ["telepon", "-telepon"])
@pytest.mark.parametrize("search", ["", "san"])
def test_blanks_are_paged_over_like_any_value(engine: Engine, order: str, search: str) -> None:
    asked = listing(order=order, search=search)
    whole = all_ids(engine, asked)
    assert forwards(engine, asked, 17) == whole
    assert backwards(engine, asked, 17) == whole
    blank = [row[-1] is None for row in phones(engine, whole)]
    assert blank == sorted(blank, reverse=order.startswith("-"))
    assert 0 < sum(blank) < len(blank)


def phones(engine: Engine, ids: list[int]) -> list[tuple[int, str | None]]:
    """Return (id, number) of these residents, in this order."""
    table = Penduduk.__table__
    with Session(engine) as session:
        rows = session.execute(select(table.c.id, table.c.telepon)).all()
    known = {row.id: row.telepon for row in rows}
    return [(id_, known[id_]) for id_ in ids]


def test_the_pages_between_are_read_by_key_and_a_number_alone_still_works(engine: Engine) -> None:
    whole = all_ids(engine, listing())
    assert [r.id for r in read(engine, CAMAT, listing(), Place(9)).rows] == whole[180:200]
    by_key = read(engine, CAMAT, listing(), Place(9, after=whole[179]))
    assert [r.id for r in by_key.rows] == whole[180:200]
    assert by_key.number == 9
    beyond = read(engine, CAMAT, listing(), Place(10**12))
    assert [r.id for r in beyond.rows] == whole[-20:]


def test_a_row_that_has_gone_leaves_the_place_by_its_number(engine: Engine) -> None:
    whole = all_ids(engine, listing())
    page = read(engine, CAMAT, listing(), Place(2, after=2_000_000_000))
    assert [r.id for r in page.rows] == whole[40:60]


def test_a_row_of_another_area_is_no_place_in_the_list(engine: Engine) -> None:
    own = [r.id for r in read(engine, RT, listing(), Place(exact=True), 5000).rows]
    foreign = next(id_ for id_ in all_ids(engine, listing()) if id_ not in own)
    page = read(engine, RT, listing(), Place(1, after=foreign), 5)
    assert [r.id for r in page.rows] == own[5:10]


def test_counts_are_bounded_estimated_only_of_everything_and_exact_when_asked(
    engine: Engine,
) -> None:
    total = len(all_ids(engine, listing()))
    whole = read(engine, CAMAT, listing(), Place()).total
    # The demo register has one kecamatan, so the camat's area is the table.
    assert whole.known is None
    assert whole.about is not None
    assert total * 0.8 <= whole.about <= total * 1.2
    some = read(engine, "lurah.pilang", listing(), Place()).total
    assert (some.known, some.about) == (None, None)
    found = read(engine, CAMAT, listing(filters=(("jenis_kelamin", "sama", "p"),)), Place()).total
    assert (found.known, found.about) == (None, None)
    assert read(engine, CAMAT, listing(), Place(exact=True)).total.known == total
    few = read(engine, CAMAT, listing(search="dewi"), Place()).total
    assert few.known == len(all_ids(engine, listing(search="dewi")))


def test_an_empty_list_is_one_empty_page(engine: Engine) -> None:
    page = read(engine, CAMAT, listing(search="tidakada"), Place(4))
    assert (list(page.rows), page.number, page.has_prev, page.has_next) == ([], 0, False, False)
