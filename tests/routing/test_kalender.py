"""Promises of service time, checked against examples and a counter of single minutes."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.routing import Jam, Kalender, menit, tambah

WIB = timezone(timedelta(hours=7))
SENIN_KAMIS = ((time(7, 30), time(12)), (time(13), time(16)))
KANTOR = Kalender({**dict.fromkeys(range(4), SENIN_KAMIS), 4: ((time(7, 30), time(16)),)})
JUMAT = date(2026, 11, 27)


def wib(hari: int, jam: int, lewat: int = 0) -> datetime:
    """Return an instant of November or December 2026, by day from 1 November, in WIB."""
    return datetime(2026, 11, 1, jam, lewat, tzinfo=WIB) + timedelta(days=hari - 1)


def test_friday_15_50_and_35_minutes_end_on_monday_07_55() -> None:
    assert tambah(wib(27, 15, 50), 35, KANTOR) == wib(30, 7, 55)
    assert menit(wib(27, 15, 50), wib(30, 7, 55), KANTOR) == 35


def test_the_answer_is_in_utc() -> None:
    hasil = tambah(wib(27, 10), 5, KANTOR)
    assert hasil is not None
    assert hasil.tzinfo is UTC


def test_the_lunch_break_does_not_count() -> None:
    assert tambah(wib(23, 11, 50), 20, KANTOR) == wib(23, 13, 10)


def test_the_last_minute_of_the_day_ends_at_closing_time() -> None:
    assert tambah(wib(27, 15, 50), 10, KANTOR) == wib(27, 16)


def test_zero_minutes_from_a_closed_desk_end_when_it_opens() -> None:
    assert tambah(wib(28, 9), 0, KANTOR) == wib(30, 7, 30)


def test_a_holiday_is_closed_and_a_dated_override_wins_over_it() -> None:
    libur = frozenset({JUMAT})
    tutup = Kalender(KANTOR.mingguan, libur)
    assert tambah(wib(27, 8), 1, tutup) == wib(30, 7, 31)
    khusus = Kalender(KANTOR.mingguan, libur, {JUMAT: ((time(9), time(10)),)})
    assert tambah(wib(27, 8), 1, khusus) == wib(27, 9, 1)


def test_a_calendar_that_never_opens_gives_no_deadline() -> None:
    assert tambah(wib(27, 8), 1, Kalender({})) is None


def test_a_long_promise_is_not_mistaken_for_a_closed_desk() -> None:
    satu_jam = Kalender({0: ((time(8), time(9)),)})
    assert tambah(wib(23, 8), 60 * 80, satu_jam) == wib(23, 9) + timedelta(weeks=79)


def test_an_interval_may_last_until_midnight() -> None:
    malam = Kalender(dict.fromkeys(range(7), ((time(22), time(0)),)))
    assert tambah(wib(23, 23), 90, malam) == wib(24, 22, 30)


def test_a_passed_deadline_counts_negative() -> None:
    assert menit(wib(30, 7, 55), wib(27, 15, 50), KANTOR) == -35


@pytest.mark.parametrize(
    "jam",
    [
        ((time(9), time(8)),),
        ((time(9), time(9)),),
        ((time(8), time(12)), (time(11), time(13))),
        ((time(13), time(14)), (time(8), time(9))),
    ],
)
def test_hours_that_overlap_or_run_backwards_are_refused(jam: tuple[Jam, ...]) -> None:
    with pytest.raises(ValueError, match="opening hours"):
        Kalender({0: jam})


def test_a_naive_instant_is_refused() -> None:
    naive = datetime(2026, 11, 27, 8)  # noqa: DTZ001 the naive value is what is being refused
    with pytest.raises(ValueError, match="naive"):
        tambah(naive, 1, KANTOR)


HARI_AWAL = date(2026, 11, 23)
INSTANTS = st.integers(0, 6 * 1440).map(
    lambda m: datetime.combine(HARI_AWAL, time(), WIB) + timedelta(minutes=m)
)


@st.composite
def kalenders(draw: st.DrawFn) -> Kalender:
    """Draw a calendar with up to two intervals a day, holidays and overrides."""
    edges = st.lists(st.integers(0, 287), min_size=0, max_size=4, unique=True).map(sorted)

    def hours() -> tuple[Jam, ...]:
        marks = [time(e * 5 // 60, e * 5 % 60) for e in draw(edges)]
        return tuple(zip(marks[::2], marks[1::2], strict=False))

    weekly = {day: hours() for day in range(7)}
    dates = st.sets(st.integers(0, 6).map(lambda d: HARI_AWAL + timedelta(days=d)), max_size=2)
    special = {d: hours() for d in draw(dates)}
    offset = draw(st.sampled_from([420, 480, 0, -210]))
    return Kalender(weekly, frozenset(draw(dates)), special, offset)


def is_open(kalender: Kalender, instant: datetime) -> bool:
    """Say, without the engine's code, whether the minute from this instant is served."""
    local = instant.astimezone(timezone(timedelta(minutes=kalender.selisih_menit)))
    day = local.date()
    hours = kalender.khusus.get(day)
    if hours is None:
        hours = () if day in kalender.libur else kalender.mingguan.get(day.weekday(), ())
    return any(a <= local.time() < b for a, b in hours)


@settings(max_examples=60, deadline=None)
@given(kalenders(), INSTANTS, INSTANTS)
def test_menit_equals_a_count_of_single_minutes(
    kalender: Kalender, a: datetime, b: datetime
) -> None:
    a, b = sorted((a, b))
    minutes = range(int((b - a) / timedelta(minutes=1)))
    expected = sum(is_open(kalender, a + timedelta(minutes=m)) for m in minutes)
    assert menit(a, b, kalender) == expected


@settings(max_examples=150, deadline=None)
@given(kalenders(), INSTANTS, st.integers(0, 3000), st.integers(1, 3000))
def test_tambah_is_the_inverse_of_menit_additive_and_monotone(
    kalender: Kalender, a: datetime, m: int, n: int
) -> None:
    b, c = tambah(a, m, kalender), tambah(a, m + n, kalender)
    served = menit(a, a + timedelta(days=30), kalender)
    # With a weekly hour it always opens again; without, only the overrides of one week are left.
    is_finite = not any(kalender.mingguan.values())
    assert (c is None) is (is_finite and served < m + n)
    if b is None:
        assert is_finite
        assert served < m or served == 0
        return
    assert b >= a
    assert menit(a, b, kalender) == m
    assert tambah(b, n, kalender) == c
    if c is not None:
        assert c > b
        assert menit(a, b, kalender) + menit(b, c, kalender) == menit(a, c, kalender) == m + n
    # A deadline is never in closed time: it is served now, or was until this very minute.
    assert is_open(kalender, b) or is_open(kalender, b - timedelta(minutes=1))
