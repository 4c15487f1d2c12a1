"""The one JSON shape of an error: message, code, and fields where a field is to blame."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.exceptions import default_exceptions

from tests.conftest import Portal
from tests.walk import resident_of
from tests.web.halaman import token_of

KODE = {
    400: "permintaan_keliru",
    401: "belum_masuk",
    403: "tidak_berwenang",
    404: "tidak_ditemukan",
    405: "cara_keliru",
    409: "data_berubah",
    422: "data_tidak_valid",
}


@pytest.fixture(scope="module")
def admin(app: Flask) -> dict[str, str]:
    return token_of(app, "admin")


@pytest.fixture(scope="module")
def ketua_rt(app: Flask) -> dict[str, str]:
    return token_of(app, "rt001rw002.pilang")


def assert_shape(response: object, status: int, *fields: str) -> None:
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.mimetype == "application/json"
    body = response.get_json()
    assert body["code"] == KODE.get(status, body["code"])
    assert body["message"].strip()
    assert set(body.get("fields", {})) == set(fields)
    assert set(body) <= {"message", "code", "fields"}
    text = response.get_data(as_text=True)
    assert not [w for w in ("SQL", "Traceback", "Error", "Invalid", "Not found") if w in text]


def test_without_a_token_nothing_is_answered(client: FlaskClient) -> None:
    assert_shape(client.get("/api/v1/penduduk/"), 401)
    assert_shape(client.post("/api/v1/penduduk/", json={}), 401)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\u00e9", "eyJhbGciOiJub25lIn0.e30."])
def test_a_token_that_is_none_is_refused(client: FlaskClient, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    response = client.get("/api/v1/penduduk/", headers=headers)
    assert response.status_code in (401, 422)
    assert {"message", "code"} <= set(response.get_json())


def test_a_wrong_password_is_refused(client: FlaskClient) -> None:
    body = {"username": "camat", "password": "salah", "provider": "db"}
    assert_shape(client.post("/api/v1/security/login", json=body), 401)
    assert_shape(client.post("/api/v1/security/login", json={"username": "camat"}), 400)
    assert_shape(client.post("/api/v1/security/login", data="bukan json"), 400)


def test_a_peran_without_the_right_is_refused(client: FlaskClient, ketua_rt: dict) -> None:
    assert_shape(client.post("/api/v1/wilayah/", json={}, headers=ketua_rt), 403)


def test_what_is_not_there_is_not_found(client: FlaskClient, admin: dict) -> None:
    for id_ in ("0", "999999", "9" * 40):
        assert_shape(client.get(f"/api/v1/penduduk/{id_}", headers=admin), 404)
    assert_shape(client.get("/api/v1/penduduk/%00", headers=admin), 404)
    for id_ in ("abc", "-1"):  # only writing takes an id that is no number
        assert_shape(client.get(f"/api/v1/penduduk/{id_}", headers=admin), 405)
        assert_shape(client.put(f"/api/v1/penduduk/{id_}", json={}, headers=admin), 404)
    assert_shape(client.get("/api/v1/tidak_ada/", headers=admin), 404)


def test_a_way_that_is_not_open_is_refused(client: FlaskClient, admin: dict) -> None:
    assert_shape(client.patch("/api/v1/penduduk/", headers=admin), 405)
    assert_shape(client.delete("/api/v1/riwayat/1", headers=admin), 405)


@pytest.mark.parametrize("body", ["", "[]", "1", "{", "null", '"x"', "\x00"])
def test_a_body_that_is_no_object_is_refused(client: FlaskClient, admin: dict, body: str) -> None:
    response = client.post(
        "/api/v1/jenis_persyaratan/", data=body, headers=admin, content_type="application/json"
    )
    assert_shape(response, 400)


def test_a_body_of_another_kind_is_refused(client: FlaskClient, admin: dict) -> None:
    response = client.post("/api/v1/jenis_persyaratan/", data={"kode": "A"}, headers=admin)
    assert response.status_code in (400, 415)
    assert_shape(response, response.status_code)


def test_wrong_fields_are_named(client: FlaskClient, admin: dict) -> None:
    url = "/api/v1/jenis_persyaratan/"
    body = {"kode": "x" * 500, "bentuk": "tidakada"}
    assert_shape(client.post(url, json=body, headers=admin), 422, "kode", "nama", "bentuk")
    body = {"kode": "A1", "nama": "Surat", "bentuk": "asli", "tak_dikenal": 1, "id": 5}
    assert_shape(client.post(url, json=body, headers=admin), 422, "tak_dikenal", "id")


def test_a_value_that_is_taken_is_named(client: FlaskClient, admin: dict) -> None:
    url, body = "/api/v1/jenis_persyaratan/", {"kode": "A9", "nama": "Surat", "bentuk": "asli"}
    assert client.post(url, json=body, headers=admin).status_code == 201
    assert_shape(client.post(url, json=body, headers=admin), 422, "kode")


def test_an_old_revisi_is_refused(client: FlaskClient, admin: dict, portal: Portal) -> None:
    with Session(portal.engine) as session:
        id_, _ = resident_of(session, "RT 001/RW 002 Pilang")
    url = f"/api/v1/penduduk/{id_}"
    body = {"alamat": "Jl. Baru", "revisi": -1}
    assert_shape(client.put(url, json=body, headers=admin), 409)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=(((", 400),
        ("q=(page:", 400),
        ("q=!(", 400),
        ("q=!", 400),
        ("q=" + "(a:" * 2000, 400),
        ("q=%00", 400),
        ("q=(filters:!((col:tidak_ada,opr:sama,value:1)))", 422),
        ("q=(filters:!((col:wilayah_id,opr:sama,value:abc)))", 422),
        ("q=(filters:!((col:wilayah_id,opr:hapus,value:1)))", 422),
        ("q=(filters:!(1))", 400),
        ("q=(filters:abc)", 400),
        ("q=(order_column:nik_asli)", 422),
        ("q=(page:abc)", 400),
        ("q=(page:-1,page_size:-1)", 200),
        ("q=(page:99999999999,page_size:99999999999)", 200),
        ("q=!(1,2)", 400),
    ],
)
def test_an_odd_question_gets_an_answer(
    client: FlaskClient, admin: dict, query: str, status: int
) -> None:
    response = client.get(f"/api/v1/penduduk/?{query}", headers=admin)
    assert response.status_code == status, response.get_data(as_text=True)
    assert status == 200 or {"message", "code"} <= set(response.get_json())


@pytest.mark.parametrize(
    "status", [400, 401, 403, 404, 405, 409, 413, 415, 418, 422, 429, 500, 503]
)
def test_every_status_has_the_shape(app: Flask, status: int) -> None:
    with app.test_request_context("/api/v1/apa/saja", headers={"Accept": "*/*"}):
        answer = app.handle_user_exception(default_exceptions[status]())
        response = app.make_response(answer)
    assert response.status_code == status
    assert set(response.get_json()) == {"message", "code"}
