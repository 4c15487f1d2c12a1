"""Finds rows that may be one and the same: equal in what the model names, or alike in a text.

Equal is said by the database, in one pass over an index. Alike is measured here, the same way on
both databases, between rows that are equal in all that is no text (a birth date).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from app.generator.spec import EntitySpec
from app.models.ganda import duplicate_index, duplicate_key
from app.models.policy import ACTION_OPTION
from app.models.urutan import squeezed

PER_PAGE = 20
"""Groups on a page."""

PER_GROUP = 10
"""Rows of a group that are shown; merging them shows the next."""

SCAN = 20_000
"""Rows that one page compares for likeness."""

LIKENESS = 0.5
"""Share of common three-letter pieces from which two texts are alike."""

ACTION = "edit"
"""The area in which a person finds duplicates: where something can be done about them."""


@dataclass(frozen=True)
class Group:
    """Rows that may be one: the first ids, and how many there are."""

    ids: tuple[int, ...]
    count: int


@dataclass(frozen=True)
class Found:
    """One page of groups; ``after`` is the row behind which the next page begins."""

    groups: tuple[Group, ...]
    after: int | None = None


def _columns(spec: EntitySpec) -> dict[str, ColumnElement[Any]]:
    """Return what is compared, in the order of its index; texts without case and spaces."""
    model: Any = spec.model
    values, texts = duplicate_key(spec.model)
    found = {name: getattr(model, name) for name in values}
    return found | {name: squeezed(getattr(model, name)) for name in texts}


def _filled(spec: EntitySpec, names: Iterable[str]) -> list[ColumnElement[bool]]:
    """Return the conditions under which these columns say something."""
    columns, texts = _columns(spec), duplicate_key(spec.model)[1]
    return [columns[n] != "" if n in texts else columns[n].is_not(None) for n in names]


def _door(spec: EntitySpec) -> dict[str, Any]:
    return {ACTION_OPTION: (spec.resource, ACTION)}


def _along_index(spec: EntitySpec, query: Select[Any]) -> Select[Any]:
    return query.with_hint(spec.model, duplicate_index(spec.model).hint, "sqlite")


def _behind(
    session: Session, spec: EntitySpec, columns: Sequence[ColumnElement[Any]], after: int | None
) -> list[ColumnElement[bool]]:
    """Return the condition "behind this row"; none where it is gone or out of sight."""
    model: Any = spec.model
    query = select(*columns).where(model.id == after).execution_options(**_door(spec))
    key = session.execute(query).first() if after is not None else None
    if key is None:
        return []
    return [columns[0] >= key[0], tuple_(*columns) > tuple_(*key)]


def equal(session: Session, spec: EntitySpec, after: int | None) -> Found:
    """Return a page of groups whose rows are equal; a row with a blank is equal to none."""
    model: Any = spec.model
    columns = list(_columns(spec).values())
    query = (
        _along_index(spec, select(*columns, func.count(model.id), func.min(model.id)))
        .where(
            *_filled(spec, spec.screen.duplicates),
            *_behind(session, spec, columns, after),
        )
        .group_by(*columns)
        .having(func.count(model.id) > 1)
        .order_by(*columns)
        .limit(PER_PAGE + 1)
    )
    found = session.execute(query.execution_options(**_door(spec))).all()
    shown = [tuple(row) for row in found[:PER_PAGE]]
    members = _members(session, spec, columns, [row[:-2] for row in shown]) if shown else {}
    groups = tuple(Group(tuple(members[row[:-2]]), row[-2]) for row in shown)
    return Found(groups, shown[-1][-1] if len(found) > PER_PAGE else None)


def _members(
    session: Session,
    spec: EntitySpec,
    columns: Sequence[ColumnElement[Any]],
    keys: Sequence[tuple[Any, ...]],
) -> dict[tuple[Any, ...], list[int]]:
    """Return the first ids of each of these groups."""
    model: Any = spec.model
    number = func.row_number().over(partition_by=columns, order_by=model.id)
    rows = (
        _along_index(spec, select(*columns, model.id.label("id_"), number.label("n")))
        .where(columns[0].in_({key[0] for key in keys}), tuple_(*columns).in_(keys))
        .subquery()
    )
    query = select(rows).where(rows.c.n <= PER_GROUP).order_by(rows.c.id_)
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in session.execute(query.execution_options(**_door(spec))):
        found.setdefault(tuple(row)[:-2], []).append(row.id_)
    return found


def alike(session: Session, spec: EntitySpec, after: int | None) -> Found:
    """Return a page of groups that are equal in all but texts, and alike in the first text.

    Pages begin and end with whole blocks of equal values; of a block of more than `SCAN` rows,
    whose date says nothing, the first are compared.
    """
    model: Any = spec.model
    columns = _columns(spec)
    values, texts = duplicate_key(spec.model)
    text, place = columns[texts[0]], [columns[name] for name in values]
    query = (
        _along_index(spec, select(*place, model.id, text))
        .where(
            *_filled(spec, (*values, texts[0])),
            *_behind(session, spec, place, after),
        )
        .order_by(*place)
        .limit(SCAN + 1)
    )
    rows = session.execute(query.execution_options(**_door(spec))).all()
    blocks = [
        sorted(block, key=lambda row: int(row.id))
        for _, block in groupby(rows, key=lambda row: tuple(row)[:-2])
    ]
    has_more = len(rows) > SCAN
    if has_more and len(blocks) > 1:
        del blocks[-1]  # its rest was not read
    groups: list[Group] = []
    for number, block in enumerate(blocks, 1):
        groups += _clusters(block)
        if len(groups) >= PER_PAGE and (has_more or number < len(blocks)):
            return Found(tuple(groups), block[-1].id)
    return Found(tuple(groups), blocks[-1][-1].id if has_more else None)


def _clusters(block: Sequence[Any]) -> Iterator[Group]:
    """Yield the rows of a block that hang together by likeness."""
    leader = list(range(len(block)))
    for one, other in alike_pairs([row[-1] for row in block]):
        old, new = leader[other], leader[one]
        leader = [new if x == old else x for x in leader] if old != new else leader
    members: dict[int, list[int]] = defaultdict(list)
    for row, first in zip(block, leader, strict=True):
        members[first].append(row.id)
    for ids in members.values():
        if len(ids) > 1:
            yield Group(tuple(ids[:PER_GROUP]), len(ids))


def pieces(text: str) -> frozenset[str]:
    """Return the three-letter pieces of a text, its ends marked.

    >>> sorted(pieces("ani"))
    ['  a', ' an', 'ani', 'ni ']
    """
    padded = f"  {text} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def alike_pairs(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of each two texts that are alike.

    Two sets that share enough share one of their rarest few, so only such pairs are compared.

    >>> list(alike_pairs(["sitiaminah", "budi", "sitiaminatun", "sityaminah"]))
    [(0, 2), (0, 3)]
    """
    sets = [pieces(text) for text in texts]
    often = Counter(piece for one in sets for piece in one)
    seen: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(sets):
        rarest = sorted(one, key=lambda piece: (often[piece], piece))
        telling = rarest[: len(one) - ceil(LIKENESS * len(one)) + 1]
        for other in sorted({other for piece in telling for other in seen[piece]}):
            common = len(one & sets[other])
            if common >= LIKENESS * (len(one) + len(sets[other]) - common):
                yield other, place
        for piece in telling:
            seen[piece].append(place)
