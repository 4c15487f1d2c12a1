"""The field a definition has to work in, read once: units, posts held now, hours, sections."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models.jam_layanan import JamLayanan
from app.models.peran import Peran
from app.models.policy import unscoped
from app.models.seksi import Seksi
from app.models.wilayah import Wilayah
from app.routing import WIB_MENIT, Jam, Kalender, Pemegang, tambah
from app.services.dunia import PEMEGANG_KINI, as_holder

REASON = "definisi diperiksa terhadap semua unit dan pejabatnya"


@dataclass(frozen=True)
class Asal:
    """Where a berkas may come from: an RT, and its path upward (tingkat → unit)."""

    nama: str
    jalur: Mapping[str, int]


@dataclass(frozen=True)
class Lapangan:
    """A snapshot at ``kini``; units go by id.

    ``peran`` is kode → tingkat; ``pemegang`` unit → who holds a post there now; ``tanpa_jam``
    the units whose calendar never opens (ROUTING §3 case 42); ``tanpa_pengganti`` the retired
    units without a successor, with their tingkat (case 33).
    """

    kini: datetime
    peran: Mapping[str, str]
    asal: tuple[Asal, ...] = ()
    nama: Mapping[int, str] = field(default_factory=dict)
    kode_unit: Mapping[int, str | None] = field(default_factory=dict)
    pemegang: Mapping[int, tuple[Pemegang, ...]] = field(default_factory=dict)
    pengganti: Mapping[int, int] = field(default_factory=dict)
    seksi: frozenset[tuple[int, str]] = frozenset()
    tanpa_jam: frozenset[int] = frozenset()
    tanpa_pengganti: tuple[tuple[int, str], ...] = ()

    @property
    def tingkat(self) -> frozenset[str]:
        """The levels that some berkas passes."""
        return frozenset(tingkat for asal in self.asal for tingkat in asal.jalur)

    def units(self, tingkat: str) -> tuple[int, ...]:
        """Return the units of a level that some berkas passes, in the order of their names."""
        found = {asal.jalur[tingkat] for asal in self.asal if tingkat in asal.jalur}
        return tuple(sorted(found, key=lambda id_: self.nama[id_]))


def load_lapangan(session: Session, now: datetime) -> Lapangan:
    """Return the field at ``now``: five queries, however many RT there are."""
    today = (now.astimezone(UTC) + timedelta(minutes=WIB_MENIT)).date()
    with unscoped(session, REASON):
        units = {row.id: row for row in session.execute(_units())}
        retired = [u for u in units.values() if u.tanggal_sampai and u.tanggal_sampai < today]
        seksi = session.execute(select(Seksi.wilayah_id, Seksi.kode))
        return Lapangan(
            kini=now,
            peran={kode: str(t) for kode, t in session.execute(select(Peran.kode, Peran.tingkat))},
            asal=_origins(units, today),
            nama={id_: unit.sebutan for id_, unit in units.items()},
            kode_unit={id_: unit.kode_unit for id_, unit in units.items()},
            pemegang=_load_holders(session, now),
            pengganti={u.id: u.pengganti_id for u in units.values() if u.pengganti_id},
            seksi=frozenset((unit, kode) for unit, kode in seksi),
            tanpa_jam=_closed_units(session, units, now, today),
            tanpa_pengganti=tuple((u.id, str(u.tingkat)) for u in retired if not u.pengganti_id),
        )


def _units() -> Any:
    return select(
        Wilayah.id,
        Wilayah.induk_id,
        Wilayah.tingkat,
        Wilayah.sebutan,
        Wilayah.kode_unit,
        Wilayah.tanggal_mulai,
        Wilayah.tanggal_sampai,
        Wilayah.pengganti_id,
    ).order_by(Wilayah.kode, Wilayah.id)


def _origins(units: Mapping[int, Any], today: date) -> tuple[Asal, ...]:
    """Return the RT of today; while a place has none at all, its kelurahan and desa."""
    open_now = [
        unit
        for unit in units.values()
        if (unit.tanggal_mulai or today) <= today <= (unit.tanggal_sampai or today)
    ]
    rt = [unit for unit in open_now if unit.tingkat == "rt"]
    found = rt or [unit for unit in open_now if unit.tingkat in ("kelurahan", "desa")]
    return tuple(Asal(unit.sebutan, _path(units, unit.id)) for unit in found)


def _path(units: Mapping[int, Any], unit_id: int) -> dict[str, int]:
    """Return tingkat → unit upward; a desa takes the place of a kelurahan, as in `load_jalur`."""
    return {
        "kelurahan" if unit.tingkat == "desa" else str(unit.tingkat): unit.id
        for unit in _upward(units, unit_id)
    }


def _upward(units: Mapping[int, Any], unit_id: int | None) -> Iterable[Any]:
    while unit_id is not None:
        unit = units[unit_id]
        yield unit
        unit_id = unit.induk_id


def _load_holders(session: Session, now: datetime) -> dict[int, tuple[Pemegang, ...]]:
    rows = session.execute(PEMEGANG_KINI, {"now": now})
    found: dict[int, list[Pemegang]] = defaultdict(list)
    for row in rows:
        found[row[3]].append(as_holder(row))
    return {unit_id: tuple(holders) for unit_id, holders in found.items()}


def _closed_units(
    session: Session, units: Mapping[int, Any], now: datetime, today: date
) -> frozenset[int]:
    """Return the units that have no opening hours of their own or from above.

    Holidays are left out: they close days, and a calendar without any other day has no hours.
    """
    rows = session.scalars(
        select(JamLayanan)
        .where(
            or_(JamLayanan.tanggal_mulai.is_(None), JamLayanan.tanggal_mulai <= today),
            or_(JamLayanan.tanggal_sampai.is_(None), JamLayanan.tanggal_sampai >= today),
        )
        .order_by(JamLayanan.mulai)
    )
    by_owner: dict[int | None, list[JamLayanan]] = defaultdict(list)
    for row in rows:
        by_owner[row.wilayah_id].append(row)
    opens = {owner: _ever_opens(hours, now) for owner, hours in by_owner.items()}
    return frozenset(
        unit_id
        for unit_id in units
        if not opens.get(
            next((u.id for u in _upward(units, unit_id) if u.id in opens), None), False
        )
    )


def _ever_opens(rows: Iterable[JamLayanan], now: datetime) -> bool:
    weekly: dict[int, list[Jam]] = defaultdict(list)
    dated: dict[date, list[Jam]] = defaultdict(list)
    for row in rows:
        if row.hari is not None:
            weekly[int(row.hari) - 1].append((row.mulai, row.selesai))
        elif row.tanggal is not None:
            dated[row.tanggal].append((row.mulai, row.selesai))
    kalender = Kalender(
        mingguan={day: tuple(jam) for day, jam in weekly.items()},
        khusus={day: tuple(jam) for day, jam in dated.items()},
    )
    return tambah(now, 1, kalender) is not None
