"""Lists at the screen: cells by keyboard, ticked rows, columns, named searches, what CSV sends."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.layar import DESKTOP, PHONE, layar

pytestmark = pytest.mark.lambat

REFERENSI = "/data/referensi/?flt0_daftar_sama=pekerjaan"
MEASURE = "all => all.map(e => e.getBoundingClientRect()).map(b => [b.width, b.height])"


@pytest.fixture(params=[DESKTOP, PHONE], ids=["1366", "360"])
def page(
    request: pytest.FixtureRequest, browser: Browser, live_server: str, app: Flask
) -> Iterator[Page]:
    """The admin's page on a desktop and on a phone."""
    with layar(browser, live_server, "admin", viewport=request.param) as page:
        yield page


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def cell(page: Page, column: str, row: int = 0) -> Locator:
    return page.locator(f"td[data-sel={column}]").nth(row)


def test_cells_are_changed_by_keyboard_alone(page: Page) -> None:
    page.goto(REFERENSI)
    id_ = page.locator("tbody tr").first.get_attribute("data-id")
    nama = page.locator("tbody th").first.inner_text()
    cell(page, "urutan").get_by_role("button").focus()
    page.keyboard.press("Enter")
    box = cell(page, "urutan").get_by_role("spinbutton")
    expect(box).to_be_focused()
    page.keyboard.type("41")
    page.keyboard.press("Escape")
    expect(cell(page, "urutan").get_by_role("button")).to_be_focused()
    before = cell(page, "urutan").inner_text()
    assert "41" not in before

    page.keyboard.press("Enter")
    page.keyboard.type("41")
    page.keyboard.press("Tab")
    choice = cell(page, "aktif").get_by_role("combobox")
    expect(choice).to_be_focused()
    expect(cell(page, "urutan").get_by_role("button")).to_have_text("41")
    page.keyboard.press("ArrowDown")
    expect(choice).to_be_focused()  # an arrow only moves; it does not store yet
    page.keyboard.press("Enter")
    button = cell(page, "aktif").get_by_role("button")
    expect(button).to_be_focused()
    expect(button).to_have_text("Tidak")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+Tab")
    expect(cell(page, "urutan").get_by_role("spinbutton")).to_be_focused()
    page.keyboard.press("Escape")
    page.goto(f"{REFERENSI}&search={nama}")
    row = page.locator(f"tr[data-id='{id_}']")
    expect(row.locator("td[data-sel=urutan]")).to_have_text("41")
    expect(row.locator("td[data-sel=aktif]")).to_have_text("Ya")
    row.locator("td[data-sel=urutan] button").click()
    page.keyboard.type(before)
    page.keyboard.press("Enter")
    expect(row.locator("td[data-sel=urutan] button")).to_have_text(before)


def test_a_refused_cell_says_why_and_keeps_what_was_typed(page: Page) -> None:
    page.goto(REFERENSI)
    cell(page, "urutan").get_by_role("button").click()
    page.keyboard.type("99999999999")
    page.keyboard.press("Enter")
    expect(cell(page, "urutan").get_by_role("alert")).to_have_text("Angka terlalu besar.")
    expect(cell(page, "urutan").get_by_role("spinbutton")).to_have_value("99999999999")
    page.keyboard.press("Escape")
    expect(cell(page, "urutan").get_by_role("alert")).to_have_count(0)


def test_ticked_rows_are_counted_in_a_bar_that_can_be_sent_away(page: Page) -> None:
    page.goto("/data/penduduk/?search=a")
    bar = page.locator("#massal")
    expect(bar).not_to_be_visible()
    ticks = page.locator("[data-pilih]")
    ticks.nth(0).focus()
    page.keyboard.press("Space")
    ticks.nth(1).check()
    expect(bar).to_be_in_viewport()
    expect(bar).to_contain_text("2 dipilih")
    assert_fits(page)
    bar.get_by_role("button", name="Batal pilih").click()
    expect(bar).not_to_be_visible()
    expect(page.locator("[data-pilih]:checked")).to_have_count(0)


def test_columns_and_a_named_search_are_kept_for_the_next_visit(page: Page) -> None:
    page.goto("/data/penduduk/?flt0_jenis_kelamin_sama=p")
    page.locator("summary", has_text="Kolom").click()
    page.get_by_role("checkbox", name="Agama").check()
    page.get_by_role("checkbox", name="Tanggal lahir").uncheck()
    assert_fits(page)
    page.get_by_role("button", name="Tampilkan", exact=True).click()
    expect(page.locator("td[data-label=Agama]").first).to_be_visible()
    expect(page.locator("td[data-label='Tanggal lahir']")).to_have_count(0)
    page.locator("summary", has_text="Tampilan saya").click()
    page.get_by_label("Simpan pencarian dan saringan ini").fill("Perempuan")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Tampilan sudah disimpan.")

    page.goto("/data/penduduk/")
    expect(page.locator("td[data-label=Agama]").first).to_be_visible()
    page.locator("summary", has_text="Tampilan saya").click()
    sizes = page.locator("ul.tampilan :is(a, button), details[open] summary")
    assert all(width >= 44 and height >= 44 for width, height in sizes.evaluate_all(MEASURE))
    assert_fits(page)
    page.get_by_role("link", name="Perempuan").click()
    expect(page.locator("ul.cip")).to_contain_text("Jenis kelamin adalah Perempuan")
    page.locator("summary", has_text="Tampilan saya").click()
    page.get_by_role("button", name="Hapus tampilan Perempuan").click()
    expect(page.get_by_role("status").first).to_contain_text("sudah dihapus")
    page.locator("summary", has_text="Kolom").click()
    page.get_by_role("button", name="Kembali ke bawaan").click()
    expect(page.locator("td[data-label='Tanggal lahir']").first).to_be_visible()


def test_a_sheet_closes_with_escape_and_gives_the_focus_back(page: Page) -> None:
    page.goto("/data/penduduk/")
    summary = page.locator("summary", has_text="Unduh")
    summary.focus()
    page.keyboard.press("Enter")
    link = page.get_by_role("button", name=re.compile(r"Unduh [\d.]+ baris"))
    expect(link).to_be_visible()
    assert_fits(page)
    page.keyboard.press("Escape")
    expect(link).not_to_be_visible()
    expect(summary).to_be_focused()


def test_an_empty_result_leads_back_to_all_rows(page: Page) -> None:
    page.goto("/data/penduduk/?search=tidakadaorangnya")
    page.get_by_role("link", name="Tampilkan semua").click()
    expect(page.locator("tbody tr").first).to_be_visible()
