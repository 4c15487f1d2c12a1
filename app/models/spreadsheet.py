"""What a model says of the files it is imported from: other headers, other spellings, paths."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Layout:
    """A spreadsheet of another system: known by the ``headers`` it always has.

    ``only``: the header and the values of the rows to take, where one file holds several kinds
    of row (a file of residents has one row of each family: its head's).
    """

    name: str
    headers: tuple[str, ...]
    only: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Sheet:
    """Facts of the import of one model; all of it beside what labels and code lists say already.

    ``headers`` gives other headers of a column. ``values`` gives other spellings of its values,
    as written → the value or label meant; case, spaces and the space around "/" never count.
    ``parts`` and ``path`` are for a model that others point at: how its title is put together
    from several columns of a file (RT, RW, kelurahan), each part with its label first and other
    headers after; ``noise`` are words that may stand before a part. ``numbers`` are code numbers
    that are not the position in the list.
    """

    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    numbers: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    layouts: tuple[Layout, ...] = ()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    path: str = ""
    noise: tuple[str, ...] = ()
