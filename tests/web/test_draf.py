"""What a browser may keep of a form: never a word, number or choice about a person."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.generator.describe import describe_all
from app.models import discover
from tests.conftest import Portal
from tests.walk import resident_of
from tests.web.halaman import Halaman, open_page, sign_in

SPECS = describe_all(discover())


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, "admin")


def kept(page: Halaman) -> set[str]:
    """Names of the fields that the page lets the browser keep as a draft."""
    assert page.soup.select_one("form[data-jaga]") is not None
    return {str(field["name"]) for field in page.soup.find_all(attrs={"data-draf": True})}


def test_no_column_of_a_table_about_people_is_kept() -> None:
    about_people = [s for s in SPECS.values() if s.is_scoped or s.screen.sensitive]
    assert {"Penduduk", "Keluarga", "Pengguna", "Berkas"} <= {s.resource for s in about_people}
    assert [f.name for s in about_people for f in s.fields.values() if f.keep] == []


def test_no_number_of_a_person_and_no_password_is_kept_anywhere() -> None:
    never = ("nik", "sandi", "email", "telepon")
    found = [f for s in SPECS.values() for f in s.fields.values() if f.kind in never or f.mask]
    assert found
    assert [f.name for f in found if f.keep] == []


@pytest.mark.parametrize("slug", ["penduduk", "keluarga", "pengguna"])
def test_the_form_of_a_person_lets_the_browser_keep_nothing(admin: FlaskClient, slug: str) -> None:
    page = open_page(admin, f"/data/{slug}/new/")
    assert kept(page) == set()
    lookups = page.soup.select("select[data-cari]")
    remembered = {str(s["name"]) for s in lookups if s.has_attr("data-ingat")}
    targets = {
        s.name: SPECS[s.target] for s in SPECS[slug.capitalize()].fields.values() if s.target
    }
    assert remembered == {n for n in (str(s["name"]) for s in lookups) if not targets[n].is_scoped}


def test_a_definition_may_be_kept_with_its_rows_under_a_name_of_this_account(
    admin: FlaskClient,
) -> None:
    page = open_page(admin, "/data/versi_layanan/new/?url=/data/versi_layanan/")
    assert {"layanan_id", "nomor", "sla_total_menit", "tahapan-__n__-nama"} <= kept(page)
    key = str(page.soup.select_one("form[data-jaga]")["data-kunci-draf"])
    assert key.startswith("draf:")
    assert key.endswith(":/data/versi_layanan/new/::")
    assert key.split(":")[1].isdigit()


def test_of_a_filing_only_the_ticks_of_papers_seen_may_be_kept(app: Flask, portal: Portal) -> None:
    with Session(portal.engine) as session:
        penduduk_id, _ = resident_of(session, "RT 001/RW 002 Pilang")
    rt = sign_in(app, "rt001rw002.pilang")
    page = open_page(rt, f"/berkas/baru/SKTM/{penduduk_id}/")
    ticks = {str(box["name"]) for box in page.soup.select("ul.syarat input[type=checkbox]")}
    assert ticks
    assert kept(page) == ticks
