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
from werkzeug.test import TestResponse

from app.web.gaya import read_tokens
from config import PROJECT
from tests.conftest import Portal
from tests.walk import file_sktm, walk
from tests.web.halaman import open_page, sign_in
from tests.web.kurung import brackets, forgotten, inside, plain, read_data, without_brackets
from tests.web.pembaca import Formulir, Pembaca, pattern_of

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

APART = ("/keluar/", "/bahasa/")
"""Sign the person out, or change the language: tested apart."""

GARBAGE = "\x00☃'\"%_<9" * 150
"""No letters, so that it is never taken for a text of ours."""

ALIKE = frozenset({"Menu", "Filter", "Status", "Data", "Total", "Export", "Import"})
"""English texts of the hosts that an Indonesian page may hold as they are."""


SAMPLES = frozenset(
    {
        *("Budi Santoso", "Siti Aminah", "Rahmat", "Hadi Susanto"),
        *("RT 001/RW 002", "Rumah di tepi jalan, dekat musala"),
        *(f"SKTM-2026-00000{number}" for number in (1, 2, 3)),
    }
)
"""What stands for data on the page of the look (`app/web/contoh_gaya.py`)."""


@dataclass
class Temuan:
    """What a crawl saw: addresses opened, each text with the page it stood on, what was wrong."""

    pages: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    forms: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def expect(self, good: bool, url: str, what: object) -> None:
        if not good:
            self.wrong.append(f"{url}: {what}")

    def read(self, label: str, response: TestResponse) -> Pembaca | None:
        """Note an answer; return its page, None if it is a file or JSON."""
        body = response.get_data()
        if response.mimetype != "text/html":
            return None
        page = Pembaca(response.request.full_path.rstrip("?"), body.decode())
        self.expect(bool(page.title), label, "no title")
        self.expect(not page.foreign, label, page.foreign)
        self.texts = {**dict.fromkeys(page.texts, label), **self.texts}
        return page


def crawl(client: FlaskClient, found: Temuan, *starts: str) -> None:
    """Open every kind of page that links lead to; send each kind of form wrongly filled in."""
    queue = deque(["/", *starts])
    seen = {pattern_of(url) for url in queue}
    while queue:
        url = queue.popleft()
        response = client.get(url, follow_redirects=True)
        found.pages.append(url)
        found.expect(response.status_code < 400, url, response.status_code)
        page = found.read(url, response)
        for form in page.forms if page else ():
            misuse(client, form, found)
        for link in page.links if page else ():
            if pattern_of(link) not in seen and not link.startswith((*APART, "/static/")):
                seen.add(pattern_of(link))
                queue.append(link)


def misuse(client: FlaskClient, form: Formulir, found: Temuan) -> None:
    """Send a form empty, and full of garbage, with its token."""
    if form.shape in found.forms or form.url.startswith(APART):
        return
    found.forms.add(form.shape)
    is_password = "conf_password" in form.fields  # garbage twice is a password like any other
    for value in ("",) if is_password else ("", GARBAGE):
        fields = dict.fromkeys(form.fields, value)
        if "csrf_token" in fields:
            fields["csrf_token"] = form.fields["csrf_token"]
        if form.method == "get":
            url = form.url.split("?")[0]
            response = client.get(url, query_string=fields, follow_redirects=True)
        else:
            response = client.post(form.url, data=fields, follow_redirects=True)
        label = f"{form.method} {form.url} {value[:4]!r}"
        found.expect(response.status_code < 500, label, response.status_code)
        found.read(label, response)


@pytest.fixture(scope="module")
def berkas(app: Flask, portal: Portal) -> None:
    """A finished and a running berkas."""
    with Session(portal.engine) as session:
        walk(session, file_sktm(session))
        walk(session, file_sktm(session), stop=3)


