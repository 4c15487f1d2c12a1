"""A cell changed in its list: what was chosen is stored, and the list says what it holds now."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.halaman import Halaman, open_page, sign_in

REFERENSI = "/data/referensi/"


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, "admin")


def cell(page: Halaman, column: str) -> tuple[str, str, str]:
    """Return (row id, raw value, text) of this column in the first row."""
    row = page.soup.select_one("tbody tr")
    found = row.select_one(f"[data-sel={column}]")
    return str(row["data-id"]), str(found["data-nilai"]), found.get_text(strip=True)


def choices(page: Halaman, column: str) -> list[str]:
    template = page.soup.select_one(f"template[data-penyunting={column}]")
    return [str(option["value"]) for option in template.select("option")]


def change(client: FlaskClient, column: str, value: str) -> dict[str, object]:
    """Send what the script of the list sends; return the answer."""
    page = open_page(client, REFERENSI)
    row = page.soup.select_one("tbody tr")
    data = {"list_form_pk": row["data-id"], "revisi": row["data-revisi"], column: value}
    token = page.soup.select_one("meta[name=csrf-token]")["content"]
    answer = client.post(f"{REFERENSI}ajax/update/", data=data, headers={"X-CSRFToken": token})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def test_no_and_yes_chosen_in_the_list_are_stored_and_shown(admin: FlaskClient) -> None:
    row_id, value, _ = cell(open_page(admin, REFERENSI), "aktif")
    assert value == "1"
    assert change(admin, "aktif", "0")["text"] == "Tidak"
    assert cell(open_page(admin, REFERENSI), "aktif") == (row_id, "0", "Tidak")
    assert change(admin, "aktif", "1")["text"] == "Ya"
    assert cell(open_page(admin, REFERENSI), "aktif") == (row_id, "1", "Ya")


def test_a_list_offers_no_empty_choice_for_a_column_that_cannot_be_empty(
    admin: FlaskClient,
) -> None:
    assert choices(open_page(admin, REFERENSI), "aktif") == ["1", "0"]


def test_a_number_left_empty_in_the_list_takes_its_default_and_the_list_says_so(
    admin: FlaskClient,
) -> None:
    assert change(admin, "urutan", "1500")["text"] == "1.500"
    assert change(admin, "urutan", "")["text"] == "0"
