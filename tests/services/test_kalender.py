"""Calendars of units as rows: inheritance, periods, dated overrides, holidays, two queries."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError
from app.models.hari_libur import HariLibur, JenisLibur
from app.models.jam_layanan import Hari, JamLayanan
from app.models.policy import unscoped
from app.models.wilayah import Wilayah
from app.routing import Kalender, menit, tambah
from app.services.kalender import load_kalender, load_kalenders
from tests.conftest import Portal
from tests.pernyataan import counted
from tests.walk import unit

WIB = timezone(timedelta(hours=7))
KECAMATAN, KELURAHAN = "Kecamatan Kademangan", "Kelurahan Pilang"
RW, RT = "RW 002 Pilang", "RT 001/RW 002 Pilang"
PUASA = {"tanggal_mulai": date(2027, 2, 8), "tanggal_sampai": date(2027, 3, 9)}


def wib(bulan: int, hari: int, jam: int, lewat: int = 0, tahun: int = 2027) -> datetime:
    return datetime(tahun, bulan, hari, jam, lewat, tzinfo=WIB)


def add(session: Session, *rows: Any) -> None:
    """Write rows for this test alone; the session is rolled back after it."""
    with unscoped(session, "uji mengisi jadwal", keep=True):
        session.add_all(rows)
        session.flush()


def hours(
    session: Session, sebutan: str | None, buka: int, tutup: int, *days: Hari, **facts: Any
) -> None:
    unit_id = None if sebutan is None else unit(session, sebutan)
    add(
        session,
        *(
            JamLayanan(wilayah_id=unit_id, hari=d, mulai=time(buka), selesai=time(tutup), **facts)
            for d in days
        ),
    )


def of(session: Session, sebutan: str) -> Kalender:
    return load_kalender(session, unit(session, sebutan))


def served(session: Session, sebutan: str, bulan: int, hari: int) -> float:
    """Return the service minutes of a day of 2027."""
    day = wib(bulan, hari, 0)
    return menit(day, day + timedelta(days=1), of(session, sebutan))


@pytest.fixture(autouse=True)
def _leave_no_rows(session: Session) -> Iterator[None]:
    yield
    session.rollback()


def test_a_kelurahan_inherits_from_its_kecamatan_and_an_rt_from_its_rw(session: Session) -> None:
    # 25 January 2027 is a Monday: office 07.30–16.00, RT and RW 06.00–21.00 (seed).
    assert served(session, KELURAHAN, 1, 25) == served(session, KECAMATAN, 1, 25) == 510
    assert served(session, RT, 1, 25) == 900
    assert served(session, RT, 1, 24) == 900, "RT and RW are at hand on Sunday too"


def test_friday_15_50_and_35_minutes_end_on_monday_07_55(session: Session) -> None:
    due = tambah(wib(11, 27, 15, 50, 2026), 35, of(session, KELURAHAN))
    assert due == wib(11, 30, 7, 55, 2026)


def test_own_hours_replace_inherited_ones_whole(session: Session) -> None:
    hours(session, KELURAHAN, 9, 10, Hari.SENIN)
    assert served(session, KELURAHAN, 1, 25) == 60
    assert served(session, KELURAHAN, 1, 26) == 0, "no Tuesday of the kecamatan beside it"
    assert served(session, KECAMATAN, 1, 26) == 510


def test_a_break_leaves_two_intervals(session: Session) -> None:
    hours(session, KELURAHAN, 8, 12, Hari.SENIN)
    hours(session, KELURAHAN, 13, 16, Hari.SENIN)
    assert tambah(wib(1, 25, 11, 50), 20, of(session, KELURAHAN)) == wib(1, 25, 13, 10)


def test_ramadan_hours_win_on_their_dates_only_and_the_calendar_is_right_on_both_sides(
    session: Session,
) -> None:
    hours(session, KECAMATAN, 8, 15, Hari.SENIN, Hari.SELASA, **PUASA)
    assert served(session, KELURAHAN, 2, 1) == 510, "the Monday before"
    assert served(session, KELURAHAN, 2, 8) == served(session, KELURAHAN, 3, 9) == 420
    assert served(session, KELURAHAN, 2, 10) == 510, "a weekday the period does not name"
    assert served(session, KELURAHAN, 3, 15) == 510, "the Monday after"
    # 30 minutes on Tuesday 9 March, the last day of the period, then from 07.30 on Wednesday.
    assert tambah(wib(3, 9, 14, 30), 35, of(session, KELURAHAN)) == wib(3, 10, 7, 35)


def test_the_period_that_began_last_wins(session: Session) -> None:
    hours(session, KECAMATAN, 7, 8, Hari.SENIN, tanggal_mulai=date(2027, 1, 1))
    hours(session, KECAMATAN, 8, 15, Hari.SENIN, **PUASA)
    assert [served(session, KECAMATAN, 2, day) for day in (1, 8)] == [60, 420]
    assert served(session, KECAMATAN, 3, 15) == 60


def test_a_kelurahan_with_hours_for_a_period_alone_inherits_outside_it(session: Session) -> None:
    hours(session, KELURAHAN, 8, 10, Hari.SENIN, **PUASA)
    assert served(session, KELURAHAN, 2, 8) == 120
    assert served(session, KELURAHAN, 2, 9) == 0, "closed on the days it leaves out then"
    assert served(session, KELURAHAN, 3, 16) == 510


def test_ramadan_hours_of_the_kecamatan_do_not_touch_an_rt_with_its_own(session: Session) -> None:
    hours(session, KECAMATAN, 8, 15, Hari.SENIN, **PUASA)
    assert served(session, RT, 2, 8) == 900


def test_a_dated_row_alone_changes_its_date_and_inherits_the_rest(session: Session) -> None:
    khusus = date(2027, 1, 26)
    row = JamLayanan(tanggal=khusus, mulai=time(8), selesai=time(12))
    row.wilayah_id = unit(session, KELURAHAN)
    add(session, row)
    assert [served(session, KELURAHAN, 1, day) for day in (25, 26, 27)] == [510, 240, 510]
    assert served(session, KECAMATAN, 1, 26) == 510


def test_a_dated_row_opens_a_holiday(session: Session) -> None:
    kecamatan = unit(session, KECAMATAN)
    libur = HariLibur(tanggal=date(2027, 1, 25), nama="Libur", jenis=JenisLibur.CUTI_BERSAMA)
    add(session, libur)
    assert served(session, KELURAHAN, 1, 25) == served(session, RT, 1, 25) == 0
    add(
        session,
        JamLayanan(wilayah_id=kecamatan, tanggal=date(2027, 1, 25), mulai=time(8), selesai=time(9)),
    )
    assert served(session, KELURAHAN, 1, 25) == 60
    assert served(session, RT, 1, 25) == 0, "the RT has hours of its own, and is closed"


def test_a_holiday_of_one_kelurahan_closes_it_and_its_rts_alone(session: Session) -> None:
    libur = HariLibur(tanggal=date(2027, 1, 25), nama="Bersih desa", jenis=JenisLibur.CUTI_BERSAMA)
    libur.wilayah_id = unit(session, KELURAHAN)
    add(session, libur)
    assert [served(session, u, 1, 25) for u in (KELURAHAN, RT, KECAMATAN)] == [0, 0, 510]


def test_rows_without_a_unit_serve_where_no_unit_speaks(session: Session) -> None:
    with unscoped(session, "uji mengosongkan jadwal"):
        session.execute(delete(JamLayanan))
    hours(session, None, 10, 11, Hari.SENIN)
    assert served(session, KELURAHAN, 1, 25) == served(session, RT, 1, 25) == 60
    hours(session, RW, 6, 8, Hari.SENIN)
    assert served(session, RT, 1, 25) == 120


def test_without_any_hours_there_is_no_deadline(session: Session) -> None:
    with unscoped(session, "uji mengosongkan jadwal"):
        session.execute(delete(JamLayanan))
    assert tambah(wib(1, 25, 9), 5, of(session, KELURAHAN)) is None


def test_rows_that_overlap_count_once_also_up_to_midnight(session: Session) -> None:
    hours(session, KELURAHAN, 8, 12, Hari.SENIN)
    hours(session, KELURAHAN, 10, 13, Hari.SENIN)
    hours(session, KELURAHAN, 9, 10, Hari.SENIN)
    assert served(session, KELURAHAN, 1, 25) == 300
    hours(session, KELURAHAN, 12, 0, Hari.SENIN)
    hours(session, KELURAHAN, 14, 15, Hari.SENIN)
    assert served(session, KELURAHAN, 1, 25) == 16 * 60


def test_a_special_date_takes_no_period(session: Session) -> None:
    row = JamLayanan(tanggal=date(2027, 1, 25), mulai=time(8), selesai=time(9), **PUASA)
    with pytest.raises(DataTidakValidError) as refused:
        add(session, row)
    assert list(refused.value.fields) == ["tanggal_mulai"]


def test_the_calendars_of_all_units_take_one_query(session: Session, portal: Portal) -> None:
    units = list(session.scalars(select(Wilayah.id)))
    with counted(portal.engine) as sent:
        kalenders = load_kalenders(session, units)
    assert len(sent) == 1
    assert set(kalenders) == set(units)
    with counted(portal.engine) as sent:
        assert load_kalender(session, units[-1]) == kalenders[units[-1]]
        assert load_kalenders(session, ()) == {}
    assert len(sent) == 1
