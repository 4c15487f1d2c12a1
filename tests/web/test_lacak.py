"""Lacak Berkas on the page: one answer to every bad code, nothing in addresses, a limit."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

import app as package
from app.extensions import db
from app.models.berkas import Berkas
from app.models.engine import writing
from app.models.policy import unscoped
from app.services.kode_lacak import hmac_of, new_kode
from config import load_config
from tests.conftest import Portal
from tests.walk import file_sktm, walk
from tests.web.halaman import Halaman, open_page, send


def give_kode(app: Flask, portal: Portal, stop: int, **facts: object) -> str:
    """File an SKTM, let ``stop`` officers act, give it a code; return the code."""
    kode = new_kode()
    with Session(portal.engine) as session:
        berkas_id = file_sktm(session)
        walk(session, berkas_id, stop=stop)
        with writing(), unscoped(session, "uji memberi kode lacak"):
            berkas = session.get_one(Berkas, berkas_id)
            berkas.kode_lacak_hmac = hmac_of(kode, app.config["SECRET_KEY"])
            for name, value in facts.items():
                setattr(berkas, name, value)
            session.commit()
    return kode


def track(client: FlaskClient, kode: str) -> Halaman:
    return send(client, open_page(client, "/lacak/").form("kode"), kode=kode)


def without_noise(page: Halaman, kode: str) -> str:
    """Return the page without what differs by request: the token, and what was typed."""
    html = re.sub(r'name="csrf_token" value="[^"]+"', "", page.text)
    return html.replace(f'value="{kode}"', 'value=""')


def test_a_code_shows_status_post_steps_and_minutes(
    app: Flask, portal: Portal, client: FlaskClient
) -> None:
    page = track(client, give_kode(app, portal, stop=4))
    assert (page.status, page.url) == (200, "/lacak/")
    assert page.h1 == "Surat Keterangan Tidak Mampu"
    for part in ("Menunggu Tanda Tangan", "Lurah Pilang", "4 dari 9 tahapan selesai"):
        assert part in page.main
    assert "Tidak Dipungut Biaya" in page.main
    assert "dari janji 35 menit" in page.main


def test_the_page_holds_no_code_no_number_and_no_name(
    app: Flask, portal: Portal, client: FlaskClient
) -> None:
    kode = give_kode(app, portal, stop=1, nama_pemohon="Pemohon Rahasia", nomor="NOMOR-RAHASIA")
    page = track(client, kode)
    assert page.status == 200
    assert "Rahasia" not in page.text
    assert "RAHASIA" not in page.text
    assert kode not in page.text
    assert kode.replace("-", "") not in page.text


def test_wrong_malformed_and_expired_codes_get_the_same_page(
    app: Flask, portal: Portal, client: FlaskClient
) -> None:
    expired = give_kode(app, portal, stop=9)
    app.config["BANGKIT_LACAK_HARI"], days = 0, app.config["BANGKIT_LACAK_HARI"]
    try:
        answers = {kode: track(client, kode) for kode in (new_kode(), expired, "salah", "☃", "")}
    finally:
        app.config["BANGKIT_LACAK_HARI"] = days
    assert {page.status for page in answers.values()} == {422}
    assert len({without_noise(page, kode) for kode, page in answers.items()}) == 1
    assert "Kode ini tidak ditemukan" in answers[expired].main
    assert track(client, expired).status == 200


def test_what_was_typed_stays_in_the_field(client: FlaskClient) -> None:
    page = track(client, 'salah"><b>')
    assert page.form("kode").fields["kode"] == 'salah"><b>'


def test_a_code_in_an_address_opens_nothing(
    app: Flask, portal: Portal, client: FlaskClient
) -> None:
    kode = give_kode(app, portal, stop=1)
    answer = client.get("/lacak/", query_string={"kode": kode})
    assert answer.status_code == 200
    assert "Surat Keterangan" not in answer.get_data(as_text=True)
    assert client.get(f"/lacak/{kode}/").status_code == 404
    assert open_page(client, "/lacak/").form("kode").method == "post"


def test_tracking_answers_while_somebody_else_is_writing(
    app: Flask, portal: Portal, client: FlaskClient
) -> None:
    kode = give_kode(app, portal, stop=1)
    form = open_page(client, "/lacak/").form("kode")
    with portal.engine.connect() as connection:
        with writing():
            connection.execute(text("UPDATE wilayah SET revisi = revisi"))
        page = send(client, form, kode=kode)
        connection.rollback()
    assert page.status == 200


@pytest.fixture
def limited(portal: Portal, app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """A second app on the same database with a small limit."""
    environ = {"DATABASE_URL": portal.url, "BANGKIT_BATAS_LACAK": "3 per 5 minute"}
    other = package.create_app(load_config(environ, tmp_path))
    yield other
    with other.app_context():
        db.engine.dispose()


def test_one_address_may_try_only_so_many_codes(limited: Flask) -> None:
    client = limited.test_client()
    form = open_page(client, "/lacak/").form("kode")
    statuses = [send(client, form, kode=new_kode()).status for _ in range(5)]
    assert statuses == [422, 422, 422, 429, 429]
    assert open_page(client, "/lacak/").status == 200, "looking at the form is not limited"
    assert open_page(client, "/layanan/").status == 200
    elsewhere = limited.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "10.1.2.3"
    assert track(elsewhere, new_kode()).status == 422


def test_a_refused_try_says_so_in_words(limited: Flask) -> None:
    client = limited.test_client()
    form = open_page(client, "/lacak/").form("kode")
    pages = [send(client, form, kode="salah") for _ in range(4)]
    assert pages[-1].h1 == "Terlalu banyak percobaan"
