"""Gaya: for the admin of the kecamatan only; it leaves out no kind, no status, no colour."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.generator.fields import KINDS
from app.web.contoh_gaya import FIELDS, statuses
from app.web.gaya import read_tokens
from config import PROJECT
from tests.web.halaman import Halaman, open_page, sign_in

CSS = PROJECT / "app/web/static/bangkit.css"


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, "admin")


@pytest.fixture(scope="module")
def page(admin: FlaskClient) -> Halaman:
    return open_page(admin, "/gaya/")


@pytest.mark.parametrize("username", ["camat", "auditor", "lurah.pilang", "rt001rw002.pilang"])
def test_only_the_admin_opens_it_and_finds_it_in_the_menu(
    app: Flask, admin: FlaskClient, username: str
) -> None:
    other = sign_in(app, username)
    assert other.get("/gaya/").status_code == 403
    assert "/gaya/" not in open_page(other, "/").links()
    assert "/gaya/" in open_page(admin, "/").links()


def test_every_kind_of_field_is_shown_in_four_states(page: Halaman) -> None:
    assert {spec.kind for spec in FIELDS} == set(KINDS)
    for spec in FIELDS:
        names = [f"{state}-{spec.name}" for state in ("kosong", "isi", "simpan", "salah")]
        found = [bool(page.soup.select(f'[name="{name}"]')) for name in names]
        assert all(found), (spec.name, found)


def test_every_field_of_the_refused_form_that_can_be_wrong_tells_why(page: Halaman) -> None:
    wrong = {tag["name"] for tag in page.soup.select('[aria-invalid="true"]')}
    assert wrong == {f"salah-{spec.name}" for spec in FIELDS if spec.required}
    linked = {a["href"] for a in page.soup.select(".pesan.galat li a")}
    assert linked == {f"#{name}" for name in wrong}


def test_every_status_has_a_badge_and_no_badge_shows_its_code(page: Halaman) -> None:
    badges = [tag.get_text(strip=True) for tag in page.soup.select("dd .lencana")]
    codes = [code for _, code, _ in statuses()]
    assert len(badges) >= len(codes) > 15
    assert not [text for text in badges if text in codes]


def test_every_colour_of_the_stylesheet_is_drawn_light_and_dark(page: Halaman) -> None:
    colours = [t for t in read_tokens(CSS.read_text(encoding="utf-8")) if t.is_color]
    assert len(colours) > 20
    drawn = {rect["fill"] for rect in page.soup.select("#warna rect")}
    assert drawn == {c for t in colours for c in (t.light, t.dark) if c}
    assert {code.get_text() for code in page.soup.select("#warna code")} == {
        t.name for t in colours
    }


def test_no_two_elements_share_an_id(page: Halaman) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page.text)
    assert sorted(ids) == sorted(set(ids))
