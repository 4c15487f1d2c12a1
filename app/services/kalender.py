"""The service calendar of a unit: its own opening hours, else its nearest ancestor's."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models.hari_libur import HariLibur
from app.models.jam_layanan import JamLayanan
from app.models.wilayah import WilayahLeluhur
from app.routing import Jam, Kalender

T = TypeVar("T")


def load_kalender(session: Session, wilayah_id: int, on: date) -> Kalender:
    """Return the calendar of a unit as it holds on a date (ROUTING §3 cases 39 and 40).

    Hours come whole from the nearest unit upward that has some, then from rows without a unit;
    holidays from all of them.
    """
    found = session.execute(
        select(WilayahLeluhur.leluhur_id, WilayahLeluhur.jarak).where(
            WilayahLeluhur.turunan_id == wilayah_id
        )
    )
    distances = dict(found.all())
    rows = _hours(session, list(distances), on)
    owners = {row.wilayah_id for row in rows}
    nearest = min(owners, key=lambda id_: distances.get(id_, 999) if id_ else 1000, default=None)
    own = [row for row in rows if row.wilayah_id == nearest]
    return Kalender(
        mingguan=_group((int(row.hari) - 1, row) for row in own if row.hari is not None),
        khusus=_group((row.tanggal, row) for row in own if row.tanggal is not None),
        libur=_holidays(session, list(distances)),
    )


def _hours(session: Session, units: list[int], on: date) -> Sequence[JamLayanan]:
    return session.scalars(
        select(JamLayanan)
        .where(
            or_(JamLayanan.wilayah_id.in_(units), JamLayanan.wilayah_id.is_(None)),
            or_(JamLayanan.tanggal_mulai.is_(None), JamLayanan.tanggal_mulai <= on),
            or_(JamLayanan.tanggal_sampai.is_(None), JamLayanan.tanggal_sampai >= on),
        )
        .order_by(JamLayanan.mulai)
    ).all()


def _group(rows: Iterable[tuple[T, JamLayanan]]) -> dict[T, tuple[Jam, ...]]:
    grouped: dict[T, list[Jam]] = defaultdict(list)
    for key, row in rows:
        grouped[key].append((row.mulai, row.selesai))
    return {key: tuple(intervals) for key, intervals in grouped.items()}


def _holidays(session: Session, units: list[int]) -> frozenset[date]:
    return frozenset(
        session.scalars(
            select(HariLibur.tanggal).where(
                or_(HariLibur.wilayah_id.in_(units), HariLibur.wilayah_id.is_(None))
            )
        )
    )


def load_kalender_unit(session: Session, units: Iterable[int], on: date) -> dict[int, Kalender]:
    """Return the calendar of each unit, as `load_kalender` does, in three queries for all."""
    distances: dict[int, dict[int, int]] = {unit: {} for unit in units}
    for turunan, leluhur, jarak in session.execute(
        select(WilayahLeluhur.turunan_id, WilayahLeluhur.leluhur_id, WilayahLeluhur.jarak).where(
            WilayahLeluhur.turunan_id.in_(distances)
        )
    ):
        distances[turunan][leluhur] = jarak
    ancestors = sorted({leluhur for found in distances.values() for leluhur in found})
    hours = _hours(session, ancestors, on)
    closed = session.execute(
        select(HariLibur.wilayah_id, HariLibur.tanggal).where(
            or_(HariLibur.wilayah_id.in_(ancestors), HariLibur.wilayah_id.is_(None))
        )
    ).all()
    return {
        unit: _of_unit(found, hours, [(id_, tanggal) for id_, tanggal in closed])
        for unit, found in distances.items()
    }


def _of_unit(
    distances: dict[int, int],
    hours: Sequence[JamLayanan],
    closed: Sequence[tuple[int | None, date]],
) -> Kalender:
    rows = [row for row in hours if row.wilayah_id is None or row.wilayah_id in distances]
    owners = {row.wilayah_id for row in rows}
    nearest = min(owners, key=lambda id_: distances.get(id_, 999) if id_ else 1000, default=None)
    own = [row for row in rows if row.wilayah_id == nearest]
    return Kalender(
        mingguan=_group((int(row.hari) - 1, row) for row in own if row.hari is not None),
        khusus=_group((row.tanggal, row) for row in own if row.tanggal is not None),
        libur=frozenset(tanggal for id_, tanggal in closed if id_ is None or id_ in distances),
    )
