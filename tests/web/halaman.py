"""Reads pages as a person does: title, links, forms, visible texts; signs in, fills, submits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SANDI = "bangkit-2026"
HOST = "http://localhost"
UNSEEN = ("script", "style", "template", "title")
SPOKEN = ("placeholder", "aria-label", "title", "alt", "data-confirm")


@dataclass(frozen=True)
class Formulir:
    """One form: where it goes, how, and its fields as a browser would send them untouched."""

    url: str
    method: str
    fields: Mapping[str, str]
    hidden: frozenset[str]
    selects: Mapping[str, tuple[str, ...]]

    @property
    def shape(self) -> str:
        """What makes two forms the same one for a test: address and names without numbers."""
        names = ",".join(sorted({without_digits(name) for name in self.fields}))
        return f"{self.method} {pattern_of(self.url)} {names}"


class Halaman:
    """An HTML page that came from ``url``."""

    def __init__(self, url: str, response: TestResponse) -> None:
        self.url = url
        self.status = response.status_code
        self.text = response.get_data(as_text=True)

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "html.parser")

    @property
    def title(self) -> str:
        return self.soup.title.get_text(strip=True) if self.soup.title else ""

    @property
    def h1(self) -> str:
        return self.soup.h1.get_text(strip=True) if self.soup.h1 else ""

    @property
    def main(self) -> str:
        """The text of the page itself, without menu and frame."""
        return " ".join(self.soup.select_one("main").get_text(" ").split())

    def links(self) -> Iterator[str]:
        """Yield the addresses of links inside the host, without fragments."""
        for link in self.soup.select("a[href]"):
            url = urljoin(HOST + self.url, str(link["href"]))
            parts = urlsplit(url)
            if url.startswith(HOST + "/") and not parts.path.startswith("/static/"):
                yield parts.path + (f"?{parts.query}" if parts.query else "")

    def foreign_addresses(self) -> list[str]:
        """Return every address of a resource, link or form that leaves the host."""
        found = [
            str(tag[a]) for a in ("src", "href", "action") for tag in self.soup.select(f"[{a}]")
        ]
        return [
            url
            for url in found
            if not url.startswith("data:")
            and urlsplit(urljoin(HOST + self.url, url)).netloc != "localhost"
        ]

    def forms(self) -> list[Formulir]:
        """Return the forms of the page, less those that only close a dialog."""
        forms = [f for f in self.soup.select("form") if f.get("method", "get") != "dialog"]
        return [_formulir(self.url, form) for form in forms]

    def form(self, *names: str) -> Formulir:
        """Return the one form that has all these fields."""
        (found,) = [f for f in self.forms() if set(names) <= set(f.fields)]
        return found

    def texts(self) -> Iterator[str]:
        """Yield what a person sees or hears: text nodes, and attributes that are read out."""
        for node in self.soup.find_all(string=True):
            if isinstance(node, PreformattedString) or not isinstance(node, NavigableString):
                continue
            text = " ".join(node.split())
            if text and not any(parent.name in UNSEEN for parent in node.parents):
                yield text
        for name in SPOKEN:
            for tag in self.soup.select(f"[{name}]"):
                yield " ".join(str(tag[name]).split())

    def errors(self) -> dict[str, str]:
        """Return field id → message, as drawn below the fields."""
        found = self.soup.select("[id$=-galat]")
        return {str(e["id"]).removesuffix("-galat"): e.get_text(" ", strip=True) for e in found}


def without_digits(text: str) -> str:
    return "".join("9" if c.isdigit() else c for c in text).replace("99", "9").replace("99", "9")


def pattern_of(url: str) -> str:
    """Return what addresses of the same page have in common: path and names of arguments."""
    parts = urlsplit(url)
    names = sorted({without_digits(part.split("=")[0]) for part in parts.query.split("&")})
    path = "/".join("9" if piece.isdigit() else piece for piece in parts.path.split("/"))
    return f"{path}?{'&'.join(names)}"


def _formulir(url: str, form: Tag) -> Formulir:
    fields: dict[str, str] = {}
    selects: dict[str, tuple[str, ...]] = {}
    for control in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(control["name"]), control.get("type")
        if any(parent.name == "template" for parent in control.parents):
            continue
        if control.name == "select":
            options = control.select("option")
            chosen = [o for o in options if o.has_attr("selected")] or options[:1]
            fields[name] = str(chosen[0].get("value", "")) if chosen else ""
            selects[name] = tuple(str(o.get("value", "")) for o in options)
        elif control.name == "textarea":
            fields[name] = control.get_text().removeprefix("\n")
        elif kind not in ("checkbox", "radio") or control.has_attr("checked"):
            fields[name] = str(control.get("value", ""))
    hidden = {str(i["name"]) for i in form.select("input[type=hidden][name]")}
    target = urljoin(HOST + url, str(form.get("action") or url)).removeprefix(HOST)
    return Formulir(
        target, str(form.get("method", "get")).lower(), fields, frozenset(hidden), selects
    )


def open_page(client: FlaskClient, url: str) -> Halaman:
    """Return the page at ``url``; where it sends the browser elsewhere, the page there."""
    response = client.get(url, follow_redirects=True)
    return Halaman(response.request.full_path.rstrip("?"), response)


def send(client: FlaskClient, form: Formulir, **changes: str) -> Halaman:
    """Submit a form with some fields changed; return the page that answers."""
    response = client.post(form.url, data={**form.fields, **changes}, follow_redirects=True)
    return Halaman(response.request.full_path.rstrip("?"), response)


def post(client: FlaskClient, url: str, **data: object) -> Halaman:
    """Send fields that stand in no form, with the token; return the page that answers."""
    token = open_page(client, "/").soup.select_one("meta[name=csrf-token]")["content"]
    answer = client.post(url, data={**data, "csrf_token": token}, follow_redirects=True)
    return Halaman(answer.request.full_path.rstrip("?"), answer)


def sign_in(app: Flask, username: str, sandi: str = SANDI) -> FlaskClient:
    """Return the browser of someone who has signed in."""
    client = app.test_client()
    form = open_page(client, "/login/").form("username", "password")
    page = send(client, form, username=username, password=sandi)
    assert page.url == "/", f"{username} cannot sign in: {page.main}"
    return client


def token_of(app: Flask, username: str, sandi: str = SANDI) -> dict[str, str]:
    """Return the header that signs an API request of this account."""
    body = {"username": username, "password": sandi, "provider": "db"}
    answer = app.test_client().post("/api/v1/security/login", json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return {"Authorization": f"Bearer {answer.get_json()['access_token']}"}
