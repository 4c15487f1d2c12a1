"""A person who only has a keyboard: Tab leads everywhere, and the focus always shows."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.web.halaman import SANDI


def fokus(page: Page, target: Locator) -> None:
    """Press Tab until the element has the focus, and see that the focus shows."""
    expect(target).to_be_attached()
    for _ in range(150):
        if target.evaluate("e => e === document.activeElement"):
            outline = target.evaluate("e => getComputedStyle(e).outlineStyle")
            assert outline == "solid", f"the focus of {target} does not show"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {target} on {page.url}")


def tekan(page: Page, target: Locator, key: str = "Enter") -> None:
    fokus(page, target)
    page.keyboard.press(key)


def tulis(page: Page, target: Locator, text: str) -> None:
    fokus(page, target)
    page.keyboard.type(text)


def pilih(page: Page, field: str, name: str) -> None:
    """Search a row in a look-up and take the one found, by arrow and Enter."""
    box = page.locator(field)
    tulis(page, box, name)
    option = page.get_by_role("option", name=name, exact=True)
    expect(option).to_be_visible()
    for _ in range(10):
        page.keyboard.press("ArrowDown")
        if option.get_attribute("aria-selected") == "true":
            break
    page.keyboard.press("Enter")
    expect(box).to_have_value(name)


def judul(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def masuk_dengan_papan_ketik(page: Page, username: str) -> None:
    page.goto("/login/")
    tulis(page, page.get_by_label("Nama Pengguna"), username)
    tulis(page, page.locator("input[name=password]"), SANDI)
    page.keyboard.press("Enter")
    judul(page, re.compile("^Selamat datang"))
