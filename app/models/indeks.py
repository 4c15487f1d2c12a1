"""The indexes a model must have, derived from what its `Screen` sorts, filters and searches on.

They follow the models, not the migrations: `follow` makes those that are missing and drops those
no longer asked for, after each upgrade (`migrations/env.py`). So a new model needs to say nothing,
and what Alembic loses when it rebuilds a table of SQLite comes back. Names begin with `urut_`
(order and filter) and `cari_` (search); nothing else in the database may.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Connection, Enum, String, Table, Text, UniqueConstraint

from app.models.base import AREA_COLUMNS, AreaMixin, Entity, HostModel, table_of
from app.models.ganda import IndeksGanda, duplicate_index
from app.models.urutan import BINARY, FOLDED, ORDER_PREFIX

SEARCH_PREFIX = "cari_"

LONGEST = 200
"""Letters of a text that lists are ordered by; a longer one is prose, which has no order."""


@dataclass(frozen=True)
class Indeks:
    """An index of ``table`` on ``columns``, in this order; ``id`` ends each that orders.

    One that begins with an area also carries its texts as they are on PostgreSQL, else no index
    of an expression can be read without its table: words are looked for along it.
    """

    table: Table
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the index is called: PostgreSQL keeps 63 letters of a name."""
        return f"{ORDER_PREFIX}{self.table.name}_{'_'.join(self.columns[:-1])}"[:63]

    def ddl(self, dialect_name: str) -> str:
        """Return the statement that makes it, if it is missing."""
        parts = ", ".join(ordered_sql(self.table.c[name], dialect_name) for name in self.columns)
        texts = [n for n in self.columns if isinstance(self.table.c[n].type, String)]
        carried = f" INCLUDE ({', '.join(texts)})" if self._is_carrying(texts, dialect_name) else ""
        return f"CREATE INDEX IF NOT EXISTS {self.name} ON {self.table.name} ({parts}){carried}"

    def _is_carrying(self, texts: list[str], dialect_name: str) -> bool:
        return self.columns[0] in AREA_COLUMNS and bool(texts) and dialect_name == "postgresql"


def ordered_sql(column: Column[Any], dialect_name: str) -> str:
    """Return the SQL by which this column is ordered."""
    if isinstance(column.type, Enum):
        return BINARY[dialect_name].format(column.name)
    if isinstance(column.type, String):
        return FOLDED[dialect_name].format(column.name)
    return str(column.name)


def order_indexes(model: type[Entity]) -> tuple[Indeks, ...]:
    """Return the indexes that serve order and filters of the model's lists.

    The order a list opens with begins with the area of the person, where the table has it: then
    "the rows of my area, in order" is one range. Any other order and filter has one index.
    """
    table, screen = table_of(model), model.screen
    default = tuple(name.lstrip("-") for name in screen.order if name.lstrip("-") != "id")
    default = default if not any(_is_relation(table, n) for n in default) else ()
    areas = AREA_COLUMNS if issubclass(model, AreaMixin) else ()
    found = {(area, *default, "id"): None for area in areas}
    wanted = [] if areas or not default else [default]
    singles = [*screen.list, *screen.filter, *_searched(table, screen.search)]
    wanted += [(name,) for name in singles if _is_indexable(model, table, name)]
    for names in wanted:
        if names == default and areas:
            continue
        if not _is_led(table, names):
            found[(*names, "id")] = None
    return tuple(Indeks(table, columns) for columns in found)


def _searched(table: Table, names: Iterable[str]) -> list[str]:
    return [name for name in names if name in table.c]


def _is_relation(table: Table, name: str) -> bool:
    column = table.c[name]
    return bool(column.foreign_keys) or column.info.get("kind") == "relasi"


def _is_indexable(model: type[Entity], table: Table, name: str) -> bool:
    """Whether lists are ordered or filtered by this column of the row itself."""
    if name == "id" or name not in table.c or name in model.screen.sensitive:
        return False
    column = table.c[name]
    is_prose = (getattr(column.type, "length", None) or 0) > LONGEST
    return not (is_prose or isinstance(column.type, JSON | Text) or _is_relation(table, name))


