"""A register with many residents, the same on every database, and how it reads a list of them."""

from typing import Any

from sqlalchemy import Engine, event, insert, select, text
from sqlalchemy.orm import Session

from app.generator.describe import describe_all
from app.generator.listing import Listing
from app.generator.paging import Page, Place, turn
from app.models import discover
from app.models.penduduk import Penduduk
from tests.walk import act_as, unit

SPECS = describe_all(discover())
UNITS = tuple(
    (kelurahan, rw, rt)
    for kelurahan in ("Pilang", "Ketapang")
    for rw in ("001", "002")
    for rt in ("001", "002")
)
FIRST = ("Siti", "BUDI", "ahmad", "Éka", "Dewi", "budi", "O'Neil", "100%", "a_b", "Zainal")
LAST = ("Santoso", "santosa", "WIJAYA", "Ñusa", "Rahayu", "ayu", "bin Ali")
STATUSES = ("hidup",) * 30 + ("mati",)


def rows_of(session: Session, count: int) -> list[dict[str, Any]]:
    """Return ``count`` residents over eight RT; names repeat, and are written in many ways."""
    table: Any = Penduduk.__table__
    base = session.execute(select(table).order_by(table.c.id).limit(1)).one()._asdict()
    kecamatan = unit(session, "Kecamatan Kademangan")
    places = [
        {
            "kecamatan_id": kecamatan,
            "kelurahan_id": unit(session, f"Kelurahan {kelurahan}"),
            "rw_id": unit(session, f"RW {rw} {kelurahan}"),
            "rt_id": unit(session, f"RT {rt}/RW {rw} {kelurahan}"),
        }
        for kelurahan, rw, rt in UNITS
    ]
    del base["id"]
    return [
        {
            **base,
            **places[n % len(places)],
            "wilayah_id": places[n % len(places)]["rt_id"],
            "nama": f"{FIRST[n * 7 % len(FIRST)]} {LAST[n * 5 % len(LAST)]}",
            "nik": f"35740199{99_000_000 + n:08d}",
            "keluarga_id": None,
            "status_dasar": STATUSES[n % len(STATUSES)],
            "jenis_kelamin": "lp"[n % 2],
            "telepon": None if n % 3 else f"0812{n:06d}",
        }
        for n in range(count)
    ]


def fill(engine: Engine, count: int) -> None:
    """Add so many residents, and let the database know of them."""
    with Session(engine) as session:
        if count:
            session.execute(insert(Penduduk.__table__), rows_of(session, count))  # type: ignore[arg-type]
        session.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # As the server itself does soon after; SQLite's own VACUUM is another thing.
        is_server = engine.dialect.name == "postgresql"
        connection.execute(text("VACUUM ANALYZE" if is_server else "ANALYZE"))


def listing(**asked: Any) -> Listing:
    """Return a list of residents as a person may ask for it."""
    spec = SPECS["Penduduk"]
    return Listing(spec, spec.screen.list, **asked)


def read(engine: Engine, username: str, asked: Listing, place: Place, size: int = 20) -> Page:
    """Return one page of the list as this person sees it."""
    with Session(engine) as session:
        act_as(session, username)
        return turn(session, asked, SPECS, place, size)


def sent_by(engine: Engine, username: str, asked: Listing, place: Place) -> list[tuple[str, Any]]:
    """Return the statements that one page of the list sends."""
    sent: list[tuple[str, Any]] = []

    def note(*args: Any) -> None:
        sent.append((args[2], args[3]))

    with Session(engine) as session:
        act_as(session, username)
        event.listen(session.connection(), "before_cursor_execute", note)
        turn(session, asked, SPECS, place, 20)
    return sent


def plan_of(engine: Engine, statement: str, parameters: Any) -> str:
    """Return how the database reads a statement."""
    prefix = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        lines = connection.exec_driver_sql(f"{prefix} {statement}", parameters)
        return "\n".join(str(line[-1]) for line in lines)
