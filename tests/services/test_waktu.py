"""The three clocks through the services: a holiday and a return in between add nothing."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models.hari_libur import HariLibur
from app.models.jam_layanan import JamLayanan
from app.models.policy import unscoped
from app.routing import JenisAksi, Menit
from app.services.antrean import list_antrean
from app.services.waktu import Waktu, load_waktu
from tests.conftest import Portal
from tests.services.jam import (
    LOKET,
    ajukan_di_loket,
    baca_berkas,
    jenis_dari,
    kunjungan_terakhir,
    liburkan,
    perbaiki,
    riwayat_dari,
    sapu_pada,
    terbitkan_satu_meja,
    wib,
)
from tests.walk import act_as, file_sktm, take, walk

JUMAT = wib(11, 27, 15, 50)
KEMBALI = {"alasan": "tidak_lengkap", "catatan": "Foto KK buram"}


@pytest.fixture(scope="module", autouse=True)
def _layanan(portal: Portal, app: object) -> None:
    with Session(portal.engine) as session:
        terbitkan_satu_meja(session)


@pytest.fixture(autouse=True)
def _tanpa_libur_uji(session: Session) -> Iterator[None]:
    yield
    session.rollback()
    with unscoped(session, "uji menghapus libur"):
        session.execute(delete(HariLibur).where(HariLibur.nama == "Libur"))
        session.commit()


def clocks(session: Session, berkas_id: int, now: datetime) -> Waktu:
    act_as(session, LOKET)
    berkas, rows = baca_berkas(session, berkas_id), riwayat_dari(session, berkas_id)
    return load_waktu(session, berkas, rows, now)


def test_friday_15_50_and_35_minutes_is_due_on_monday_07_55(session: Session) -> None:
    berkas_id = ajukan_di_loket(session, JUMAT)
    due = wib(11, 30, 7, 55)
    assert kunjungan_terakhir(session, berkas_id).batas_waktu == due
    assert baca_berkas(session, berkas_id).batas_waktu == due
    waktu = clocks(session, berkas_id, due)
    assert (waktu.janji_menit, waktu.janji_total_menit) == (35, 35)
    assert waktu.warga == due - JUMAT
    weekend = (wib(11, 30, 7, 30) - wib(11, 27, 16)) / timedelta(minutes=1)
    assert waktu.menit == {1: Menit(tunggu=35, tutup=weekend)}


def test_a_holiday_in_between_adds_nothing(session: Session, portal: Portal) -> None:
    berkas_id = ajukan_di_loket(session, JUMAT)
    liburkan(session, date(2026, 11, 30))
    sapu_pada(portal.engine, wib(11, 27, 15, 55))
    assert kunjungan_terakhir(session, berkas_id).batas_waktu == wib(12, 1, 7, 55)
    assert baca_berkas(session, berkas_id).batas_waktu == wib(12, 1, 7, 55)
    assert jenis_dari(session, berkas_id) == ["ajukan", "hitung_ulang"]
    assert clocks(session, berkas_id, wib(11, 30, 23)).janji_menit == 10
    assert clocks(session, berkas_id, wib(12, 1, 7, 55)).janji_menit == 35


def test_a_return_in_between_adds_nothing_to_the_promise(session: Session) -> None:
    berkas_id = ajukan_di_loket(session, JUMAT)
    take(session, LOKET, berkas_id, JenisAksi.KEMBALIKAN, wib(11, 27, 15, 55), **KEMBALI)
    # Three service days at the pemohon: the promise stands at five minutes, the resident's runs.
    waktu = clocks(session, berkas_id, wib(12, 2, 10))
    assert waktu.janji_menit == 5
    assert waktu.warga == wib(12, 2, 10) - JUMAT
    assert waktu.hari_kerja is None
    perbaiki(session, berkas_id, wib(12, 4, 15, 55))
    # A new visit, a new clock (ROUTING §3 case 4): 35 minutes on Friday 4 December from 15.55.
    assert kunjungan_terakhir(session, berkas_id).batas_waktu == wib(12, 7, 8)
    assert clocks(session, berkas_id, wib(12, 5, 12)).janji_menit == 10
    waktu = clocks(session, berkas_id, wib(12, 7, 7, 40))
    assert waktu.janji_menit == 20
    assert waktu.menit[2].ulang == 15


def test_holiday_and_return_together_add_nothing(session: Session, portal: Portal) -> None:
    berkas_id = ajukan_di_loket(session, JUMAT)
    take(session, LOKET, berkas_id, JenisAksi.KEMBALIKAN, wib(11, 27, 15, 52), **KEMBALI)
    liburkan(session, date(2026, 11, 30))
    perbaiki(session, berkas_id, wib(11, 29, 20))
    assert kunjungan_terakhir(session, berkas_id).batas_waktu == wib(12, 1, 8, 5)
    assert clocks(session, berkas_id, wib(12, 1, 8, 3)).janji_menit == 35
    take(session, LOKET, berkas_id, JenisAksi.SETUJUI, wib(12, 1, 8, 3))
    waktu = clocks(session, berkas_id, wib(12, 31, 9))
    assert (waktu.janji_menit, waktu.warga) == (35, wib(12, 1, 8, 3) - JUMAT)


def test_the_legal_clock_counts_five_working_days_from_completeness(session: Session) -> None:
    berkas_id = ajukan_di_loket(session, JUMAT)
    assert baca_berkas(session, berkas_id).tenggat_hukum == date(2026, 12, 4)
    days = [clocks(session, berkas_id, wib(*day, 9)) for day in ((11, 27), (11, 30), (12, 2))]
    assert [w.hari_kerja for w in days] == [0, 1, 3]
    assert [w.is_alarm_hukum for w in days] == [False, False, True]


def test_a_return_stops_the_legal_clock_and_the_correction_starts_it_anew(
    session: Session,
) -> None:
    berkas_id = ajukan_di_loket(session, JUMAT)
    take(session, LOKET, berkas_id, JenisAksi.KEMBALIKAN, wib(11, 30, 8), **KEMBALI)
    assert baca_berkas(session, berkas_id).tenggat_hukum is None
    perbaiki(session, berkas_id, wib(12, 18, 10))
    berkas = baca_berkas(session, berkas_id)
    assert berkas.waktu_lengkap == wib(12, 18, 10)
    # Cuti bersama and Natal on the 24th and 25th.
    assert berkas.tenggat_hukum == date(2026, 12, 29)


def test_an_undone_return_goes_on_with_the_old_legal_deadline(session: Session) -> None:
    berkas_id = ajukan_di_loket(session, JUMAT)
    take(session, LOKET, berkas_id, JenisAksi.KEMBALIKAN, wib(11, 30, 8), **KEMBALI)
    take(session, LOKET, berkas_id, JenisAksi.URUNGKAN, wib(11, 30, 8) + timedelta(seconds=30))
    berkas = baca_berkas(session, berkas_id)
    assert (berkas.waktu_lengkap, berkas.tenggat_hukum) == (JUMAT, date(2026, 12, 4))


def test_minutes_of_an_sktm_add_up_over_its_nine_desks(session: Session) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id)
    waktu = clocks(session, berkas_id, wib(12, 31, 9))
    assert waktu.janji_menit == 8, "one minute from each officer to the next"
    assert sorted(waktu.menit) == list(range(1, 10))
    assert waktu.hari_kerja is None, "the legal clock ends with the berkas"


def test_the_queue_is_ordered_by_time_left_and_tells_what_is_past_its_sop(
    session: Session,
) -> None:
    later = ajukan_di_loket(session, wib(11, 20, 9))
    earlier = ajukan_di_loket(session, wib(11, 20, 8))
    pelaku = act_as(session, LOKET)
    rows = {row.berkas_id: row for row in list_antrean(session, pelaku, wib(11, 20, 9, 5))}
    order = [id_ for id_ in rows if id_ in (later, earlier)]
    assert order == [earlier, later]
    assert rows[earlier].is_terlambat
    assert rows[earlier].sisa_menit == -30
    assert not rows[later].is_terlambat
    assert (rows[later].sisa_menit, rows[later].batas) == (30, wib(11, 20, 9, 35))


def test_a_desk_that_never_opens_gives_no_deadline_and_is_told(
    session: Session, portal: Portal
) -> None:
    with unscoped(session, "uji menutup semua meja"):
        kept = [
            {c.key: getattr(row, c.key) for c in JamLayanan.__mapper__.column_attrs}
            for row in session.scalars(select(JamLayanan))
        ]
        session.execute(delete(JamLayanan))
        session.commit()
    try:
        berkas_id = ajukan_di_loket(session, JUMAT)
        assert baca_berkas(session, berkas_id).batas_waktu is None
        assert baca_berkas(session, berkas_id).tenggat_hukum is None
        (row,) = [
            r
            for r in list_antrean(session, act_as(session, LOKET), JUMAT)
            if r.berkas_id == berkas_id
        ]
        assert (row.sisa_menit, row.batas, row.is_terlambat) == (None, None, False)
        hasil = sapu_pada(portal.engine, JUMAT)
        assert hasil.tanpa_tenggat >= 1
        assert jenis_dari(session, berkas_id) == ["ajukan"], "no deadline, so no rung fires"
    finally:
        session.rollback()
        with unscoped(session, "uji membuka meja lagi"):
            session.add_all(JamLayanan(**facts) for facts in kept)
            session.commit()
    # Hours are entered: the next sweep gives the deadline after all.
    sapu_pada(portal.engine, JUMAT + timedelta(minutes=1))
    assert baca_berkas(session, berkas_id).batas_waktu == wib(11, 30, 7, 55)
    assert baca_berkas(session, berkas_id).tenggat_hukum == date(2026, 12, 4)
