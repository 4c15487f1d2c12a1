"""Many rows at once: who is meant, what would change, what is refused, and nobody else's rows."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.generator import bulk
from app.models.biodata import Agama, StatusPenduduk
from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from app.models.sampah import Sampah
from tests.access.rows import Tempat
from tests.conftest import Portal
from tests.pernyataan import counted
from tests.web.halaman import Formulir, Halaman, open_page, post, send, sign_in
from tests.web.pekerja import work

PENDUDUK = "/data/penduduk/"
MASSAL = f"{PENDUDUK}massal/"


@pytest.fixture(scope="module")
def petugas(app: Flask) -> FlaskClient:
    """An officer of Kelurahan Pilang: adds and edits its residents, deletes none."""
    return sign_in(app, "petugas.pilang")


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, "admin")


@pytest.fixture
def orang(pilang: Tempat, portal: Portal) -> list[int]:
    """Three residents of Pilang whose names nobody else has."""
    ids = [pilang.make(Penduduk) for _ in range(3)]
    name(portal, ids)
    return ids


def name(portal: Portal, ids: list[int], nama: str = "Wignyo") -> None:
    with Session(portal.engine) as session, unscoped(session, "uji menamai"):
        for n, id_ in enumerate(ids, 1):
            session.get_one(Penduduk, id_).nama = f"{nama} {n}"
        session.commit()


def read(portal: Portal, ids: list[int], column: str = "agama") -> list[object]:
    with Session(portal.engine) as session, unscoped(session, "uji membaca"):
        rows = session.scalars(select(Penduduk).where(Penduduk.id.in_(ids)).order_by(Penduduk.id))
        return [getattr(row, column) for row in rows]


def again(client: FlaskClient, page: Halaman, **changes: object) -> Halaman:
    """Send the form of a step, with all its hidden values, also those that repeat."""
    form: Formulir = page.form("langkah")
    hidden: dict[str, list[str]] = {}
    for control in page.soup.select("main form input[type=hidden]"):
        hidden.setdefault(str(control["name"]), []).append(str(control["value"]))
    data = {**form.fields, **hidden, **changes}
    answer = client.post(form.url, data=data, follow_redirects=True)
    return Halaman(answer.request.full_path.rstrip("?"), answer)


def preview(
    client: FlaskClient, url: str = MASSAL, *, ubah: str, isi: str, **rows: object
) -> Halaman:
    page = again(client, post(client, url, **rows), ubah=[ubah])
    return again(client, page, **{ubah: isi})


def test_fields_are_chosen_filled_looked_at_and_then_written(
    petugas: FlaskClient, portal: Portal, orang: list[int]
) -> None:
    fields = post(petugas, MASSAL, rowid=orang)
    assert "3 data dipilih" in fields.main
    offered = {str(box["value"]) for box in fields.soup.select("input[name=ubah]")}
    assert "agama" in offered
    assert not offered & {"nik", "nama_sandi"}
    before = read(portal, orang)
    page = preview(petugas, ubah="agama", isi="hindu", rowid=orang)
    assert page.main.count("Wignyo") == 3
    assert "Dicoba pada 3 data pertama: 3 berubah, 0 sudah begitu, 0 ditolak." in page.main
    assert read(portal, orang) == before
    done = again(petugas, page)
    assert "3 data diubah." in done.text
    assert read(portal, orang) == [Agama.HINDU] * 3
    same = preview(petugas, ubah="agama", isi="hindu", rowid=orang)
    assert "0 berubah, 3 sudah begitu" in same.main


def test_each_change_is_in_the_history_of_its_row(
    petugas: FlaskClient, portal: Portal, orang: list[int]
) -> None:
    again(petugas, preview(petugas, ubah="status_penduduk", isi="tidak_tetap", rowid=orang))
    assert read(portal, orang, "status_penduduk") == [StatusPenduduk.TIDAK_TETAP] * 3
    for id_ in orang:
        history = open_page(petugas, f"{PENDUDUK}riwayat/?id={id_}").main
        assert "Status penduduk" in history


def test_no_field_ticked_and_a_wrong_value_bring_the_step_back_with_all_that_was_said(
    petugas: FlaskClient, orang: list[int]
) -> None:
    page = again(petugas, post(petugas, MASSAL, rowid=orang))
    assert page.status == 422
    assert "Centang dahulu isian yang akan diubah." in page.main
    page = preview(petugas, ubah="tanggal_lahir", isi="31-02-2000", rowid=orang)
    assert page.status == 422
    assert page.errors()
    assert len(page.soup.select("input[name=rowid]")) == 3


def test_going_back_to_the_fields_keeps_those_that_were_ticked_and_refuses_nothing(
    petugas: FlaskClient, orang: list[int]
) -> None:
    page = again(petugas, post(petugas, MASSAL, rowid=orang), ubah=["agama"])
    back = again(petugas, page, ulang="1", agama="")
    assert back.status == 200
    assert "Centang dahulu" not in back.main
    ticked = back.soup.select("input[name=ubah][checked]")
    assert [str(box["value"]) for box in ticked] == ["agama"]


def test_a_refused_row_stays_and_is_named_while_the_others_change(
    petugas: FlaskClient, portal: Portal, orang: list[int]
) -> None:
    with Session(portal.engine) as session, unscoped(session, "uji menyamakan NIK"):
        first = session.get_one(Penduduk, orang[0])
        birth = first.tanggal_lahir
        session.get_one(Penduduk, orang[1]).alasan_nik = None
        session.commit()
    other = birth.replace(year=birth.year - 1)
    page = preview(petugas, ubah="tanggal_lahir", isi=f"{other:%Y-%m-%d}", rowid=orang)
    assert "Ada baris yang akan ditolak." in page.main
    assert "NIK tidak sesuai" in page.main
    done = again(petugas, page)
    assert "NIK tidak sesuai" in done.text
    assert birth in read(portal, orang, "tanggal_lahir")


def test_a_row_of_another_area_is_meant_by_nobody(
    petugas: FlaskClient, portal: Portal, orang: list[int], jauh: Tempat
) -> None:
    alien = jauh.make(Penduduk)
    name(portal, [alien], "Wignyo Kenari")
    (before,) = read(portal, [alien])
    assert post(petugas, MASSAL, rowid=[alien]).status == 404
    page = preview(petugas, ubah="agama", isi="buddha", rowid=[*orang, alien])
    assert "Kenari" not in page.text
    assert "1 data yang dicentang dilewati" in again(petugas, page).text
    page = preview(petugas, f"{MASSAL}?search=wignyo", ubah="agama", isi="khonghucu", semua="1")
    assert "Kenari" not in page.text
    again(petugas, page)
    assert set(read(portal, orang)) == {Agama.KHONGHUCU}
    assert read(portal, [alien]) == [before]


def test_nobody_moves_a_row_out_of_their_area(
    petugas: FlaskClient, portal: Portal, orang: list[int], jauh: Tempat
) -> None:
    before = read(portal, orang, "wilayah_id")
    page = preview(petugas, ubah="wilayah_id", isi=str(jauh.rt_id), rowid=orang)
    assert page.status == 422
    assert read(portal, orang, "wilayah_id") == before


def test_who_may_not_edit_has_no_such_door(app: Flask, orang: list[int]) -> None:
    rt = sign_in(app, "rt001rw002.pilang")
    assert post(rt, MASSAL, rowid=orang).status == 403
    assert "massal" not in open_page(rt, PENDUDUK).text


def test_all_that_a_list_holds_is_meant_by_its_search(
    admin: FlaskClient, portal: Portal, orang: list[int], pilang: Tempat
) -> None:
    (other,) = [pilang.make(Penduduk)]
    (before,) = read(portal, [other])
    page = preview(admin, f"{MASSAL}?search=wignyo", ubah="agama", isi="kristen", semua="1")
    again(admin, page)
    assert set(read(portal, orang)) == {Agama.KRISTEN}
    assert read(portal, [other]) == [before]


def test_many_rows_are_a_pekerjaan_on_the_rows_as_they_were_chosen(
    app: Flask,
    admin: FlaskClient,
    portal: Portal,
    orang: list[int],
    pilang: Tempat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    page = preview(admin, f"{MASSAL}?search=wignyo", ubah="agama", isi="katolik", semua="1")
    assert "dikerjakan di latar belakang" in page.main
    job = again(admin, page)
    assert job.url.startswith("/pekerjaan/")
    late = pilang.make(Penduduk)
    (before,) = read(portal, [late])
    name(portal, [late], "Wignyo Lambat")
    work(app)
    assert set(read(portal, orang)) == {Agama.KATOLIK}
    assert read(portal, [late]) == [before]
    assert "ditolak." in open_page(admin, job.url).main


def test_a_whole_selection_is_deleted_as_a_pekerjaan_and_lies_in_sampah(
    app: Flask,
    admin: FlaskClient,
    portal: Portal,
    orang: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name(portal, orang, "Sarwono")
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    url = f"{PENDUDUK}action/?search=sarwono"
    assert post(admin, url, action="delete", semua="1").url.startswith("/pekerjaan/")
    work(app)
    assert read(portal, orang) == []
    with Session(portal.engine) as session:
        query = select(func.count()).select_from(Sampah).where(Sampah.sebutan.startswith("Sarwono"))
        assert session.scalar(query) == 3


def test_ticked_rows_are_deleted_at_once_and_put_back_as_one(
    admin: FlaskClient, portal: Portal, orang: list[int]
) -> None:
    page = post(admin, f"{PENDUDUK}action/", action="delete", rowid=orang)
    assert "3 data dihapus." in page.text
    assert read(portal, orang) == []
    assert "3 data dipulihkan." in send(admin, page.form("kelompok")).text
    assert len(read(portal, orang)) == 3


def test_the_preview_costs_the_same_however_many_rows_are_meant(
    petugas: FlaskClient, portal: Portal, orang: list[int], pilang: Tempat
) -> None:
    ids = [*orang, *(pilang.make(Penduduk) for _ in range(30))]
    counts = []
    for chosen in (ids[:25], ids):
        with counted(portal.engine) as sent:
            preview(petugas, ubah="agama", isi="islam", rowid=chosen)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_the_list_offers_all_pages_only_where_there_are_some(
    admin: FlaskClient, portal: Portal, orang: list[int]
) -> None:
    name(portal, orang, "Sukarsih")
    assert open_page(admin, PENDUDUK).soup.select("[data-semua]")
    page = open_page(admin, f"{PENDUDUK}?search=sukarsih")
    assert page.soup.select("[name=rowid]")
    assert not page.soup.select("[data-semua]")
