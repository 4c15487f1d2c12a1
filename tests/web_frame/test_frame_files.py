"""Promises of the frame's files: nothing inline, nothing from outside, small, all icons drawn."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

APP = Path(__file__).parents[2] / "app"
TEMPLATES = APP / "web" / "templates"
STATIC = APP / "web" / "static"
PAGES = sorted(TEMPLATES.rglob("*.html"))
IN_TEMPLATE = re.compile(r"\bicon\((.*?)\)")
QUOTED = re.compile(r"'([a-z-]+)'")
IN_MODEL = re.compile(r"icon=\"([a-z-]+)\"")

LIMITS = {
    "bangkit.css": 34 * 1024,
    "bangkit.js": 17 * 1024,
    "daftar.js": 10 * 1024,
    "formulir.js": 10 * 1024,
    "api.js": 4 * 1024,
}
"""Bytes our own files may have, unpacked (issue 4: a phone on a slow line)."""


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_a_template_has_nothing_that_the_content_policy_forbids(page: Path) -> None:
    text = page.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_a_template_asks_nothing_of_another_host(page: Path) -> None:
    assert not re.search(r"(src|href|action)=\"(https?:)?//", page.read_text())


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_a_template_compiles(page: Path) -> None:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"], autoescape=True
    )
    environment.filters.update(
        dict.fromkeys(("angka", "tanggal", "waktu"), str)
    )  # app/web/frame.py
    assert environment.get_template(str(page.relative_to(TEMPLATES))).blocks is not None


@pytest.mark.parametrize(("name", "limit"), LIMITS.items())
def test_our_own_files_stay_small(name: str, limit: int) -> None:
    assert (STATIC / name).stat().st_size <= limit


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / "ikon.svg").read_text()))
    named = {
        name
        for page in PAGES
        for call in IN_TEMPLATE.findall(page.read_text())
        for name in QUOTED.findall(call)
    }
    models = (APP / "models").glob("*.py")
    named |= {name for model in models for name in IN_MODEL.findall(model.read_text())}
    named -= {"galat", "asc"}  # keys inside the calls, not icons
    assert named
    assert named <= drawn


def test_vendored_files_are_the_published_ones() -> None:
    vendor = STATIC / "vendor"
    manifest = json.loads((vendor / "manifest.json").read_text())
    listed = {file: sha for part in manifest.values() for file, sha in part["files"].items()}
    assert listed
    for file, sha in listed.items():
        assert hashlib.sha256((vendor / file).read_bytes()).hexdigest() == sha
