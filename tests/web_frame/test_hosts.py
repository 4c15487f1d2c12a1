"""The contract with Flask-AppBuilder and Flask-Admin: an upgrade that changes it fails here.

To renew `hosts.txt` after an upgrade: read the lines the failure names, look in the host's
changelog why they changed, set right our template or method of that name, look at the page, and
only then copy the new text over the old one (the failure says from where).
"""

from pathlib import Path

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from jinja2 import Template
from sqlalchemy.orm import Session

from tests.conftest import Portal
from tests.walk import resident_of
from tests.web.halaman import open_page, sign_in
from tests.web_frame.hosts import HOSTS, OURS, PAGES, contract, template_lines

REVIEWED = Path(__file__).with_name("hosts.txt")


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, "admin")


def test_what_we_take_from_the_hosts_is_reviewed(
    app: Flask, admin: FlaskClient, tmp_path: Path
) -> None:
    actual = contract(app, admin)
    new = tmp_path / "hosts.txt"
    new.write_text("\n".join(actual) + "\n", encoding="utf-8")
    reviewed = REVIEWED.read_text(encoding="utf-8").splitlines()
    lines = [f"+ {line}" for line in actual if line not in reviewed]
    lines += [f"- {line}" for line in reviewed if line not in actual]
    advice = f"a host changed; see the top of {Path(__file__).name}, then: cp {new} {REVIEWED}"
    assert actual == reviewed, "\n".join([advice, *lines])


def test_the_contract_covers_every_template_that_stands_in_for_one_of_a_host() -> None:
    adapters = {path.relative_to(OURS).as_posix() for path in (OURS / "appbuilder").rglob("*.html")}
    lines = REVIEWED.read_text(encoding="utf-8").splitlines()
    named = {line.split()[2].rstrip(":") for line in lines if line.startswith("template ")}
    assert adapters
    assert not adapters - named, "no template of the host has these names any more"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{% block content %}", "{% block konten %}"),
        ("form.hidden_tag()", "formulir.hidden_tag()"),
        ('extends "appbuilder/base.html"', 'extends "appbuilder/dasar.html"'),
    ],
)
def test_a_changed_block_variable_or_parent_of_a_host_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    folder = HOSTS["flask_appbuilder"]
    name = "appbuilder/general/security/login_db.html"
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    copy = tmp_path / name
    copy.parent.mkdir(parents=True)
    copy.write_text(text.replace(old, new), encoding="utf-8")
    (before,) = [line for line in template_lines() if name in line]
    monkeypatch.setitem(HOSTS, "flask_appbuilder", tmp_path)
    (after,) = template_lines()
    assert after != before


@pytest.fixture(scope="module")
def addresses(portal: Portal, app: Flask) -> dict[str, str]:
    """Kind of page → address, for every page whose view or route is a host's."""
    with Session(portal.engine) as session:
        id_, _ = resident_of(session, "RT 001/RW 002 Pilang")
    screens = {
        "list": "/data/penduduk/",
        "details": f"/data/penduduk/details/?id={id_}",
        "new": "/data/penduduk/new/",
        "edit": f"/data/penduduk/edit/?id={id_}",
        "delete": f"/data/penduduk/delete/confirm/?id={id_}",
        "tree": "/data/wilayah/pohon/",
        "index": "/",
    }
    return screens | {kind: url for kind, url in PAGES.items() if kind != "login"}


def test_every_page_of_both_hosts_is_drawn_in_our_frame_by_our_templates(
    app: Flask, admin: FlaskClient, addresses: dict[str, str]
) -> None:
    used: list[Template] = []

    def note(sender: Flask, template: Template, **_: object) -> None:
        used.append(template)

    with template_rendered.connected_to(note, app):
        for kind, url in addresses.items():
            page = open_page(admin, url)
            assert page.status == 200, kind
            assert page.h1, kind
            assert page.soup.select_one("header.kepala + .badan > nav.menu"), kind
        login = open_page(app.test_client(), "/login/")
    assert login.soup.select_one("header.kepala")
    assert len(used) >= len(addresses) + 1
    foreign = {t.name for t in used if not Path(str(t.filename)).is_relative_to(OURS)}
    assert not foreign, f"drawn by the host: {sorted(map(str, foreign))}"
