"""Plans that PostgreSQL keeps: what only read ends without a rollback, what wrote is taken back."""

from collections.abc import Iterator

import pytest
from sqlalchemy import (
    Engine,
    Integer,
    bindparam,
    column,
    create_engine,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

import app.models.engine  # noqa: F401 - its listeners serve every database
from app.models.engine import PLANNED_ONCE, driver_of, keep_plans
from tests.server import need_postgres

CORETAN = table("coretan", column("isi", Integer))
KEPT = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%AS dua%'"


@pytest.fixture
def engine() -> Iterator[Engine]:
    """One connection to the server, with an empty table of its own."""
    url = need_postgres().replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url, poolclass=StaticPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE coretan (isi integer)")
    yield engine
    engine.dispose()


def double(session: Session, number: int, **options: bool) -> int:
    query = select((bindparam("n", number) * literal_column("2")).label("dua"))
    value: int = session.execute(query.execution_options(**options)).scalar_one()
    return value


def kept(engine: Engine) -> int:
    with Session(engine) as session:
        found: int = session.execute(text(KEPT)).scalar_one()
    return found


def rows(engine: Engine) -> int:
    with Session(engine) as session:
        found: int = session.execute(text("SELECT count(*) FROM coretan")).scalar_one()
    return found


def test_a_plan_outlives_the_sessions_that_only_read(engine: Engine) -> None:
    for number in range(3):
        with Session(engine) as session:
            assert double(session, number, **{PLANNED_ONCE: True}) == 2 * number
    # Asking itself is a text, and may have written: it ends by a rollback, as it should.
    assert kept(engine) == 1


def test_a_transaction_can_ask_for_it_once_for_all_that_follows(engine: Engine) -> None:
    with Session(engine) as session:
        double(session, 1)
        keep_plans(session)
        double(session, 2)
    with Session(engine) as session:  # the next one does not
        session.execute(select((bindparam("n", 1) + literal_column("2")).label("dua")))
    assert kept(engine) == 1


def test_no_plan_is_kept_of_a_statement_that_does_not_ask_for_it(engine: Engine) -> None:
    for number in range(12):
        with Session(engine) as session:
            double(session, number)
    assert kept(engine) == 0


@pytest.mark.parametrize(
    "how", ["core", "text", "a savepoint", "the driver", "a CTE", "a text with columns"]
)
def test_what_was_written_and_not_committed_is_taken_back(engine: Engine, how: str) -> None:
    with Session(engine) as session:
        double(session, 1, **{PLANNED_ONCE: True})
        if how == "core":
            session.connection().exec_driver_sql("INSERT INTO coretan VALUES (1)")
        elif how == "text":
            session.execute(text("INSERT INTO coretan VALUES (1)"))
        elif how == "the driver":
            driver_of(session).execute("INSERT INTO coretan VALUES (1)")
        elif how == "a CTE":
            added = insert(CORETAN).values(isi=1).returning(CORETAN.c.isi).cte("baru")
            assert session.scalars(select(added.c.isi)).all() == [1]
        elif how == "a text with columns":
            added = text("INSERT INTO coretan VALUES (1) RETURNING isi").columns(CORETAN.c.isi)
            assert session.execute(added).all() == [(1,)]
        else:
            with session.begin_nested():
                session.execute(text("INSERT INTO coretan VALUES (1)"))
        double(session, 2)
    assert rows(engine) == 0
    with Session(engine) as session:
        session.execute(text("INSERT INTO coretan VALUES (1)"))
        session.commit()
    assert rows(engine) == 1


def test_a_connection_that_the_server_closed_while_it_rested_is_opened_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = need_postgres().replace("postgresql://", "postgresql+psycopg://", 1)
    resting, other = (create_engine(url, pool_size=1, max_overflow=0) for _ in range(2))
    who = text("SELECT pg_backend_pid()")
    with resting.connect() as connection:
        first = connection.execute(who).scalar_one()
    with other.connect() as connection:
        assert connection.execute(text(f"SELECT pg_terminate_backend({first})")).scalar_one()
    monkeypatch.setattr("app.models.engine.RESTED_SECONDS", -1)
    with resting.connect() as connection:
        assert connection.execute(who).scalar_one() != first
    resting.dispose()
    other.dispose()


@pytest.fixture
def hung_up() -> Iterator[Session]:
    """A session that has read, whose connection the server has closed since."""
    url = need_postgres().replace("postgresql://", "postgresql+psycopg://", 1)
    own, other = (create_engine(url, pool_size=1, max_overflow=0) for _ in range(2))
    with Session(own) as session:
        pid = session.execute(select(func.pg_backend_pid())).scalar_one()
        with other.connect() as connection:
            connection.execute(text(f"SELECT pg_terminate_backend({pid})"))
        yield session
    own.dispose()
    other.dispose()


def test_a_connection_lost_before_a_question_is_told_and_leaves_the_session_of_use(
    hung_up: Session,
) -> None:
    with pytest.raises(OperationalError):
        double(hung_up, 1)
    hung_up.rollback()
    assert double(hung_up, 3) == 6


def test_a_connection_lost_after_the_last_question_is_told_in_sqlalchemys_words(
    hung_up: Session,
) -> None:
    with pytest.raises(OperationalError):
        hung_up.rollback()
    assert double(hung_up, 3) == 6


def test_a_failed_question_leaves_the_connection_of_use(engine: Engine) -> None:
    with Session(engine) as session, pytest.raises(DBAPIError):
        session.execute(select(literal_column("1 / 0")))
    with Session(engine) as session:
        assert double(session, 4) == 8
