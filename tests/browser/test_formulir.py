"""Forms at the screen: rows in order, amounts, photos, drafts, lost connection, sent once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Dialog, Locator, Page, expect
from sqlalchemy.orm import Session

from tests.browser.layar import DESKTOP, PHONE, layar
from tests.conftest import Portal
from tests.walk import resident_of

pytestmark = pytest.mark.lambat

VERSI = "/data/versi_layanan/new/"
SYARAT = "/data/jenis_persyaratan/new/"
RT = "RT 001/RW 002 Pilang"


@pytest.fixture(params=[DESKTOP, PHONE], ids=["1366", "360"])
def page(
    request: pytest.FixtureRequest, browser: Browser, live_server: str, app: Flask
) -> Iterator[Page]:
    """The admin's page on a desktop and on a phone."""
    with layar(browser, live_server, "admin", viewport=request.param) as page:
        yield page


@pytest.fixture(scope="module")
def penduduk_id(app: Flask, portal: Portal) -> int:
    with Session(portal.engine) as session:
        return resident_of(session, RT)[0]


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def kept_by(page: Page, prefix: str) -> dict[str, str]:
    """Return what this browser keeps under keys that start with ``prefix``."""
    store = page.evaluate("({...localStorage})")
    return {key: value for key, value in store.items() if key.startswith(prefix)}


def wait_for_draft(page: Page, word: str) -> None:
    """Wait until the draft holds this word; the content policy forbids Playwright's own wait."""
    for _ in range(50):
        if word in "".join(kept_by(page, "draf:").values()):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"no draft with {word}")


def tahapan(page: Page) -> Locator:
    return page.locator("[data-anak-dari=tahapan] [data-anak]")


def field(row: Locator, name: str) -> Locator:
    return row.locator(f"[name$='-{name}']")


def test_rows_are_added_moved_and_removed_by_keyboard(page: Page) -> None:
    page.goto(VERSI)
    add = page.get_by_role("button", name="Tambah Tahapan")
    for kode in ("satu", "dua", "tiga"):
        add.focus()
        page.keyboard.press("Enter")
        expect(field(tahapan(page).last, "kode")).to_be_focused()
        page.keyboard.type(kode)
    assert_fits(page)
    urutan = [field(row, "urutan").input_value() for row in tahapan(page).all()]
    assert urutan == ["1", "2", "3"]

    up = tahapan(page).nth(2).get_by_role("button", name="Naikkan baris ini")
    up.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    rows = [(field(r, "kode").input_value(), field(r, "urutan").input_value()) for r in all_(page)]
    assert rows == [("tiga", "1"), ("satu", "2"), ("dua", "3")]
    first = tahapan(page).first
    expect(first.get_by_role("button", name="Naikkan baris ini")).to_be_disabled()
    expect(first.get_by_role("button", name="Turunkan baris ini")).to_be_focused()
    expect(first.locator("header b")).to_have_text(re.compile(r"Tahapan\s+1"))

    first.get_by_role("button", name="Hapus baris ini").focus()
    page.keyboard.press("Enter")
    assert [field(r, "kode").input_value() for r in all_(page)] == ["satu", "dua"]
    assert page.evaluate("document.activeElement.closest('[data-anak]') !== null")
    leave(page)


def all_(page: Page) -> list[Locator]:
    return tahapan(page).all()


def leave(page: Page) -> None:
    """Go away from a changed form: the browser asks, and we say yes."""
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", accept)
    page.get_by_role("link", name="Batal").click()
    expect(page.locator("h1")).not_to_contain_text("Tambah")
    assert asked == ["beforeunload"]


def test_an_amount_is_written_with_its_dots_when_the_field_is_left(page: Page) -> None:
    page.goto(VERSI)
    biaya = page.locator("#biaya")
    for typed, shown in [
        ("1500000", "1.500.000"),
        ("Rp 12500,5", "12.500,5"),
        ("1.500", "1.500"),
        ("0", "0"),
        ("seribu", "seribu"),
    ]:
        biaya.fill(typed)
        biaya.blur()
        expect(biaya).to_have_value(shown)
    leave(page)


def test_who_leaves_a_changed_form_is_asked_first_and_batal_leaves_no_draft(page: Page) -> None:
    page.goto(SYARAT)
    page.get_by_label("Nama").fill("Surat setengah jadi")
    wait_for_draft(page, "setengah jadi")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("link", name="Batal").click()
    expect(page.get_by_label("Nama")).to_have_value("Surat setengah jadi")
    leave(page)
    assert kept_by(page, "draf:") == {}


def test_a_draft_is_offered_after_a_reload_and_gone_once_the_form_is_stored(page: Page) -> None:
    page.goto(SYARAT)
    kode = f"DRAF_{page.viewport_size['width']}"
    page.get_by_label("Kode").fill(kode)
    page.get_by_label("Nama").fill("Surat dari draf")
    page.get_by_label("Bentuk").select_option("Asli")
    wait_for_draft(page, "asli")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_label("Nama")).to_have_value("")
    offer = page.get_by_role("status").filter(has_text="Ada isian yang belum tersimpan.")
    assert_fits(page)
    offer.get_by_role("button", name="Pulihkan isian").click()
    expect(page.get_by_label("Kode")).to_have_value(kode)
    expect(page.get_by_label("Nama")).to_have_value("Surat dari draf")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("sudah ditambahkan")
    assert kept_by(page, "draf:") == {}
    page.goto(SYARAT)
    expect(page.get_by_role("button", name="Pulihkan isian")).to_have_count(0)


