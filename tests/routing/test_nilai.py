"""Promises of the small values: conditions, steps, and the edges of a calendar."""

import time as clock
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from app.routing import (
    SISTEM,
    JenisAksi,
    JikaKosong,
    Kalender,
    Op,
    Peristiwa,
    Syarat,
    Tahapan,
    parse_syarat,
    tambah,
)
from app.routing.kalender import BATAS_HARI_TUTUP, hari_kerja

PAGI = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Monday 08.00 WIB."""


@pytest.mark.parametrize(
    ("nilai", "batas", "minimal", "kurang"),
    [
        (2, 2, True, False),
        (3, 2, True, False),
        (1, 2, False, True),
        (2.5, Decimal("2.5"), True, False),
        (Decimal("1.5"), 2, False, True),
        ("b", "b", True, False),
        ("c", "b", True, False),
        ("a", "b", False, True),
        (date(2026, 1, 2), date(2026, 1, 2), True, False),
        (date(2026, 1, 3), date(2026, 1, 2), True, False),
        (date(2026, 1, 1), date(2026, 1, 2), False, True),
    ],
)
def test_order_is_that_of_numbers_texts_and_dates(
    nilai: object, batas: object, minimal: bool, kurang: bool
) -> None:
    assert Syarat("a", Op.MINIMAL, batas).holds({"a": nilai}) is minimal
    assert Syarat("a", Op.KURANG, batas).holds({"a": nilai}) is kurang


@pytest.mark.parametrize(
    ("nilai", "batas"),
    [
        (True, 1),
        (1, True),
        (True, False),
        ("1", 1),
        (1, "1"),
        (date(2026, 1, 1), "2026-01-01"),
        ("2026-01-01", date(2026, 1, 1)),
        (datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1)),
        (date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)),
        ([1], [1]),
        (b"a", b"a"),
    ],
)
def test_what_has_no_order_meets_neither_condition(nilai: object, batas: object) -> None:
    assert not Syarat("a", Op.MINIMAL, batas).holds({"a": nilai})
    assert not Syarat("a", Op.KURANG, batas).holds({"a": nilai})


def test_a_condition_knows_its_operator_by_the_sign() -> None:
    assert Syarat("a", "=", 1).op is Op.SAMA
    assert parse_syarat(None) == ()
    assert parse_syarat([["a", "in", ["x", "y"]], ["b", "≠", 3]]) == (
        Syarat("a", Op.TERMASUK, ("x", "y")),
        Syarat("b", Op.BEDA, 3),
    )


def test_a_condition_of_the_wrong_shape_names_itself() -> None:
    for op, nilai in (("=", ("x",)), ("in", "x")):
        with pytest.raises(ValueError, match=f"^syarat a {op}: a tuple belongs to 'in' only$"):
            Syarat("a", op, nilai)
    with pytest.raises(ValueError, match="~"):
        Syarat("a", "~", 1)


def test_a_step_reads_words_and_refuses_unknown_ones() -> None:
    step = Tahapan(1, "01_rt", "rt", "ketua_rt", "setujui", jika_kosong="tunggu")
    assert (step.aksi, step.jika_kosong) == (JenisAksi.SETUJUI, JikaKosong.TUNGGU)
    assert step.aksi is JenisAksi.SETUJUI
    assert step.jika_kosong is JikaKosong.TUNGGU
    with pytest.raises(ValueError, match="^tahapan 01_rt: unknown tingkat 'negara'$"):
        Tahapan(1, "01_rt", "negara", "ketua_rt", "setujui")
    with pytest.raises(ValueError, match="^tahapan 01_rt: ambil does not finish a step$"):
        Tahapan(1, "01_rt", "rt", "ketua_rt", "ambil")


def test_a_stored_event_is_read_back_whole_and_without_texts_where_none_are_given() -> None:
    event = Peristiwa(3, JenisAksi.TOLAK, SISTEM, ke=2, pada=PAGI, kolom_berubah=("a", "b"))
    assert Peristiwa.from_isi(event.to_isi()) == event
    told = replace(event, catatan="KTP kabur", alasan_kode="kurang")
    assert Peristiwa.from_isi(told.to_isi()) == event
    assert Peristiwa.from_isi(told.to_isi(), "KTP kabur", "kurang") == told


def test_opening_hours_are_told_in_utc() -> None:
    ((opens, closes),) = only_on(0).intervals(date(2026, 11, 23))
    assert opens.tzinfo is UTC
    assert closes.tzinfo is UTC
    assert (opens, closes) == (PAGI, PAGI + timedelta(hours=1))


def only_on(*days: int) -> Kalender:
    """Return a calendar open 08.00 to 09.00 on these days from Monday on, and never else."""
    hours = ((time(8), time(9)),)
    return Kalender({}, khusus={date(2026, 11, 23) + timedelta(days=n): hours for n in days})


def test_a_desk_that_opens_within_the_limit_has_a_deadline_and_one_day_later_none() -> None:
    last = BATAS_HARI_TUTUP - 1
    assert tambah(PAGI, 5, only_on(last)) == PAGI + timedelta(days=last, minutes=5)
    assert tambah(PAGI, 5, only_on(last + 1)) is None


def test_the_limit_counts_from_the_last_day_that_was_open() -> None:
    days = BATAS_HARI_TUTUP
    assert tambah(PAGI, 65, only_on(0, days)) == PAGI + timedelta(days=days, minutes=5)
    assert tambah(PAGI, 65, only_on(0, days + 1)) is None


def test_working_days_have_the_same_limit_and_count_it_from_the_last_one() -> None:
    monday, limit = date(2026, 11, 23), BATAS_HARI_TUTUP
    for days, hari in (((limit,), 1), ((1, limit + 1), 2)):
        assert hari_kerja(PAGI, hari, only_on(*days)) == monday + timedelta(days=days[-1])
        later = (*days[:-1], days[-1] + 1)
        assert hari_kerja(PAGI, hari, only_on(*later)) is None


def test_opening_hours_may_have_seconds() -> None:
    kalender = Kalender({0: ((time(8, 0, 30), time(9)),)})
    assert tambah(PAGI, 1, kalender) == PAGI + timedelta(seconds=90)


def test_the_zone_of_the_server_changes_no_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    kalender = Kalender({0: ((time(0), time(2)),)})
    for zone in ("Asia/Jakarta", "America/New_York", "UTC"):
        monkeypatch.setenv("TZ", zone)
        clock.tzset()
        midnight = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
        assert tambah(midnight, 5, kalender) == midnight + timedelta(minutes=5)
        assert kalender.local_date(midnight) == date(2026, 11, 23)
    monkeypatch.undo()
    clock.tzset()


def test_refusals_of_the_calendar_say_what_is_wrong() -> None:
    kalender = only_on(0)
    with pytest.raises(ValueError, match="^service minutes can only be added$"):
        tambah(PAGI, -1, kalender)
    with pytest.raises(ValueError, match="^a naive datetime has no place in service time$"):
        kalender.local_date(datetime(2026, 11, 23))  # noqa: DTZ001 - a naive one on purpose
    with pytest.raises(ValueError, match="^opening hours empty, overlapping or out of order"):
        Kalender({0: ((time(8), time(8)),)})
