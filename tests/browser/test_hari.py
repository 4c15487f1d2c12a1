"""An officer's day in a browser: one touch on a row, what stands beside the form, the tour."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.policy import unscoped
from app.services.lampiran import Unggahan, attach, open_store, store
from tests.browser.layar import DESKTOP, PHONE, layar
from tests.conftest import Portal
from tests.walk import PENGAJU, file_sktm
from tests.web.test_hari import picture

pytestmark = pytest.mark.lambat


@pytest.fixture
def berkas_id(app: Flask, portal: Portal) -> int:
    """A berkas at the desk of the Ketua RT, with a photo."""
    place = open_store(app.config["BANGKIT_PENYIMPANAN"])
    with Session(portal.engine) as session:
        berkas_id = file_sktm(session, now=datetime.now(UTC))
        kept = store(place, Unggahan("rumah depan.jpg", picture()), 10**7)
        with unscoped(session, "uji melampirkan"):
            attach(session, session.get_one(Berkas, berkas_id), kept)
            session.commit()
    return berkas_id


def test_a_thumb_finishes_a_step_from_the_row_on_a_phone(
    browser: Browser, live_server: str, berkas_id: int
) -> None:
    with layar(browser, live_server, PENGAJU, viewport=PHONE) as page:
        page.goto("/berkas/masuk/")
        setujui = page.locator(f"button[form=cepat-{berkas_id}]")
        kembalikan = page.locator(f"a[href*='/berkas/{berkas_id}/?buka=']")
        for control in (setujui, kembalikan):
            box = control.bounding_box()
            assert box["height"] >= 44, box
            assert box["width"] >= 44, box
            assert box["x"] + box["width"] <= PHONE["width"], box
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        kembalikan.click()
        expect(page.locator("#alasan-kembalikan")).to_be_visible()
        page.go_back()
        setujui.dblclick()
        expect(page.get_by_role("status").filter(has_text="sudah dicatat").first).to_be_visible()
        expect(page.get_by_role("button", name="Urungkan")).to_be_visible()
        expect(page.locator(f"button[form=cepat-{berkas_id}]")).to_have_count(0)


def test_the_row_is_finished_by_keyboard_only(
    browser: Browser, live_server: str, berkas_id: int
) -> None:
    with layar(browser, live_server, PENGAJU) as page:
        page.goto("/berkas/masuk/")
        page.locator(f"a.baris[href='/berkas/{berkas_id}/']").focus()
        page.keyboard.press("Tab")
        expect(page.locator(f"button[form=cepat-{berkas_id}]")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text="sudah dicatat").first).to_be_visible()


def test_a_photo_stands_beside_the_form_on_a_wide_screen_only(
    browser: Browser, live_server: str, berkas_id: int
) -> None:
    with layar(browser, live_server, PENGAJU, viewport=DESKTOP) as page:
        page.goto(f"/berkas/{berkas_id}/")
        image = page.get_by_role("img", name="rumah depan.jpg")
        expect(image).to_be_visible()
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("i => i.naturalHeight") == 720
        expect(page.get_by_role("region", name="Petunjuk tahap ini")).to_be_visible()
    with layar(browser, live_server, PENGAJU, viewport=PHONE) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"/berkas/{berkas_id}/", wait_until="networkidle")
        expect(page.get_by_role("img", name="rumah depan.jpg")).not_to_be_visible()
        assert not [url for url in asked if "cuplikan" in url]


def test_the_tour_is_read_once_and_found_again_in_the_account_menu(
    browser: Browser, live_server: str
) -> None:
    with layar(browser, live_server, "kasi.trantib", viewport=PHONE) as page:
        page.get_by_role("link", name="Buka panduan").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Panduan")
        expect(page.locator("ol.panduan > li")).to_have_count(5)
        page.get_by_role("button", name="Mengerti, jangan tawarkan lagi").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Selamat datang")
        expect(page.get_by_role("link", name="Buka panduan")).to_have_count(0)
        page.locator("details.akun summary").click()
        page.locator("details.akun").get_by_role("link", name="Panduan").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Panduan")
