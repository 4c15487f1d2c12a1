"""How texts are ordered and compared: the same way on both databases, and so that an index serves.

Texts stand in the order of their bytes with the letters A-Z made small, as SQLite does by itself;
PostgreSQL is told so (collation "C"), whatever collation its database was made with.
"""

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_SMALL = {ord(big): ord(big) + 32 for big in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


class folded(FunctionElement[str]):
    """A text column as it is ordered and searched; its indexes hold just this."""

    type = String()
    inherit_cache = True


class binary(FunctionElement[str]):
    """A code as it is ordered and compared: by its bytes."""

    type = String()
    inherit_cache = True


class squeezed(FunctionElement[str]):
    """A text column as rows are compared that may be one: without case and without spaces."""

    type = String()
    inherit_cache = True


def fold(text: str) -> str:
    """Return a text as `folded` makes it in the database: only A-Z become small.

    >>> fold("Ç Siti")
    'Ç siti'
    """
    return text.translate(_SMALL)


FOLDED = {"postgresql": 'lower({} COLLATE "C")', "sqlite": "lower({})"}
BINARY = {"postgresql": '({} COLLATE "C")', "sqlite": "{}"}
SQUEEZED = {name: f"replace({sql}, ' ', '')" for name, sql in FOLDED.items()}
"""The SQL of each, by dialect; indexes are made of the same words, or they would not be used."""

ORDER_PREFIX = "urut_"
"""Begins the names of the indexes by which lists are ordered and compared."""


@compiles(folded)
def _compile_folded(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    return FOLDED[compiler.dialect.name].format(compiler.process(element.clauses, **kw))


@compiles(binary)
def _compile_binary(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    return BINARY[compiler.dialect.name].format(compiler.process(element.clauses, **kw))


@compiles(squeezed)
def _compile_squeezed(element: Any, compiler: SQLCompiler, **kw: Any) -> str:
    return SQUEEZED[compiler.dialect.name].format(compiler.process(element.clauses, **kw))
