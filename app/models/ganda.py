"""What makes two rows of a model possibly one and the same, and the index that finds them."""

from dataclasses import dataclass

from sqlalchemy import String, Table

from app.models.base import AREA_COLUMNS, AreaMixin, Entity
from app.models.urutan import ORDER_PREFIX, SQUEEZED


@dataclass(frozen=True)
class IndeksGanda:
    """The index of ``table`` by which rows are compared that may be one.

    It holds all that such a pass reads, areas too, so that the table itself is left alone.
    PostgreSQL reads no expression from an index alone: it gets the texts as they are.
    """

    table: Table
    values: tuple[str, ...]
    texts: tuple[str, ...]
    areas: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the index is called."""
        return f"{ORDER_PREFIX}{self.table.name}_ganda"

    def ddl(self, dialect_name: str) -> str:
        """Return the statement that makes it, if it is missing."""
        keys, rest = self.values, ("id", *self.texts, *self.areas)
        carried = f" INCLUDE ({', '.join(rest)})"
        if dialect_name == "sqlite":
            texts = (SQUEEZED[dialect_name].format(name) for name in self.texts)
            keys, carried = (*self.values, *texts, *self.areas), ""
        made = f"CREATE INDEX IF NOT EXISTS {self.name} ON {self.table.name}"
        return f"{made} ({', '.join(keys)}){carried}"


def duplicate_key(model: type[Entity]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns in which duplicates are equal: those that are no text, then texts."""
    table, names = _table_of(model), model.screen.duplicates
    texts = tuple(name for name in names if isinstance(table.c[name].type, String))
    return tuple(name for name in names if name not in texts), texts


def duplicate_index(model: type[Entity]) -> tuple[IndeksGanda, ...]:
    """Return the index that serves the search for duplicates, if the model has one."""
    areas = AREA_COLUMNS if issubclass(model, AreaMixin) else ()
    key = duplicate_key(model)
    return (IndeksGanda(_table_of(model), *key, areas),) if model.screen.duplicates else ()


def _table_of(model: type[Entity]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
