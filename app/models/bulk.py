"""Writes many rows at once past the ORM, with what it would have added: keys, areas, revisions.

Goes around the row policy and the flush check: every caller asks them itself, before (DESIGN §3).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import (
    ColumnElement,
    Table,
    any_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import DataBerubahError
from app.models.base import AREA_COLUMNS, HostModel
from app.models.engine import driver_of
from app.models.pelaku import AREA_COLUMN_BY_TINGKAT
from app.models.wilayah import Wilayah, WilayahLeluhur, area_of_wilayah
from app.teks import N_

Areas = dict[int, dict[str, int]]

CHUNK = 1000
"""Most values of one IN list."""


def chunks(values: Iterable[Any]) -> Iterable[list[Any]]:
    """Yield the values in lists of at most `CHUNK`."""
    found = list(values)
    for start in range(0, len(found), CHUNK):
        yield found[start : start + CHUNK]


def among(session: Session, column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """Return the condition "the column has one of these values", with one parameter if it can."""
    if session.get_bind().dialect.name == "postgresql":
        array = bindparam(None, list(values), type_=postgresql.ARRAY(column.type), unique=True)
        return cast(ColumnElement[bool], column == any_(array))
    return cast(ColumnElement[bool], column.in_(values))


def areas_of_units(session: Session, wilayah_ids: Collection[int]) -> Areas:
    """Return unit → area column → wilayah id, for many units; as `area_of_wilayah` for each."""
    found: Areas = {id_: {} for id_ in wilayah_ids}
    moved: set[int] = set()
    query = select(
        WilayahLeluhur.turunan_id, Wilayah.tingkat, Wilayah.id, Wilayah.pengganti_id
    ).join(Wilayah, WilayahLeluhur.leluhur_id == Wilayah.id)
    for some in chunks(sorted(found)):
        rows = session.execute(query.where(WilayahLeluhur.turunan_id.in_(some)))
        for unit, tingkat, id_, pengganti in rows:
            if pengganti is not None:
                moved.add(unit)
            elif tingkat in AREA_COLUMN_BY_TINGKAT:
                found[unit][AREA_COLUMN_BY_TINGKAT[tingkat]] = id_
    for unit in moved:
        found[unit] = area_of_wilayah(session, unit)
    return found


def area_values(area: Mapping[str, int]) -> dict[str, int | None]:
    """Return the four area columns of a row that lies in ``area``."""
    return {column: area.get(column) for column in AREA_COLUMNS}


def reserve_ids(session: Session, table: Table, count: int) -> list[int]:
    """Return keys for new rows, ascending, that nobody else will be given.

    SQLite gives the next numbers as they are: the caller holds its write lock.
    """
    if session.get_bind().dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        series = func.generate_series(1, count).table_valued("n")
        return list(session.scalars(select(func.nextval(sequence)).select_from(series)))
    last = session.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0
    return list(range(last + 1, last + count + 1))


def insert_rows(
    session: Session, table: Table, names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert rows of Python values; all columns of ``names`` are given, in that order.

    Raises:
        IntegrityError: the database refuses one of them; none is written.
    """
    dialect = session.get_bind().dialect
    if dialect.name != "postgresql":
        values = [dict(zip(names, row, strict=True)) for row in rows]
        session.connection().execute(insert(table), values)
        return
    processors = [
        (i, process)
        for i, name in enumerate(names)
        if (process := table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
    ]
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    copy_in = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    try:
        with driver_of(session).cursor() as cursor, cursor.copy(copy_in) as copy:
            for row in rows:
                bound = list(row)
                for i, process in processors:
                    bound[i] = process(bound[i])
                copy.write_row(bound)
    except psycopg.IntegrityError as error:
        raise IntegrityError("COPY", None, error) from error


def update_rows(
    session: Session, table: Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Update rows by ``id``, each only if it still has its ``revisi``, which goes up by one.

    Raises:
        DataBerubahError: another transaction has changed one of them.
    """
    statement = (
        update(table)
        .where(table.c.id == bindparam("b_id"), table.c.revisi == bindparam("b_revisi"))
        .values({name: bindparam(f"b_{name}") for name in names} | {"revisi": table.c.revisi + 1})
    )
    values = [{f"b_{name}": row[name] for name in (*names, "id", "revisi")} for row in rows]
    done = session.connection().execute(statement, values)
    if done.rowcount != len(rows):
        raise DataBerubahError(N_("Sebagian data baru saja diubah orang lain. Ulangi impor ini."))


def delete_rows(session: Session, table: Table, ids: Any) -> None:
    """Delete rows by key; ``ids`` is a list, or a query of keys."""
    session.connection().execute(delete(table).where(table.c.id.in_(ids)))


def references_to(table: Table) -> list[tuple[Table, str]]:
    """Return each (table, column) whose foreign key points at the key of ``table``."""
    return [
        (other, column.name)
        for other in HostModel.metadata.sorted_tables
        for column in other.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]


def repoint(session: Session, table: Table, column: str, lama: int, baru: int) -> list[int]:
    """Let every row that points at ``lama`` point at ``baru``; return their keys."""
    is_there = table.c[column] == lama
    ids = session.connection().execute(select(table.c.id).where(is_there)).scalars().all()
    values: dict[str, Any] = {column: baru}
    if "revisi" in table.c:
        values["revisi"] = table.c.revisi + 1
    if ids:
        session.connection().execute(update(table).where(is_there).values(values))
    return list(ids)