def _is_led(table: Table, names: tuple[str, ...]) -> bool:
    """Whether a declared index begins with these columns as they are ordered."""
    if any(isinstance(table.c[name].type, String) for name in names):
        return False
    declared = [tuple(c.name for c in index.columns) for index in table.indexes]
    declared += [
        tuple(column.name for column in constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    return any(columns[: len(names)] == names for columns in declared)


def search_columns(model: type[Entity]) -> tuple[str, ...]:
    """Return the text columns in which words are looked for anywhere: searched or filtered ones."""
    table, screen = table_of(model), model.screen
    names = dict.fromkeys([*screen.search, *screen.filter])
    return tuple(
        name
        for name in names
        if name in table.c
        and isinstance(table.c[name].type, String)
        and not isinstance(table.c[name].type, Enum)
        and name not in screen.sensitive
    )


def search_name(model: type[Entity]) -> str:
    """Return what the search index of a model is called (on SQLite a table)."""
    return f"{SEARCH_PREFIX}{table_of(model).name}"


def follow(connection: Connection) -> list[str]:
    """Make the derived indexes that are missing, drop those no longer asked for; say which."""
    mapped = {m.class_: None for m in HostModel.registry.mappers if issubclass(m.class_, Entity)}
    models = [model for model in mapped if hasattr(model, "screen")]
    tables = _names(connection, "table")
    models = [m for m in models if table_of(m).name in tables]
    statements = [*_order_changes(connection, models), *_search_changes(connection, models)]
    for statement in statements:
        connection.exec_driver_sql(statement)
    return statements


def _order_changes(connection: Connection, models: list[type[Entity]]) -> Iterator[str]:
    there = {n for n in _names(connection, "index") if n.startswith(ORDER_PREFIX)}
    indexes: list[Indeks | IndeksGanda] = [i for model in models for i in order_indexes(model)]
    indexes += [duplicate_index(model) for model in models if model.screen.duplicates]
    wanted = {index.name: index for index in indexes}
    for name in sorted(there - set(wanted)):
        yield f"DROP INDEX {name}"
    for name, index in wanted.items():
        if name not in there:
            yield index.ddl(connection.dialect.name)


def _search_changes(connection: Connection, models: list[type[Entity]]) -> Iterator[str]:
    dialect_name = connection.dialect.name
    if dialect_name == "postgresql":
        there = {n for n in _names(connection, "index") if n.startswith(SEARCH_PREFIX)}
        for model in models:
            columns = search_columns(model)
            if columns and search_name(model) not in there:
                yield trigram_index(model)
        return
    if not has_trigrams(connection):
        return
    there = _names(connection, "trigger")
    for model in models:
        statements = search_table(model)
        if statements and not {f"{search_name(model)}_{act}" for act in ACTS} <= there:
            yield from statements


def trigram_index(model: type[Entity]) -> str:
    """Return the statement that makes the search index on PostgreSQL."""
    fold = FOLDED["postgresql"]
    parts = ", ".join(f"{fold.format(name)} gin_trgm_ops" for name in search_columns(model))
    name, table = search_name(model), table_of(model).name
    return f"CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin ({parts})"


ACTS = ("tambah", "ubah", "hapus")
"""The triggers that keep a search table of SQLite in step, each named after its act."""


def search_table(model: type[Entity]) -> list[str]:
    """Return the statements that make the search table of a model on SQLite, filled and kept.

    It holds only where each three letters occur (``detail=none``): what it finds is compared
    again with the row, so that both databases agree.
    """
    columns = search_columns(model)
    if not columns:
        return []
    name, table = search_name(model), table_of(model).name
    names = ", ".join(columns)
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("old", "new"))
    options = f"content='{table}', content_rowid='id', tokenize='trigram', detail=none"
    forget = f"INSERT INTO {name} ({name}, rowid, {names}) VALUES ('delete', old.id, {old})"
    learn = f"INSERT INTO {name} (rowid, {names}) VALUES (new.id, {new})"
    bodies = {
        "tambah": f"AFTER INSERT ON {table} BEGIN {learn}; END",
        "ubah": f"AFTER UPDATE OF id, {names} ON {table} BEGIN {forget}; {learn}; END",
        "hapus": f"AFTER DELETE ON {table} BEGIN {forget}; END",
    }
    return [
        *(f"DROP TRIGGER IF EXISTS {name}_{act}" for act in ACTS),
        f"DROP TABLE IF EXISTS {name}",
        f"CREATE VIRTUAL TABLE {name} USING fts5 ({names}, {options})",
        f"INSERT INTO {name} ({name}) VALUES ('rebuild')",
        *(f"CREATE TRIGGER {name}_{act} {bodies[act]}" for act in ACTS),
    ]


def has_trigrams(connection: Connection) -> bool:
    """Whether this SQLite can find three letters anywhere; without, search reads every row."""
    options = connection.exec_driver_sql("PRAGMA compile_options").scalars().all()
    version = connection.dialect.server_version_info or (0,)
    return "ENABLE_FTS5" in options and version >= (3, 34)


def drop_all(connection: Connection) -> None:
    """Drop every derived index and search table."""
    for name in sorted(_names(connection, "trigger")):
        if name.startswith(SEARCH_PREFIX):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    for name in sorted(_names(connection, "index")):
        if name.startswith((ORDER_PREFIX, SEARCH_PREFIX)):
            connection.exec_driver_sql(f"DROP INDEX {name}")
    for name in _search_tables(connection):
        connection.exec_driver_sql(f"DROP TABLE {name}")


def _search_tables(connection: Connection) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    query = (
        "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE cari\\_%' ESCAPE '\\'"
    )
    return list(connection.exec_driver_sql(query).scalars())


_CATALOGUES = {
    "table": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
    "index": "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()",
    "trigger": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def _names(connection: Connection, kind: str) -> set[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = ?"
        return set(connection.exec_driver_sql(query, (kind,)).scalars())
    return set(connection.exec_driver_sql(_CATALOGUES[kind]).scalars())


def is_migrated(name: str | None, kind: str, parent: Any) -> bool:
    """Whether Alembic looks after this table or index; the derived ones follow by themselves."""
    return name is None or not name.startswith((ORDER_PREFIX, SEARCH_PREFIX))
