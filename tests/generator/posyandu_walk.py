"""What a new model gives at once; `test_throwaway_model` runs this where there is a Posyandu."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.services.pelaku import load_pelaku
from tests.walk import act_as, unit
from tests.web.halaman import Halaman, open_page, send, sign_in, token_of

DATA = {"nama": "Melati I", "kader": "Siti Aminah", "tanggal_berdiri": "2019-08-17", "aktif": "1"}
RT_SENDIRI = "RT 001/RW 002 Pilang"


@pytest.fixture(scope="module")
def posyandu(app: Flask) -> Halaman:
    """The page after the admin of the kecamatan added a posyandu of RT 001/RW 002 Pilang."""
    admin = sign_in(app, "admin")
    form = open_page(admin, "/data/posyandu/new/").form("nama", "wilayah_id", "aktif")
    return send(admin, form, **DATA, wilayah_id=rt_id(app, RT_SENDIRI))


def rt_id(app: Flask, sebutan: str) -> str:
    with app.app_context(), Session(app.extensions["sqlalchemy"].engine) as session:
        return str(unit(session, sebutan))


def inside(app: Flask, sebutan: str, path: str = "") -> str:
    return f"/data/posyandu/{path}?flt0_wilayah_id_sama={rt_id(app, sebutan)}"


def test_menu_leads_to_its_list(app: Flask) -> None:
    assert "/data/posyandu/" in open_page(sign_in(app, "admin"), "/").links()


def test_form_adds_a_row_that_the_list_and_its_own_page_show(app: Flask, posyandu: Halaman) -> None:
    admin = sign_in(app, "admin")
    assert posyandu.status == 200, posyandu.main
    assert not posyandu.errors()
    page = open_page(admin, "/data/posyandu/?search=melati")
    assert page.h1 == "Posyandu"
    assert "Melati I" in page.main
    own = open_page(admin, next(url for url in page.links() if "/details/" in url))
    for text in ("Melati I", "Siti Aminah", RT_SENDIRI, "17-08-2019", "Ya"):
        assert text in own.main


@pytest.mark.usefixtures("posyandu")
def test_filter_by_wilayah_means_the_whole_subtree(app: Flask) -> None:
    admin = sign_in(app, "admin")
    for sebutan in ("Kecamatan Kademangan", "Kelurahan Pilang", "RW 002 Pilang", RT_SENDIRI):
        assert "Melati I" in open_page(admin, inside(app, sebutan)).main, sebutan
    for sebutan in ("Kelurahan Ketapang", "RT 002/RW 002 Pilang"):
        assert "Melati I" not in open_page(admin, inside(app, sebutan)).main, sebutan


@pytest.mark.usefixtures("posyandu")
def test_csv_holds_what_the_list_shows(app: Flask) -> None:
    admin = sign_in(app, "admin")
    lines = {
        sebutan: admin.get(inside(app, sebutan, "export/csv/")).get_data(as_text=True).splitlines()
        for sebutan in ("Kelurahan Pilang", "Kelurahan Ketapang")
    }
    header = "\ufeffNama posyandu;RT;Kader;Tanggal berdiri;Aktif"
    row = f"Melati I;{RT_SENDIRI};Siti Aminah;17-08-2019;Ya"
    assert lines == {"Kelurahan Pilang": [header, row], "Kelurahan Ketapang": [header]}


@pytest.mark.usefixtures("posyandu")
def test_api_reads_and_writes_and_is_described(app: Flask) -> None:
    client, token = app.test_client(), token_of(app, "admin")
    body = {"nama": "Mawar II", "wilayah_id": int(rt_id(app, "RT 002/RW 002 Pilang"))}
    added = client.post("/api/v1/posyandu/", json=body, headers=token)
    assert added.status_code == 201, added.get_data(as_text=True)
    listed = client.get("/api/v1/posyandu/", headers=token).get_json()
    assert [row["nama"] for row in listed["result"]] == ["Mawar II", "Melati I"]
    paths = client.get("/api/v1/_openapi", headers=token).get_json()["paths"]
    assert {"get", "post"} <= set(paths["/api/v1/posyandu/"])
    assert {"get", "put", "delete"} <= set(paths["/api/v1/posyandu/{pk}"])


@pytest.mark.usefixtures("posyandu")
def test_officer_of_another_rt_does_not_see_the_row(app: Flask) -> None:
    seen = {}
    for username in ("rt001rw002.pilang", "rt002rw002.pilang"):
        listed = app.test_client().get("/api/v1/posyandu/", headers=token_of(app, username))
        names = [row["nama"] for row in listed.get_json()["result"]]
        page = open_page(sign_in(app, username), "/data/posyandu/").main
        seen[username] = ("Melati I" in names, "Melati I" in page)
    assert seen == {"rt001rw002.pilang": (True, True), "rt002rw002.pilang": (False, False)}


def test_rights_are_those_the_model_grants(app: Flask, session: Session) -> None:
    now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    granted = {}
    for username in ("admin", "rt001rw002.pilang", "lurah.pilang"):
        pelaku = load_pelaku(session, act_as(session, username, now).pengguna_id, now)
        assert pelaku is not None
        actions = ("list", "show", "add", "edit", "delete", "export")
        granted[username] = " ".join(a for a in actions if pelaku.may("Posyandu", a))
    assert granted == {
        "admin": "list show add edit delete export",
        "rt001rw002.pilang": "list show",
        "lurah.pilang": "",
    }
    refused = sign_in(app, "lurah.pilang").get("/data/posyandu/")
    assert refused.status_code == 403
