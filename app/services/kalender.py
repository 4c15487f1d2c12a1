"""The service calendars of units: their own opening hours, else those of their nearest ancestor."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time
from typing import Any, TypeVar

from sqlalchemy import Select, and_, bindparam, cast, false, or_, select, true, union_all
from sqlalchemy.orm import Session

from app.models.hari_libur import HariLibur
from app.models.jam_layanan import JamLayanan
from app.models.wilayah import WilayahLeluhur
from app.routing import Jam, Kalender, Periode

T = TypeVar("T")

SEMUA_UNIT = 1_000_000
"""How far a row without a unit stands: behind every ancestor."""


def load_kalender(session: Session, wilayah_id: int) -> Kalender:
    """Return the calendar of one unit, right for every date; see `load_kalenders`."""
    return load_kalenders(session, (wilayah_id,))[wilayah_id]


def load_kalenders(session: Session, wilayah_ids: Iterable[int]) -> dict[int, Kalender]:
    """Return the calendars of units, in one query however many there are.

    A unit inherits from the nearest ancestor that states hours, at last from rows without a unit;
    a period and a dated row may be stated alone, and the rest is inherited (ROUTING §3 cases 39
    and 40). Holidays are those of the unit and of all above it.
    """
    units = list(dict.fromkeys(wilayah_ids))
    if not units:
        return {}
    hours: dict[int, dict[int, list[Any]]] = {unit: defaultdict(list) for unit in units}
    closed: dict[int, set[date]] = {unit: set() for unit in units}
    for row in session.connection().execute(_ROWS, {"units": units}):
        distance = SEMUA_UNIT if row.jarak is None else row.jarak
        for target in units if row.turunan_id is None else (row.turunan_id,):
            if row.is_libur:
                closed[target].add(row.tanggal)
            else:
                hours[target][distance].append(row)
    return {unit: _build(hours[unit], frozenset(closed[unit])) for unit in units}


def _with_units(model: Any, *columns: Any) -> Select[Any]:
    """Select the rows of ``units``, of their ancestors and of all units, each with whose."""
    return (
        select(*columns, WilayahLeluhur.turunan_id, WilayahLeluhur.jarak)
        .select_from(model)
        .outerjoin(
            WilayahLeluhur,
            and_(
                WilayahLeluhur.leluhur_id == model.wilayah_id,
                WilayahLeluhur.turunan_id.in_(bindparam("units", expanding=True)),
            ),
        )
        .where(or_(model.wilayah_id.is_(None), WilayahLeluhur.turunan_id.is_not(None)))
    )


_HOURS = (
    *(JamLayanan.hari, JamLayanan.mulai, JamLayanan.selesai),
    *(JamLayanan.tanggal_mulai, JamLayanan.tanggal_sampai),
)
_ROWS = union_all(
    _with_units(JamLayanan, false().label("is_libur"), JamLayanan.tanggal, *_HOURS),
    _with_units(
        HariLibur,
        *(true().label("is_libur"), HariLibur.tanggal),
        *(cast(None, column.type).label(column.key) for column in _HOURS),
    ),
)
"""Made once: each act opens a desk, and each desk has a calendar."""


def _build(by_distance: dict[int, list[Any]], libur: frozenset[date]) -> Kalender:
    mingguan: dict[int, tuple[Jam, ...]] = {}
    khusus: dict[date, tuple[Jam, ...]] = {}
    periode: list[Periode] = []
    for _, rows in sorted(by_distance.items()):
        dated = _group((row.tanggal, row) for row in rows if row.tanggal is not None)
        khusus = {**dated, **khusus}
        weekly = [row for row in rows if row.hari is not None]
        mingguan = _week(row for row in weekly if _span(row) == (None, None))
        periode += _periods([row for row in weekly if _span(row) != (None, None)], not mingguan)
        if mingguan:
            break
    return Kalender(mingguan, libur, khusus, periode=tuple(periode))


def _periods(rows: list[Any], is_alone: bool) -> list[Periode]:
    """Return the periods of one unit, the latest begun first, of those the soonest to end.

    A unit that states hours for a period alone is closed on the weekdays it leaves out then.
    """
    spans = sorted({_span(row) for row in rows}, key=_begin_and_end, reverse=True)
    found = [Periode(*span, _week(row for row in rows if _span(row) == span)) for span in spans]
    if is_alone:
        found += [Periode(*span, dict.fromkeys(range(7), ())) for span in spans]
    return found


def _span(row: Any) -> tuple[date | None, date | None]:
    return row.tanggal_mulai, row.tanggal_sampai


def _begin_and_end(span: tuple[date | None, date | None]) -> tuple[date, int]:
    return span[0] or date.min, -(span[1] or date.max).toordinal()


def _week(rows: Iterable[Any]) -> dict[int, tuple[Jam, ...]]:
    return _group((int(row.hari) - 1, row) for row in rows if row.hari is not None)


def _group(rows: Iterable[tuple[T, Any]]) -> dict[T, tuple[Jam, ...]]:
    grouped: dict[T, list[Jam]] = defaultdict(list)
    for key, row in rows:
        grouped[key].append((row.mulai, row.selesai))
    return {key: _merge(intervals) for key, intervals in grouped.items()}


def _merge(intervals: list[Jam]) -> tuple[Jam, ...]:
    """Return the intervals in order, overlapping ones joined: two rows may say the same hour."""
    merged: list[Jam] = []
    for mulai, selesai in sorted(intervals):
        if merged and (merged[-1][1] == time() or mulai <= merged[-1][1]):
            # 00.00 as an end means midnight, later than any other time of the day.
            ends = {merged[-1][1], selesai}
            merged[-1] = (merged[-1][0], time() if time() in ends else max(ends))
        else:
            merged.append((mulai, selesai))
    return tuple(merged)
