"""What every answer of the portal keeps to: headers, cookies, tokens, limits, its own errors."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

import app as package
from app.extensions import db
from config import load_config
from tests.conftest import Portal
from tests.web.halaman import HOST, SANDI, Halaman, open_page, send, sign_in, token_of

EVIL = ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)")
NIK = "3574010101900001"


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, "admin")


@pytest.fixture
def other_app(portal: Portal, app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """A second app on the same database, with a small limit and pages that fail."""
    environ = {"DATABASE_URL": portal.url, "BANGKIT_BATAS_MASUK": "3 per 5 minute"}
    other = package.create_app(load_config(environ, tmp_path))
    other.add_url_rule("/meledak/", view_func=_explode, methods=("GET", "POST"))
    other.add_url_rule("/api/v1/meledak/", "meledak_api", _explode)
    other.add_url_rule("/duplikat/", view_func=_duplicate)
    yield other
    with other.app_context():
        db.engine.dispose()


def _explode() -> str:
    raise RuntimeError(f"rahasia {NIK}")


def _duplicate() -> str:
    row = db.session.execute(text("SELECT nik FROM penduduk")).first()
    db.session.execute(text("UPDATE penduduk SET nik = :nik"), {"nik": row.nik})
    return "tidak sampai"


# Headers.

PAGES = {
    "login": ("/login/", 200),
    "Beranda": ("/", 200),
    "list": ("/data/wilayah/", 200),
    "form": ("/data/wilayah/new/", 200),
    "tree": ("/data/wilayah/pohon/", 200),
    "queue": ("/berkas/masuk/", 200),
    "CSV": ("/data/wilayah/export/csv/", 200),
    "not found": ("/tidak/ada/", 404),
    "API error": ("/api/v1/penduduk/", 401),
    "password": ("/resetmypassword/form", 200),
    "API page": ("/swagger/v1", 200),
    "look-up": ("/data/penduduk/ajax/lookup/?name=wilayah_id", 200),
}


@pytest.mark.parametrize("kind", PAGES)
def test_every_kind_of_answer_bears_the_headers(app: Flask, admin: FlaskClient, kind: str) -> None:
    url, status = PAGES[kind]
    client = app.test_client() if kind == "login" else admin
    response = client.get(url)
    assert response.status_code == status
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert re.search(r"script-src 'self' 'nonce-[\w-]{16,}'", policy)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "no-store"


def test_the_nonce_is_new_on_each_answer_and_scripts_need_it(admin: FlaskClient) -> None:
    policies = [admin.get("/").headers["Content-Security-Policy"] for _ in range(2)]
    assert policies[0] != policies[1]
    page = open_page(admin, "/data/penduduk/")
    for script in page.soup.select("script"):
        assert script.get("src", "").startswith("/static/") or script.get("nonce")
    inline = [
        a for tag in page.soup.find_all() for a in tag.attrs if re.match(r"on[a-z]+|style$", a)
    ]
    assert not inline


def test_static_files_may_be_cached(client: FlaskClient) -> None:
    with client.get("/static/bangkit.css") as response:
        assert response.status_code == 200
        assert "no-store" not in response.headers.get("Cache-Control", "")
        assert "Set-Cookie" not in response.headers


def test_https_is_asked_for_only_over_https(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/login/").headers
    secure = client.get("/login/", base_url="https://localhost")
    assert "max-age" in secure.headers["Strict-Transport-Security"]


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(
    client: FlaskClient, portal: Portal, tmp_path: Path
) -> None:
    cookie = client.get("/login/").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    environ = {"DATABASE_URL": portal.url, "BANGKIT_KUKI_AMAN": "ya"}
    secure = package.create_app(load_config(environ, tmp_path)).test_client()
    assert "Secure" in secure.get("/login/", base_url="https://localhost").headers["Set-Cookie"]


# Tokens of forms, and of the API.

POSTS = (
    "/data/wilayah/new/",
    "/data/wilayah/delete/",
    "/data/wilayah/action/",
    "/data/wilayah/massal/",
    "/data/wilayah/ajax/update/",
    "/data/penduduk/unmask/",
    "/berkas/1/tindak/",
    "/berkas/baru/SKTM/1/",
    "/keluar/",
    "/login/",
    "/resetmypassword/form",
)


@pytest.mark.parametrize("url", POSTS)
def test_a_form_without_its_token_is_refused(admin: FlaskClient, url: str) -> None:
    for fields in ({}, {"csrf_token": "palsu"}):
        response = admin.post(url, data=fields)
        assert response.status_code == 400
        assert Halaman(url, response).h1 == "Permintaan tidak dapat diproses"
    assert open_page(admin, "/").soup.select_one("details.akun .jati")


def test_the_api_works_by_token_and_never_by_cookie(app: Flask, admin: FlaskClient) -> None:
    url, body = "/api/v1/jenis_persyaratan/", {"kode": "A7", "nama": "Surat", "bentuk": "asli"}
    assert admin.get(url).status_code == 401
    assert admin.post(url, json=body).status_code == 401
    token = token_of(app, "admin")
    assert app.test_client().get(url, headers=token).status_code == 200
    assert app.test_client().post(url, json=body, headers=token).status_code == 201
    assert app.test_client().get("/data/wilayah/", headers=token).status_code in (302, 403)


# Signing in and out.


def test_both_logins_stop_after_too_many_tries(other_app: Flask) -> None:
    client = other_app.test_client()
    form = open_page(client, "/login/").form("username", "password")
    for _ in range(3):
        assert "salah" in send(client, form, username="camat", password="keliru").main
    page = send(client, form, username="camat", password=SANDI)
    assert page.status == 429
    assert page.h1 == "Terlalu banyak percobaan"
    assert open_page(client, "/login/").status == 200
    body = {"username": "camat", "password": "salah", "provider": "db"}
    answers = [client.post("/api/v1/security/login", json=body) for _ in range(4)]
    assert [a.status_code for a in answers] == [401, 401, 401, 429]
    assert answers[-1].get_json()["code"] == "terlalu_sering"


def test_a_made_up_address_does_not_start_the_count_anew(other_app: Flask) -> None:
    client = other_app.test_client()
    body = {"username": "camat", "password": "salah", "provider": "db"}
    codes = [
        client.post(
            "/api/v1/security/login", json=body, headers={"X-Forwarded-For": f"10.0.0.{n}"}
        ).status_code
        for n in range(4)
    ]
    assert codes[-1] == 429


def test_a_wrong_password_says_nothing_about_the_account(client: FlaskClient) -> None:
    form = open_page(client, "/login/").form("username", "password")
    answers = [
        send(client, form, username=name, password="salah").main
        for name in ("camat", "tidak.ada.orangnya", "camat\x00")
    ]
    assert answers[0] == answers[1] == answers[2]


def test_the_login_of_the_api_says_what_was_wrong(client: FlaskClient) -> None:
    body = {"username": "camat", "password": "salah", "provider": "db"}
    answer = client.post("/api/v1/security/login", json=body)
    assert answer.status_code == 401
    assert answer.get_json()["message"] == "Nama pengguna atau kata sandi salah."


@pytest.mark.parametrize(
    ("sandi", "message"),
    [("a", "Kata sandi paling sedikit 8 huruf."), ("a" * 129, "Kata sandi paling banyak 128")],
)
def test_the_own_password_keeps_to_the_rule_of_accounts(
    app: Flask, sandi: str, message: str
) -> None:
    client = sign_in(app, "sekcam")
    form = open_page(client, "/resetmypassword/form").form("password", "conf_password")
    page = send(client, form, sandi_lama=SANDI, password=sandi, conf_password=sandi)
    assert message in page.errors()["password"]
    sign_in(app, "sekcam")  # by the password of before


def test_a_screen_left_open_is_not_enough_to_change_the_password(app: Flask) -> None:
    client = sign_in(app, "sekcam")
    form = open_page(client, "/resetmypassword/form").form("sandi_lama", "password")
    baru = {"password": "sandi-baru-2027", "conf_password": "sandi-baru-2027"}
    page = send(client, form, **baru, sandi_lama="bukan sandinya")
    assert "Kata sandi sekarang tidak cocok." in page.errors()["sandi_lama"]
    sign_in(app, "sekcam")

    send(client, form, **baru, sandi_lama=SANDI)
    sign_in(app, "sekcam", baru["password"])
    back = {"sandi_lama": baru["password"], "password": SANDI, "conf_password": SANDI}
    send(client, form, **back)
    sign_in(app, "sekcam")


def test_only_a_post_signs_out(app: Flask) -> None:
    client = sign_in(app, "camat")
    assert client.get("/keluar/").status_code == 405
    assert client.get("/logout/").status_code in (302, 404, 405)
    page = open_page(client, "/")
    assert page.soup.select_one("details.akun .jati"), "a link signed the person out"
    (form,) = [f for f in page.forms() if f.url == "/keluar/"]
    assert send(client, form).url == "/login/"
    assert open_page(client, "/").url.startswith("/login/")


def test_the_session_of_before_is_worthless_after_signing_out(app: Flask) -> None:
    client = sign_in(app, "camat")
    (form,) = [f for f in open_page(client, "/").forms() if f.url == "/keluar/"]
    send(client, form)
    assert client.get("/data/berkas/").status_code == 302


@pytest.mark.parametrize("target", EVIL)
def test_no_address_leads_out_of_the_portal(app: Flask, target: str) -> None:
    client = app.test_client()
    form = open_page(client, "/login/").form("username", "password")
    fields = {**form.fields, "username": "admin", "password": SANDI}
    for answer in (
        client.post("/login/", query_string={"next": target}, data=fields),
        client.get("/login/", query_string={"next": target}),
        client.get("/bahasa/id/", query_string={"url": target}),
        client.get("/logout/", query_string={"next": target, "url": target}),
    ):
        if answer.status_code in (301, 302, 303):
            location = answer.headers["Location"]
            assert location.startswith("/"), location
            assert not location.startswith(("//", "/\\"))
    for url in ("/data/wilayah/new/", "/data/wilayah/"):
        page = Halaman(url, client.get(url, query_string={"url": target}))
        assert not page.foreign_addresses()
        assert not page.soup.select("[href^='javascript:' i], [value^='javascript:' i]")


def test_after_saving_a_foreign_return_address_is_dropped(admin: FlaskClient) -> None:
    form = open_page(admin, "/data/jenis_persyaratan/new/").form("kode", "nama")
    fields = {**form.fields, "kode": "UJI_URL", "nama": "Surat", "bentuk": "asli", "url": EVIL[0]}
    answer = admin.post(form.url, data=fields)
    assert answer.status_code == 302
    assert answer.headers["Location"].removeprefix(HOST) == "/data/jenis_persyaratan/"


# Errors.


@pytest.mark.parametrize(
    ("url", "status", "title"),
    [
        ("/tidak/ada/", 404, "Halaman tidak ditemukan"),
        ("/data/penduduk/details/?id=999999", 404, "Halaman tidak ditemukan"),
        ("/data/pengguna/", 403, "Anda tidak berwenang"),
        ("/keluar/", 405, "Cara membuka halaman ini keliru"),
    ],
)
def test_an_error_is_a_page_of_ours(app: Flask, url: str, status: int, title: str) -> None:
    page = open_page(sign_in(app, "rt001rw002.pilang"), url)
    assert (page.status, page.h1) == (status, title)
    assert f"Kode {status}" in page.main
    assert page.soup.select_one("html")["lang"] == "id"


def test_a_request_too_large_is_refused_with_a_page(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    answer = admin.post("/data/wilayah/new/", data={"nama": "x" * 5000})
    assert answer.status_code == 413
    assert Halaman("/", answer).h1 == "Berkas terlalu besar"


def test_a_crash_tells_the_person_nothing_and_the_log_no_nik(
    other_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    client = other_app.test_client()
    with caplog.at_level(logging.DEBUG):
        answer = client.get("/meledak/")
        data = client.get("/api/v1/meledak/")
    page = Halaman("/meledak/", answer)
    assert (page.status, page.h1) == (500, "Terjadi gangguan")
    assert data.get_json()["code"] == "gangguan"
    for secret in ("RuntimeError", "rahasia", "Traceback", NIK):
        assert secret not in page.text
        assert secret not in data.get_data(as_text=True)
    assert caplog.text.count("RuntimeError: rahasia (16 angka)") == 2
    assert NIK not in caplog.text


def test_an_error_of_the_database_puts_no_value_on_the_page_or_in_the_log(
    other_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = other_app.test_client().get("/duplikat/")
    page = Halaman("/duplikat/", answer)
    assert page.status == 500
    assert not re.search(r"UPDATE|penduduk|psycopg|sqlite|IntegrityError", page.text)
    for seen in (page.text, caplog.text):
        assert not re.search(r"\d{16}", seen)


def test_a_request_for_another_host_is_refused_without_a_page(tmp_path: Path) -> None:
    environ = {"DATABASE_URL": f"sqlite:///{tmp_path / 'uji.db'}", "BANGKIT_NAMA_HOST": "portal.id"}
    app = package.create_app(load_config(environ, tmp_path))
    answer = app.test_client().get("/login/", base_url="http://evil.example")
    assert answer.status_code == 400
    assert answer.get_data(as_text=True) == "Nama host ini bukan milik portal."
