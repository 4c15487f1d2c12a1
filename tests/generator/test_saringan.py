"""Filters by kind: what each asks of the rows, on both databases, and what none may ask."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError
from app.generator.filters import operators_of, span
from app.generator.listing import Listing
from app.generator.paging import Place, turn
from app.models.penduduk import Penduduk
from tests.conftest import asked_portal
from tests.generator.ramai import SPECS, fill, listing, read
from tests.walk import act_as, file_sktm

TABLE: Any = Penduduk.__table__
CAMAT = "camat"


@pytest.fixture(scope="module", params=["biasa", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """The usual database (SQLite, unless the run says otherwise), then PostgreSQL."""
    _, portal = asked_portal(request)
    fill(portal.engine, 200)
    return portal.engine


def ids(engine: Engine, *clauses: tuple[str, str, str]) -> set[int]:
    asked = listing(filters=clauses)
    return {row.id for row in read(engine, CAMAT, asked, Place(exact=True), 5000).rows}


def expected(engine: Engine, condition: Any) -> set[int]:
    with Session(engine) as session:
        return set(session.scalars(select(TABLE.c.id).where(condition)))


def test_a_list_of_codes_is_any_of_them(engine: Engine) -> None:
    both = ids(engine, ("agama", "salah_satu", "islam,kristen"))
    assert both == expected(engine, TABLE.c.agama.in_(["islam", "kristen"]))
    one, other = (ids(engine, ("agama", "sama", kode)) for kode in ("islam", "kristen"))
    assert both == one | other
    assert ids(engine, ("status_dasar", "bukan", "hidup")) == expected(
        engine, TABLE.c.status_dasar != "hidup"
    )


def test_from_and_until_are_between(engine: Engine) -> None:
    first, last = date(1980, 1, 1), date(1999, 12, 31)
    found = ids(
        engine,
        ("tanggal_lahir", "mulai", first.isoformat()),
        ("tanggal_lahir", "sampai", last.isoformat()),
    )
    assert found == expected(engine, TABLE.c.tanggal_lahir.between(first, last))
    assert found


def test_a_unit_means_all_below_it(engine: Engine) -> None:
    with Session(engine) as session:
        row = session.execute(select(TABLE.c.kelurahan_id, TABLE.c.rt_id).limit(1)).one()
    for column, value in (("kelurahan_id", row.kelurahan_id), ("rt_id", row.rt_id)):
        found = ids(engine, ("wilayah_id", "sama", str(value)))
        assert found == expected(engine, TABLE.c[column] == value)
        assert found


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("hari_ini", "2026-03-01", "2026-03-01"),
        ("minggu_ini", "2026-02-23", "2026-03-01"),
        ("bulan_ini", "2026-03-01", "2026-03-31"),
        ("tahun_ini", "2026-01-01", "2026-12-31"),
        ("30_hari", "2026-01-31", "2026-03-01"),
    ],
)
def test_a_stretch_of_time_is_told_by_the_day(name: str, first: str, last: str) -> None:
    assert span(name, date(2026, 3, 1)) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        (datetime(2026, 11, 29, 16, 59, tzinfo=UTC), 1),  # Sunday 23.59 WIB of the same week
        (datetime(2026, 11, 29, 17, 0, tzinfo=UTC), 0),  # Monday 00.00 WIB
        (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), 1),
    ],
)
def test_this_week_is_the_week_in_jakarta_of_who_asks(
    engine: Engine, moment: datetime, found: int
) -> None:
    spec = SPECS["Berkas"]
    asked = Listing(spec, spec.screen.list, filters=(("waktu_diajukan", "rentang", "minggu_ini"),))
    with Session(engine) as session:
        everybody = Listing(spec, spec.screen.list)
        act_as(session, CAMAT)
        if not turn(session, everybody, SPECS, Place(), 20).rows:
            file_sktm(session)
        act_as(session, CAMAT, moment)
        assert len(turn(session, asked, SPECS, Place(), 20).rows) == found


def test_blank_and_not_blank_divide_the_rows(engine: Engine) -> None:
    blank, filled = (ids(engine, ("pekerjaan_id", "kosong", answer)) for answer in "10")
    assert blank == expected(engine, TABLE.c.pekerjaan_id.is_(None))
    assert not blank & filled
    assert blank | filled == expected(engine, TABLE.c.id > 0)


def test_texts_are_filtered_without_regard_to_case(engine: Engine) -> None:
    spec = SPECS["PembukaanData"]
    field = spec.fields["sumber_daya"]
    assert operators_of(field) == ("mengandung", "diawali", "sama")
    for operator, text in (("mengandung", "ENDU"), ("diawali", "pend"), ("sama", "PENDUDUK")):
        asked = Listing(spec, spec.screen.list, filters=(("sumber_daya", operator, text),))
        assert not read(engine, CAMAT, asked, Place()).rows


@pytest.mark.parametrize(
    "clause",
    [
        ("nik", "mengandung", "3574"),
        ("nik", "diawali", "3574"),
        ("alamat", "mengandung", "a"),
        ("tanggal_lahir", "rentang", "abad_ini"),
        ("agama", "salah_satu", "islam,jedi"),
        ("agama", "mengandung", "isl"),
        ("revisi", "sama", "1"),
    ],
)
def test_what_is_not_offered_is_refused(engine: Engine, clause: tuple[str, str, str]) -> None:
    with pytest.raises(DataTidakValidError):
        ids(engine, clause)


def test_no_hidden_or_sensitive_column_can_be_asked_in_part() -> None:
    for spec in SPECS.values():
        for field in spec.pick(spec.screen.filter):
            assert field.name not in spec.screen.hidden
            assert not field.mask or operators_of(field) == ("sama",)
