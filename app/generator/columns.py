"""Which columns a list shows: those its model names, or those the person chose."""

from collections.abc import Callable
from dataclasses import dataclass

from app.generator.spec import EntitySpec
from app.models.pelaku import Pelaku


@dataclass(frozen=True)
class Kept:
    """What a person keeps of a list: its columns, and searches as (id, name, query)."""

    columns: tuple[str, ...] = ()
    searches: tuple[tuple[int, str, str], ...] = ()


Keep = Callable[[EntitySpec], Kept]
"""Returns what the signed-in person keeps of a list."""


def choosable(spec: EntitySpec, pelaku: Pelaku, action: str = "list") -> tuple[str, ...]:
    """Return the columns a person may put in the list: its own, then those of the details page.

    The latter only where they may open the details of every row that ``action`` gives them:
    a list must not tell more of a row than its own page would.
    """
    own = spec.screen.list
    if not pelaku.area(spec.resource, "show") >= pelaku.area(spec.resource, action):
        return own
    if not pelaku.may(spec.resource, "show"):
        return own
    more = dict.fromkeys(name for names in spec.detail.values() for name in names)
    return (*own, *(n for n in more if n not in own and spec.fields[n].kind != "json"))


def shown(spec: EntitySpec, pelaku: Pelaku, kept: Kept) -> tuple[str, ...]:
    """Return the columns of the list for this person; a choice no longer allowed is left out."""
    chosen = set(kept.columns)
    names = tuple(n for n in choosable(spec, pelaku) if n in chosen)
    return names or spec.screen.list


def exported(spec: EntitySpec, pelaku: Pelaku, kept: Kept) -> tuple[str, ...]:
    """Return the columns of the CSV: as the model says, else exactly what the list shows."""
    if spec.screen.export:
        return spec.screen.export
    may = choosable(spec, pelaku, "export")
    return tuple(n for n in shown(spec, pelaku, kept) if n in may) or spec.screen.list
