"""What a person keeps of a list: columns and named searches, theirs alone; what an export says."""

import csv
import io
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.generator import paging, tables
from app.generator.columns import Kept, choosable, exported, shown
from app.generator.describe import describe
from app.models.pelaku import Jabatan, Pelaku
from app.models.penduduk import Penduduk
from app.models.tampilan import Tampilan
from tests.conftest import Portal
from tests.web.halaman import Halaman, open_page, send, sign_in

PENDUDUK = "/data/penduduk/"
LAKI = f"{PENDUDUK}?flt0_jenis_kelamin_sama=l"


@pytest.fixture(scope="module")
def lurah(app: Flask) -> FlaskClient:
    return sign_in(app, "lurah.pilang")


@pytest.fixture(scope="module")
def camat(app: Flask) -> FlaskClient:
    return sign_in(app, "camat")


def heads(page: Halaman) -> list[str]:
    cells = [th.get_text(" ", strip=True) for th in page.soup.select("thead th:not(.pilih, .aksi)")]
    assert cells
    return cells


def chips_of(page: Halaman) -> list[str]:
    return [a.get_text(" ", strip=True) for a in page.soup.select("ul.cip a:not(.polos)")]


def token(page: Halaman) -> str:
    return str(page.soup.select_one("meta[name=csrf-token]")["content"])


def choose(client: FlaskClient, *names: str) -> Halaman:
    page = open_page(client, PENDUDUK)
    data = {"csrf_token": token(page), "kolom": list(names), "url": PENDUDUK}
    answer = client.post("/tampilan/penduduk/kolom/", data=data, follow_redirects=True)
    return Halaman(PENDUDUK, answer)


def keep(client: FlaskClient, url: str, nama: str) -> Halaman:
    return send(client, open_page(client, url).form("saringan", "nama"), nama=nama)


def names_of(client: FlaskClient, url: str = PENDUDUK) -> list[str]:
    return [a.get_text(strip=True) for a in open_page(client, url).soup.select("ul.tampilan a")]


def pelaku(*grants: str) -> Pelaku:
    jabatan = Jabatan(1, "ketua_rt", 9, "rt", "Ketua RT")
    return Pelaku(1, "Uji", (jabatan,), {"ketua_rt": frozenset(("Penduduk", g) for g in grants)})


def test_columns_are_chosen_by_each_person_for_themselves(
    lurah: FlaskClient, camat: FlaskClient
) -> None:
    bawaan = heads(open_page(lurah, PENDUDUK))
    page = choose(lurah, "agama", "nik", "tidak_ada", "keluarga_id'--")
    assert heads(page) == ["Nama lengkap", "NIK", "Agama"]
    assert heads(open_page(lurah, f"{PENDUDUK}?search=a")) == ["Nama lengkap", "NIK", "Agama"]
    assert "****" in page.soup.select_one("tbody td[data-label=NIK]").get_text()
    assert heads(open_page(camat, PENDUDUK)) == bawaan
    form = next(f for f in page.forms() if f.url.endswith("/kolom/"))
    assert heads(send(lurah, form, bawaan="1")) == bawaan


def test_the_csv_has_the_columns_and_rows_that_its_button_tells(lurah: FlaskClient) -> None:
    page = choose(lurah, "nik", "agama")
    page = open_page(lurah, LAKI)
    sheet = page.soup.select_one(".judul details.lembar")
    text = sheet.get_text(" ", strip=True)
    assert "Nama lengkap, NIK, Agama" in text
    assert "Saringan: Jenis kelamin adalah Laki-laki" in text
    assert "NIK dan nomor KK tetap disamarkan. Unduhan dicatat atas nama Anda." in text
    form = page.form("format", "alasan")
    sent = lurah.post(form.url, data={**form.fields, "alasan": "uji kolom"})
    raw = sent.get_data().decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(raw), delimiter=";")
    assert header == ["Nama lengkap", "NIK", "Agama"]
    assert f"{len(rows)} baris, 3 kolom" in text
    choose(lurah, *Penduduk.screen.list)


def test_a_list_offers_columns_of_the_details_only_to_who_may_open_them() -> None:
    spec = describe(Penduduk)
    assert choosable(spec, pelaku("list")) == spec.screen.list
    assert "agama" in choosable(spec, pelaku("list", "show"))
    kept = Kept(("nik", "agama"))
    assert shown(spec, pelaku("list"), kept) == ("nik",)
    assert exported(spec, pelaku("list", "export"), kept) == ("nik",)
    assert shown(spec, pelaku("list"), Kept(("agama",))) == spec.screen.list
    assert not set(spec.screen.hidden) & set(choosable(spec, pelaku("list", "show")))


def test_a_search_is_kept_under_a_name_and_opens_as_it_was(lurah: FlaskClient) -> None:
    page = keep(lurah, f"{LAKI}&search=a&sort=3&page=1", "Laki-laki bernama A")
    assert "Tampilan sudah disimpan." in page.main
    link = open_page(lurah, PENDUDUK).soup.select_one("ul.tampilan a")
    assert link.get_text(strip=True) == "Laki-laki bernama A"
    assert "page" not in urlsplit(str(link["href"])).query
    opened = open_page(lurah, str(link["href"]))
    assert chips_of(opened) == ["Berisi “a”", "Jenis kelamin adalah Laki-laki"]
    assert opened.soup.select_one("th[aria-sort]").get_text(strip=True) == "Tanggal lahir"
    assert opened.soup.select_one("ul.tampilan a[aria-current=true]") is not None


