"""The sandbox: one tap away, clearly marked, and nothing crosses over in either direction."""

import re
from collections import deque
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session
from werkzeug.test import Client

from app import create_app
from app.models.berkas import Berkas
from app.models.policy import unscoped
from app.web.ruang_latihan import RuangLatihan
from config import load_config
from tests.conftest import Portal
from tests.web.halaman import SANDI, sign_in
from tests.web.pembaca import HOST, Pembaca, pattern_of

PANITIA = "MODE LATIHAN – data rekaan, tidak ada yang dikirim"
APART = ("/latihan/keluar/", "/latihan/bahasa/")


class Peramban:
    """A browser that follows where it is sent, below a mount point too (the test client cannot)."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, url: str, data: dict[str, str] | None = None) -> Pembaca:
        answer = self.client.post(url, data=data) if data else self.client.get(url)
        while answer.status_code in (301, 302, 303, 308):
            url = urljoin(HOST + url, answer.location).removeprefix(HOST)
            answer = self.client.get(url)
        self.status, self.text = answer.status_code, answer.get_data(as_text=True)
        return Pembaca(url, self.text if answer.mimetype == "text/html" else "")

    def send(self, page: Pembaca, url: str, **changes: str) -> Pembaca:
        (form,) = [f for f in page.forms if urlsplit(f.url).path == url][:1]
        return self.open(form.url, {**form.fields, **changes})


@pytest.fixture(scope="module")
def ruang(app: Flask) -> RuangLatihan:
    found: RuangLatihan = app.extensions["latihan"]
    found.reset()
    return found


def masuk(app: Flask, peran: str, username: str = "rt001rw002.pilang") -> tuple[Peramban, Pembaca]:
    """Go into the sandbox from the portal, by one button."""
    peramban = Peramban(sign_in(app, username))
    page = peramban.send(peramban.open("/berlatih/"), "/berlatih/", peran=peran)
    return peramban, page


def jumlah_berkas(uri: str) -> int:
    engine = create_engine(uri)
    with Session(engine) as session, unscoped(session, "uji menghitung"):
        count = session.scalar(select(func.count(Berkas.id)))
    engine.dispose()
    return count or 0


def isi_sandbox(ruang: RuangLatihan) -> str:
    return str(ruang.app().config["SQLALCHEMY_DATABASE_URI"])


def test_an_officer_is_one_tap_from_practising_as_the_own_peran(
    app: Flask, ruang: RuangLatihan
) -> None:
    peramban = Peramban(sign_in(app, "lurah.pilang"))
    assert any(link == "/berlatih/" for link in peramban.open("/").links)
    page = peramban.open("/berlatih/")
    first = re.search(r'name="peran" value="(\w+)"', peramban.text)
    assert first is not None
    assert first[1] == "lurah"

    inside = peramban.send(page, "/berlatih/", peran="lurah")
    assert inside.url == "/latihan/tugas/"
    assert inside.title.startswith("Latihan: ")
    assert PANITIA in inside.texts
    assert "Anda kini Lurah" in inside.texts
    queue = peramban.open("/latihan/berkas/masuk/")
    assert any(re.fullmatch(r"/latihan/berkas/\d+/", urlsplit(u).path) for u in queue.links)


def test_a_berkas_of_the_sandbox_is_not_in_the_portal_and_its_exercises_are_ticked(
    app: Flask, portal: Portal, ruang: RuangLatihan
) -> None:
    before = jumlah_berkas(portal.url), jumlah_berkas(isi_sandbox(ruang))
    peramban, _ = masuk(app, "ketua_rt")
    found = peramban.open("/latihan/berkas/baru/SKTM/?cari=a")
    resident = next(u for u in found.links if re.search(r"/SKTM/\d+/$", u))
    form = peramban.open(resident)
    seen = dict.fromkeys(re.findall(r'name="(syarat-\d+)"', peramban.text), "1")
    peramban.send(
        *(form, resident),
        **seen,
        keperluan="Latihan beasiswa",
        penghasilan="Tidak ada",
        tanggungan="2",
        langsung="1",
    )
    assert peramban.status == 200
    after = jumlah_berkas(portal.url), jumlah_berkas(isi_sandbox(ruang))
    assert after == (before[0], before[1] + 1)

    tugas = peramban.open("/latihan/tugas/")
    assert "Tugas: 2 dari 5" in tugas.texts
    rw = peramban.send(tugas, "/latihan/peran/", peran="ketua_rw")
    assert "Anda kini Ketua RW" in rw.texts
    assert "Tugas: 2 dari 5" in rw.texts


def test_a_session_of_one_is_nothing_in_the_other(app: Flask, ruang: RuangLatihan) -> None:
    outside = Peramban(sign_in(app, "camat"))
    assert outside.open("/latihan/").url == "/berlatih/"
    assert outside.open("/latihan/data/penduduk/").url == "/berlatih/"

    inside, _ = masuk(app, "lurah")
    cookie = inside.client.get_cookie("latihan", path="/latihan/")
    assert cookie is not None
    assert cookie.http_only
    stranger = app.test_client()
    stranger.set_cookie("session", cookie.value)
    assert urlsplit(stranger.get("/").location).path == "/login/"
    portal_cookie = inside.client.get_cookie("session")
    assert portal_cookie is not None
    stranger.set_cookie("latihan", portal_cookie.value, path="/latihan/")
    assert urlsplit(Peramban(stranger).open("/latihan/").url).path == "/login/"


def test_nobody_signs_in_to_the_sandbox_with_a_password(app: Flask, ruang: RuangLatihan) -> None:
    client = app.test_client()
    client.set_cookie("latihan", "bangun", path="/latihan/")
    assert client.get("/latihan/login/").location == "/berlatih/"
    body = {"username": "lurah.pilang", "password": SANDI, "provider": "db"}
    assert client.post("/latihan/api/v1/security/login", json=body).status_code == 401
    real = client.post("/api/v1/security/login", json=body).get_json()["access_token"]
    answer = client.get("/latihan/api/v1/penduduk/", headers={"Authorization": f"Bearer {real}"})
    assert answer.status_code in (401, 422)


def test_only_a_fresh_token_of_the_portal_opens_the_door(app: Flask, ruang: RuangLatihan) -> None:
    key = ruang.app().config["SECRET_KEY"]
    assert key != app.config["SECRET_KEY"]
    for forged in (
        "",
        "bukan-token",
        URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="pintu latihan").dumps(["camat", 0]),
        URLSafeTimedSerializer(key, salt="lain").dumps(["camat", 0]),
    ):
        answer = app.test_client().get("/latihan/masuk/", query_string={"kunci": forged})
        assert answer.location == "/berlatih/"
    client = sign_in(app, "camat")
    assert client.post("/berlatih/", data={"peran": "admin_kecamatan"}).status_code in (400, 404)


@pytest.mark.lambat
@pytest.mark.parametrize("peran", ["ketua_rt", "lurah"])
def test_every_page_of_the_sandbox_is_marked_and_leads_nowhere_else(
    app: Flask, ruang: RuangLatihan, peran: str
) -> None:
    peramban, start = masuk(app, peran)
    queue, seen, wrong = deque([start.url, "/latihan/"]), {"/latihan/tugas/?", "/latihan/?"}, []
    while queue:
        url = queue.popleft()
        page = peramban.open(url)
        if not page.title:  # a file
            continue
        is_marked = PANITIA in page.texts and page.title.startswith("Latihan: ")
        inside = [u for u in page.links if not u.startswith("/static/")]
        away = [u for u in (*inside, *(f.url for f in page.forms)) if not u.startswith("/latihan/")]
        if peramban.status != 200 or not is_marked or page.foreign or away:
            wrong.append((url, peramban.status, page.title, page.foreign, away))
        new = {pattern_of(u): u for u in inside if not u.startswith(APART)}
        queue += [u for kind, u in new.items() if kind not in seen]
        seen |= new.keys()
    assert not wrong
    assert len(seen) > 15


def test_the_sandbox_begins_anew_each_day_and_by_a_button(
    app: Flask, ruang: RuangLatihan, monkeypatch: pytest.MonkeyPatch
) -> None:
    peramban, _ = masuk(app, "ketua_rt")
    first = jumlah_berkas(isi_sandbox(ruang))
    page = peramban.open("/latihan/tugas/")
    anew = peramban.send(page, "/latihan/ulang/")
    assert "Data latihan kembali ke keadaan awal." in anew.texts
    assert "Tugas: 0 dari 5" in anew.texts
    assert jumlah_berkas(isi_sandbox(ruang)) <= first

    count = []
    monkeypatch.setattr(ruang, "_begin_again", lambda: count.append(1))
    ruang.app()
    assert not count
    today = ruang._today()
    monkeypatch.setattr(ruang, "_today", lambda: today[:-10] + "2099-01-01")
    ruang.app()
    assert count == [1]


def test_a_stranger_does_not_wake_a_sleeping_sandbox(tmp_path: Path) -> None:
    made: list[int] = []
    sleeping = RuangLatihan(tmp_path, lambda: made.append(1), lambda: None)  # type: ignore[arg-type,func-returns-value]
    answer = Client(sleeping).get("/data/penduduk/", base_url="http://localhost/latihan")
    assert urlsplit(answer.location).path == "/berlatih/"
    assert not made


def test_a_setting_switches_it_off(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    config = load_config({"DATABASE_URL": url, "BANGKIT_LATIHAN": "tidak"}, tmp_path)
    off = create_app({**config, "TESTING": True})
    assert "latihan" not in off.extensions
    assert "/berlatih/" not in {rule.rule for rule in off.url_map.iter_rules()}
    assert not (tmp_path / "latihan").exists()
