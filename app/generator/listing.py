"""The rows of a list: shown columns only, labels of relations beside them, scoped, ordered.

Screens, API and export all read through here, so they show the same rows in the same order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, select
from sqlalchemy.orm import Session, aliased

from app.generator import matching
from app.generator.fields import show
from app.generator.filters import condition
from app.generator.ordering import Sort, ordered
from app.generator.spec import EntitySpec, FieldSpec
from app.models.pelaku import Pelaku
from app.models.policy import (
    ACTION_OPTION,
    area_criterion,
    current_pelaku,
    write_criterion,
)

Specs = Mapping[str, EntitySpec]
Clause = tuple[str, str, str]


@dataclass(frozen=True)
class Listing:
    """What a person asked of a list; ``order`` is a field name, ``-`` before it for descending.

    ``raw`` keeps keys as they are and adds the titles of the related rows after them (the API).
    """

    spec: EntitySpec
    names: tuple[str, ...]
    search: str = ""
    filters: tuple[Clause, ...] = ()
    order: str | None = None
    where: ColumnElement[bool] | None = None
    action: str = "list"
    raw: bool = False

    def narrowed(self, where: ColumnElement[bool]) -> "Listing":
        """Return the same list, of only the rows that meet ``where`` too."""
        return replace(self, where=where if self.where is None else and_(self.where, where))

    @property
    def is_whole(self) -> bool:
        """Whether it asks for every row of the area."""
        return not self.search.strip() and not self.filters and self.where is None

    @property
    def pointed(self) -> tuple[tuple[str, int], ...]:
        """(resource, id) of the rows that the filters point at: their names are asked at once."""
        fields = [(self.spec.fields.get(name), text) for name, _, text in self.filters]
        return tuple((f.target, int(t)) for f, t in fields if f and f.target and t.isdecimal())

    @property
    def door(self) -> dict[str, Any]:
        """The execution option by which the policy knows resource and action."""
        return {ACTION_OPTION: (self.spec.resource, self.action)}


class Build:
    """Collects what a statement over a list needs; each relation is joined once."""

    def __init__(self, session: Session, listing: Listing, specs: Specs) -> None:
        self.session = session
        self.listing = listing
        self.specs = specs
        self.model: Any = listing.spec.model
        self.aliases: dict[str, Any] = {}
        self.match = matching.match(listing.spec, listing.search, self.own)

    def own(self, name: str) -> Any:
        """Return a column of the row itself."""
        return getattr(self.model, name)

    def target(self, name: str) -> EntitySpec | None:
        """Return the entity a field points at, or None."""
        field = self.listing.spec.fields.get(name)
        return self.specs.get(field.target) if field and field.target else None

    def column(self, name: str) -> Any:
        """Return what the list shows of a field: the column, or the title of the related row."""
        target = self.target(name)
        if target is None:
            return self.own(name)
        if name not in self.aliases:
            self.aliases[name] = aliased(target.model)
        return getattr(self.aliases[name], target.screen.title)

    def joined(self, statement: Select[Any]) -> Select[Any]:
        """Return the statement with the relations used so far, and with its door."""
        for name, alias in self.aliases.items():
            field = self.listing.spec.fields[name]
            # By the relationship: only then is the row policy's condition put on the alias.
            relation = getattr(self.model, str(field.relation)).of_type(alias)
            statement = statement.join(relation, isouter=self._may_lack(field))
        return statement.execution_options(**self.listing.door)

    def _may_lack(self, field: FieldSpec) -> bool:
        """Whether the related row may be missing, or out of the person's sight."""
        target = self.specs[str(field.target)]
        return field.nullable or target.is_scoped

    def narrow(self) -> list[ColumnElement[bool]]:
        """Return all conditions but the words that may stand anywhere."""
        listing = self.listing
        found = [condition(self.session, self.specs, listing.spec, c) for c in listing.filters]
        found += [self.match.narrow] if listing.search.strip() else []
        return found if listing.where is None else [*found, listing.where]

    def anywhere(self) -> list[ColumnElement[bool]]:
        """Return the conditions of the words that may stand anywhere."""
        spec, words = self.listing.spec, self.match.anywhere
        compared = matching.compare(spec, words, self.own)
        return [*matching.found(self.session, spec, words), *compared]

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what every row of the list meets."""
        return [*self.narrow(), *self.anywhere()]

    def sorts(self) -> list[Sort]:
        """The order asked for, else the screen's; then by key, so that an index on both serves."""
        names = [self.listing.order] if self.listing.order else list(self.listing.spec.screen.order)
        if names[-1].lstrip("-") != "id":
            names.append("-id" if names[-1].startswith("-") else "id")
        return [self._sort(name.lstrip("-"), descending=name.startswith("-")) for name in names]

    def _sort(self, name: str, *, descending: bool) -> Sort:
        field = self.listing.spec.fields.get(name)
        column = ordered(field, self.column(name))
        joined = name in self.aliases
        nullable = field is not None and (self._may_lack(field) if joined else field.nullable)
        return Sort(column, descending, nullable, joined)


