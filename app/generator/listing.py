"""The rows of a list: shown columns only, labels of relations by left join, scoped, ordered.

Screens, API and export all read through here, so they show the same rows in the same order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.generator.fields import show
from app.generator.filters import condition, contains
from app.generator.spec import EntitySpec
from app.models.policy import ACTION_OPTION, current_pelaku, write_criterion

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


class _Builder:
    """Collects the joins a statement needs; each relation is joined once."""

    def __init__(self, listing: Listing, specs: Specs) -> None:
        self.listing = listing
        self.specs = specs
        self.model: Any = listing.spec.model
        self.aliases: dict[str, Any] = {}

    def column(self, name: str) -> Any:
        """Return what the list shows of a field: the column, or the title of the related row."""
        field = self.listing.spec.fields.get(name)
        target = self.specs.get(field.target) if field and field.target else None
        if target is None:
            return getattr(self.model, name)
        if name not in self.aliases:
            self.aliases[name] = aliased(target.model)
        return getattr(self.aliases[name], target.screen.title)

    def joined(self, statement: Select[Any]) -> Select[Any]:
        for name, alias in self.aliases.items():
            # By the relationship: only then is the row policy's condition put on the alias.
            relation = getattr(self.model, str(self.listing.spec.fields[name].relation))
            statement = statement.outerjoin(relation.of_type(alias))
        return statement.execution_options(
            **{ACTION_OPTION: (self.listing.spec.resource, self.listing.action)}
        )

    def conditions(self, session: Session) -> list[ColumnElement[bool]]:
        listing = self.listing
        found = [condition(session, self.specs, listing.spec, c) for c in listing.filters]
        found += [self._match(term) for term in listing.search.split()]
        return found if listing.where is None else [*found, listing.where]

    def _match(self, term: str) -> ColumnElement[bool]:
        """Each word must be in some searched column; a sensitive one must equal it whole."""
        spec = self.listing.spec
        matches: list[ColumnElement[bool]] = []
        for name in spec.screen.search:
            column = self.column(name)
            matches.append(column == term if spec.fields[name].mask else contains(column, term))
        return or_(*matches)

    def ordering(self) -> list[Any]:
        """The order asked for, else the screen's; then by key, so that an index on both serves."""
        names = [self.listing.order] if self.listing.order else list(self.listing.spec.screen.order)
        if names[-1].lstrip("-") != "id":
            names.append("-id" if names[-1].startswith("-") else "id")
        return [self._ordered(name) for name in names]

    def _ordered(self, name: str) -> Any:
        column = self.column(name.lstrip("-"))
        if name.startswith("-"):
            return column.desc()
        field = self.listing.spec.fields.get(name)
        # Blanks last, as PostgreSQL does by itself and its index has them; SQLite needs to be told.
        return column.nulls_last() if field is not None and field.nullable else column.asc()


def statement(session: Session, listing: Listing, specs: Specs) -> Select[Any]:
    """Return the SELECT of id, revisi and the shown columns, scoped and in order."""
    build = _Builder(listing, specs)
    columns = [build.column(name) for name in listing.names]
    if listing.raw:
        titles = [build.column(name) for name in relations(listing)]
        columns = [getattr(build.model, name) for name in listing.names] + titles
    columns = [column.label(f"c{i}") for i, column in enumerate(columns)]
    conditions = build.conditions(session)
    ordering = build.ordering()
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
    build = _Builder(listing, specs)
    conditions = build.conditions(session)
    if most is None:
        base = select(func.count(build.model.id))
        return session.scalar(build.joined(base).where(*conditions)) or 0
    some = build.joined(select(build.model.id)).where(*conditions).limit(most).subquery()
    door = {ACTION_OPTION: (listing.spec.resource, listing.action)}
    return session.scalar(select(func.count()).select_from(some).execution_options(**door)) or 0


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
    values: tuple[Any, ...] = tuple(row)[2:]
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


def permitted(session: Session, spec: EntitySpec, ids: Sequence[int], action: str) -> set[int]:
    """Return those of these listed rows with which the person may do ``action``.

    No query is needed where the action is granted in the same area as the list.
    """
    pelaku = current_pelaku(session)
    if pelaku is None or not pelaku.may(spec.resource, action):
        return set()
    area = pelaku.area(spec.resource, action)
    is_change = action in ("edit", "delete")
    is_written = spec.screen.write_scope is not None and is_change
    is_fixed = spec.screen.changeable is not None and is_change
    if not (is_written or is_fixed) and (
        not spec.is_scoped or area == pelaku.area(spec.resource, "list")
    ):
        return set(ids)
    model: Any = spec.model
    query = select(model.id).where(model.id.in_(ids))
    if is_written:
        query = query.where(write_criterion(model, area))
    if is_fixed and spec.screen.changeable is not None:
        query = query.where(spec.screen.changeable(model))
    return set(session.scalars(query.execution_options(**{ACTION_OPTION: (spec.resource, action)})))
