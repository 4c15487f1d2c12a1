"""The main kinds of page on a desktop and on a phone, and without JavaScript."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.layar import DESKTOP, PHONE, layar

pytestmark = pytest.mark.lambat


@pytest.fixture(scope="module", params=[DESKTOP, PHONE], ids=["1366", "360"])
def viewport(request: pytest.FixtureRequest) -> dict[str, int]:
    return request.param


def assert_fits(page: Page, width: int) -> None:
    widest = page.evaluate("document.documentElement.scrollWidth")
    assert widest <= width, f"{page.url} is {widest} wide"


def test_every_kind_of_page_opens_with_a_title_and_fits_the_screen(
    browser: Browser,
    live_server: str,
    pages: dict[str, tuple[str, str]],
    viewport: dict[str, int],
) -> None:
    for username in sorted({name for name, _ in pages.values()}):
        with layar(browser, live_server, username, viewport=viewport) as page:
            for kind, (_, url) in [p for p in pages.items() if p[1][0] == username]:
                response = page.goto(url)
                assert response.status == 200, f"{kind}: {response.status} {url}"
                assert page.title().removesuffix(" – BPJS Bangkit"), kind
                expect(page.get_by_role("heading", level=1)).to_have_count(1)
                assert_fits(page, viewport["width"])


PUBLIK = ("login", "publik", "publik/maklumat", "layanan", "layanan/SKTM", "lacak")
"""Pages a visitor may open; the leaflet and a tracked berkas stand in test_publik."""


def test_public_and_error_pages_fit_the_screen(
    browser: Browser, live_server: str, viewport: dict[str, int]
) -> None:
    with layar(browser, live_server, viewport=viewport) as page:
        for path in PUBLIK:
            assert page.goto(f"/{path}/").status == 200
            expect(page.get_by_role("heading", level=1)).to_have_count(1)
            assert_fits(page, viewport["width"])
    # Chromium itself notes a 404 in the console, so this one is opened apart.
    with browser.new_context(base_url=live_server, viewport=viewport) as context:
        page = context.new_page()
        assert page.goto("/tidak/ada/").status == 404
        expect(page.get_by_role("heading", level=1)).to_have_text("Halaman tidak ditemukan")
        assert_fits(page, viewport["width"])


def test_on_a_phone_the_menu_opens_by_a_button(browser: Browser, live_server: str) -> None:
    with layar(browser, live_server, "camat", viewport=PHONE) as page:
        menu = page.get_by_role("navigation", name="Menu utama")
        expect(menu).not_to_be_in_viewport()
        page.get_by_role("link", name="Buka menu").click()
        expect(menu).to_be_in_viewport()
        menu.get_by_role("link", name="Berkas Masuk").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Berkas Masuk")


def test_on_a_phone_the_names_of_a_tree_are_not_broken_inside_a_word(
    browser: Browser, live_server: str
) -> None:
    with layar(browser, live_server, "admin", viewport=PHONE) as page:
        page.goto("/data/wilayah/pohon/")
        page.locator(".pohon details").evaluate_all("all => all.forEach(d => { d.open = true })")
        names = page.locator(".pohon a").filter(has_text="RT 001/RW 001")
        expect(names.first).to_be_visible()
        assert_fits(page, PHONE["width"])
        lines = "a => { const r = document.createRange(); r.selectNodeContents(a);"
        lines += " return new Set([...r.getClientRects()].map(b => Math.round(b.top))).size }"
        for name in names.all():
            text = name.inner_text()
            assert name.evaluate(lines) < len(text.split()), text


@pytest.fixture
def plain(browser: Browser, live_server: str, app: Flask) -> Iterator[Page]:
    """The admin's page in a browser that runs no JavaScript."""
    with layar(browser, live_server, "admin", java_script_enabled=False) as page:
        yield page


