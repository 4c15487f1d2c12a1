"""A row that another transaction holds too long: a page that says so, not a crash."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.engine import LOCK_SECONDS, writing
from tests.conftest import Portal
from tests.walk import PENGAJU, file_sktm
from tests.web.halaman import Halaman, open_page, sign_in


@pytest.fixture(params=["sqlite_portal", "postgres_portal"])
def portal_of(request: pytest.FixtureRequest) -> Portal:
    portal: Portal = request.getfixturevalue(request.param)
    portal.restore()
    return portal


def test_an_act_on_a_held_berkas_is_answered_after_the_time_out(portal_of: Portal) -> None:
    with Session(portal_of.engine) as session:
        berkas_id = file_sktm(session)
    rt = sign_in(portal_of.app, PENGAJU)
    page = open_page(rt, f"/berkas/{berkas_id}/")
    token = page.soup.select_one("meta[name=csrf-token]")["content"]
    sent = {"csrf_token": token, "ke": "1", "jenis": "setujui", "kunci": uuid4().hex}
    url = f"/berkas/{berkas_id}/tindak/"
    with Session(portal_of.engine) as session:
        with writing():
            session.execute(text("UPDATE berkas SET beku = beku WHERE id = :id"), {"id": berkas_id})
        held = Halaman(url, rt.post(url, data={**sent, "catatan": "Sudah diperiksa"}))
        session.rollback()
    assert held.status == 409
    assert "sedang dikerjakan permintaan lain" in held.main
    assert "Sudah diperiksa" in held.soup.select_one("textarea").get_text()
    assert rt.post(url, data=sent).status_code == 302


def test_the_time_out_of_postgresql_outlives_a_rollback(postgres_portal: Portal) -> None:
    postgres_portal.restore()
    with Session(postgres_portal.engine) as session:
        session.execute(text("SELECT 1"))
        session.rollback()
        assert session.scalar(text("SHOW lock_timeout")) == f"{LOCK_SECONDS}s"
