"""A visitor who has not signed in finds every endpoint closed, but for a written list."""

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

PUBLIC = {
    "AuthDBView.login": "the login itself",
    "AuthDBView.logout": "ends a session; there is none to end",
    "SecurityApi.login": "the login of the API",
    "static": "style, script and icons of the login page",
    "appbuilder.static": "the login host's own files; our pages use none",
    "admin.static": "the screens host's own files; our pages use none",
    "pages.keluar": "ends a session; there is none to end",
    "pages.bahasa": "the language of the login page",
    "pwa.manifest": "describes the app to the phone that installs it; no data",
    "pwa.service_worker": "the script of the offline page",
    "pwa.luring": "the offline page; it names nobody",
    "publik.beranda": "the public home: three links, and notices meant for the public",
    "publik.maklumat": "what each unit promises the public (UU 25/2009 art. 22)",
    "publik.katalog": "the catalogue of layanan; a resident needs it before there is a berkas",
    "publik.standar": "a service standard has to be public (UU 25/2009 art. 21)",
    "publik.selebaran": "the same on one sheet; it names nobody",
    "lacak.buka": "the empty form for a kode lacak",
    "lacak.lihat": "a kode lacak of 140 bits opens one berkas, without personal data; rate limited",
    "LocaleView.index": "the host's own change of language: a cookie and a way back",
    "UtilView.back": "the host's way back to the page before",
}
"""Endpoints that answer a visitor, each with the reason why it may."""

SAMPLES = {"int": "1", "string": "id", "path": "x.css"}


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods)))


def address(rule: Rule) -> str:
    """Return a URL the rule matches."""
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "", "1"), rule.rule)


def is_closed(answer: TestResponse, client: FlaskClient) -> bool:
    """Whether a visitor was shown nothing: refused by the API, sent to the login by a page."""
    if answer.status_code in (401, 403):
        return True
    for _ in range(3):
        if answer.status_code != 302:
            return False
        path = urlsplit(answer.location).path
        if path == "/login/":
            return True
        answer = client.get(path)
    return False


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A visitor with the CSRF token of the login page, so that not the token is what fails."""
    client = app.test_client()
    page = client.get("/login/").get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found is not None
    client.environ_base["HTTP_X_CSRFTOKEN"] = found[1]
    return client


def test_every_endpoint_is_closed_to_a_visitor(app: Flask, visitor: FlaskClient) -> None:
    open_ = []
    for rule in rules(app):
        if rule.endpoint in PUBLIC:
            continue
        for method in sorted(rule.methods - {"OPTIONS"}):
            answer = visitor.open(address(rule), method=method)
            if not is_closed(answer, visitor):
                open_.append(f"{method} {rule.rule} → {answer.status_code}")
    assert open_ == []


def test_the_api_refuses_a_visitor_in_its_one_error_shape(app: Flask, visitor: FlaskClient) -> None:
    answers = {
        f"{method} {rule.rule}": visitor.open(address(rule), method=method)
        for rule in rules(app)
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"})
        if rule.rule.startswith("/api/") and rule.endpoint not in PUBLIC
    }
    assert len(answers) > 100
    assert {a.status_code for a in answers.values()} == {401}
    assert {tuple(sorted(a.get_json())) for a in answers.values()} == {("code", "message")}


def test_options_tell_a_visitor_only_the_methods(app: Flask, visitor: FlaskClient) -> None:
    for rule in rules(app):
        answer = visitor.options(address(rule))
        assert answer.get_data() == b"" or is_closed(answer, visitor), rule.rule


def test_a_form_without_its_token_is_refused(app: Flask, client: FlaskClient) -> None:
    for rule in rules(app):
        if "POST" not in rule.methods or rule.rule.startswith("/api/"):
            continue
        assert client.post(address(rule)).status_code == 400, rule.rule


def test_every_public_endpoint_is_there(app: Flask) -> None:
    assert set(PUBLIC) <= {rule.endpoint for rule in rules(app)}


@pytest.mark.parametrize("endpoint", ["pages.bahasa", "LocaleView.index", "UtilView.back"])
def test_a_public_endpoint_shows_no_page(app: Flask, visitor: FlaskClient, endpoint: str) -> None:
    (rule,) = [rule for rule in rules(app) if rule.endpoint == endpoint]
    answer = visitor.get(address(rule).replace("/1/", "/id/"))
    assert answer.status_code == 302
    assert urlsplit(answer.location).netloc in ("", "localhost")


@pytest.mark.parametrize("url", ["https://jahat.example/", "//jahat.example/", "/\\jahat.example"])
def test_a_public_endpoint_never_leads_off_the_host(visitor: FlaskClient, url: str) -> None:
    for path in ("/bahasa/id/", "/login/", "/lang/id", "/back"):
        answer = visitor.get(path, query_string={"url": url, "next": url}, headers={"Referer": url})
        where = urlsplit(answer.location or "")
        assert (where.netloc, where.path[:2]) in {("", where.path[:2]), ("localhost", "/")}, path
        assert "\\" not in where.path, path
