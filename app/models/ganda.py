"""What makes two rows of a model possibly one and the same, and the index that finds them."""

from dataclasses import dataclass

from sqlalchemy import FromClause, String, Table
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler, SQLiteDialect

from app.models.base import AREA_COLUMNS, AreaMixin, Entity, table_of
from app.models.urutan import ORDER_PREFIX, SQUEEZED


class _Hinting(SQLiteCompiler):
    """Writes the hint of a statement after its table, as other dialects do."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:
        return text


SQLiteDialect.statement_compiler = _Hinting


@dataclass(frozen=True)
class IndeksGanda:
    """The index of ``table`` by which rows are compared that may be one.

    It holds all that such a pass reads, the texts as they are and the areas too, so that the
    table itself is left alone. PostgreSQL sorts the few rows of one date by itself.
    """

    table: Table
    values: tuple[str, ...]
    texts: tuple[str, ...]
    areas: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the index is called."""
        return f"{ORDER_PREFIX}{self.table.name}_ganda"

    @property
    def hint(self) -> str:
        """What tells SQLite to use it: by itself it takes every area for a few rows."""
        return f"INDEXED BY {self.name}"

    def ddl(self, dialect_name: str) -> str:
        """Return the statement that makes it, if it is missing."""
        keys, rest = self.values, ("id", *self.texts, *self.areas)
        carried = f" INCLUDE ({', '.join(rest)})"
        if dialect_name == "sqlite":
            texts = (SQUEEZED[dialect_name].format(name) for name in self.texts)
            keys, carried = (*self.values, *texts, *self.texts, *self.areas), ""
        made = f"CREATE INDEX IF NOT EXISTS {self.name} ON {self.table.name}"
        return f"{made} ({', '.join(keys)}){carried}"


def duplicate_key(model: type[Entity]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns in which duplicates are equal: those that are no text, then texts."""
    table, names = table_of(model), model.screen.duplicates
    texts = tuple(name for name in names if isinstance(table.c[name].type, String))
    return tuple(name for name in names if name not in texts), texts


def duplicate_index(model: type[Entity]) -> IndeksGanda:
    """Return the index that serves the search for duplicates of a model that names them."""
    areas = AREA_COLUMNS if issubclass(model, AreaMixin) else ()
    return IndeksGanda(table_of(model), *duplicate_key(model), areas)
