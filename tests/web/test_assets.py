"""Static files are small, kept by browsers for ever, and change their name with their content."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.assets import HASHED, publish
from tests.web.halaman import sign_in

FIRST_VISIT_BYTES = 70 * 1024
REPEAT_VISIT_BYTES = 15 * 1024
MOST_REQUESTS = 6
"""Limits of a list page, compressed (issue 4: a cheap phone on a slow line)."""


def weigh(client: FlaskClient, url: str) -> int:
    """Return the bytes that travel for an answer."""
    with client.get(url, headers={"Accept-Encoding": "gzip"}) as response:
        assert response.status_code == 200, url
        return len(response.get_data())


def assets_of(client: FlaskClient, url: str) -> set[str]:
    page = client.get(url).get_data(as_text=True)
    found = re.findall(r"(?:href|src)=\"(/static/[^\"#]+)", page)
    assert found
    return set(found)


@pytest.mark.parametrize("url", ["/data/penduduk/", "/data/berkas/", "/berkas/masuk/"])
def test_a_list_page_is_light_at_first_and_lighter_again(app: Flask, url: str) -> None:
    client = sign_in(app, "lurah.pilang")
    files = assets_of(client, url)
    page = weigh(client, url)
    assert page <= REPEAT_VISIT_BYTES
    assert page + sum(weigh(client, file) for file in files) <= FIRST_VISIT_BYTES
    assert 1 + len(files) <= MOST_REQUESTS


def test_a_page_names_only_hashed_files_that_may_be_kept_for_ever(client: FlaskClient) -> None:
    for file in assets_of(client, "/login/"):
        assert HASHED.search(file), file
        with client.get(file) as response:
            assert "immutable" in response.headers["Cache-Control"]
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert "Set-Cookie" not in response.headers


def test_a_file_that_changes_gets_another_name_and_the_old_one_stays(tmp_path: Path) -> None:
    source, target = tmp_path / "dari", tmp_path / "ke"
    source.mkdir()
    names = []
    for text in ("a { color: red; }" * 100, "a { color: blue; }" * 100):
        (source / "gaya.css").write_text(text)
        names.append(publish(source, target)["gaya.css"])
    assert names[0] != names[1]
    kept = {path.name for path in target.iterdir()}
    for name in names:
        stem = name.rpartition("/")[2]
        assert {stem, f"{stem}.gz", f"{stem}.br"} <= kept
    assert publish(source, target)["gaya.css"] == names[1]


def test_pages_travel_compressed_when_the_browser_can_read_it(client: FlaskClient) -> None:
    for encoding in ("br", "gzip"):
        response = client.get("/login/", headers={"Accept-Encoding": encoding})
        assert response.headers["Content-Encoding"] == encoding
    assert "Content-Encoding" not in client.get("/login/").headers