def test_a_draft_brings_back_the_rows_inside_the_form(page: Page) -> None:
    page.goto(VERSI)
    page.get_by_label("Nomor versi").fill("77")
    for nama in ("Verifikasi", "Tanda tangan lurah"):
        page.get_by_role("button", name="Tambah Tahapan").click()
        field(tahapan(page).last, "nama").fill(nama)
    wait_for_draft(page, "lurah")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Pulihkan isian").click()
    names = [field(row, "nama").input_value() for row in all_(page)]
    assert names == ["Verifikasi", "Tanda tangan lurah"]
    expect(page.get_by_label("Nomor versi")).to_have_value("77")
    leave(page)


def test_nothing_typed_about_a_person_stays_in_the_browser(page: Page) -> None:
    page.goto("/data/penduduk/new/")
    page.get_by_label("Nama lengkap").fill("Siti Rahasia")
    page.get_by_label("Agama").select_option(index=1)
    page.wait_for_timeout(700)
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"
    leave(page)


def test_without_a_connection_nothing_is_lost_and_nothing_is_sent(page: Page) -> None:
    page.goto(SYARAT)
    kode = f"LURING_{page.viewport_size['width']}"
    page.get_by_label("Kode").fill(kode)
    page.get_by_label("Nama").fill("Surat tanpa sinyal")
    page.get_by_label("Bentuk").select_option("Asli")
    page.context.set_offline(True)
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Tidak ada sambungan.")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Nama")).to_have_value("Surat tanpa sinyal")
    assert_fits(page)
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("sudah ditambahkan")


def test_a_form_is_sent_once_however_often_the_button_is_pressed(page: Page) -> None:
    page.goto(SYARAT)
    kode = f"SEKALI_{page.viewport_size['width']}"
    page.get_by_label("Kode").fill(kode)
    page.get_by_label("Nama").fill("Surat sekali")
    page.get_by_label("Bentuk").select_option("Asli")
    posts: list[str] = []
    page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    button = "[...document.querySelectorAll('form[data-jaga] button[type=submit]')][0]"
    page.evaluate(f"(() => {{ const b = {button}; b.click(); b.click(); b.click(); }})()")
    expect(page.get_by_role("status").first).to_contain_text("sudah ditambahkan")
    assert len(posts) == 1


def test_a_refused_form_puts_the_focus_on_its_summary_which_leads_to_the_field(page: Page) -> None:
    page.goto(SYARAT)
    page.get_by_label("Nama").fill("Tanpa kode")
    page.get_by_role("button", name="Simpan", exact=True).click()
    summary = page.get_by_role("alert").first
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Kode")).to_be_focused()
    assert page.get_by_label("Kode").get_attribute("aria-invalid") == "true"
    leave(page)


def test_a_relation_offers_what_was_picked_last_and_forgets_it_at_sign_out(page: Page) -> None:
    page.goto(VERSI)
    layanan = page.get_by_role("combobox", name="Layanan")
    layanan.fill("tidak mampu")
    page.get_by_role("option", name=re.compile("Tidak Mampu")).first.click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    layanan.focus()
    expect(page.get_by_text("Terakhir dipilih")).to_be_visible()
    expect(page.get_by_role("option").first).to_have_text(re.compile("Tidak Mampu"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(layanan).to_have_value(re.compile("Tidak Mampu"))
    assert kept_by(page, "pilihan:")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("details.akun summary").click()
    page.get_by_role("button", name="Keluar").click()
    expect(page).to_have_url(re.compile("/login/"))
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_chosen_photo_is_shown_and_can_be_taken_back(
    browser: Browser, live_server: str, penduduk_id: int, tmp_path: Path
) -> None:
    foto = tmp_path / "rumah depan.jpg"
    Image.linear_gradient("L").convert("RGB").resize((900, 600)).save(foto)
    with layar(browser, live_server, "rt001rw002.pilang", viewport=PHONE) as page:
        page.goto(f"/berkas/baru/SKTM/{penduduk_id}/")
        row = page.locator("ul.syarat > li").last
        files = row.locator("input[type=file]")
        assert "image/*" in files.get_attribute("accept")
        files.set_input_files(foto)
        picture = row.get_by_role("img", name="Foto yang dipilih: rumah depan.jpg")
        expect(picture).to_be_visible()
        box = picture.bounding_box()
        assert box["width"] / box["height"] == pytest.approx(1.5, abs=0.05)
        expect(row.get_by_role("checkbox")).to_be_checked()
        assert_fits(page)
        row.get_by_role("button", name="Batalkan lampiran ini").click()
        expect(picture).to_have_count(0)
        expect(files).to_have_value("")
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/")


def test_the_photo_button_opens_the_camera(
    browser: Browser, live_server: str, penduduk_id: int
) -> None:
    options = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    with layar(browser, live_server, "rt001rw002.pilang", **options) as page:
        page.goto(f"/berkas/baru/SKTM/{penduduk_id}/")
        row = page.locator("ul.syarat > li").last
        with page.expect_file_chooser():
            row.get_by_role("button", name="Ambil foto").click()
        assert row.locator("input[type=file]").get_attribute("capture") == "environment"
