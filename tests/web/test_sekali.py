"""A generated form that is sent twice adds one row; changed in between, it is another form."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.models.kunci_formulir import KunciFormulir
from app.models.policy import unscoped
from app.models.referensi import Referensi
from tests.conftest import Portal
from tests.web.halaman import Formulir, Halaman, open_page, send, sign_in

DITAMBAHKAN = "Referensi sudah ditambahkan."


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, "admin")


def formulir(client: FlaskClient) -> Formulir:
    return open_page(client, "/data/referensi/new/").form("kunci", "kode")


def isi(form: Formulir, kode: str) -> dict[str, str]:
    """Return right answers; only the order in the list is not unique, so doubles would show."""
    daftar = next(value for value in form.selects["daftar"] if value)
    return {"daftar": daftar, "kode": kode, "nama": f"Uji {kode}", "urutan": "99"}


def jumlah(session: Session, nama: str) -> int:
    session.rollback()
    with unscoped(session, "uji menghitung"):
        query = select(func.count(Referensi.id)).where(Referensi.nama == nama)
        return session.scalar(query) or 0


def test_the_second_sending_shows_the_first_result(admin: FlaskClient, session: Session) -> None:
    form = formulir(admin)
    answers = isi(form, "uji1")
    assert DITAMBAHKAN in send(admin, form, **answers).main
    again = send(admin, form, **answers)
    assert again.status == 200
    assert DITAMBAHKAN in again.main
    assert jumlah(session, "Uji uji1") == 1


def test_two_sendings_at_the_same_moment_add_one_row(
    app: Flask, admin: FlaskClient, session: Session, portal: Portal
) -> None:
    form = formulir(admin)
    answers = isi(form, "uji2")
    browsers = [app.test_client() for _ in range(4)]
    cookie = admin.get_cookie("session")
    assert cookie is not None
    gate = Barrier(len(browsers))

    def post(browser: FlaskClient) -> Halaman:
        browser.set_cookie("session", cookie.value)
        gate.wait()
        return send(browser, form, **answers)

    with ThreadPoolExecutor(len(browsers)) as pool:
        pages = list(pool.map(post, browsers))
    assert [page.status for page in pages] == [200] * len(browsers)
    assert all(DITAMBAHKAN in page.main for page in pages)
    assert jumlah(session, "Uji uji2") == 1


def test_a_form_that_was_changed_or_refused_is_not_taken_for_the_one_of_before(
    admin: FlaskClient, session: Session
) -> None:
    form = formulir(admin)
    refused = send(admin, form, **{**isi(form, "uji3"), "urutan": "x"})
    assert refused.status == 422
    assert refused.form("kunci", "kode").fields["kunci"] == form.fields["kunci"]
    for kode in ("uji3", "uji4"):
        assert DITAMBAHKAN in send(admin, form, **isi(form, kode)).main
        assert jumlah(session, f"Uji {kode}") == 1
    count = session.scalar(select(func.count(KunciFormulir.id))) or 0
    assert count >= 2
    session.execute(delete(KunciFormulir))
    session.commit()


def test_the_key_of_one_person_is_nothing_to_another(app: Flask, session: Session) -> None:
    one = sign_in(app, "admin")
    form = formulir(one)
    send(one, form, **isi(form, "uji5"))
    other = sign_in(app, "lurah.pilang")
    assert send(other, form, **isi(form, "uji5")).status in (400, 403)
    assert jumlah(session, "Uji uji5") == 1
