"""More of each day without a mouse, at both widths: residents, corrections, downloads."""

from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from app.routing import JenisAksi
from tests.browser.layar import DESKTOP, PHONE, layar
from tests.browser.papan_ketik import (
    fokus,
    judul,
    masuk_dengan_papan_ketik,
    pilih,
    tekan,
    tulis,
)
from tests.conftest import Portal
from tests.walk import PENGAJU, file_sktm, take, walk

pytestmark = pytest.mark.lambat

NIK = {1366: "3574014808909909", 360: "3574014808909910"}
"""A woman born on 8 August 1990, for each width: the same typed day first or month first."""


@pytest.fixture(params=[DESKTOP, PHONE], ids=["1366", "360"])
def viewport(request: pytest.FixtureRequest) -> dict[str, int]:
    found: dict[str, int] = request.param
    return found


def test_an_admin_adds_a_resident_with_keys_only(
    browser: Browser, live_server: str, app: Flask, viewport: dict[str, int]
) -> None:
    with layar(browser, live_server, viewport=viewport) as page:
        masuk_dengan_papan_ketik(page, "admin")
        page.goto("/data/penduduk/")
        tekan(page, page.locator("main").get_by_role("link", name="Tambah"))
        judul(page, "Tambah Penduduk")
        nama = f"Siti Papan Ketik {'Lebar' if viewport == DESKTOP else 'Sempit'}"
        tulis(page, page.locator("#nama"), nama)
        tulis(page, page.locator("#nik"), NIK[viewport["width"]])
        tulis(page, page.locator("#jenis_kelamin"), "Perem")
        tulis(page, page.locator("#tempat_lahir"), "Probolinggo")
        tulis(page, page.locator("#tanggal_lahir"), "08081990")
        tulis(page, page.locator("#agama"), "Isl")
        fokus(page, page.locator("#status_kawin"))
        page.keyboard.press("ArrowDown")
        tulis(page, page.locator("#alamat"), "Jl. Uji No. 1")
        pilih(page, "#wilayah_id", "RT 001/RW 002 Pilang")
        tekan(page, page.get_by_role("button", name="Simpan", exact=True))
        expect(page.get_by_role("status")).to_contain_text("sudah ditambahkan")
        tulis(page, page.get_by_role("searchbox"), nama)
        page.keyboard.press("Enter")
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody")).to_contain_text("08-08-1990")


def test_an_rt_head_corrects_and_sends_again_with_keys_only(
    browser: Browser, live_server: str, portal: Portal, app: Flask, viewport: dict[str, int]
) -> None:
    with Session(portal.engine) as session:
        berkas_id = file_sktm(session)
        walk(session, berkas_id, stop=1)
        facts = {"catatan": "Keperluan kurang jelas.", "alasan": "data_tidak_sesuai"}
        take(
            *(session, "rw002.pilang", berkas_id, JenisAksi.KEMBALIKAN), **facts, kunci=uuid4().hex
        )
    with layar(browser, live_server, viewport=viewport) as page:
        masuk_dengan_papan_ketik(page, PENGAJU)
        page.goto(f"/berkas/{berkas_id}/")
        tekan(page, page.locator("main").get_by_role("link", name="Perbaiki dan ajukan lagi"))
        keperluan = page.get_by_label("Keperluan")
        fokus(page, keperluan)
        page.keyboard.press("Control+A")
        page.keyboard.type("Beasiswa kuliah di Probolinggo")
        tekan(page, page.locator("main").get_by_role("button", name="Ajukan lagi"))
        expect(page.locator("main")).to_contain_text("Perbaikan sudah dikirim.")
        page.goto(f"/berkas/{berkas_id}/")
        expect(page.locator("main")).to_contain_text("Beasiswa kuliah di Probolinggo")


def test_a_supervisor_downloads_a_csv_with_keys_only(
    browser: Browser, live_server: str, portal: Portal, app: Flask, viewport: dict[str, int]
) -> None:
    with Session(portal.engine) as session:
        file_sktm(session)
    with layar(browser, live_server, viewport=viewport, accept_downloads=True) as page:
        masuk_dengan_papan_ketik(page, "camat")
        page.goto("/data/berkas/")
        tekan(page, page.locator("main summary", has_text="Unduh"))
        with page.expect_download() as download:
            tekan(page, page.locator(".lembar[open] form[data-unduh] button"))
        raw = Path(download.value.path()).read_bytes()
    assert "Surat Keterangan Tidak Mampu" in raw.decode("utf-8-sig")


def test_an_admin_defines_a_tahapan_with_keys_only(
    browser: Browser, live_server: str, app: Flask, viewport: dict[str, int]
) -> None:
    with layar(browser, live_server, viewport=viewport) as page:
        masuk_dengan_papan_ketik(page, "admin")
        page.goto("/data/versi_layanan/new/")
        pilih(page, "#layanan_id", "Surat Keterangan Tidak Mampu")
        tulis(page, page.locator("#nomor"), str(viewport["width"]))
        tulis(page, page.locator("#tingkat_akhir"), "Kelur")
        tulis(page, page.locator("#sla_total_menit"), "10")
        tulis(page, page.locator("#produk"), "Surat uji")
        tekan(page, page.get_by_role("button", name="Tambah Tahapan"))
        tulis(page, page.locator("#tahapan-0-urutan"), "1")
        tulis(page, page.locator("#tahapan-0-kode"), "rt")
        tulis(
            page,
            page.locator("#tahapan-0-nama"),
            f"Verifikasi lewat papan ketik {viewport['width']}",
        )
        pilih(page, "#tahapan-0-peran_id", "Ketua RT")
        tulis(page, page.locator("#tahapan-0-aksi"), "Setuj")
        tulis(page, page.locator("#tahapan-0-sla_menit"), "10")
        tekan(page, page.get_by_role("button", name="Simpan", exact=True))
        expect(page.get_by_role("status")).to_contain_text("sudah ditambahkan")
        page.goto(f"/data/tahapan/?search=papan+ketik+{viewport['width']}")
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody")).to_contain_text("Ketua RT")


def test_a_lurah_signs_to_the_very_end_with_keys_only(
    browser: Browser, live_server: str, portal: Portal, app: Flask, viewport: dict[str, int]
) -> None:
    with Session(portal.engine) as session:
        berkas_id = file_sktm(session)
        walk(session, berkas_id, stop=4)
    with layar(browser, live_server, viewport=viewport) as page:
        masuk_dengan_papan_ketik(page, "lurah.pilang")
        main = page.locator("main")
        tekan(page, main.locator(f"a.baris[href$='/berkas/{berkas_id}/']"))
        judul(page, "Surat Keterangan Tidak Mampu")
        tekan(page, main.get_by_role("button", name="Tanda Tangan", exact=True))
        dialog = page.locator("dialog#tanya")
        expect(dialog).to_be_visible()
        tekan(page, dialog.get_by_role("button", name="Ya, lanjutkan"))
        done = page.get_by_role("status").filter(has_text="Tanda Tangan sudah dicatat")
        expect(done).to_be_visible()
        expect(main.locator(f"a.baris[href$='/berkas/{berkas_id}/']")).to_have_count(0)
        page.goto(f"/berkas/{berkas_id}/")
        expect(page.locator(".garis-waktu")).to_contain_text("Tanda Tangan")