def test_a_named_search_is_seen_and_deleted_by_its_owner_alone(
    lurah: FlaskClient, camat: FlaskClient, portal: Portal
) -> None:
    keep(lurah, LAKI, "Punya lurah")
    assert "Punya lurah" not in names_of(camat)
    with Session(portal.engine) as session:
        id_ = session.scalar(select(Tampilan.id).where(Tampilan.nama == "Punya lurah"))
    keep(camat, LAKI, "Punya camat")
    (form,) = [f for f in open_page(camat, PENDUDUK).forms() if "/hapus/" in f.url]
    foreign = camat.post(f"/tampilan/hapus/{id_}/", data=form.fields)
    assert foreign.status_code == 404
    assert "Punya lurah" in names_of(lurah)
    assert "Tampilan Punya camat sudah dihapus." in send(camat, form).main
    assert "Punya camat" not in names_of(camat)


@pytest.mark.parametrize(
    ("url", "nama", "message"),
    [
        (LAKI, "   ", "Tulis nama tampilan"),
        (LAKI, "x" * 61, "Tulis nama tampilan"),
        (f"{PENDUDUK}?search=3574010101909901", "NIK", "tidak boleh disimpan"),
        (f"{PENDUDUK}?search=3574+0101+0190+9901", "NIK", "tidak boleh disimpan"),
        (LAKI, "KK 3574010101909901", "tidak boleh disimpan"),
    ],
)
def test_a_search_without_name_or_with_a_nik_is_not_kept(
    lurah: FlaskClient, url: str, nama: str, message: str
) -> None:
    before = names_of(lurah)
    assert message in keep(lurah, url, nama).main
    assert names_of(lurah) == before


def test_the_same_name_is_written_over_and_the_21st_is_refused(camat: FlaskClient) -> None:
    keep(camat, LAKI, "Sama")
    keep(camat, f"{PENDUDUK}?flt0_jenis_kelamin_sama=p", "Sama")
    link = open_page(camat, PENDUDUK).soup.select_one("ul.tampilan a")
    assert str(link["href"]).endswith("jenis_kelamin_sama=p")
    for n in range(19):
        keep(camat, LAKI, f"Nomor {n}")
    assert "Sudah ada 20 tampilan" in keep(camat, LAKI, "Terlalu banyak").main
    assert len(names_of(camat)) == 20


def test_a_list_that_is_not_granted_keeps_nothing(app: Flask) -> None:
    rt = sign_in(app, "rt001rw002.pilang")
    csrf = token(open_page(rt, PENDUDUK))
    for slug in ("catatan_ekspor", "tidak_ada"):
        for door in ("kolom", "simpan"):
            data = {"csrf_token": csrf, "nama": "x", "saringan": "search=a"}
            assert rt.post(f"/tampilan/{slug}/{door}/", data=data).status_code == 404


def test_each_chip_is_a_sentence_and_takes_only_itself_away(lurah: FlaskClient) -> None:
    url = f"{LAKI}&flt1_tanggal_lahir_mulai=1990-01-02&flt2_agama_bukan=islam&search=a"
    page = open_page(lurah, url)
    assert chips_of(page) == [
        "Berisi “a”",
        "Jenis kelamin adalah Laki-laki",
        "Tanggal lahir mulai dari 02-01-1990",
        "Agama bukan Islam",
    ]
    links = [str(a["href"]) for a in page.soup.select("ul.cip a:not(.polos)")]
    for gone, link in enumerate(links):
        rest = [text for i, text in enumerate(chips_of(page)) if i != gone]
        assert chips_of(open_page(lurah, link)) == rest


def test_an_empty_list_says_what_to_do_next(lurah: FlaskClient) -> None:
    page = open_page(lurah, f"{LAKI}&search=tidakadaorangnya")
    assert "Lepas satu saringan di atas, atau tampilkan semua." in page.main
    box = page.soup.select_one(".kosong-isi a")
    assert (box.get_text(strip=True), box["href"]) == ("Tampilkan semua", PENDUDUK)
    assert "Unduh" not in page.main


def test_a_long_list_stops_counting_and_its_ends_are_reached_from_everywhere(
    lurah: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = open_page(lurah, PENDUDUK)
    total = int(whole.soup.select_one(".sub").get_text().split()[0])
    for module in (paging, tables):
        monkeypatch.setattr(module, "COUNT_MOST", 25)
    assert total > 60
    page, seen = open_page(lurah, PENDUDUK), 0
    assert page.soup.select_one(".sub").get_text(" ", strip=True) == "25+ data · Hitung tepat"
    assert "25+ baris" in page.main
    last = open_page(lurah, str(page.soup.select_one("a[aria-label='Halaman terakhir']")["href"]))
    assert "20–1 dari akhir" in last.main
    assert last.soup.select_one("a[rel=next]") is None
    counted = open_page(lurah, str(page.soup.select_one(".sub a")["href"]))
    assert counted.soup.select_one(".sub").get_text(strip=True) == f"{total} data"
    while True:
        seen += len(page.soup.select("tbody tr"))
        following = page.soup.select_one("a[rel=next]")
        if following is None:
            break
        page = open_page(lurah, str(following["href"]))
    assert seen == total
    beyond = open_page(lurah, f"{PENDUDUK}?page=9999999999999999999999")
    assert beyond.status == 200
    assert beyond.soup.select("tbody tr")
