"""axe-core finds nothing against WCAG 2.2 A and AA on any kind of page, in light and in dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.layar import DESKTOP, PHONE, layar

pytestmark = pytest.mark.lambat

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


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["1366-light", "360-dark"]
)
def test_every_kind_of_page_is_accessible(
    browser: Browser,
    live_server: str,
    pages: dict[str, tuple[str, str]],
    axe: Axe,
    viewport: dict[str, int],
    scheme: str,
) -> None:
    found: list[str] = []
    options = {"viewport": viewport, "color_scheme": scheme}
    with layar(browser, live_server, **options) as page:
        assert page.goto("/login/").status == 200
        assert page.title().startswith("Masuk")
        found += violations(axe, page, "login")
    for username in sorted({name for name, _ in pages.values()}):
        with layar(browser, live_server, username, **options) as page:
            for kind, (_, url) in [p for p in pages.items() if p[1][0] == username]:
                assert page.goto(url).status == 200, kind
                assert page.title().removesuffix(" – BPJS Bangkit"), kind
                found += violations(axe, page, kind)
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
