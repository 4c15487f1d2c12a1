"""Beranda and the queue: each box leads to what it counted, the oldest berkas stands first."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.penugasan import Penugasan
from app.models.policy import unscoped
from app.routing import JenisAksi
from app.services.antrean import list_antrean
from tests.conftest import Portal
from tests.walk import PENGAJU, SENIN, act_as, file_sktm, take, walk
from tests.web.halaman import open_page, sign_in


@pytest.fixture(scope="module")
def berkas(app: Flask, portal: Portal) -> tuple[int, int, int]:
    """Ids of a finished berkas, one that was returned, and a younger one at the first desk."""
    with Session(portal.engine) as session:
        done = file_sktm(session)
        walk(session, done)
        returned = file_sktm(session)
        take(session, PENGAJU, returned, JenisAksi.SETUJUI)
        facts = {"catatan": "Foto buram", "alasan": "tidak_lengkap", "kunci": uuid4().hex}
        take(session, "rw002.pilang", returned, JenisAksi.KEMBALIKAN, **facts)
        return done, returned, file_sktm(session, now=SENIN + timedelta(hours=1))


@pytest.mark.usefixtures("berkas")
def test_each_box_leads_to_the_rows_it_counted(app: Flask) -> None:
    client = sign_in(app, "camat")
    boxes = {
        box.get_text(" ", strip=True): str(box["href"])
        for box in open_page(client, "/").soup.select("a.kotak")
    }
    for text in ("2 Sedang berjalan", "1 Selesai"):
        page = open_page(client, boxes[text])
        assert len(page.soup.select("tbody tr")) == int(text.split()[0]), text


def test_the_oldest_of_the_queue_stands_first_also_when_it_came_back(
    session: Session, berkas: tuple[int, int, int]
) -> None:
    pelaku = act_as(session, PENGAJU)
    _, returned, younger = berkas
    assert [row.berkas_id for row in list_antrean(session, pelaku, SENIN)] == [returned, younger]


def test_a_large_number_is_written_the_indonesian_way(app: Flask) -> None:
    box = {"label": "Penduduk", "jumlah": 44290, "url": "/", "icon": "orang", "tone": "biasa"}
    with app.test_request_context("/"):
        page = render_template("beranda.html", kotak=[box], antrean=[])
        assert ">44.290<" in page


def test_someone_without_an_appointment_is_told_so(app: Flask, session: Session) -> None:
    text = "Anda tidak memegang tugas yang berlaku saat ini"
    client = sign_in(app, "kasi.trantib")
    assert text not in open_page(client, "/").main
    with unscoped(session, "uji mengakhiri tugas"):
        tugas = session.scalars(
            select(Penugasan).where(Penugasan.pengguna.has(username="kasi.trantib"))
        ).one()
        tugas.waktu_sampai = datetime.now(UTC)
    session.commit()
    assert text in open_page(client, "/").main
