"""A list offers what the person may do with each row, and says in which unit a number counts."""

from collections.abc import Iterator
from datetime import date

import pytest
from bs4 import Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.hari_libur import HariLibur, JenisLibur
from app.models.policy import unscoped
from tests.walk import unit
from tests.web.halaman import open_page, sign_in

LIST = "/data/hari_libur/?search=Uji"


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, "admin")


@pytest.fixture
def rows(session: Session, admin: FlaskClient) -> Iterator[dict[str, Tag]]:
    """The rows of a holiday of every unit, which nobody here keeps, and of one of our own."""
    ours = unit(session, "Kecamatan Kademangan")
    facts = {"tanggal": date(2030, 1, 2), "jenis": JenisLibur.LIBUR_NASIONAL}
    with unscoped(session, "uji menambah libur"):
        session.add(HariLibur(nama="Uji semua", **facts))
        session.add(HariLibur(nama="Uji kita", wilayah_id=ours, **facts))
        session.flush()
    session.commit()
    found = {row.th.get_text(strip=True): row for row in open_page(admin, LIST).soup.select("tr")}
    yield found
    with unscoped(session, "uji membersihkan"):
        for name in ("semua", "kita"):
            session.delete(session.get_one(HariLibur, int(found[f"Uji {name}"]["data-id"])))
    session.commit()


def offered(part: Tag) -> set[str]:
    words = ("/details/", "/edit/", "/delete/")
    links = [str(a.get(name, "")) for a in part.select("a") for name in ("href", "data-hapus")]
    return {word for word in words if any(word in link for link in links)}


def test_a_row_that_cannot_be_written_offers_no_change(rows: dict[str, Tag]) -> None:
    assert offered(rows["Uji kita"]) == {"/details/", "/edit/", "/delete/"}
    assert rows["Uji kita"].select("input[type=checkbox]")
    assert offered(rows["Uji semua"]) == {"/details/"}
    assert not rows["Uji semua"].select("input[type=checkbox]")


def test_its_details_offer_no_change_either(admin: FlaskClient, rows: dict[str, Tag]) -> None:
    kept, ours = (
        open_page(admin, f"/data/hari_libur/details/?id={rows[name]['data-id']}").soup.main
        for name in ("Uji semua", "Uji kita")
    )
    assert offered(ours) >= {"/edit/", "/delete/"}
    assert not offered(kept) & {"/edit/", "/delete/"}


def test_a_number_stands_under_its_unit_in_list_filter_and_details(admin: FlaskClient) -> None:
    page = open_page(admin, "/data/tahapan/")
    assert "SOP (menit)" in [head.get_text(strip=True) for head in page.soup.select("thead th")]
    details = page.soup.select_one("tbody tr th a")["href"]
    assert "SOP (menit)" in open_page(admin, str(details)).main


def test_a_csv_says_once_in_which_letters_it_is_written(admin: FlaskClient) -> None:
    assert admin.get("/data/wilayah/export/csv/").content_type == "text/csv; charset=utf-8"


def test_an_unknown_bulk_action_changes_nothing(admin: FlaskClient, rows: dict[str, Tag]) -> None:
    page = open_page(admin, LIST)
    fields = {"csrf_token": page.soup.select_one("meta[name=csrf-token]")["content"]}
    fields |= {"action": "arsipkan", "rowid": rows["Uji kita"]["data-id"]}
    assert admin.post("/data/hari_libur/action/", data=fields).status_code == 404
    assert open_page(admin, LIST).main == page.main


@pytest.mark.parametrize("slug", ["versi_layanan", "tahapan", "isian", "persyaratan"])
def test_what_is_published_offers_neither_a_change_nor_a_deletion(
    admin: FlaskClient, slug: str
) -> None:
    page = open_page(admin, f"/data/{slug}/")
    rows = page.soup.select("tr[data-id]")
    assert rows
    assert not [row for row in rows if offered(row) & {"/edit/", "/delete/"}]