@pytest.fixture(scope="module")
def english() -> re.Pattern[str]:
    """A pattern of every English text of the hosts that our catalogues translate."""
    found = set()
    for path in sorted((PROJECT / "translations/id/LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, "id"):
                pairs = zip(_forms(message.id), _forms(message.string), strict=False)
                found |= {ours for ours, theirs in pairs if ours != theirs}
    texts = sorted(text for text in found - ALIKE if re.search(r"[a-z]{2}", text))
    assert len(texts) > 200
    placeholder = re.compile(r"(?:%\\\(\w+\\\)[sd]|%[sd]|\\\{\w*\\\})")
    return re.compile("|".join(placeholder.sub(".+", re.escape(text)) for text in texts))


def _forms(texts: str | tuple[str, ...]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def data_of(app: Flask, portal: Portal) -> frozenset[str]:
    """Return every text of the database now, and what settings and samples put on pages."""
    css = (PROJECT / "app/web/static/bangkit.css").read_text(encoding="utf-8")
    tokens = {plain(part) for token in read_tokens(css) for part in token}
    with portal.engine.connect() as connection:
        return read_data(connection) | {app.config["BANGKIT_NAMA_UNIT"]} | tokens | SAMPLES


def assert_translated(found: Temuan, app: Flask, portal: Portal, english: re.Pattern[str]) -> None:
    """Every text is translated or data, and no translation is the host's own English."""
    left = forgotten(found.texts, data_of(app, portal))
    wrong = [f"{found.texts[text]}: not translated: {text}" for text in left]
    for text, url in found.texts.items():
        said = {without_brackets(text), *inside(text)}
        wrong += [f"{url}: English: {part}" for part in said if english.fullmatch(part)]
    assert not [*found.wrong, *wrong], "\n".join([*found.wrong, *wrong])


@pytest.mark.usefixtures("berkas")
@pytest.mark.parametrize("username", PELAKU)
def test_every_page_is_there_translated_whole_and_stays_on_the_host(
    app: Flask, portal: Portal, english: re.Pattern[str], username: str
) -> None:
    found = Temuan()
    lists = [f"/data/{spec.slug}/" for spec in app.extensions["specs"].values()]
    with brackets():
        client = sign_in(app, username)
        # Lists of what all may read stand in the menu of those only who keep them.
        granted = [url for url in lists if client.get(url).status_code == 200]
        crawl(client, found, *granted)
    assert len(granted) > 10
    assert_translated(found, app, portal, english)


def test_a_visitor_reaches_the_login_and_the_public_pages_only(
    app: Flask, portal: Portal, english: re.Pattern[str]
) -> None:
    found = Temuan()
    with brackets():
        crawl(app.test_client(), found)
    assert {_without_kode(url) for url in found.pages} == {
        *("/", "/login/", "/publik/", "/publik/maklumat/", "/lacak/"),
        *("/layanan/", "/layanan/KODE/", "/layanan/KODE/selebaran/"),
    }
    assert found.forms == {
        "post /login/ password,username",
        "post /lacak/ kode",
        "get /layanan/ cari",
    }
    assert_translated(found, app, portal, english)


def _without_kode(url: str) -> str:
    return re.sub(r"^/layanan/[A-Z0-9_]+/", "/layanan/KODE/", url.split("?")[0])


def layanan_of(client: FlaskClient) -> Iterator[str]:
    """Yield the address of the form of each layanan for one resident."""
    for link in open_page(client, "/berkas/baru/").links():
        if re.fullmatch(r"/berkas/baru/[A-Z0-9]+/", link):
            people = open_page(client, f"{link}?cari=a").links()
            yield next(url for url in people if url.startswith(link) and url != link)


@pytest.mark.parametrize("username", ["rt001rw002.pilang", "petugas.pilang"])
def test_the_form_of_every_layanan_is_translated_and_refuses_garbage(
    app: Flask, portal: Portal, english: re.Pattern[str], username: str
) -> None:
    found = Temuan()
    with brackets():
        client = sign_in(app, username)
        forms = list(layanan_of(client))
        for url in forms:
            page = found.read(url, client.get(url))
            for form in page.forms:
                misuse(client, form, found)
            found.forms.clear()
    assert len(forms) > 10
    assert_translated(found, app, portal, english)


def test_an_english_page_speaks_english(app: Flask) -> None:
    client = sign_in(app, "camat")
    page = open_page(client, "/bahasa/en/?url=/berkas/masuk/")
    assert page.url == "/berkas/masuk/"
    assert page.soup.html["lang"] == "en"
    assert page.h1 != "Berkas Masuk"
    assert open_page(client, "/bahasa/id/?url=/berkas/masuk/").h1 == "Berkas Masuk"
    assert client.get("/bahasa/xx/").status_code == 404


def test_the_crawl_would_see_a_forgotten_text() -> None:
    data = frozenset({"Siti Aminah", "RT 001/RW 002 Pilang"})
    good = (
        "⟦Belum ada ⟦Penduduk⟧⟧",
        "⟦Wilayah⟧ ⟦di dalam⟧ RT 001/RW 002 Pilang",
        "Siti Aminah · 24-11-2026 13.30 WIB",
        "Rp900.000",
        "1.234",
        "BPJS Bangkit",
    )
    bad = ("Simpan", "⟦Hapus⟧ Siti", "Siti Aminah sudah ⟦selesai⟧", "data ⟦Penduduk⟧")
    assert forgotten((*good, *bad), data) == list(bad)
