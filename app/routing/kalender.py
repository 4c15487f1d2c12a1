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
class Kalender:
    """The opening hours of a desk (ROUTING §3 cases 39 to 42).

    ``mingguan`` maps weekday (0 is Monday) to the intervals of that day; ``libur`` are closed
    dates; ``khusus`` maps a date to its own intervals and wins over both. ``selisih_menit`` is the
    fixed offset of local time from UTC, in minutes: WIB knows no daylight saving.

    Raises:
        ValueError: the intervals of a day are empty, overlap, or are out of order.
    """

    mingguan: Mapping[int, tuple[Jam, ...]]
    libur: frozenset[date] = frozenset()
    khusus: Mapping[date, tuple[Jam, ...]] = field(default_factory=dict)
    selisih_menit: int = WIB_MENIT

    def __post_init__(self) -> None:
        for jam in (*self.mingguan.values(), *self.khusus.values()):
            edges = [edge for interval in jam for edge in _edges(interval)]
            # Two intervals may touch, but each has to last.
            if edges != sorted(edges) or any(_edges(j)[0] == _edges(j)[1] for j in jam):
                raise ValueError(f"opening hours empty, overlapping or out of order: {jam}")

    def intervals(self, tanggal: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield the opening intervals of a local date, in order, as UTC instants."""
        zone = timezone(timedelta(minutes=self.selisih_menit))
        midnight = datetime.combine(tanggal, time(), zone).astimezone(UTC)
        weekly = () if tanggal in self.libur else self.mingguan.get(tanggal.weekday(), ())
        for jam in self.khusus.get(tanggal, weekly):
            opens, closes = _edges(jam)
            yield midnight + opens, midnight + closes

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


def _edges(jam: Jam) -> tuple[timedelta, timedelta]:
    opens, closes = (timedelta(hours=t.hour, minutes=t.minute, seconds=t.second) for t in jam)
    return opens, closes or SATU_HARI
