"""The pages of mutasi: three steps, what is shown before it is done, whom they are closed to."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.penduduk import Penduduk
from tests.conftest import Portal
from tests.rumah import kepala_hidup, make_rumah, read
from tests.walk import unit
from tests.web.halaman import Halaman, open_page, send, sign_in

RT = "RT 001/RW 002 Pilang"


@pytest.fixture(scope="module")
def petugas(app: Flask) -> FlaskClient:
    return sign_in(app, "petugas.pilang")


@pytest.fixture
def rumah(app: Flask, portal: Portal) -> tuple[int, dict[str, int]]:
    with Session(portal.engine) as session:
        rt = unit(session, RT)
    return make_rumah(portal.engine, rt)


def person(portal: Portal, id_: int) -> Penduduk:
    with Session(portal.engine) as session:
        return read(session, Penduduk, id_)[0]


def step(client: FlaskClient, id_: int, kode: str, **answers: object) -> Halaman:
    """Send the form of an act, to have it examined."""
    page = open_page(client, f"/penduduk/{id_}/mutasi/{kode}/")
    return send(client, page.form("tanggal_peristiwa"), langkah="periksa", **answers)


def changes(page: Halaman) -> dict[str, list[str]]:
    """Return what the preview shows, by the title of the row."""
    return {
        card["aria-label"]: [" ".join(tr.get_text(" ").split()) for tr in card.select("tbody tr")]
        for card in page.soup.select("main section.kartu")
    }


def rt2(portal: Portal) -> str:
    with Session(portal.engine) as session:
        return str(unit(session, "RT 002/RW 002 Pilang"))


def test_the_details_lead_to_three_acts(petugas, rumah):
    _, ids = rumah
    page = open_page(petugas, f"/data/penduduk/details/?id={ids['Ayah']}")
    assert f"/penduduk/{ids['Ayah']}/mutasi/" in page.links()
    acts = open_page(petugas, f"/penduduk/{ids['Ayah']}/mutasi/")
    found = [re.search(r"/mutasi/(\w+)/$", url) for url in acts.links()]
    assert [match[1] for match in found if match] == ["pindah", "keluar", "mati"]


def test_a_move_is_shown_first_then_done_and_can_be_taken_back(petugas, rumah, portal):
    _, ids = rumah
    answers = {"wilayah_id": rt2(portal), "alamat": "Jalan Baru 2", "catatan": "surat 7/2026"}
    form = open_page(petugas, f"/penduduk/{ids['Ayah']}/mutasi/pindah/")
    ticked = [box["value"] for box in form.soup.select("input[name=ikut][checked]")]
    assert ticked == [str(ids["Anak"]), str(ids["Ibu"])], "the head takes the family along"
    page = step(
        petugas, ids["Ayah"], "pindah", tanggal_peristiwa="2026-01-02", ikut=ticked, **answers
    )
    assert list(changes(page)) == [
        *("Penduduk: Ayah", "Penduduk: Anak", "Penduduk: Ibu", "Keluarga: Ayah")
    ]
    assert "RT RT 001/RW 002 Pilang RT 002/RW 002 Pilang" in changes(page)["Penduduk: Anak"]
    assert person(portal, ids["Anak"]).alamat == "Jalan Lama 1", "nothing is written yet"
    form = page.form("keadaan")
    done = petugas.post(
        form.url, data={**form.fields, "ikut": ticked, "langkah": "catat"}, follow_redirects=True
    )
    assert "Mutasi sudah dicatat." in done.get_data(as_text=True)
    assert person(portal, ids["Anak"]).alamat == "Jalan Baru 2"
    history = open_page(petugas, f"/data/penduduk/riwayat/?id={ids['Anak']}")
    assert "Mutasi" in history.main
    assert "surat 7/2026" in history.main
    (link,) = [url for url in history.links() if "/kembalikan/" in url]
    send(petugas, open_page(petugas, link).form("revisi", "cara"))
    back = person(portal, ids["Anak"])
    assert (back.alamat, back.tanggal_peristiwa) == ("Jalan Lama 1", None)


def test_the_death_of_a_head_asks_who_follows(petugas, rumah, portal):
    kk_id, ids = rumah
    page = step(petugas, ids["Ayah"], "mati", tanggal_peristiwa="2026-01-02")
    assert page.status == 422
    assert "Pilih siapa yang menjadi kepala keluarga" in page.main
    page = step(
        petugas, ids["Ayah"], "mati", tanggal_peristiwa="2026-01-02", kepala_id=str(ids["Ibu"])
    )
    assert "Status dasar Hidup Mati" in changes(page)["Penduduk: Ayah"]
    assert "Hubungan dalam keluarga Istri Kepala keluarga" in changes(page)["Penduduk: Ibu"]
    assert "kartu keluarga perlu diterbitkan ulang" in page.main
    again = send(petugas, page.form("keadaan"), langkah="isi")
    assert again.form("tanggal_peristiwa").fields["kepala_id"] == str(ids["Ibu"])
    send(petugas, page.form("keadaan"), langkah="catat")
    with Session(portal.engine) as session:
        assert kepala_hidup(session, kk_id) == ["Ibu"]
    closed = open_page(petugas, f"/penduduk/{ids['Ayah']}/mutasi/")
    assert "tidak berstatus hidup" in closed.main


def test_a_move_out_needs_its_destination(petugas, rumah, portal):
    _, ids = rumah
    page = step(petugas, ids["Anak"], "keluar", tanggal_peristiwa="2026-01-02")
    assert (page.status, set(page.errors())) == (422, {"catatan"})
    page = step(
        petugas, ids["Anak"], "keluar", tanggal_peristiwa="2026-01-02", catatan="Kota Malang"
    )
    send(petugas, page.form("keadaan"), langkah="catat")
    assert person(portal, ids["Anak"]).status_dasar == "pindah"


def test_what_changed_since_the_preview_is_previewed_again(petugas, rumah, portal):
    _, ids = rumah
    page = step(petugas, ids["Anak"], "mati", tanggal_peristiwa="2026-01-02")
    edit = open_page(petugas, f"/data/penduduk/edit/?id={ids['Ibu']}").form("revisi", "nama")
    send(petugas, edit, telepon="0812345678")
    answer = send(petugas, page.form("keadaan"), langkah="catat")
    assert answer.status == 409
    assert "diubah orang lain" in answer.main
    assert person(portal, ids["Anak"]).status_dasar == "hidup"


@pytest.mark.parametrize("username", ["petugas.ketapang", "rt001rw002.pilang", "lurah.pilang"])
def test_the_pages_are_closed_outside_right_and_area(app, rumah, username, portal):
    _, ids = rumah
    client = sign_in(app, username)
    url = f"/penduduk/{ids['Anak']}/mutasi/"
    form = {"langkah": "catat", "tanggal_peristiwa": "2026-01-02"}
    form["csrf_token"] = open_page(client, "/").soup.select_one("meta[name=csrf-token]")["content"]
    answers = [client.get(url), client.get(f"{url}mati/"), client.post(f"{url}mati/", data=form)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert person(portal, ids["Anak"]).status_dasar == "hidup"
    details = open_page(client, f"/data/penduduk/details/?id={ids['Anak']}")
    assert url not in details.links()


def test_an_rt_of_another_kelurahan_is_neither_offered_nor_taken(petugas, rumah, portal):
    _, ids = rumah
    with Session(portal.engine) as session:
        far = str(unit(session, "RT 001/RW 001 Ketapang"))
    page = open_page(petugas, f"/penduduk/{ids['Anak']}/mutasi/pindah/")
    assert far not in page.form("tanggal_peristiwa").selects["wilayah_id"]
    page = step(
        petugas,
        ids["Anak"],
        "pindah",
        tanggal_peristiwa="2026-01-02",
        wilayah_id=far,
        alamat="Jalan Jauh 1",
    )
    assert (page.status, set(page.errors())) == (422, {"wilayah_id"})
