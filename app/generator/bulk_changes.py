"""One act on many rows: each goes the way of a single one, and one that is refused stops none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.errors import BangkitError, TidakDitemukanError
from app.generator.listing import load
from app.generator.spec import EntitySpec
from app.generator.writing import assign, delete, said, save

Act = Callable[[Session, int], bool]
"""Does it to the row of this id; False if there was nothing to do.

Raises `BangkitError` where it is refused.
"""


@dataclass(frozen=True)
class Refusal:
    """A row that stayed as it was, by its title, and why."""

    label: str
    reason: str


@dataclass
class Outcome:
    """What became of the rows so far."""

    done: int = 0
    same: int = 0
    refused: list[Refusal] = field(default_factory=list)

    def add(self, result: bool | Refusal) -> None:
        """Count what became of one more row: changed, as it was, or refused."""
        if isinstance(result, Refusal):
            self.refused.append(result)
        else:
            self.done += result
            self.same += not result


def editing(spec: EntitySpec, values: Mapping[str, Any]) -> Act:
    """Return the act that gives columns these values, by an edit like any other."""

    def change(session: Session, id_: int) -> bool:
        row = _load(session, spec, id_, "edit")
        new = {name: value for name, value in values.items() if getattr(row, name) != value}
        if new:
            save(session, spec, row, lambda: assign(row, new))
        return bool(new)

    return change


def deleting(spec: EntitySpec) -> Act:
    """Return the act that moves rows to Sampah."""

    def discard(session: Session, id_: int) -> bool:
        delete(session, spec, _load(session, spec, id_, "delete"))
        return True

    return discard


def _load(session: Session, spec: EntitySpec, id_: int, action: str) -> Any:
    row = load(session, spec, id_, action)
    if row is None:
        raise TidakDitemukanError
    return row


def work_through(
    session: Session,
    spec: EntitySpec,
    ids: Sequence[int],
    act: Act,
    outcome: Outcome,
    keep: Callable[[int], None],
) -> None:
    """Act on a batch of rows; ``keep`` commits, and hears how many rows are dealt with.

    The batch is one transaction. Where a row is refused, each gets a transaction of its own.
    """
    try:
        results = [act(session, id_) for id_ in ids]
    except BangkitError:
        session.rollback()
        for id_ in ids:
            result = attempt(session, spec, id_, act)
            keep(1)
            outcome.add(result)
        return
    keep(len(ids))
    for changed in results:
        outcome.add(changed)


def attempt(session: Session, spec: EntitySpec, id_: int, act: Act) -> bool | Refusal:
    """Act on one row without committing; return whether it changed, or why it was refused."""
    try:
        return act(session, id_)
    except BangkitError as error:
        session.rollback()
        row = load(session, spec, id_, "show")
        label = gettext(str(row)) if row is not None else ""
        return Refusal(label or f"#{id_}", "; ".join(said(spec, error)))
