"""Service time: counts and adds minutes inside the opening hours of a desk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone

Jam = tuple[time, time]
"""One interval of local wall time, half-open; an end of 00.00 means midnight of that day."""

WIB_MENIT = 420
BATAS_HARI_TUTUP = 400
SATU_HARI = timedelta(days=1)


@dataclass(frozen=True)
class Periode:
    """Weekly hours that hold from ``mulai`` to ``sampai``, both included; None: open at that end.

    It speaks only for the weekdays in ``mingguan``; an empty tuple closes that day.
    """

    mulai: date | None
    sampai: date | None
    mingguan: Mapping[int, tuple[Jam, ...]]

    def speaks_for(self, tanggal: date) -> bool:
        """Whether this period decides about a local date."""
        started = self.mulai is None or self.mulai <= tanggal
        ended = self.sampai is not None and self.sampai < tanggal
        return started and not ended and tanggal.weekday() in self.mingguan


@dataclass(frozen=True)
class Kalender:
    """The opening hours of a desk (ROUTING §3 cases 39 to 42).

    ``mingguan`` maps weekday (0 is Monday) to the intervals of that day; the first of ``periode``
    that speaks for a date (Ramadan hours) wins over it; ``libur`` are closed dates; ``khusus`` maps
    a date to its own intervals and wins over all. ``selisih_menit`` is the fixed offset of local
    time from UTC, in minutes: WIB knows no daylight saving.

    Raises:
        ValueError: the intervals of a day are empty, overlap, or are out of order.
    """

    mingguan: Mapping[int, tuple[Jam, ...]]
    libur: frozenset[date] = frozenset()
    khusus: Mapping[date, tuple[Jam, ...]] = field(default_factory=dict)
    selisih_menit: int = WIB_MENIT
    periode: tuple[Periode, ...] = ()

    def __post_init__(self) -> None:
        weeks = (jam for p in self.periode for jam in p.mingguan.values())
        for jam in (*self.mingguan.values(), *self.khusus.values(), *weeks):
            edges = [edge for interval in jam for edge in _edges(interval)]
            # Two intervals may touch, but each has to last.
            if edges != sorted(edges) or any(_edges(j)[0] == _edges(j)[1] for j in jam):
                raise ValueError(f"opening hours empty, overlapping or out of order: {jam}")

    def intervals(self, tanggal: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield the opening intervals of a local date, in order, as UTC instants."""
        zone = timezone(timedelta(minutes=self.selisih_menit))
        midnight = datetime.combine(tanggal, time(), zone).astimezone(UTC)
        for jam in self._hours(tanggal):
            opens, closes = _edges(jam)
            yield midnight + opens, midnight + closes

    def is_hari_kerja(self, tanggal: date) -> bool:
        """Whether the desk opens at all on a local date."""
        return bool(self._hours(tanggal))

    def _hours(self, tanggal: date) -> tuple[Jam, ...]:
        if (own := self.khusus.get(tanggal)) is not None:
            return own
        if tanggal in self.libur:
            return ()
        week = next((p.mingguan for p in self.periode if p.speaks_for(tanggal)), self.mingguan)
        return week.get(tanggal.weekday(), ())

    def local_date(self, instant: datetime) -> date:
        """Return the local date of an instant.

        Raises:
            ValueError: the instant has no time zone.
        """
        if instant.tzinfo is None:
            raise ValueError("a naive datetime has no place in service time")
        return (instant.astimezone(UTC) + timedelta(minutes=self.selisih_menit)).date()


def tambah(mulai: datetime, menit: int, kalender: Kalender) -> datetime | None:
    """Return the instant, in UTC, when ``menit`` service minutes after ``mulai`` have passed.

    Never in closed time: what ends with the last minute of a day ends at closing time, and zero
    minutes from a closed desk end when it opens. None when the desk stays closed for
    BATAS_HARI_TUTUP days on end (ROUTING §3 case 42).

    Raises:
        ValueError: ``menit`` is negative, or ``mulai`` has no time zone.
    """
    if menit < 0:
        raise ValueError("service minutes can only be added")
    left = timedelta(minutes=menit)
    tanggal = kalender.local_date(mulai)
    closed_days = 0
    while closed_days < BATAS_HARI_TUTUP:
        closed_days += 1
        for opens, closes in kalender.intervals(tanggal):
            start = max(opens, mulai)
            if start >= closes:
                continue
            closed_days = 0
            if left <= closes - start:
                return (start + left).astimezone(UTC)
            left -= closes - start
        tanggal += SATU_HARI
    return None


def menit(dari: datetime, sampai: datetime, kalender: Kalender) -> float:
    """Return the service minutes between two instants; negative when ``sampai`` lies earlier.

    Raises:
        ValueError: an instant has no time zone.
    """
    tanggal, last = kalender.local_date(dari), kalender.local_date(sampai)
    if sampai < dari:
        return -menit(sampai, dari, kalender)
    total = timedelta()
    while tanggal <= last:
        for opens, closes in kalender.intervals(tanggal):
            total += max(min(closes, sampai) - max(opens, dari), timedelta())
        tanggal += SATU_HARI
    return total / timedelta(minutes=1)


def hari_kerja(mulai: datetime, hari: int, kalender: Kalender) -> date | None:
    """Return the local date of the ``hari``-th working day after that of ``mulai`` (from 1).

    The day of ``mulai`` itself does not count. None when the desk stays closed for
    BATAS_HARI_TUTUP days on end.

    Raises:
        ValueError: ``mulai`` has no time zone.
    """
    tanggal, closed_days = kalender.local_date(mulai), 0
    while closed_days < BATAS_HARI_TUTUP:
        tanggal += SATU_HARI
        closed_days += 1
        if kalender.is_hari_kerja(tanggal):
            hari, closed_days = hari - 1, 0
            if hari <= 0:
                return tanggal
    return None


def hari_ke(mulai: datetime, kini: datetime, kalender: Kalender) -> int:
    """Return how many working days have begun since the day of ``mulai``; that day is day 0.

    Raises:
        ValueError: an instant has no time zone.
    """
    tanggal, last = kalender.local_date(mulai), kalender.local_date(kini)
    days = range(1, (last - tanggal).days + 1)
    return sum(kalender.is_hari_kerja(tanggal + timedelta(days=n)) for n in days)


def _edges(jam: Jam) -> tuple[timedelta, timedelta]:
    opens, closes = (timedelta(hours=t.hour, minutes=t.minute, seconds=t.second) for t in jam)
    return opens, closes or SATU_HARI