def test_without_javascript_a_list_is_searched_filtered_and_sorted(plain: Page) -> None:
    plain.goto("/data/wilayah/")
    plain.get_by_role("searchbox").fill("RT 001/RW 002 Pilang")
    plain.locator("main").get_by_role("button", name="Cari").click()
    expect(plain.locator("tbody tr")).to_have_count(1)
    plain.goto("/data/wilayah/")
    plain.get_by_label("Tingkat adalah").select_option("Kelurahan")
    plain.get_by_role("button", name="Terapkan saringan").click()
    expect(plain.locator("ul.cip")).to_contain_text("Tingkat adalah Kelurahan")
    rows = plain.locator("tbody tr")
    assert rows.count() > 1
    assert all("Kelurahan" in text for text in rows.all_inner_texts())
    plain.get_by_role("columnheader", name="Kode").first.get_by_role("link").click()
    expect(plain.locator("th[aria-sort]")).to_have_count(1)
    expect(plain.locator("ul.cip")).to_contain_text("Tingkat adalah Kelurahan")


def test_without_javascript_a_row_is_added_changed_and_deleted(plain: Page) -> None:
    plain.goto("/data/jenis_persyaratan/")
    plain.get_by_role("link", name="Tambah").first.click()
    plain.get_by_label("Kode").fill("UJI_BARU")
    plain.get_by_label("Nama").fill("Surat uji tanpa skrip")
    plain.get_by_label("Bentuk").select_option("Asli")
    plain.get_by_role("button", name="Simpan", exact=True).click()
    expect(plain.get_by_role("status")).to_contain_text("sudah ditambahkan")
    plain.goto("/data/jenis_persyaratan/?search=UJI_BARU")
    plain.get_by_role("link", name="Ubah Surat uji tanpa skrip").click()
    plain.get_by_label("Nama").fill("Surat uji yang diubah")
    plain.get_by_role("button", name="Simpan", exact=True).click()
    expect(plain.get_by_role("status")).to_contain_text("Perubahan sudah disimpan")
    plain.goto("/data/jenis_persyaratan/?search=UJI_BARU")
    plain.get_by_role("link", name="Hapus Surat uji yang diubah").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Hapus Jenis Persyaratan")
    plain.get_by_role("button", name="Ya, hapus").click()
    expect(plain.get_by_role("status")).to_contain_text("Data sudah dihapus")
    plain.goto("/data/jenis_persyaratan/?search=UJI_BARU")
    expect(plain.locator("tbody tr")).to_have_count(0)


def test_without_javascript_a_refused_form_names_the_fields(plain: Page) -> None:
    plain.goto("/data/jenis_persyaratan/new/")
    plain.get_by_label("Nama").fill("Tanpa kode")
    plain.get_by_role("button", name="Simpan", exact=True).click()
    expect(plain.get_by_role("alert")).to_contain_text("Kode")
    expect(plain.get_by_label("Nama")).to_have_value("Tanpa kode")


def test_with_javascript_deleting_asks_in_a_dialog(browser: Browser, live_server: str) -> None:
    with layar(browser, live_server, "admin") as page:
        page.goto("/data/jenis_persyaratan/")
        rows = page.locator("tbody tr").count()
        page.get_by_role("link", name="Hapus").first.click()
        dialog = page.locator("dialog#tanya")
        expect(dialog).to_contain_text("Selama 30 hari masih dapat dipulihkan dari Sampah")
        dialog.get_by_role("button", name="Batal").click()
        expect(dialog).not_to_be_visible()
        expect(page.locator("tbody tr")).to_have_count(rows)


def test_with_javascript_a_cell_is_changed_in_the_list(browser: Browser, live_server: str) -> None:
    with layar(browser, live_server, "admin") as page:
        page.goto("/data/layanan/")
        cell = page.locator("td[data-sel=aktif]").first
        cell.get_by_role("button").click()
        cell.get_by_role("combobox").select_option("Tidak")
        expect(cell.get_by_role("button")).to_have_text("Tidak")
        page.reload()
        expect(cell).to_have_text("Tidak")
        cell.get_by_role("button").click()
        cell.get_by_role("combobox").select_option("Ya")
        expect(cell.get_by_role("button")).to_have_text("Ya")
