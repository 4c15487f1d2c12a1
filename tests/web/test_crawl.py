"""Every page each demo user can reach: it is there, it is translated, it stays on the host."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from config import PROJECT
from tests.conftest import Portal
from tests.walk import file_sktm, walk
from tests.web.halaman import Formulir, Halaman, open_page, pattern_of, sign_in
from tests.web.kurung import brackets, forgotten, read_data

PELAKU = (
    "rt001rw002.pilang",
    "rw002.pilang",
    "petugas.pilang",
    "kasi.kesos.pilang",
    "lurah.pilang",
    "petugas.kecamatan",
    "kasi.kesos",
    "sekcam",
    "camat",
    "admin",
    "auditor",
)
"""One demo user of every peran; what others of the same peran see differs in rows only."""

SAME_PAGE = 1
"""How many addresses of one pattern are opened: the pages differ in rows only."""

SIGNS_OUT = "/keluar/"
GARBAGE = "\x00☃'\"%_<9" * 400
"""No letters, so that it is never taken for a text of ours."""

ALIKE = frozenset({"Menu", "Filter", "Status", "Data", "Total", "Export", "Import"})
"""English texts of the hosts that an Indonesian page may hold as they are."""


@dataclass
class Temuan:
    """What a crawl saw: pages opened, and what was wrong on which."""

    pages: list[str] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def expect(self, good: bool, url: str, what: object) -> None:
        if not good:
            self.wrong.append(f"{url}: {what}")


@pytest.fixture(scope="module")
def data(app: Flask, portal: Portal) -> frozenset[str]:
    """Every text in the database, with a finished and a running berkas in it."""
    with Session(portal.engine) as session:
        walk(session, file_sktm(session))
        walk(session, file_sktm(session), stop=3)
    with portal.engine.connect() as connection:
        return read_data(connection) | {app.config["BANGKIT_NAMA_UNIT"]}


@pytest.fixture(scope="module")
def english() -> re.Pattern[str]:
    """A pattern of every English text of the hosts that our catalogues translate."""
    found = set()
    for path in sorted((PROJECT / "translations/id/LC_MESSAGES").glob("*.po")):
        for message in read_po(path.open("rb"), "id"):
            pairs = zip(_forms(message.id), _forms(message.string), strict=False)
            found |= {ours for ours, theirs in pairs if ours != theirs}
    texts = sorted(text for text in found - ALIKE if re.search(r"[a-z]{2}", text))
    assert len(texts) > 200
    placeholder = re.compile(r"(?:%\\\(\w+\\\)[sd]|%[sd]|\\\{\w*\\\})")
    return re.compile("|".join(placeholder.sub(".+", re.escape(text)) for text in texts))


def _forms(texts: str | tuple[str, ...]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def crawl(client: FlaskClient, found: Temuan) -> Iterator[Halaman]:
    """Yield every page that links lead to, and what answers each form filled in wrongly."""
    queue, seen = deque(["/"]), {}
    while queue:
        url = queue.popleft()
        response = client.get(url, follow_redirects=True)
        found.pages.append(url)
        found.expect(response.status_code < 400, url, response.status_code)
        if response.mimetype != "text/html":
            response.get_data()
            continue
        page = Halaman(response.request.full_path.rstrip("?"), response)
        yield page
        for form in page.forms():
            yield from misuse(client, form, found)
        for link in [*page.links(), *_lookups(page)]:
            pattern = pattern_of(link)
            seen.setdefault(pattern, set())
            if link not in seen[pattern] and len(seen[pattern]) < SAME_PAGE:
                seen[pattern].add(link)
                queue.append(link)


def _lookups(page: Halaman) -> list[str]:
    return [str(tag["data-cari"]) for tag in page.soup.select("[data-cari]")]


def misuse(client: FlaskClient, form: Formulir, found: Temuan) -> Iterator[Halaman]:
    """Send a form empty, and full of garbage; only its shape counts, not its row."""
    if form.shape in found.forms or form.url == SIGNS_OUT:
        return
    found.forms.add(form.shape)
    visible = [name for name in form.fields if name not in form.hidden]
    for value in ("", GARBAGE):
        fields = {**form.fields, **dict.fromkeys(visible, value)}
        if form.method == "get":
            response = client.get(form.url, query_string=fields, follow_redirects=True)
        else:
            response = client.post(form.url, data=fields, follow_redirects=True)
        found.expect(response.status_code < 500, f"{form.method} {form.url}", response.status_code)
        if response.mimetype == "text/html":
            yield Halaman(f"{form.method} {form.url} {value[:4]!r}", response)


@pytest.mark.parametrize("username", PELAKU)
def test_every_page_is_translated_whole_and_stays_on_the_host(
    app: Flask, data: frozenset[str], username: str
) -> None:
    found = Temuan()
    with brackets():
        client = sign_in(app, username)
        for page in crawl(client, found):
            found.expect(bool(page.title), page.url, "no title")
            found.expect(not page.foreign_addresses(), page.url, page.foreign_addresses())
            left = forgotten(page.texts(), data)
            found.expect(not left, page.url, f"not translated: {left}")
    assert len(found.pages) > 20
    assert not found.wrong, "\n".join(sorted(set(found.wrong)))


@pytest.mark.parametrize("username", ["rt001rw002.pilang", "admin"])
def test_no_english_of_the_hosts_is_left_on_an_indonesian_page(
    app: Flask, data: frozenset[str], english: re.Pattern[str], username: str
) -> None:
    found = Temuan()
    for page in crawl(sign_in(app, username), found):
        left = [text for text in page.texts() if english.fullmatch(text)]
        found.expect(not left, page.url, left)
    assert not found.wrong, "\n".join(sorted(set(found.wrong)))


def test_a_visitor_reaches_only_the_login_page_and_error_pages(
    app: Flask, english: re.Pattern[str]
) -> None:
    client, found = app.test_client(), Temuan()
    pages = list(crawl(client, found))
    assert {p.url.split("?")[0] for p in pages} <= {"/login/", "post /login/ ''"}, found.pages
    assert not [text for page in pages for text in page.texts() if english.fullmatch(text)]


def test_the_list_of_pages_covers_every_screen(app: Flask) -> None:
    found = Temuan()
    for _ in crawl(sign_in(app, "admin"), found):
        pass
    lists = {f"/data/{spec.slug}/" for spec in app.extensions["specs"].values()}
    assert lists <= {url.split("?")[0] for url in found.pages}


def test_open_page_follows_a_link_of_the_menu(app: Flask) -> None:
    page = open_page(sign_in(app, "camat"), "/")
    assert "/berkas/masuk/" in set(page.links())
