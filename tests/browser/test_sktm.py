"""One SKTM in a browser: filed with a photo, through nine officers, to the supervisor's CSV."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from tests.browser.layar import buka_menu, layar, setujui_dialog
from tests.conftest import Portal
from tests.walk import PENGAJU, RANTAI, resident_of

pytestmark = pytest.mark.lambat

RT = "RT 001/RW 002 Pilang"
KAMERA, GPS = 0x0110, 0x8825
"""EXIF tags of the camera's model and of the place."""

LABELS = {
    "setujui": "Setujui",
    "teruskan": "Teruskan",
    "paraf": "Paraf",
    "tanda_tangani": "Tanda Tangan",
}


@pytest.fixture(scope="module")
def penduduk(app: Flask, portal: Portal) -> tuple[str, str]:
    """Name and NIK of a resident of the RT."""
    with Session(portal.engine) as session:
        id_, nik = resident_of(session, RT)
        with unscoped(session, "uji membaca nama"):
            return session.get_one(Penduduk, id_).nama, nik


@pytest.fixture(scope="module")
def foto(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo as a phone makes it: it knows camera and place."""
    exif = Image.Exif()
    exif[KAMERA] = "Ponsel Pak RT"
    exif.get_ifd(GPS)[1] = "S"
    path = tmp_path_factory.mktemp("foto") / "rumah depan.jpg"
    Image.linear_gradient("L").convert("RGB").resize((900, 600)).save(path, exif=exif)
    with Image.open(path) as saved:
        assert dict(saved.getexif())
    return path


@pytest.fixture(scope="module")
def nomor(
    browser: Browser, live_server: str, penduduk: tuple[str, str], foto: Path
) -> Iterator[str]:
    """Nomor of a berkas that the Ketua RT filed through the screens."""
    with layar(browser, live_server, PENGAJU) as page:
        buka_menu(page, "Berkas Baru")
        page.get_by_role("link", name="Surat Keterangan Tidak Mampu").click()
        page.get_by_label("NIK atau nama penduduk").fill(penduduk[0])
        page.locator("main").get_by_role("button", name="Cari").click()
        page.locator("main").get_by_role("link", name=penduduk[0]).first.click()
        fill_isian(page, penduduk[1])
        tick_all_but_photo(page, foto)
        page.get_by_role("button", name="Ajukan", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="Berkas sudah diajukan")).to_be_visible()
        found = re.search(r"SKTM-\d{4}-\d{6}", page.locator("main").inner_text())
        assert found
        yield found[0]


def fill_isian(page: Page, nik: str) -> None:
    page.get_by_label("Diperuntukkan bagi (NIK)").fill(nik)
    page.get_by_label("Keperluan").fill("Beasiswa sekolah")
    page.get_by_label("Penghasilan keluarga per bulan").select_option("Rp500.000–Rp1.000.000")
    page.get_by_label("Jumlah tanggungan").fill("3")


def tick_all_but_photo(page: Page, foto: Path) -> None:
    """See the papers of all persyaratan but the last; attach a photo for that one.

    The letter of RT and RW has no box: their own approval will meet it.
    """
    rows = page.locator("ul.syarat > li").filter(has=page.get_by_role("checkbox"))
    expect(page.locator("ul.syarat > li")).to_have_count(rows.count() + 1)
    last = rows.count() - 1
    assert last >= 1
    for index in range(last):
        rows.nth(index).get_by_role("checkbox").check()
    rows.nth(last).locator("input[type=file]").set_input_files(foto)


def take(page: Page, nomor: str, label: str, penduduk: str) -> None:
    """Find the berkas in the queue, open it, press the button of the act."""
    buka_menu(page, "Berkas Masuk")
    page.get_by_role("link").filter(has_text=nomor).click()
    main = page.locator("main")
    expect(main).to_contain_text(penduduk)
    main.get_by_role("button", name=label, exact=True).click()
    if label == "Tanda Tangan":
        setujui_dialog(page)
    expect(page.get_by_role("status").filter(has_text=f"{label} sudah dicatat")).to_be_visible()
    expect(page.get_by_role("link").filter(has_text=nomor)).to_have_count(0)


@pytest.fixture(scope="module")
def selesai(browser: Browser, live_server: str, nomor: str, penduduk: tuple[str, str]) -> str:
    """Nomor of the berkas after the nine officers, each in a browser of their own."""
    for username, jenis in RANTAI:
        with layar(browser, live_server, username) as page:
            take(page, nomor, LABELS[jenis.value], penduduk[0])
    return nomor


def test_the_timeline_shows_ten_acts_each_with_name_jabatan_and_time(
    browser: Browser, live_server: str, selesai: str
) -> None:
    with layar(browser, live_server, "camat") as page:
        page.goto("/data/berkas/")
        page.get_by_role("link", name=selesai).first.click()
        expect(page.locator("main .sub")).to_contain_text("Selesai")
        items = page.locator(".garis-waktu > li")
        expect(items).to_have_count(10)
        expected = ["Ajukan", *(LABELS[jenis.value] for _, jenis in RANTAI)]
        texts = [item.inner_text() for item in items.all()]
        assert [re.match(r"[\w ]+\w", text)[0] for text in texts] == expected
        assert all(re.search(r"\d{2}-\d{2}-\d{4} \d{2}\.\d{2} WIB", text) for text in texts)
        people = [text.split("\n")[1] for text in texts]
        assert people[0].endswith("· Ketua RT 001/RW 002 Pilang")
        assert people[0] == people[1]
        assert len({person.split(" · ")[0] for person in people}) == 9


def test_a_supervisor_filters_by_kelurahan_and_downloads_a_csv_with_the_berkas(
    browser: Browser, live_server: str, selesai: str, penduduk: tuple[str, str]
) -> None:
    with layar(browser, live_server, "camat") as page:
        buka_menu(page, "Semua Berkas")
        page.get_by_role("button", name="Saring").click()
        kolom = page.get_by_role("group", name="Wilayah asal")
        kolom.get_by_role("combobox", name="Wilayah asal di dalam").fill("Kelurahan Pilang")
        kolom.get_by_role("option", name="Kelurahan Pilang", exact=True).click()
        page.get_by_role("button", name="Terapkan saringan").click()
        chips = page.get_by_role("list", name="Saringan yang dipakai")
        expect(chips).to_contain_text("Wilayah asal di dalam Kelurahan Pilang")
        expect(page.get_by_role("link", name=selesai).first).to_be_visible()
        page.locator("summary", has_text="Unduh").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile(r"Unduh \d+ baris")).click()
        raw = Path(download.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";")
    assert header[:5] == ["Nomor registrasi", "Layanan", "Pemohon", "Wilayah asal", "Status"]
    (row,) = [row for row in rows if row[0] == selesai]
    assert row[1:5] == ["Surat Keterangan Tidak Mampu", penduduk[0], RT, "Selesai"]
    assert re.fullmatch(r"\d{2}-\d{2}-\d{4} \d{2}\.\d{2}( WIB)?", row[5])
    assert all("Pilang" in row[3] for row in rows)


def test_another_kelurahan_holds_no_such_berkas(
    browser: Browser, live_server: str, selesai: str
) -> None:
    with layar(browser, live_server, "lurah.pilang") as page:
        page.goto("/data/berkas/")
        expect(page.get_by_role("link", name=selesai).first).to_be_visible()
    with layar(browser, live_server, "lurah.ketapang") as page:
        page.goto("/data/berkas/")
        expect(page.locator("main")).to_contain_text("Belum ada Berkas")


def test_the_photo_comes_back_without_what_the_phone_wrote_into_it(
    browser: Browser, live_server: str, selesai: str
) -> None:
    with layar(browser, live_server, "petugas.pilang") as page:
        page.goto(f"/data/berkas/?search={selesai}")
        page.locator("tbody").get_by_role("link", name=selesai).first.click()
        with page.expect_download() as download:
            page.get_by_role("link", name="rumah depan.jpg").click()
        assert download.value.suggested_filename == "rumah depan.jpg"
        with Image.open(download.value.path()) as image:
            assert image.size == (900, 600)
            assert not dict(image.getexif())
            assert not {"exif", "icc_profile", "comment"} & set(image.info)
