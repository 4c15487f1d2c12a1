"""Reads a page in one pass, for crawls: its title, texts, links, resources and forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

HOST = "http://localhost"
UNSEEN = ("script", "style", "template", "title")
SPOKEN = ("placeholder", "aria-label", "title", "alt", "data-confirm")


@dataclass
class Formulir:
    """One form: where it goes, how, and its fields as a browser would send them untouched."""

    url: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)

    @property
    def shape(self) -> str:
        """What makes two forms the same one for a test: address and names without numbers."""
        names = sorted({without_digits(name) for name in self.fields if name not in self.hidden})
        return f"{self.method} {pattern_of(self.url).split('?')[0]} {','.join(names)}"


class Pembaca(HTMLParser):
    """What a crawl asks of the page at ``url``."""

    def __init__(self, url: str, html: str) -> None:
        super().__init__()
        self.url = url
        self.title = ""
        self.texts: list[str] = []
        self.links: list[str] = []
        self.foreign: list[str] = []
        self.forms: list[Formulir] = []
        self._open: list[str] = []
        self._form: Formulir | None = None
        self._select = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag in UNSEEN:
            self._open.append(tag)
        self.texts += [facts[name] for name in SPOKEN if facts.get(name)]
        for name in ("href", "src", "action", "data-cari"):
            if name in facts:
                self._address(tag, name, facts[name])
        if tag == "form" and facts.get("method") != "dialog":
            url = urljoin(HOST + self.url, facts.get("action") or self.url).removeprefix(HOST)
            self._form = Formulir(url, facts.get("method", "get"))
            self.forms.append(self._form)
        elif self._form is not None and "template" not in self._open:
            self._control(tag, facts, self._form)

    def _address(self, tag: str, name: str, address: str) -> None:
        url = urlsplit(urljoin(HOST + self.url, address))
        if url.netloc != "localhost" and url.scheme != "data":
            self.foreign.append(address)
        elif (tag, name) == ("a", "href") or name == "data-cari":
            self.links.append(url.path + (f"?{url.query}" if url.query else ""))

    def _control(self, tag: str, facts: Mapping[str, str], form: Formulir) -> None:
        name = facts.get("name", "")
        if tag in ("select", "textarea"):
            form.fields[name] = ""
            self._select = name
        elif tag == "option" and ("selected" in facts or not form.fields[self._select]):
            form.fields[self._select] = facts.get("value", "")
        elif tag == "input" and name:
            if facts.get("type") == "hidden":
                form.hidden.add(name)
            if facts.get("type") not in ("checkbox", "radio") or "checked" in facts:
                form.fields[name] = facts.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["title"]:
            self.title += data.strip()
        elif not self._open and data.strip():
            self.texts.append(" ".join(data.split()))


def without_digits(text: str) -> str:
    return "".join(c for c in text if not c.isdigit())


STEPS = frozenset({"sort", "desc", "page", "page_size", "url"})
"""Arguments that order and turn the pages of a list: one such page is enough."""


def pattern_of(url: str) -> str:
    """Return what addresses of the same page have in common: path and names of arguments.

    >>> pattern_of("/berkas/baru/SKTM/12/?sort=1&desc=1&id=7&url=/")
    '/berkas/baru/KODE/9/?*&id'
    """
    parts = urlsplit(url)
    names = {without_digits(part.split("=")[0]) for part in parts.query.split("&") if part}
    names = {"*" if name in STEPS else name for name in names}
    return f"{'/'.join(map(_piece, parts.path.split('/')))}?{'&'.join(sorted(names))}"


def _piece(piece: str) -> str:
    if piece.isdigit():
        return "9"
    return "KODE" if piece.isupper() else piece
