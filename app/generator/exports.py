"""CSV of exactly what a list shows: its filters, order, scope and masks, streamed in blocks.

The database writes the cells where it can (`export_sql`); else Python does, row by row. Both give
the same bytes.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from flask_babel import gettext
from sqlalchemy import Engine, Row, Select
from sqlalchemy.orm import Session

from app.generator import export_sql, snapshot
from app.generator.export_sql import disarm
from app.generator.fields import NO, YES, label_of, show
from app.generator.listing import Listing, Specs, statement, stream
from app.generator.spec import FieldSpec
from app.models.base import Entity
from app.models.pelaku import Pelaku

BOM = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""

Done = Callable[[int, str], None]
"""Called once at the end with the number of rows sent and the sha256 of the bytes sent."""

Part = tuple[int, bytes]
"""Some rows of a file: how many, and their bytes."""


def started(parts: Iterator[Part], done: Done) -> Iterator[bytes]:
    """Return the bytes of a file, begun: what refuses the export is raised here.

    Nothing later asks for the request. ``done`` is called even when the reader goes away.
    """
    found = _bytes_of(parts, done)
    next(found)
    return found


def _bytes_of(parts: Iterator[Part], done: Done) -> Iterator[bytes]:
    digest, rows = hashlib.sha256(), 0
    next(parts)
    yield b""  # the empty part of `started`; who goes away here has taken nothing
    try:
        for count, block in parts:
            rows += count
            digest.update(block)
            yield block
    finally:
        parts.close()  # type: ignore[attr-defined] # a generator; its connection goes first
        done(rows, digest.hexdigest())


def csv_parts(
    engine: Engine,
    pelaku: Pelaku,
    listing: Listing,
    specs: Specs,
    separator: str,
    wait: float = snapshot.WAIT_SECONDS,
) -> Iterator[Part]:
    """Yield the CSV as UTF-8, after an empty part that says the database is ready."""
    with snapshot.snapshot(engine, pelaku, wait) as session:
        fields = listing.spec.pick(listing.names)
        query = statement(session, listing, specs)
        rows = sql_parts(session, listing.spec.model, query, fields, separator)
        if rows is None:
            rows = python_parts(stream(session, listing, specs), fields, separator)
        labels = [label_of(f) for f in fields]
        yield 0, b""
        yield 0, (BOM + _line(labels, separator)).encode()
        yield from rows


def sql_parts(
    session: Session,
    model: type[Entity],
    query: Select[Any],
    fields: tuple[FieldSpec, ...],
    separator: str,
) -> Iterator[Part] | None:
    """Return the rows of a statement as the database writes them, or None where it cannot.

    ``query`` selects from ``model``.
    """
    dialect = session.connection().dialect.name
    # The cells alone would not tell the row policy whose rows these are.
    query = query.select_from(model)
    cells = export_sql.cells_of(query, fields, dialect, separator)
    if cells is None:
        return None
    if dialect == "postgresql":
        query = query.with_only_columns(*cells, maintain_column_froms=True)
        return _copied(session, query, separator)
    line = export_sql.line_of(cells, separator)
    functions = export_sql.functions(separator)
    return _fetched(session, query.with_only_columns(line, maintain_column_froms=True), functions)


def _copied(session: Session, query: Any, separator: str) -> Iterator[Part]:
    for rows in snapshot.copied(session, query, separator):
        block = b"".join(rows)
        if block.count(b"\n") == len(rows):
            yield len(rows), block.replace(b"\n", b"\r\n")
        else:  # a cell of several lines keeps its own
            yield len(rows), b"".join([row[:-1] + b"\r\n" for row in rows])


def _fetched(session: Session, query: Any, functions: Any) -> Iterator[Part]:
    for rows in snapshot.fetched(session, query, functions):
        text = "\r\n".join([line for (line,) in rows])
        yield len(rows), f"{text}\r\n".encode()


def python_parts(
    found: Iterable[Row[Any]], fields: tuple[FieldSpec, ...], separator: str
) -> Iterator[Part]:
    """Return the rows of a list as Python writes them, from columns as they are."""
    return _written(found, [shower(f) for f in fields], separator)


def _written(
    found: Iterable[Row[Any]], showers: list[Callable[[Any], str]], separator: str
) -> Iterator[Part]:
    buffer, rows = io.StringIO(), 0
    for row in found:
        values: tuple[Any, ...] = tuple(row)[2:]
        texts = [disarm(text(value)) for text, value in zip(showers, values, strict=True)]
        csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerow(texts)
        rows += 1
        if buffer.tell() > snapshot.BLOCK_BYTES:
            yield rows, buffer.getvalue().encode()
            buffer, rows = io.StringIO(), 0
    yield rows, buffer.getvalue().encode()


def _line(texts: list[str], separator: str) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerow(texts)
    return buffer.getvalue()


def shower(spec: FieldSpec) -> Callable[[Any], str]:
    """Return `fields.show` of one field with its texts translated now, once for all rows."""
    if spec.mask is None and spec.kind == "pilihan":
        labels = {value: str(gettext(label)) for value, label in spec.choices}
        return lambda value: labels.get(str(value), str(value)) if value else ""
    if spec.mask is None and spec.kind == "ya_tidak":
        yes, no = str(gettext(YES)), str(gettext(NO))
        return lambda value: "" if value is None else yes if value else no
    return partial(show, spec)
