"""A year of service time against a counter of single minutes, with Ramadan and cuti bersama.

The counter knows the rules in its own words: it walks 525,600 minutes and asks each whether
somebody sits at the desk.
"""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.routing import Jam, Kalender, Periode, hari_ke, hari_kerja, menit, tambah
from config import PROJECT

WIB = timezone(timedelta(hours=7))
AWAL = datetime(2026, 1, 1, tzinfo=WIB)
SETAHUN = 365 * 1440
RAMADAN = (date(2026, 2, 18), date(2026, 3, 19))
"""1 to 29 Ramadan 1447 H, as an office would enter it."""


@cache
def libur() -> frozenset[date]:
    path = PROJECT / "app" / "data" / "hari_libur_2026.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return frozenset(date.fromisoformat(row["tanggal"]) for row in csv.DictReader(file))


def jam(*edges: int) -> tuple[Jam, ...]:
    """Return intervals from minutes of the day: 450, 690, … (1440 is midnight)."""
    marks = [time(e // 60 % 24, e % 60) for e in edges]
    return tuple(zip(marks[::2], marks[1::2], strict=True))


JUMAT_BIASA, JUMAT_PUASA = (450, 690, 780, 960), (480, 690, 750, 930)
KHUSUS = {date(2026, 8, 17): (360, 600), date(2026, 6, 13): (480, 720), date(2026, 11, 27): ()}
"""Open on Independence Day and on one Saturday, closed on one Friday."""

KANTOR = Kalender(
    {**dict.fromkeys(range(4), jam(450, 960)), 4: jam(*JUMAT_BIASA)},
    libur(),
    {tanggal: jam(*edges) for tanggal, edges in KHUSUS.items()},
    periode=(
        Periode(*RAMADAN, {**dict.fromkeys(range(4), jam(480, 900)), 4: jam(*JUMAT_PUASA)}),
        Periode(date(2026, 12, 1), None, {5: jam(480, 600)}),
    ),
)
RELAWAN = Kalender(dict.fromkeys(range(7), jam(360, 1260)))


def office_edges(day: date) -> tuple[int, ...]:
    """Say in other words when the office is open: a list of opening and closing minutes."""
    if day in KHUSUS:
        return KHUSUS[day]
    if day in libur() or day.weekday() == 6:
        return ()
    if day.weekday() == 5:
        return (480, 600) if day >= date(2026, 12, 1) else ()
    if RAMADAN[0] <= day <= RAMADAN[1]:
        return JUMAT_PUASA if day.weekday() == 4 else (480, 900)
    return JUMAT_BIASA if day.weekday() == 4 else (450, 960)


def volunteer_edges(day: date) -> tuple[int, ...]:
    return (360, 1260)


def count_minutes(edges_of: Callable[[date], tuple[int, ...]]) -> list[int]:
    """Return how many minutes were served before each minute of the year."""
    served = []
    for n in range(SETAHUN):
        minute_of_day = n % 1440
        edges = edges_of(AWAL.date() + timedelta(days=n // 1440))
        # Inside an interval an odd number of edges lies at or before this minute.
        served.append(sum(edge <= minute_of_day for edge in edges) % 2)
    return [0, *accumulate(served)]


@cache
def counted(name: str) -> tuple[Kalender, list[int]]:
    kalender, edges = {"kantor": (KANTOR, office_edges), "relawan": (RELAWAN, volunteer_edges)}[
        name
    ]
    return kalender, count_minutes(edges)


MINUTES = st.integers(0, SETAHUN)


@pytest.mark.parametrize("name", ["kantor", "relawan"])
@settings(max_examples=300)
@given(a=MINUTES, b=MINUTES)
def test_a_year_of_random_intervals_equals_a_count_of_single_minutes(
    name: str, a: int, b: int
) -> None:
    kalender, before = counted(name)
    dari, sampai = AWAL + timedelta(minutes=a), AWAL + timedelta(minutes=b)
    assert menit(dari, sampai, kalender) == before[b] - before[a]


@pytest.mark.parametrize("name", ["kantor", "relawan"])
@settings(max_examples=300)
@given(a=MINUTES, m=st.integers(1, 5000))
def test_a_deadline_is_the_first_minute_by_which_enough_were_served(
    name: str, a: int, m: int
) -> None:
    kalender, before = counted(name)
    if before[-1] - before[a] < m:
        return
    # The first minute of the year before which m more were served.
    low, high = a, SETAHUN
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if before[middle] - before[a] >= m else (middle + 1, high)
    due = tambah(AWAL + timedelta(minutes=a), m, kalender)
    assert due == AWAL + timedelta(minutes=low)
    assert before[low] - before[low - 1] == 1, "the minute up to the deadline was served"


@st.composite
def random_years(draw: st.DrawFn) -> tuple[Kalender, Callable[[date], tuple[int, ...]]]:
    """Draw a calendar with periods that overlap, and the same rules as a function."""
    marks = st.lists(st.integers(0, 1439), max_size=4, unique=True).map(
        lambda found: tuple(sorted(found)[: len(found) // 2 * 2])
    )
    days = st.integers(0, 364).map(lambda n: AWAL.date() + timedelta(days=n))
    weekly = {day: draw(marks) for day in range(7)}
    spans = draw(st.lists(st.tuples(days, days).map(sorted), max_size=2))
    weeks = [draw(st.dictionaries(st.integers(0, 6), marks, min_size=1)) for _ in spans]
    closed, special = draw(st.sets(days, max_size=30)), draw(st.dictionaries(days, marks))
    kalender = Kalender(
        {day: jam(*edges) for day, edges in weekly.items()},
        frozenset(closed),
        {day: jam(*edges) for day, edges in special.items()},
        periode=tuple(
            Periode(first, last, {day: jam(*edges) for day, edges in week.items()})
            for (first, last), week in zip(spans, weeks, strict=True)
        ),
    )

    def edges_of(day: date) -> tuple[int, ...]:
        if day in special:
            return special[day]
        if day in closed:
            return ()
        for (first, last), week in zip(spans, weeks, strict=True):
            if first <= day <= last and day.weekday() in week:
                return week[day.weekday()]
        return weekly[day.weekday()]

    return kalender, edges_of


@pytest.mark.lambat
@settings(max_examples=8)
@given(st.data())
def test_any_calendar_agrees_with_the_counter_over_its_year(data: st.DataObject) -> None:
    kalender, edges_of = data.draw(random_years())
    before = count_minutes(cache(edges_of))
    for a, b in data.draw(st.lists(st.tuples(MINUTES, MINUTES), min_size=10, max_size=10)):
        dari, sampai = AWAL + timedelta(minutes=a), AWAL + timedelta(minutes=b)
        assert menit(dari, sampai, kalender) == before[b] - before[a]
        assert menit(dari, sampai, kalender) == -menit(sampai, dari, kalender)


@settings(max_examples=200)
@given(MINUTES, st.integers(0, 2000), st.integers(1, 2000))
def test_office_deadlines_are_inverse_additive_monotone_and_never_in_closed_time(
    a: int, m: int, n: int
) -> None:
    start = AWAL + timedelta(minutes=a)
    b, c = tambah(start, m, KANTOR), tambah(start, m + n, KANTOR)
    assert b is not None
    assert c is not None
    assert start <= b < c
    assert menit(start, b, KANTOR) == m
    assert tambah(b, n, KANTOR) == c
    assert menit(start, b, KANTOR) + menit(b, c, KANTOR) == menit(start, c, KANTOR)
    served_before = menit(b - timedelta(minutes=1), b, KANTOR)
    served_after = menit(b, b + timedelta(minutes=1), KANTOR)
    assert served_before or served_after


def wib(bulan: int, hari: int, jam: int, lewat: int = 0) -> datetime:
    return datetime(2026, bulan, hari, jam, lewat, tzinfo=WIB)


def test_ramadan_hours_begin_and_end_inside_one_calendar() -> None:
    # Tuesday 17 February is Imlek; on Wednesday the 18th the office opens at 08.00 and not 07.30.
    assert tambah(wib(2, 16, 9), 1, KANTOR) == wib(2, 18, 8, 1)
    # Tuesday 17 March is the last day of work; Idul Fitri closes until Wednesday the 25th, 07.30.
    assert tambah(wib(3, 17, 14, 50), 15, KANTOR) == wib(3, 25, 7, 35)


def test_a_period_without_end_holds_from_its_first_day_on() -> None:
    assert tambah(wib(11, 28, 9), 1, KANTOR) == wib(11, 30, 7, 31)
    assert tambah(wib(12, 5, 9), 1, KANTOR) == wib(12, 5, 9, 1)
    until = Periode(None, date(2026, 1, 4), {6: jam(480, 600)})
    kalender = Kalender({}, periode=(until,))
    assert menit(wib(1, 1, 0), wib(1, 31, 0), kalender) == 120


def test_hours_of_a_period_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="opening hours"):
        Kalender({}, periode=(Periode(None, None, {0: jam(480, 600, 540, 660)}),))


def test_five_working_days_skip_weekends_and_holidays() -> None:
    # In December this office works on Saturdays too: 18, 19, 21, 22, 23.
    assert hari_kerja(wib(12, 17, 10), 5, KANTOR) == date(2026, 12, 23)
    # With five days a week: 21, 22, 23 December, then cuti bersama and Natal, 28 and 29.
    lima_hari = Kalender(dict.fromkeys(range(5), jam(450, 960)), libur())
    assert hari_kerja(wib(12, 18, 10), 5, lima_hari) == date(2026, 12, 29)
    assert hari_kerja(wib(12, 18, 23, 59), 1, lima_hari) == date(2026, 12, 21)
    assert hari_kerja(wib(12, 18, 10), 1, Kalender({})) is None


def test_working_days_are_counted_from_the_day_after() -> None:
    lima_hari = Kalender(dict.fromkeys(range(5), jam(450, 960)), libur())
    begun = wib(12, 18, 10)
    counts = [hari_ke(begun, wib(12, day, 8), lima_hari) for day in (17, 18, 19, 21, 23, 27, 28)]
    assert counts == [0, 0, 0, 1, 3, 3, 4]
    assert hari_ke(begun, datetime(2026, 12, 20, 17, tzinfo=UTC), lima_hari) == 1


@settings(max_examples=100)
@given(MINUTES, st.integers(1, 30))
def test_the_nth_working_day_is_the_day_on_which_n_have_begun(a: int, n: int) -> None:
    begun = AWAL + timedelta(minutes=a)
    day = hari_kerja(begun, n, KANTOR)
    assert day is not None
    assert KANTOR.is_hari_kerja(day)
    noon = datetime.combine(day, time(12), tzinfo=WIB)
    assert hari_ke(begun, noon, KANTOR) == n
    assert hari_ke(begun, noon - timedelta(days=1), KANTOR) == n - 1
