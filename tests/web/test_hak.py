"""Hak Akses: the table says what the role tables hold, and only an admin may reset it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.generator.access import grants
from app.models.peran import SEMUA_PERAN
from app.services.pelaku import load_grants
from tests.conftest import Portal
from tests.web.halaman import Halaman, open_page, send, sign_in


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, "admin")


def rights(page: Halaman, data: str) -> list[str]:
    """Return the cells of a resource: yes or no for each action, then its own actions."""
    (row,) = [tr for tr in page.soup.select("tbody tr") if tr.th.find(string=True).strip() == data]
    return [cell.get_text(strip=True) for cell in row.select("td")]


def test_every_peran_has_a_page_that_can_be_reached(admin: FlaskClient) -> None:
    links = set(open_page(admin, "/hak/").links())
    assert {f"/hak/{peran}/" for peran in SEMUA_PERAN} <= links
    assert "/hak/" in open_page(admin, "/").links()


def test_the_table_reads_resource_by_action(admin: FlaskClient) -> None:
    page = open_page(admin, "/hak/ketua_rt/")
    assert page.h1 == "Ketua RT"
    assert rights(page, "Penduduk") == ["Ya", "Ya", "–", "–", "–", "–", "Buka NIK"]
    assert rights(page, "Layanan")[:4] == ["Ya", "Ya", "–", "–"]
    assert "berbeda dari standar" not in page.main


def test_a_search_leaves_the_data_of_that_name(admin: FlaskClient) -> None:
    page = open_page(admin, "/hak/lurah/?cari=pendud")
    assert [row.th.find(string=True).strip() for row in page.soup.select("tbody tr")] == [
        "Penduduk"
    ]
    assert "Tidak ada jenis data" in open_page(admin, "/hak/lurah/?cari=xyz").main


def test_the_preview_shows_the_menu_of_the_peran_without_data(
    app: Flask, admin: FlaskClient
) -> None:
    preview = open_page(admin, "/hak/ketua_rt/").soup.select("dl.fakta")[-1].get_text(" ")
    home = open_page(sign_in(app, "rt001rw002.pilang"), "/")
    own = [a.get_text(strip=True) for a in home.soup.select("nav.menu a")]
    shown = {name.strip() for dd in preview.split("\n") for name in dd.split(",")}
    assert "Penduduk" in preview
    assert "Penduduk" in own
    assert "Layanan" not in own
    assert not {"Pengguna", "Penugasan"} & shown


def test_rights_changed_behind_the_models_are_seen_and_reset(
    app: Flask, admin: FlaskClient, portal: Portal
) -> None:
    with Session(portal.engine) as session:
        session.execute(
            text(
                "DELETE FROM ab_permission_view_role WHERE role_id ="
                " (SELECT id FROM ab_role WHERE name = 'auditor')"
            )
        )
        session.commit()
    page = open_page(admin, "/hak/auditor/")
    assert "berbeda dari standar" in page.main
    lurah = sign_in(app, "lurah.pilang")
    assert not [f for f in open_page(lurah, "/hak/auditor/").forms() if "standar" in f.url]
    form = next(f for f in page.forms() if f.url.endswith("/standar/"))
    token = open_page(lurah, "/").soup.select_one("meta[name=csrf-token]")["content"]
    assert lurah.post(form.url, data={"csrf_token": token}).status_code == 403
    assert "sesuai standar" in send(admin, form).main
    with Session(portal.engine) as session:
        wanted = {(r, a) for a, r in grants(app.extensions["specs"].values())["auditor"]}
        assert load_grants(session, ["auditor"])["auditor"] == wanted


def test_an_unknown_peran_is_not_found(admin: FlaskClient) -> None:
    assert admin.get("/hak/raja/").status_code == 404


def test_an_account_and_its_penugasan_are_written_in_one_form(admin: FlaskClient) -> None:
    page = open_page(admin, "/data/pengguna/?search=lurah.pilang")
    edit = open_page(admin, next(url for url in page.links() if "/pengguna/edit/" in url))
    form = edit.form("username", "penugasan-0-peran_id")
    assert "penugasan-0-hapus" not in form.fields
    assert not edit.soup.select("[name='penugasan-0-hapus']")
    saved = send(admin, form, **{"penugasan-0-nomor_sk": "SK/17/2026"})
    assert saved.status == 200, saved.errors()
    again = open_page(admin, edit.url).form("username", "penugasan-0-nomor_sk")
    assert again.fields["penugasan-0-nomor_sk"] == "SK/17/2026"
