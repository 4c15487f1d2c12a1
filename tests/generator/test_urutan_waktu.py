"""Semua Berkas by time left: one indexed query in the person's area, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, select, text
from sqlalchemy.orm import Session

from app.generator.describe import describe_all
from app.generator.listing import Listing, page
from app.models import discover
from app.models.berkas import Berkas
from app.models.policy import unscoped
from tests.conftest import asked_portal
from tests.walk import SENIN, act_as, file_sktm, unit

SPECS = describe_all(discover())
BARIS = 4000
KOLOM = {
    "camat": "kecamatan_id",
    "lurah.pilang": "kelurahan_id",
    "rw002.pilang": "rw_id",
    "rt001rw002.pilang": "rt_id",
}
"""A reader of each tingkat, and the column that the row policy compares."""


def listing(order: str) -> Listing:
    spec = SPECS["Berkas"]
    return Listing(spec, spec.screen.list, order=order)


def areas(session: Session) -> list[dict[str, int]]:
    """Return the area columns of four RT in two kelurahan."""
    kecamatan = unit(session, "Kecamatan Kademangan")
    return [
        {
            "kecamatan_id": kecamatan,
            "kelurahan_id": unit(session, f"Kelurahan {kelurahan}"),
            "rw_id": unit(session, f"RW {rw} {kelurahan}"),
            "rt_id": unit(session, f"RT 001/RW {rw} {kelurahan}"),
        }
        for kelurahan in ("Pilang", "Ketapang")
        for rw in ("001", "002")
    ]


def fill(engine: Engine) -> None:
    """Copy one filed berkas many times, over four RT, every fifth without a due time."""
    table: Any = Berkas.__table__
    with Session(engine) as session:
        berkas_id = file_sktm(session)
        places = areas(session)
        row = session.execute(select(table).where(table.c.id == berkas_id)).one()._asdict()
        del row["id"]
        due = [None if n % 5 == 0 else n * 37 % BARIS for n in range(BARIS)]
        copies = [
            {
                **row,
                **places[n % len(places)],
                "nomor": f"SALINAN-{n}",
                "batas_waktu": None if minutes is None else SENIN + timedelta(minutes=minutes),
            }
            for n, minutes in enumerate(due)
        ]
        session.execute(insert(table), copies)
        session.commit()
        session.execute(text("ANALYZE"))
        session.commit()


@pytest.fixture(scope="module", params=["biasa", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """The usual database (SQLite, unless the run says otherwise), then PostgreSQL."""
    _, portal = asked_portal(request)
    fill(portal.engine)
    return portal.engine


def plan(session: Session, order: str) -> tuple[str, int]:
    """Return how the database reads the first page, and in how many statements."""
    sent: list[tuple[str, Any]] = []

    def note(*args: Any) -> None:
        sent.append((args[2], args[3]))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    rows = page(session, listing(order), SPECS, offset=0, limit=20)
    event.remove(connection, "before_cursor_execute", note)
    assert len(rows) == 20
    prefix = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    statement, parameters = sent[-1]
    lines = connection.exec_driver_sql(f"{prefix} {statement}", parameters)
    return "\n".join(str(line[-1]) for line in lines), len(sent)


@pytest.mark.parametrize(("username", "column"), KOLOM.items())
@pytest.mark.parametrize("order", ["batas_waktu", "-batas_waktu"])
def test_time_left_is_one_query_by_the_index_of_the_persons_area(
    engine: Engine, username: str, column: str, order: str
) -> None:
    with Session(engine) as session:
        act_as(session, username)
        found, statements = plan(session, order)
    assert statements == 1
    assert f"ix_berkas_{column}_batas_waktu_id" in found, found
    # The rows come out of the index in order: nothing is sorted, and none read beyond the page.
    assert "SORT" not in found.upper(), found
    assert "TEMP B-TREE" not in found.upper(), found


def test_the_first_due_come_first_and_those_without_a_due_time_last(engine: Engine) -> None:
    with Session(engine) as session:
        act_as(session, "rt001rw002.pilang")
        rows = page(session, listing("batas_waktu"), SPECS, offset=0, limit=2 * BARIS)
        dues = [row[-1] for row in rows]
        with unscoped(session, "uji menghitung"):
            (rt,) = [a["rt_id"] for a in areas(session)][1:2]
            expected = session.scalars(select(Berkas.id).where(Berkas.rt_id == rt)).all()
    assert {row.id for row in rows} == set(expected)
    dated = [due for due in dues if due is not None]
    assert len(dated) > 100
    assert dues == [*sorted(dated), *[None] * (len(dues) - len(dated))]
