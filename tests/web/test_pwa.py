"""The portal installs as an app, and its offline page tells nothing of anybody."""

import json
import re

from flask import Flask
from flask.testing import FlaskClient

from tests.web.halaman import open_page, sign_in


def test_the_manifest_names_icons_that_are_there(client: FlaskClient) -> None:
    manifest = client.get("/manifest.webmanifest").get_json(force=True)
    assert manifest["start_url"] == "/"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        with client.get(icon["src"]) as response:
            assert response.status_code == 200
            assert response.mimetype == "image/png"


def test_every_page_leads_to_the_manifest(client: FlaskClient) -> None:
    page = open_page(client, "/login/")
    assert page.soup.select_one("link[rel=manifest]")["href"] == "/manifest.webmanifest"


def test_the_service_worker_keeps_files_and_one_page_only(client: FlaskClient) -> None:
    response = client.get("/sw.js")
    assert response.mimetype == "text/javascript"
    kept = json.loads(re.search(r"const BERKAS = (\[.*?\]);", response.get_data(as_text=True))[1])
    assert kept.pop() == "/luring/"
    for address in kept:
        with client.get(address) as file:
            assert file.status_code == 200
            assert address.startswith("/static/")


def test_the_offline_page_names_nobody_even_to_who_is_signed_in(app: Flask) -> None:
    lurah = sign_in(app, "lurah.pilang")
    name = open_page(lurah, "/").soup.select_one("details.akun .nama").get_text(strip=True)
    page = open_page(lurah, "/luring/")
    assert page.status == 200
    assert page.h1 == "Tidak ada sambungan"
    assert name not in page.soup.get_text()
    assert not page.soup.select("nav.menu")
