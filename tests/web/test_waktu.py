"""What officers read of time: due times and lateness in queues, clocks and minutes of a berkas."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.models.jam_layanan import JamLayanan
from app.models.policy import unscoped
from app.routing import JenisAksi
from app.web.waktu import against_sop, say_minutes
from tests.conftest import Portal
from tests.services.jam import sapu_pada
from tests.walk import PENGAJU, SENIN, file_sktm, take
from tests.web.halaman import open_page, sign_in

LAMA = SENIN - timedelta(days=14)
"""A Monday two weeks before, so that all is late whenever the tests run after November 2026."""


@pytest.fixture(scope="module")
def terlambat(app: Flask, portal: Portal) -> int:
    """An SKTM at the desk of the RW, all of whose rungs have fired."""
    with Session(portal.engine) as session:
        berkas_id = file_sktm(session, now=LAMA)
        take(session, PENGAJU, berkas_id, JenisAksi.AMBIL, LAMA + timedelta(minutes=1))
        take(session, PENGAJU, berkas_id, JenisAksi.SETUJUI, LAMA + timedelta(minutes=7))
    sapu_pada(portal.engine, LAMA + timedelta(minutes=20))
    return berkas_id


def test_the_queue_and_beranda_tell_due_time_and_that_the_sop_is_passed(
    app: Flask, terlambat: int
) -> None:
    client = sign_in(app, "rw002.pilang")
    queue = open_page(client, "/berkas/masuk/").main
    assert "Melewati SOP" in queue
    assert "Batas 09-11-2026 09.10 WIB" in queue
    assert "1 Melewati SOP" in open_page(client, "/").main


def test_the_superior_finds_it_below_and_others_do_not(app: Flask, terlambat: int) -> None:
    for username, sees in (
        ("lurah.pilang", True),
        ("camat", True),
        ("rw002.pilang", False),
        ("rw001.pilang", False),
        ("lurah.ketapang", False),
    ):
        client = sign_in(app, username)
        page = open_page(client, "/berkas/masuk/")
        assert ("Terlambat di meja bawahan" in page.main) is sees, username
        links = {str(a["href"]) for a in page.soup.select("main a.baris")}
        assert (f"/berkas/{terlambat}/" in links) is (sees or username == "rw002.pilang")
    assert "1 Terlambat di meja bawahan" in open_page(sign_in(app, "lurah.pilang"), "/").main
    foreign = sign_in(app, "lurah.ketapang").get(f"/berkas/{terlambat}/")
    assert foreign.status_code == 404


def test_the_page_of_a_berkas_shows_the_clocks_and_each_step_against_its_sop(
    app: Flask, terlambat: int
) -> None:
    text = open_page(sign_in(app, "rw002.pilang"), f"/berkas/{terlambat}/").main
    assert "Janji layanan" in text
    assert "menit, melewati SOP" in text
    assert "Batas tahap ini 09-11-2026 09.10 WIB" in text
    assert "Sejak diajukan" in text
    assert "Tenggat hukum 16-11-2026 (sudah lewat)" in text
    assert "7 dari 5 menit, melewati SOP · menunggu 1 menit · dikerjakan 6 menit" in text
    assert "200% waktu tahap ini terpakai: Buka bagi atasan." in text


def test_the_legal_box_leads_to_just_what_it_counted(app: Flask, terlambat: int) -> None:
    client = sign_in(app, "lurah.pilang")
    (box,) = [
        box
        for box in open_page(client, "/").soup.select("a.kotak")
        if "Tenggat hukum mendekat" in box.get_text()
    ]
    rows = open_page(client, str(box["href"])).soup.select("tbody tr")
    assert box.get_text(" ", strip=True).split()[0] == str(len(rows)) == "1"


def test_a_desk_that_never_opens_is_an_alarm_on_page_queue_and_beranda(
    app: Flask, portal: Portal, terlambat: int
) -> None:
    with Session(portal.engine) as session, unscoped(session, "uji mengosongkan jadwal"):
        session.execute(delete(JamLayanan))
        session.commit()
    sapu_pada(portal.engine, datetime.now(UTC))
    alarm = "Tanpa tenggat: jam layanan unit ini kosong"
    client = sign_in(app, "rw002.pilang")
    assert alarm in open_page(client, "/berkas/masuk/").main
    assert alarm in open_page(client, f"/berkas/{terlambat}/").main
    client = sign_in(app, "camat")
    (box,) = [
        box
        for box in open_page(client, "/").soup.select("a.kotak")
        if "Tanpa tenggat" in box.get_text()
    ]
    rows = open_page(client, str(box["href"])).soup.select("tbody tr")
    assert box.get_text(" ", strip=True).split()[0] == str(len(rows)) == "1"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0.4, "0 menit"),
        (59.6, "1 jam"),
        (125, "2 jam 5 menit"),
        (-3, "3 menit"),
        (1440, "1 hari"),
        (3000, "2 hari 2 jam"),
    ],
)
def test_spans_are_said_as_people_say_them(app: Flask, minutes: float, text: str) -> None:
    with app.test_request_context("/"):
        assert say_minutes(minutes) == text
        assert say_minutes(3000, is_service=True) == "50 jam"


def test_minutes_are_past_the_sop_only_when_they_are_more(app: Flask) -> None:
    with app.test_request_context("/"):
        assert against_sop(5.4, 5) == "5 dari 5 menit"
        assert against_sop(1234, 5) == "1.234 dari 5 menit, melewati SOP"
