"""A resident's walk without a login: find a layanan, print its leaflet, track a berkas."""

import io
import re

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.engine import writing
from app.models.policy import unscoped
from app.services.kode_lacak import hmac_of, new_kode
from tests.browser.layar import DESKTOP, PHONE, layar
from tests.conftest import Portal
from tests.walk import file_sktm, walk

pytestmark = pytest.mark.lambat

PAGE_OF_PDF = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture(scope="module")
def kode(app: Flask, portal: Portal) -> str:
    """The code of a berkas that waits for its third officer."""
    kode = new_kode()
    with Session(portal.engine) as session:
        berkas_id = file_sktm(session)
        walk(session, berkas_id, stop=2)
        with writing(), unscoped(session, "uji memberi kode lacak"):
            berkas = session.get_one(Berkas, berkas_id)
            berkas.kode_lacak_hmac = hmac_of(kode, app.config["SECRET_KEY"])
            session.commit()
    return kode


def assert_fits(page: Page, width: int) -> None:
    widest = page.evaluate("document.documentElement.scrollWidth")
    assert widest <= width, f"{page.url} is {widest} wide"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1366", "360"])
def test_a_resident_finds_a_layanan_and_tracks_a_berkas_by_keyboard(
    browser: Browser, live_server: str, kode: str, viewport: dict[str, int]
) -> None:
    with layar(browser, live_server, viewport=viewport) as page:
        page.goto("/login/")
        page.get_by_role("link", name="Bukan petugas?").press("Enter")
        page.get_by_role("main").get_by_role("link", name="Katalog Layanan").press("Enter")
        page.get_by_role("searchbox").fill("tidak mampu")
        page.get_by_role("searchbox").press("Enter")
        page.get_by_role("link", name="Surat Keterangan Tidak Mampu").press("Enter")
        expect(page.get_by_role("heading", level=2)).to_have_count(14)
        page.goto("/lacak/")
        page.get_by_label("Kode lacak").fill(kode.lower())
        page.get_by_label("Kode lacak").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Surat Keterangan Tidak Mampu")
        expect(page.get_by_role("main")).to_contain_text("2 dari 9 tahapan selesai")
        assert page.url == f"{live_server}/lacak/"
        assert_fits(page, viewport["width"])


def test_a_wrong_code_is_told_beside_the_field(browser: Browser, live_server: str) -> None:
    with layar(browser, live_server, viewport=PHONE) as page:
        page.goto("/lacak/")
        page.get_by_label("Kode lacak").fill("salah")
        page.get_by_role("button", name="Lacak").click()
        expect(page.get_by_role("alert")).to_contain_text("Kode ini tidak ditemukan")
        expect(page.get_by_label("Kode lacak")).to_have_value("salah")
        assert_fits(page, PHONE["width"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_reads_the_qr_of_a_leaflet(browser: Browser, live_server: str, scheme: str) -> None:
    with layar(browser, live_server, viewport=PHONE, color_scheme=scheme) as page:
        page.goto("/layanan/SKTM/selebaran/")
        assert_fits(page, PHONE["width"])
        picture = page.get_by_role("img", name="Kode QR").screenshot()
        (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).resize((540, 540)))
        assert code.text == f"{live_server}/layanan/SKTM/"


def test_every_leaflet_fits_one_sheet_of_a4(browser: Browser, live_server: str) -> None:
    with layar(browser, live_server) as page:
        page.goto("/layanan/")
        rows = page.locator("a.baris").all()
        links = [str(row.get_attribute("href")) for row in rows]
        assert len(links) == 24
        for link in links:
            page.goto(f"{link}selebaran/")
            sheets = PAGE_OF_PDF.findall(page.pdf(prefer_css_page_size=True))
            assert len(sheets) == 1, link
