"""When a berkas will be done: pure arithmetic first, then through the database, cheaply."""

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.policy import unscoped
from app.routing import JenisAksi, Kalender
from app.services.antrean import load_halaman
from app.services.berkas import load_babak
from app.services.kalender import load_kalender, load_kalenders
from app.services.mengapa import load_mengapa
from app.services.perkiraan import Langkah, desks_ahead, load_lama, load_perkiraan, perkirakan
from tests.conftest import Portal
from tests.walk import SENIN, act_as, file_sktm, take, unit, walk

KANTOR = Kalender({hari: ((time(8), time(15, 30)),) for hari in range(5)})
TERUS = Kalender({hari: ((time(), time()),) for hari in range(7)})
TETANGGA = "rt002rw002.pilang"
"""An RT head whom no other test here lets act."""

JAM = {1: KANTOR, 2: TERUS}


def wib(hari: int, jam: int, menit: int = 0) -> datetime:
    return datetime(2026, 11, hari, jam - 7, menit, tzinfo=UTC)


def test_steps_follow_one_another_in_service_time() -> None:
    langkah = [Langkah(1, 0, 1, 20), Langkah(1, 0, 1, 15)]
    assert perkirakan(langkah, JAM, wib(23, 9), wib(23, 9)) == wib(23, 9, 35)
    assert perkirakan(langkah, JAM, wib(20, 15, 10), wib(20, 15, 10)) == wib(23, 8, 15)


def test_who_waits_before_is_served_before_by_as_many_as_sit_there() -> None:
    assert perkirakan([Langkah(1, 4, 1, 5)], JAM, wib(23, 9), wib(23, 9)) == wib(23, 9, 25)
    assert perkirakan([Langkah(1, 4, 2, 5)], JAM, wib(23, 9), wib(23, 9)) == wib(23, 9, 15)
    # The queue of a later desk shrinks while the berkas is still on its way there.
    dua = [Langkah(2, 0, 1, 60), Langkah(1, 4, 1, 5)]
    assert perkirakan(dua, JAM, wib(23, 9), wib(23, 9)) == wib(23, 10, 5)


def test_what_is_late_already_is_expected_from_now_on() -> None:
    late = perkirakan([Langkah(1, 0, 1, 5), Langkah(1, 0, 1, 5)], JAM, wib(23, 9), wib(23, 11))
    assert late == wib(23, 11, 6)


def test_an_empty_desk_and_one_that_never_opens_have_no_estimate() -> None:
    never = {1: Kalender({})}
    assert perkirakan([Langkah(1, 0, 0, 5)], JAM, wib(23, 9), wib(23, 9)) is None
    assert perkirakan([Langkah(1, 0, 1, 5)], never, wib(23, 9), wib(23, 9)) is None


@pytest.mark.usefixtures("app")
def test_many_calendars_at_once_equal_each_by_itself(session: Session) -> None:
    units = [unit(session, name) for name in ("RT 001/RW 002 Pilang", "Kelurahan Pilang")]
    units.append(unit(session, "Kecamatan Kademangan"))
    found = load_kalenders(session, units)
    assert found == {u: load_kalender(session, u) for u in units}
    assert found[units[0]] != found[units[1]]


def estimate(session: Session, berkas_id: int, now: datetime) -> datetime | None:
    act_as(session, "camat", now)
    return load_mengapa(session, load_halaman(session, berkas_id), now).selesai


def test_a_fresh_sktm_is_done_after_the_minutes_of_its_sop(session: Session) -> None:
    berkas_id = file_sktm(session)
    assert estimate(session, berkas_id, SENIN) == SENIN + timedelta(minutes=35)


def test_a_queue_ahead_delays_and_an_end_has_no_estimate(session: Session) -> None:
    mine = file_sktm(session)
    alone = estimate(session, mine, SENIN)
    late = file_sktm(session)
    assert estimate(session, mine, SENIN) == alone
    behind = estimate(session, late, SENIN)
    assert alone is not None
    assert behind is not None
    assert behind > alone
    walk(session, mine)
    assert estimate(session, mine, SENIN) is None


def test_the_past_of_a_desk_speaks_after_five_visits(session: Session) -> None:
    now = SENIN + timedelta(hours=1)
    for nomor in range(5):
        filed = SENIN + timedelta(minutes=nomor)
        berkas_id = file_sktm(session, TETANGGA, "RT 002/RW 002 Pilang", filed)
        take(session, TETANGGA, berkas_id, JenisAksi.SETUJUI, filed + timedelta(minutes=2))
        assert lama_of(session, berkas_id, now).get("01_ketua_rt") == (2 if nomor == 4 else None)


def lama_of(session: Session, berkas_id: int, now: datetime) -> dict[str, int]:
    with unscoped(session, "uji"):
        fresh = load_babak(session, session.get_one(Berkas, berkas_id), now)
        first = fresh.keadaan.kunjungan[0].meja
        assert first is not None
        desks = (first, *desks_ahead(fresh.alur, fresh.keadaan, fresh.dunia))
        jam = load_kalenders(session, {m.wilayah_id for m in desks})
        return load_lama(session, desks, fresh.berkas.layanan_id, jam, now)


def test_the_estimate_and_the_reasons_cost_the_same_however_long_the_queue(
    app: Flask, portal: Portal, session: Session
) -> None:
    mine = file_sktm(session)
    counts = []
    for more in (0, 6):
        for _ in range(more):
            walk(session, file_sktm(session), stop=2)
        act_as(session, "camat")
        halaman = load_halaman(session, mine)
        with unscoped(session, "uji"):
            babak = load_babak(session, halaman.berkas, SENIN)
            counts.append(count(portal, lambda: load_perkiraan(session, babak, SENIN)))  # noqa: B023
        counts.append(count(portal, lambda: load_mengapa(session, halaman, SENIN)))  # noqa: B023
    assert counts == [4, counts[1], 4, counts[1]]
    assert counts[1] <= 20


def count(portal: Portal, call: object) -> int:
    """Return how many statements the call sends."""
    seen: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    event.listen(portal.engine, "before_cursor_execute", note)
    try:
        call()  # type: ignore[operator]
    finally:
        event.remove(portal.engine, "before_cursor_execute", note)
    return len(seen)