def statement(session: Session, listing: Listing, specs: Specs) -> Select[Any]:
    """Return the SELECT of id, revisi and the shown columns of all rows, scoped and in order."""
    build = Build(session, listing, specs)
    columns = [build.column(name) for name in listing.names]
    if listing.raw:
        titles = [build.column(name) for name in relations(listing)]
        columns = [getattr(build.model, name) for name in listing.names] + titles
    columns = [column.label(f"c{i}") for i, column in enumerate(columns)]
    conditions = build.conditions()
    ordering = [sort.clause(turned=False) for sort in build.sorts()]
    base = select(build.model.id.label("id"), build.model.revisi.label("revisi"), *columns)
    return build.joined(base).where(*conditions).order_by(*ordering)


def relations(listing: Listing) -> tuple[str, ...]:
    """Return the shown fields that point at another row, in order."""
    return tuple(f.name for f in listing.spec.pick(listing.names) if f.target is not None)


def count(session: Session, listing: Listing, specs: Specs, *, most: int | None = None) -> int:
    """Return how many rows the list holds; at ``most`` it stops counting.

    Nobody reads the last digit of a large count, and counting a million rows costs more than
    the page.
    """
    build = Build(session, listing, specs)
    conditions = build.conditions()
    if most is None:
        base = select(func.count(build.model.id))
        return session.scalar(build.joined(base).where(*conditions)) or 0
    some = build.joined(select(build.model.id)).where(*conditions).limit(most).subquery()
    counted = select(func.count()).select_from(some).execution_options(**listing.door)
    return session.scalar(counted) or 0


def page(
    session: Session, listing: Listing, specs: Specs, *, offset: int, limit: int
) -> Sequence[Row[Any]]:
    """Return one page of rows: ``id``, ``revisi``, then the values of ``listing.names``."""
    query = statement(session, listing, specs).offset(offset).limit(limit)
    return session.execute(query).all()


def stream(session: Session, listing: Listing, specs: Specs) -> Iterator[Row[Any]]:
    """Yield all rows in blocks of 500, so that memory stays flat."""
    query = statement(session, listing, specs).execution_options(yield_per=500)
    yield from session.execute(query)


def cells(listing: Listing, row: Row[Any]) -> list[str]:
    """Return the values of a row as a person reads them, masked where sensitive."""
    fields = listing.spec.pick(listing.names)
    values: tuple[Any, ...] = tuple(row)[2 : 2 + len(fields)]
    return [show(field, value) for field, value in zip(fields, values, strict=True)]


def load(session: Session, spec: EntitySpec, id_: object, action: str) -> Any | None:
    """Return the row with this id if the person may do ``action`` with it, else None.

    Always asks the database, so that the policy decides and not the identity map.
    """
    model: Any = spec.model
    try:
        key = int(str(id_))
    except ValueError:
        return None
    if not 0 < key < 2**31:
        return None
    query = select(model).where(model.id == key)
    return session.scalar(query.execution_options(**{ACTION_OPTION: (spec.resource, action)}))


def permitted(
    session: Session, spec: EntitySpec, ids: Sequence[int], actions: Sequence[str]
) -> dict[str, set[int]]:
    """Return, for each action, those of these listed rows with which the person may do it.

    No query is needed for actions granted in the same area as the list, one for all others.
    """
    pelaku = current_pelaku(session)
    found: dict[str, set[int]] = {action: set() for action in actions}
    asked: dict[str, ColumnElement[bool]] = {}
    for action in actions:
        if pelaku is None or not pelaku.may(spec.resource, action):
            continue
        rule = criterion(spec, pelaku, action)
        if rule is None:
            found[action] = set(ids)
        else:
            asked[action] = and_(literal(True), rule)
    if asked and ids:
        model: Any = spec.model
        columns = [criterion.label(action) for action, criterion in asked.items()]
        for row in session.execute(select(model.id, *columns).where(model.id.in_(ids))).mappings():
            for action in (action for action in asked if row[action]):
                found[action].add(row["id"])
    return found


def criterion(spec: EntitySpec, pelaku: Pelaku, action: str) -> ColumnElement[bool] | None:
    """Return what a listed row meets for an action; None where every one does."""
    area = pelaku.area(spec.resource, action)
    is_change = action in ("edit", "delete")
    found: list[ColumnElement[bool]] = []
    if is_change and spec.screen.changeable is not None:
        found.append(spec.screen.changeable(spec.model))
    if is_change and spec.screen.write_scope is not None:
        found.append(write_criterion(spec.model, area))
    elif spec.is_scoped and area != pelaku.area(spec.resource, "list"):
        found.append(area_criterion(spec.model, area))
    return and_(*found) if found else None
