"""Forms that are refused: the person reads why, at the field, and nothing typed is lost."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from app.models.wilayah import Wilayah
from tests.conftest import Portal
from tests.walk import resident_of, unit
from tests.web.halaman import Formulir, Halaman, open_page, send, sign_in

RT = "RT 001/RW 002 Pilang"
TAKEN = "Nilai ini sudah dipakai oleh data lain."
LEAKS = ("SQL", "IntegrityError", "UNIQUE", "psycopg", "sqlite", "Traceback", "constraint")


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, "admin")


@pytest.fixture(scope="module")
def rt_id(app: Flask, portal: Portal) -> int:
    with Session(portal.engine) as session:
        return unit(session, RT)


def first_choices(form: Formulir, *names: str) -> dict[str, str]:
    """Return the first real option of these selects."""
    return {name: next(v for v in form.selects[name] if v) for name in names}


def assert_refused(page: Halaman, field: str, message: str, status: int = 422) -> None:
    assert page.status == status, page.main
    assert message in page.errors()[field]
    assert not [word for word in LEAKS if word in page.text]


# A constraint of the database.


@pytest.fixture
def penduduk_baru(admin: FlaskClient, rt_id: int) -> tuple[Formulir, dict[str, str]]:
    """The form of a new resident, and answers that are right."""
    form = open_page(admin, "/data/penduduk/new/").form("nama", "nik")
    choices = ("jenis_kelamin", "agama", "kewarganegaraan", "shdk", "status_kawin")
    return form, {
        **first_choices(form, *choices, "status_penduduk", "status_dasar"),
        "nama": "Siti Uji",
        "nik": "3574015708900009",
        "tempat_lahir": "Probolinggo",
        "tanggal_lahir": "1990-08-17",
        "alasan_nik": "Sesuai KK lama",
        "alamat": "Jl. Uji No. 1",
        "wilayah_id": str(rt_id),
    }


def test_a_nik_that_is_taken_is_refused_at_its_field(
    admin: FlaskClient, portal: Portal, penduduk_baru: tuple[Formulir, dict[str, str]]
) -> None:
    form, answers = penduduk_baru
    with Session(portal.engine) as session:
        penduduk_id, nik = resident_of(session, RT)
        with unscoped(session, "uji membaca nama"):
            nama = session.get_one(Penduduk, penduduk_id).nama
    page = send(admin, form, **{**answers, "nik": nik})
    tersamar = " ".join(f"{kata[0]}***" for kata in nama.split())
    assert_refused(page, "nik", f"NIK ini sudah dipakai oleh {tersamar}. Periksa nomornya.")
    assert nama not in page.text
    again = page.form("nama", "nik")
    assert again.fields["nama"] == "Siti Uji"
    assert again.fields["alamat"] == "Jl. Uji No. 1"
    assert again.fields["tanggal_lahir"] == "1990-08-17"
    assert again.fields["wilayah_id"] == answers["wilayah_id"]
    page = send(admin, again, nik=answers["nik"])
    assert "sudah ditambahkan" in page.main


def test_a_username_that_is_taken_is_refused_at_its_field(admin: FlaskClient) -> None:
    form = open_page(admin, "/data/pengguna/new/").form("username", "sandi_baru")
    answers = {
        "first_name": "Budi",
        "last_name": "Uji",
        "email": "budi.uji@contoh.id",
        "username": "camat",
        "sandi_baru": "kata-sandi-uji",
        "active": "1",
    }
    answers["wilayah_id"] = next(v for v in form.selects["wilayah_id"] if v)
    page = send(admin, form, **answers)
    assert_refused(page, "username", TAKEN)
    again = page.form("username", "sandi_baru")
    assert again.fields["first_name"] == "Budi"
    assert again.fields["sandi_baru"] == ""
    assert "kata-sandi-uji" not in page.text


def test_a_kode_that_a_sibling_has_is_refused_at_its_field(
    admin: FlaskClient, portal: Portal, rt_id: int
) -> None:
    with Session(portal.engine) as session:
        induk_id = session.get_one(Wilayah, rt_id).induk_id
    form = open_page(admin, "/data/wilayah/new/").form("induk_id", "tingkat", "kode")
    page = send(admin, form, induk_id=str(induk_id), tingkat="rt", kode="001", nama="RT kembar")
    assert_refused(page, "kode", TAKEN)
    again = page.form("induk_id", "tingkat", "kode")
    assert (again.fields["induk_id"], again.fields["tingkat"]) == (str(induk_id), "rt")
    assert (again.fields["kode"], again.fields["nama"]) == ("001", "RT kembar")


def test_deleting_what_is_used_is_refused_in_words(admin: FlaskClient, rt_id: int) -> None:
    page = open_page(admin, f"/data/wilayah/delete/confirm/?id={rt_id}")
    (form,) = [f for f in page.forms() if f.url == "/data/wilayah/delete/"]
    page = send(admin, form)
    assert "masih dipakai oleh data lain" in page.main
    assert not [word for word in LEAKS if word in page.text]


# Two people, or two tabs.


def test_a_stale_form_shows_what_differs_and_keeps_what_was_typed(
    admin: FlaskClient, rt_id: int
) -> None:
    url = f"/data/wilayah/edit/?id={rt_id}"
    mine, theirs = (open_page(admin, url).form("nama", "alamat") for _ in range(2))
    saved = send(admin, theirs, alamat="Pos ronda lama")
    assert "Perubahan sudah disimpan" in saved.main
    page = send(admin, mine, alamat="Balai RT baru")
    assert page.status == 409
    table = page.soup.select_one("main table")
    cells = [cell.get_text(strip=True) for cell in table.select("tbody th, tbody td")]
    assert cells == ["Alamat kantor", "Pos ronda lama", "Balai RT baru"]
    again = page.form("nama", "alamat")
    assert again.fields["alamat"] == "Balai RT baru"
    assert "Perubahan sudah disimpan" in send(admin, again).main
    assert open_page(admin, url).form("alamat").fields["alamat"] == "Balai RT baru"


def test_a_form_of_a_row_that_is_gone_is_not_found(admin: FlaskClient) -> None:
    form = open_page(admin, "/data/jenis_persyaratan/new/").form("kode", "nama")
    send(admin, form, kode="UJI_HILANG", nama="Surat hilang", bentuk="asli")
    page = open_page(admin, "/data/jenis_persyaratan/?search=UJI_HILANG")
    edit = next(url for url in page.links() if "/jenis_persyaratan/edit/" in url)
    stale = open_page(admin, edit).form("kode", "nama")
    confirm = next(url for url in page.links() if "/delete/confirm/" in url)
    (delete,) = [f for f in open_page(admin, confirm).forms() if f.url.endswith("/delete/")]
    assert "Data sudah dihapus" in send(admin, delete).main
    assert send(admin, stale, nama="Surat lain").status == 404


# Values no field can hold.


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("nama", "x" * 5000, "terlalu panjang|lebih dari|paling banyak|maksimal"),
        ("nama", "Siti\x00Uji", "tidak dapat disimpan"),
        ("nama", "   ", "harus diisi|Wajib diisi"),
        ("agama", "penyembah-matahari", "tidak dikenal|tidak valid|tidak tersedia|bukan"),
        ("wilayah_id", "9" * 40, "tidak ada"),
        ("wilayah_id", "-1", "tidak ada"),
        ("wilayah_id", "abc", "tidak dikenal"),
        ("tanggal_lahir", "2026-02-30", "tanggal"),
        ("tanggal_lahir", "0000-00-00", "tanggal"),
        ("nik", "1" * 40, ""),
        ("nik", "357401ABCDEFGHIJ", ""),
    ],
)
def test_a_value_no_field_can_hold_is_refused_at_its_field(
    admin: FlaskClient,
    penduduk_baru: tuple[Formulir, dict[str, str]],
    field: str,
    value: str,
    message: str,
) -> None:
    form, answers = penduduk_baru
    page = send(admin, form, **{**answers, "nik": "3574015708900010", field: value})
    assert page.status == 422
    assert field in page.errors(), page.errors()
    words = message.lower().split("|")
    assert any(word in page.errors()[field].lower() for word in words), page.errors()


def test_a_number_larger_than_the_database_holds_is_refused(admin: FlaskClient) -> None:
    form = open_page(admin, "/data/peran/new/").form("kode", "urutan")
    answers = {"kode": "peran_uji", "nama": "Peran uji", "tingkat": "rt"}
    for number in ("2147483648", "9" * 400, "-9999999999", "1e9", "١٢"):
        page = send(admin, form, **answers, urutan=number)
        assert page.status in (200, 422)
        if number != "١٢":
            assert "urutan" in page.errors(), number


def test_a_resident_with_a_bad_date_keeps_the_date_as_typed(
    admin: FlaskClient, penduduk_baru: tuple[Formulir, dict[str, str]]
) -> None:
    form, answers = penduduk_baru
    page = send(admin, form, **{**answers, "tanggal_lahir": "31-02-1990"})
    assert page.form("nama", "nik").fields["tanggal_lahir"] == "31-02-1990"


# Addresses no link leads to.

LISTS = ("penduduk", "wilayah", "berkas", "pengguna", "riwayat", "versi_layanan", "penugasan")
ODD_QUERIES = (
    "search=(((",
    "search=%25%5F%5C%27%22",
    "search=%00",
    "search=" + "9" * 40,
    "search=" + "a" * 3000,
    "page=-1",
    "page=99999999999",
    "page=abc",
    "page_size=99999999999",
    "page_size=-1",
    "sort=abc",
    "sort=999",
    "sort=-1",
    "sort=0&desc=x",
    "flt0_0=x",
    "flt0_tidak_ada=1",
    "flt0_wilayah_id_sama=abc",
    "flt0_wilayah_id_sama=" + "9" * 40,
    "flt0_wilayah_asal_id_sama=%00",
    "flt0_status_sama=tidakada",
    "flt0_tanggal_lahir_mulai=2026-13-45",
    "flt0_waktu_diajukan_sampai=9999-12-31",
    "flt0_waktu_diajukan_mulai=0001-01-01",
    "flt0_nama_kosong=9",
    "fltx_=&flt=&flt0_=1",
    "url=https://evil.example/",
)


@pytest.mark.parametrize("query", ODD_QUERIES)
def test_an_odd_question_to_a_list_is_answered(admin: FlaskClient, query: str) -> None:
    for slug in LISTS:
        for door in ("", "export/csv/"):
            response = admin.get(f"/data/{slug}/{door}?{query}")
            assert response.status_code < 500, f"/data/{slug}/{door}?{query[:60]}"
            assert b"evil.example" not in response.data


ODD_IDS = ("9" * 40, "-1", "0", "abc", "1' OR '1'='1", "\x00", "", "1e3", "²", "2147483648")


@pytest.mark.parametrize("id_", ODD_IDS)
def test_an_odd_id_is_not_found(admin: FlaskClient, id_: str) -> None:
    for door in ("details", "edit", "delete/confirm"):
        response = admin.get(f"/data/penduduk/{door}/", query_string={"id": id_})
        assert response.status_code == 404
    assert admin.get(f"/berkas/{id_ or 0}/").status_code == 404
    assert admin.get(f"/berkas/baru/{id_ or 0}/").status_code in (404, 308)


def test_odd_look_ups_are_answered(admin: FlaskClient) -> None:
    for query in ("name=wilayah_id&query=(((", "name=wilayah_id&offset=-5", "name=wilayah_id"):
        assert admin.get(f"/data/penduduk/ajax/lookup/?{query}").status_code == 200
    for query in ("name=tidak_ada", "name=nama", "name=a.b.c", "", "name=%00"):
        assert admin.get(f"/data/penduduk/ajax/lookup/?{query}").status_code == 404
    long = admin.get("/data/penduduk/ajax/lookup/?name=wilayah_id&offset=" + "9" * 40)
    assert long.status_code == 200


def test_the_page_of_a_number_too_large_shows_the_last_one(
    admin: FlaskClient, portal: Portal
) -> None:
    page = open_page(admin, "/data/penduduk/?page=99999999999")
    assert page.soup.select("tbody tr")
    with Session(portal.engine) as session, unscoped(session, "uji menghitung"):
        assert session.query(Penduduk).count() > len(page.soup.select("tbody tr"))
