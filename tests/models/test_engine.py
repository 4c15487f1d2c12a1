"""How SQLite is opened: what was committed outlives a crash."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

import app.models.engine  # noqa: F401 - its listeners open every database
from app.models.engine import writing

LONG = "x" * 2000


def rows(count: int) -> list[tuple[str]]:
    return [(f"{number * 7919 % 100_003:06}{LONG}",) for number in range(count)]


def test_a_commit_after_a_savepoint_of_many_rows_was_rolled_back_outlives_a_crash(tmp_path: Path):
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    add = "INSERT INTO t (x) VALUES (?)"
    with Session(engine) as session:
        session.connection().exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT)")
        session.connection().exec_driver_sql("CREATE INDEX i ON t (x)")
        session.commit()
    with writing(), Session(engine) as session:
        connection = session.connection()
        connection.exec_driver_sql(add, rows(5))
        trial = session.begin_nested()
        session.connection()  # the savepoint is made now
        # Far more than the cache of a connection holds.
        connection.exec_driver_sql(add, rows(4000))
        trial.rollback()
        connection.exec_driver_sql(add, rows(20))
        session.commit()
        for name in ("a.db", "a.db-wal"):  # as the disk is when the machine stops here
            shutil.copy(tmp_path / name, tmp_path / name.replace("a.", "b."))
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "b.db")) as crashed:
        assert crashed.execute("SELECT count(*) FROM t").fetchone() == (25,)
        assert crashed.execute("PRAGMA integrity_check").fetchone() == ("ok",)
