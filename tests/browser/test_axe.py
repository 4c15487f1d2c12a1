"""axe-core finds nothing against WCAG 2.2 A and AA on any kind of page, in light and in dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.layar import DESKTOP, PHONE, layar
from tests.generator.impor import as_csv, warga
from tests.walk import PENGAJU

pytestmark = pytest.mark.lambat

PUBLIC = {
    "public home": "/publik/",
    "maklumat": "/publik/maklumat/",
    "catalogue": "/layanan/",
    "standard of a layanan": "/layanan/SKTM/",
    "leaflet": "/layanan/SKTM/selebaran/",
    "tracking": "/lacak/",
}

SANDBOX = {
    "exercises": "/latihan/tugas/",
    "Beranda of the sandbox": "/latihan/",
    "a queue of the sandbox": "/latihan/berkas/masuk/",
    "a list of the sandbox": "/latihan/data/penduduk/",
}

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


def violations(axe: Axe, page: Page, kind: str) -> list[str]:
    results = axe.run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert results.response["passes"], f"{kind}: axe looked at nothing"
    return [
        f"{kind} ({page.url}) {v['id']}: {node['target']} {node['failureSummary']}"
        for v in results.response["violations"]
        for node in v["nodes"]
    ]


def in_both_schemes(axe: Axe, page: Page, kind: str) -> list[str]:
    """Look at a page in light, then switch it to dark as the system of the reader would."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate("Promise.all(document.getAnimations().map((a) => a.finished))")
        found += violations(axe, page, f"{kind}, {scheme}")
    return found


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1366", "360"])
def test_every_kind_of_page_is_accessible(
    browser: Browser,
    live_server: str,
    pages: dict[str, tuple[str, str]],
    axe: Axe,
    viewport: dict[str, int],
) -> None:
    found: list[str] = []
    with layar(browser, live_server, viewport=viewport) as page:
        assert page.goto("/login/").status == 200
        assert page.title().startswith("Masuk")
        found += in_both_schemes(axe, page, "login")
        for kind, url in PUBLIC.items():
            assert page.goto(url).status == 200, kind
            found += in_both_schemes(axe, page, kind)
    for username in sorted({name for name, _ in pages.values()}):
        with layar(browser, live_server, username, viewport=viewport) as page:
            for kind, (_, url) in [p for p in pages.items() if p[1][0] == username]:
                assert page.goto(url).status == 200, kind
                assert page.title().removesuffix(" – BPJS Bangkit"), kind
                found += in_both_schemes(axe, page, kind)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1366", "360"])
def test_open_sheets_ticked_rows_and_rows_inside_a_form_are_accessible(
    browser: Browser, live_server: str, axe: Axe, viewport: dict[str, int]
) -> None:
    found: list[str] = []
    with layar(browser, live_server, "admin", viewport=viewport) as page:
        page.goto("/data/penduduk/?search=a&flt0_jenis_kelamin_sama=l")
        page.locator("[data-pilih]").first.check()
        for name in ("Unduh", "Kolom", "Tampilan saya"):
            page.locator("summary", has_text=name).click()
            found += violations(axe, page, f"list with {name}")
            page.keyboard.press("Escape")
        page.goto("/data/referensi/")
        page.locator("td[data-sel=aktif] button").first.click()
        found += violations(axe, page, "cell being changed")
        page.goto("/data/versi_layanan/new/")
        for _ in range(2):
            page.get_by_role("button", name="Tambah Tahapan").click()
        found += violations(axe, page, "rows inside a form")
        page.on("dialog", lambda dialog: dialog.accept())
    assert not found, "\n".join(found)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1366", "360"])
def test_many_rows_are_changed_step_by_step_on_pages_that_are_accessible(
    browser: Browser, live_server: str, axe: Axe, viewport: dict[str, int]
) -> None:
    found: list[str] = []
    steps = ("the fields of many rows", "their values", "what would change")
    with layar(browser, live_server, "admin", viewport=viewport) as page:
        page.goto("/data/penduduk/?flt0_jenis_kelamin_sama=l")
        for box in page.locator("[data-pilih]").all():
            box.check()
        page.get_by_label("Pilih semua", exact=False).last.check()
        page.get_by_role("button", name="Ubah", exact=True).click()
        for step in steps:
            assert page.title().startswith("Ubah banyak Penduduk")
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
            found += in_both_schemes(axe, page, step)
            if step == steps[0]:
                page.get_by_label("Agama").check()
            elif step == steps[1]:
                page.get_by_label("Agama").select_option("hindu")
            if step != steps[-1]:
                page.get_by_role("button", name="Lanjut").click()
        expect(page.get_by_role("heading", name="Contoh perubahan")).to_be_visible()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1366", "360"])
def test_the_steps_of_an_import_and_of_a_mutasi_are_accessible(
    browser: Browser, live_server: str, axe: Axe, viewport: dict[str, int]
) -> None:
    found: list[str] = []
    rows = as_csv([warga(9700 + viewport["width"] % 100), warga(9800, nik="123")])
    with layar(browser, live_server, "petugas.pilang", viewport=viewport) as page:

        def look(kind: str, title: str) -> None:
            assert page.title().startswith(title)
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
            found.extend(in_both_schemes(axe, page, kind))

        page.goto("/data/penduduk/impor/")
        file = FilePayload(name="warga.csv", mimeType="text/csv", buffer=rows)
        page.get_by_label("Berkas CSV atau XLSX").set_input_files(file)
        page.get_by_role("button", name="Unggah dan lanjutkan").click()
        look("columns of a file", "Impor Penduduk")
        page.get_by_role("button", name="Periksa berkas").click()
        expect(page.get_by_role("heading", name="Baris galat")).to_be_visible()
        look("what a file would do", "Impor Penduduk")
        page.goto("/data/penduduk/")
        page.locator("tbody tr th a").first.click()
        page.get_by_role("link", name="Mutasi").click()
        page.get_by_role("link", name="Pindah keluar").click()
        page.get_by_label("Tanggal pindah").fill("2026-11-20")
        page.get_by_label("Daerah tujuan").fill("Kota Malang")
        page.get_by_role("button", name="Periksa dahulu").click()
        look("what a mutasi would do", "Periksa: Pindah keluar")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1366", "360"])
def test_refusals_and_the_sandbox_are_accessible(
    browser: Browser, live_server: str, axe: Axe, viewport: dict[str, int]
) -> None:
    found: list[str] = []
    with layar(browser, live_server, PENGAJU, viewport=viewport) as page:
        page.goto("/berkas/baru/SKTM/?cari=a")
        page.locator("main a[href*='/SKTM/']").first.click()
        page.get_by_role("button", name="Ajukan", exact=True).click()
        expect(page.get_by_role("alert").first).to_be_visible()
        found += in_both_schemes(axe, page, "a refused form")
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/berlatih/")
        page.set_default_timeout(60_000)  # it wakes now, on a machine that may be busy
        page.get_by_role("button", name="Ketua RT", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Tugas latihan")
        for kind, url in SANDBOX.items():
            assert page.goto(url).status == 200
            assert page.title().startswith("Latihan: ")
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
            found += in_both_schemes(axe, page, kind)
    with browser.new_context(base_url=live_server, viewport=viewport) as context:
        # Chromium itself notes a 404 in the console, so this one is opened apart.
        page = context.new_page()
        assert page.goto("/tidak/ada/").status == 404
        found += in_both_schemes(axe, page, "an unknown page")
    assert not found, "\n".join(found)
