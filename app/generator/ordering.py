"""The order of a list: what it is sorted by, and where a row stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, tuple_

from app.generator.spec import FieldSpec
from app.models.urutan import binary, folded

TEXTS = ("teks", "teks_panjang", "email", "telepon", "nik", "relasi")


@dataclass(frozen=True)
class Sort:
    """One column of an order; blanks stand last, so that turned round they stand first.

    ``joined``: the column of a related row, which no index holds together with the key.
    """

    column: Any
    descending: bool = False
    nullable: bool = False
    joined: bool = False

    def clause(self, *, turned: bool, column: Any = None) -> Any:
        """Return the ORDER BY of this column, or of ``column`` that holds the same values."""
        shown = self.column if column is None else column
        down = self.descending != turned
        if not self.nullable:
            return shown.desc() if down else shown.asc()
        # Said in full: SQLite has blanks first by itself.
        return shown.desc().nulls_first() if down else shown.asc().nulls_last()


def ordered(field: FieldSpec | None, column: Any) -> Any:
    """Return a column as it is ordered: texts folded, codes by their bytes, others as they are."""
    if field is not None and field.kind in TEXTS:
        return folded(column)
    return binary(column) if field is not None and field.kind == "pilihan" else column


def may_seek(sorts: Sequence[Sort]) -> bool:
    """Whether a place in this order can be found by its key: one direction, one blank at most."""
    one_way = len({sort.descending for sort in sorts}) == 1
    blank = [place for place, sort in enumerate(sorts) if sort.nullable]
    return one_way and (not blank or (blank == [0] and len(sorts) == 2))


def beyond(sorts: Sequence[Sort], key: Sequence[Any], *, turned: bool) -> list[ColumnElement[bool]]:
    """Return what rows after ``key`` meet (before it where ``turned``), in up to two parts.

    The rows of the first part all stand before those of the second; each is one index range.
    """
    first = sorts[0]
    down = first.descending != turned
    columns, values = [sort.column for sort in sorts], list(key)
    if key[0] is None:
        rest = _after(columns[1:], values[1:], down=down)
        parts = [and_(first.column.is_(None), rest)]
        return [*parts, first.column.is_not(None)] if down else parts
    part = _after(columns, values, down=down)
    if first.joined or isinstance(first.column, folded):
        # No index is read by both columns at once: SQLite knows an expression only by itself.
        bound = first.column <= values[0] if down else first.column >= values[0]
        part = and_(bound, part)
    return [part, first.column.is_(None)] if first.nullable and not down else [part]


def _after(columns: list[Any], values: list[Any], *, down: bool) -> ColumnElement[bool]:
    if not columns:
        return or_(False)
    row, key = tuple_(*columns), tuple_(*values)
    after: ColumnElement[bool] = row < key if down else row > key
    return after
