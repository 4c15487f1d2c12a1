"""Conditions of a tahapan: an AND-list of column, operator and value; no expressions, no eval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Op(StrEnum):
    """The closed list of operators (ROUTING §2, Conditions)."""

    SAMA = "="
    TERMASUK = "in"
    BEDA = "≠"
    MINIMAL = "≥"
    KURANG = "<"


@dataclass(frozen=True)
class Syarat:
    """One comparison; ``nilai`` is a tuple for ``in`` and a single value for the others.

    Raises:
        ValueError: the operator is unknown, or ``nilai`` has the wrong shape for it.
    """

    kolom: str
    op: Op
    nilai: object

    def __post_init__(self) -> None:
        object.__setattr__(self, "op", Op(self.op))
        if isinstance(self.nilai, tuple) != (self.op is Op.TERMASUK):
            raise ValueError(f"syarat {self.kolom} {self.op}: a tuple belongs to 'in' only")

    def holds(self, data: Mapping[str, object]) -> bool:
        """Judge the data; an unknown or empty column is false (ROUTING §3 case 37)."""
        value = data.get(self.kolom)
        if value is None or value == "":
            return False
        match self.op:
            case Op.SAMA:
                return value == self.nilai
            case Op.BEDA:
                return value != self.nilai
            case Op.TERMASUK:
                return isinstance(self.nilai, tuple) and value in self.nilai
            case Op.MINIMAL:
                return _is_less(value, self.nilai) is False
            case Op.KURANG:
                return _is_less(value, self.nilai) is True


def parse_syarat(raw: Sequence[Sequence[object]] | None) -> tuple[Syarat, ...]:
    """Read the stored form, a list of ``[kolom, op, nilai]``; None means no condition.

    Raises:
        ValueError: a row is not three values, or its operator is unknown.
    """
    parsed = []
    for kolom, op, nilai in raw or ():
        shaped = tuple(nilai) if isinstance(nilai, list) else nilai
        parsed.append(Syarat(str(kolom), Op(str(op)), shaped))
    return tuple(parsed)


def _is_less(left: object, right: object) -> bool | None:
    """Whether left is less; None when the two have no order: the types are checked earlier."""
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    if isinstance(left, int | float | Decimal) and isinstance(right, int | float | Decimal):
        return left < right
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    if type(left) is type(right) and isinstance(left, date) and isinstance(right, date):
        return left < right
    return None
