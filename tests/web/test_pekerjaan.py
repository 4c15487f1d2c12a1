"""The pages of one's own pekerjaan: list, progress, cancel, fetch; nobody else's."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.cli.pekerja import build_pelaksana
from app.extensions import db
from app.generator.jobs import Handler, Jobs, Work
from app.models.engine import transaction
from app.models.policy import bind_pelaku
from app.services import pekerjaan
from app.services.antrean_kerja import akhiri, ambil
from app.services.kerja import Kerja
from app.web.berkas import now
from app.web.pekerjaan import Pemberi
from tests.conftest import Portal
from tests.services.bengkel import run_until_ended
from tests.walk import act_as
from tests.web.halaman import open_page, send, sign_in


@pytest.fixture(scope="module")
def camat(app: Flask) -> FlaskClient:
    return sign_in(app, "camat")


@pytest.fixture(scope="module")
def sekcam(app: Flask) -> FlaskClient:
    return sign_in(app, "sekcam")


@pytest.fixture
def ask(portal: Portal, app: Flask) -> Callable[..., int]:
    """Ask for a pekerjaan as the camat, in a language."""

    def start(judul: str = "Ekspor Penduduk", bahasa: str = "id") -> int:
        with transaction(portal.engine) as session:
            pelaku = act_as(session, "camat", now())
            facts = {"jenis": "uji", "judul": judul, "data": {}, "bahasa": bahasa}
            return pekerjaan.mulai(session, pelaku, now(), **facts)  # type: ignore[arg-type]

    return start


@pytest.fixture
def finish(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Handler], None]:
    """Let the worker of this app do a pekerjaan by a handler."""

    def run(id_: int, handler: Handler) -> None:
        monkeypatch.setitem(app.extensions, "handlers", {"uji": handler})
        run_until_ended(build_pelaksana(app), id_)

    return run


def to_csv(kerja: Work) -> None:
    kerja.keep("penduduk.csv", [b"Nama\r\n"])
    with kerja.session(writes=True) as session:
        kerja.finish(session, "%(n)s dari %(jumlah)s", n=12_000, jumlah=12_000)


def test_without_any_the_list_says_what_will_stand_here(camat: FlaskClient) -> None:
    page = open_page(camat, "/")
    assert "/pekerjaan/" in list(page.links()), "the account menu leads there"
    assert "Belum ada pekerjaan" in open_page(camat, "/pekerjaan/").main


def test_one_that_waits_is_shown_and_cancelled(camat: FlaskClient, ask: Callable[..., int]) -> None:
    id_ = ask()
    page = open_page(camat, f"/pekerjaan/{id_}/")
    assert page.h1 == "Ekspor Penduduk"
    assert "Menunggu giliran" in page.main
    assert page.soup.select_one("noscript meta[http-equiv=refresh]"), "it works without script"
    state = camat.get(f"/pekerjaan/{id_}/keadaan/").get_json()
    assert (state["terbuka"], state["status"], state["teks"]) == (
        *(True, "menunggu", "Menunggu giliran"),
    )
    (form,) = [form for form in page.forms() if form.url.endswith("/batalkan/")]
    page = send(camat, form)
    assert "Pekerjaan sudah dibatalkan." in page.main
    assert "Dibatalkan" in page.main
    assert not page.soup.select("[data-pekerjaan], progress")
    assert "sudah berakhir" in send(camat, form).main


def test_the_bar_says_how_far_it_is(
    camat: FlaskClient, ask: Callable[..., int], portal: Portal, app: Flask
) -> None:
    id_ = ask()
    with transaction(portal.engine) as session:
        ambilan = ambil(session.connection(), "uji", now(), now())
    assert ambilan is not None
    with Session(portal.engine) as session:
        pelaku = act_as(session, "camat", now())
    pelaksana = build_pelaksana(app)
    kerja = Kerja(portal.engine, pelaksana.place, now, ambilan, pelaku, threading.Event())
    kerja.progress(1_500, 12_000)
    page = open_page(camat, f"/pekerjaan/{id_}/")
    bar = page.soup.select_one("progress")
    assert bar is not None
    assert (bar["value"], bar["max"]) == ("1500", "12000")
    assert "1.500 dari 12.000" in page.main
    assert "1.500 dari 12.000" in open_page(camat, "/pekerjaan/").main
    with transaction(portal.engine) as session:
        akhiri(session.connection(), ambilan, "gagal", now(), pesan="Wajib diisi.")
    page = open_page(camat, f"/pekerjaan/{id_}/")
    assert "Wajib diisi." in page.soup.select_one("[role=alert]").get_text()


def test_its_result_is_fetched_by_who_asked_and_nobody_else(
    camat: FlaskClient,
    sekcam: FlaskClient,
    ask: Callable[..., int],
    finish: Callable[[int, Handler], None],
) -> None:
    id_ = ask()
    finish(id_, to_csv)
    page = open_page(camat, f"/pekerjaan/{id_}/")
    assert "12.000 dari 12.000" in page.main
    assert f"/pekerjaan/{id_}/hasil/" in list(page.links())
    answer = camat.get(f"/pekerjaan/{id_}/hasil/")
    assert answer.get_data() == b"Nama\r\n"
    assert answer.headers["Content-Disposition"] == "attachment; filename=penduduk.csv"
    for path in ("", "keadaan/", "hasil/"):
        assert sekcam.get(f"/pekerjaan/{id_}/{path}").status_code == 404
    token = open_page(sekcam, "/").soup.select_one("meta[name=csrf-token]")["content"]
    form = {"csrf_token": token}
    assert sekcam.post(f"/pekerjaan/{id_}/batalkan/", data=form).status_code == 404
    assert "Ekspor Penduduk" not in open_page(sekcam, "/pekerjaan/").main
    assert camat.get(f"/pekerjaan/{10**30}/").status_code == 404


def test_the_admin_sees_that_it_exists_and_nothing_of_it(
    app: Flask, ask: Callable[..., int], finish: Callable[[int, Handler], None]
) -> None:
    finish(ask("Impor Penduduk"), to_csv)
    admin = sign_in(app, "admin")
    page = open_page(admin, "/data/pekerjaan/")
    assert "Impor Penduduk" in page.main
    details = next(url for url in page.links() if "/data/pekerjaan/details/" in url)
    page = open_page(admin, details)
    assert "Impor Penduduk" in page.main
    assert "penduduk.csv" not in page.text
    assert "12.000 dari" not in page.text


def test_a_handler_works_in_the_language_of_who_asked(
    ask: Callable[..., int], finish: Callable[[int, Handler], None]
) -> None:
    said: list[str] = []

    def handler(kerja: Work) -> None:
        said.append(gettext("Data tidak ditemukan."))
        to_csv(kerja)

    for bahasa in ("en", "id"):
        finish(ask(bahasa=bahasa), handler)
    assert said == ["Record not found.", "Data tidak ditemukan."]


def test_a_screen_starts_one_in_its_own_transaction(
    app: Flask, camat: FlaskClient, finish: Callable[[int, Handler], None]
) -> None:
    got: list[object] = []

    def handler(kerja: Work) -> None:
        got.append((kerja.pelaku.nama, b"".join(kerja.open(kerja.data["masukan"]))))
        to_csv(kerja)

    with app.test_request_context():
        session = db.session()
        pelaku = act_as(session, "camat", now())
        bind_pelaku(session, pelaku)
        jobs: Jobs = Pemberi()
        jobs.start("uji", "Hilang", {})
        session.rollback()
        bind_pelaku(session, pelaku)
        id_ = jobs.start("uji", "Impor", {"masukan": jobs.store("a.csv", [b"isi"])})
        session.commit()
        assert jobs.url(id_) == f"/pekerjaan/{id_}/"
    finish(id_, handler)
    assert got == [(pelaku.nama, b"isi")]
    assert "Impor" in open_page(camat, f"/pekerjaan/{id_}/").h1
    assert "Hilang" not in open_page(camat, "/pekerjaan/").main
