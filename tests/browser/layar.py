"""A person at the screen: signs in, walks by menus and buttons; what went wrong is noted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.web.halaman import SANDI

DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 740}


@dataclass
class Catatan:
    """What no page may do: errors in the console, requests to another host."""

    host: str
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.host + "/", "data:", "blob:")):
            self.foreign.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium logs a page answered with 422: a form that was refused, as it should be.
        refused = "status of 422" in message.text
        if message.type in ("error", "warning") and not refused:
            self.errors.append(f"{message.location.get('url')}: {message.text}")

    def assert_clean(self) -> None:
        assert not self.errors, self.errors
        assert not self.foreign, self.foreign


@contextmanager
def layar(
    browser: Browser, host: str, username: str | None = None, **options: Any
) -> Iterator[Page]:
    """Give a page of a fresh browser, signed in if a name is given; it must stay clean."""
    options = {"viewport": DESKTOP, "locale": "id-ID", **options}
    context = browser.new_context(base_url=host, **options)
    context.set_default_timeout(10_000)
    catatan = Catatan(host)
    catatan.follow(context)
    page = context.new_page()
    try:
        if username:
            masuk(page, username)
        yield page
    finally:
        context.close()
    catatan.assert_clean()


def masuk(page: Page, username: str) -> None:
    """Sign in at the login page."""
    page.goto("/login/")
    page.get_by_label("Nama Pengguna").fill(username)
    page.locator("input[name=password]").fill(SANDI)
    page.get_by_role("button", name="Masuk").click()
    expect(page).to_have_url(f"{_host(page)}/")


def _host(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def buka_menu(page: Page, name: str) -> None:
    """Follow a link of the main menu."""
    page.get_by_role("navigation", name="Menu utama").get_by_role(
        "link", name=name, exact=True
    ).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def setujui_dialog(page: Page) -> None:
    """Say yes in the dialog that asks before an act."""
    page.locator("dialog#tanya").get_by_role("button", name="Ya, lanjutkan").click()
