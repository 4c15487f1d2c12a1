"""The doors of the portal as one person meets them: signs in once, knocks, reads the answer."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Flask
from werkzeug.test import TestResponse

SANDI = "bangkit-2026"
REFUSED = {403, 404, 405}
JSON_PLEASE = {"Accept": "application/json"}
"""Asks for the short form of an error, which costs no page."""


class Orang:
    """A signed-in person: a cookie for the screens, a token for the API."""

    def __init__(self, app: Flask, username: str) -> None:
        self.username = username
        self.client = app.test_client()
        self.visitor = app.test_client(use_cookies=False)
        self.csrf = csrf_of(self.client.get("/login/"))
        form = {"username": username, "password": SANDI, "csrf_token": self.csrf}
        answer = self.client.post("/login/", data=form)
        assert answer.status_code == 302, f"{username} cannot sign in: {answer.status_code}"
        self.csrf = csrf_of(self.client.get("/"))
        body = {"username": username, "password": SANDI, "provider": "db"}
        token = self.client.post("/api/v1/security/login", json=body).get_json()
        self.bearer = {"Authorization": f"Bearer {token['access_token']}"}

    def get(self, url: str, **args: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(url, query_string=args, headers=JSON_PLEASE)

    def post(self, url: str, data: Mapping[str, Any] | None = None, **args: Any) -> TestResponse:
        """Send a form, with the token every form carries."""
        form = {**(data or {}), "csrf_token": self.csrf}
        return self.client.post(url, data=form, query_string=args, headers=JSON_PLEASE)

    def api(self, method: str, path: str, body: Any = None, **query: Any) -> TestResponse:
        """Call the API with this person's token and no cookie; ``query`` becomes ``?q=``."""
        url = f"/api/v1/{path}" + (f"?q={quote(rison(query))}" if query else "")
        return self.visitor.open(url, method=method, json=body, headers=self.bearer)

    def api_ids(self, slug: str, **query: Any) -> list[int]:
        """Return the ids of every row the API lists, over all pages, in order."""
        ids: list[int] = []
        while True:
            page = self.api("GET", f"{slug}/", page=len(ids) // 100, page_size=100, **query)
            assert page.status_code == 200, page.get_data(as_text=True)
            ids += page.get_json()["ids"]
            if len(ids) >= page.get_json()["count"] or not page.get_json()["ids"]:
                assert len(ids) == page.get_json()["count"]
                return ids

    def count(self, slug: str, **args: Any) -> int:
        """Return the number of rows a list says it holds."""
        page = self.get(f"/data/{slug}/", **args)
        assert page.status_code == 200, page.status_code
        found = re.search(r">\s*([\d.]+) data\s*<", page.get_data(as_text=True))
        assert found is not None, f"the list of {slug} tells no count"
        return int(found[1].replace(".", ""))


def csrf_of(page: TestResponse) -> str:
    """Return the CSRF token a page carries."""
    found = re.search(
        r'csrf[_-]token"[^>]* (?:value|content)="([^"]+)"', page.get_data(as_text=True)
    )
    assert found is not None, f"no CSRF token on {page.request.path} ({page.status_code})"
    return found[1]


def rison(value: Any) -> str:
    """Return a value as the ``q`` argument of the API takes it (Rison)."""
    if isinstance(value, Mapping):
        return "(" + ",".join(f"{k}:{rison(v)}" for k, v in value.items()) + ")"
    if isinstance(value, list | tuple):
        return "!(" + ",".join(map(rison, value)) + ")"
    if isinstance(value, str):
        return "'" + value.replace("!", "!!").replace("'", "!'") + "'"
    return json.dumps(value)


Knock = Callable[[Orang, str, int], TestResponse]
"""Uses a door: who, slug of the resource, id of a row."""


@dataclass(frozen=True)
class Door:
    """One way to a resource: the action it asks for, and the answers when that is granted.

    ``harms``: with a real row it deletes; where it is granted, knock with row 0.
    """

    name: str
    action: str
    knock: Knock
    granted: frozenset[int]
    harms: bool = False


def _door(name: str, action: str, knock: Knock, *granted: int, harms: bool = False) -> Door:
    return Door(name, action, knock, frozenset(granted or (200,)), harms)


def _bulk(orang: Orang, slug: str, id_: int) -> TestResponse:
    return orang.post(f"/data/{slug}/action/", {"action": "delete", "rowid": id_})


def _cell(orang: Orang, slug: str, id_: int) -> TestResponse:
    return orang.post(f"/data/{slug}/ajax/update/", {"list_form_pk": id_})


_BACK = "/data/{}/riwayat/kembalikan/"
_MERGE = "/data/{}/ganda/gabung/"


# Where a door is granted it is knocked with nothing to write: 422 is an empty form refused.
DOORS = (
    _door("list", "list", lambda o, s, id_: o.get(f"/data/{s}/")),
    _door("tree", "list", lambda o, s, id_: o.get(f"/data/{s}/pohon/"), 200, 404),
    _door("look-up", "list", lambda o, s, id_: o.get(f"/data/{s}/ajax/lookup/", name="x"), 404),
    _door("details", "show", lambda o, s, id_: o.get(f"/data/{s}/details/", id=id_)),
    _door("unmask", "show", lambda o, s, id_: o.post(f"/data/{s}/unmask/", {"id": id_}), 404),
    _door("new", "add", lambda o, s, id_: o.get(f"/data/{s}/new/")),
    _door("new, sent", "add", lambda o, s, id_: o.post(f"/data/{s}/new/"), 422),
    _door("edit", "edit", lambda o, s, id_: o.get(f"/data/{s}/edit/", id=id_)),
    _door("edit, sent", "edit", lambda o, s, id_: o.post(f"/data/{s}/edit/", id=id_), 422, 409),
    _door("edit in list", "edit", _cell, 404),
    _door("delete?", "delete", lambda o, s, id_: o.get(f"/data/{s}/delete/confirm/", id=id_)),
    _door(
        "delete", "delete", lambda o, s, i: o.post(f"/data/{s}/delete/", {"id": i}), 404, harms=True
    ),
    _door("bulk", "delete", _bulk, 404, harms=True),
    _door(
        "bulk edit", "edit", lambda o, s, i: o.post(f"/data/{s}/massal/", {"rowid": i}), 200, 404
    ),
    _door("history", "show", lambda o, s, i: o.get(f"/data/{s}/riwayat/", id=i), 200, 404),
    _door("go back?", "edit", lambda o, s, i: o.get(_BACK.format(s), id=i, perubahan=1), 404),
    _door("go back", "edit", lambda o, s, i: o.post(_BACK.format(s), {"id": i}), 404),
    _door("trash", "delete", lambda o, s, id_: o.get(f"/data/{s}/sampah/")),
    _door("duplicates", "edit", lambda o, s, i: o.get(f"/data/{s}/ganda/"), 200, 404),
    _door("merge?", "delete", lambda o, s, i: o.get(_MERGE.format(s), simpan=i, lepas=i), 404),
    _door("merge", "delete", lambda o, s, i: o.post(_MERGE.format(s), {"simpan": i}), 404),
    _door("restore", "delete", lambda o, s, i: o.post(f"/data/{s}/sampah/pulihkan/"), 404),
    _door("export", "export", lambda o, s, id_: o.get(f"/data/{s}/export/csv/")),
    _door("export?", "export", lambda o, s, id_: o.get(f"/data/{s}/export/")),
    _door("export, sent", "export", lambda o, s, id_: o.post(f"/data/{s}/export/"), 422),
    _door("export later", "export", lambda o, s, id_: o.post(f"/data/{s}/export/later/"), 422),
    _door("API export", "export", lambda o, s, id_: o.api("GET", f"{s}/ekspor.jsonl")),
    _door("import", "import", lambda o, s, id_: o.get(f"/data/{s}/impor/")),
    _door("import, sent", "import", lambda o, s, id_: o.post(f"/data/{s}/impor/"), 422),
    _door("template", "import", lambda o, s, id_: o.get(f"/data/{s}/impor/templat.csv")),
    _door("columns", "import", lambda o, s, id_: o.get(f"/data/{s}/impor/{id_}/kolom/"), 404),
    _door("run", "import", lambda o, s, id_: o.post(f"/data/{s}/impor/{id_}/jalankan/"), 404),
    _door("undo", "import", lambda o, s, id_: o.post(f"/data/{s}/impor/{id_}/urungkan/"), 404),
    _door("API list", "list", lambda o, s, id_: o.api("GET", f"{s}/")),
    _door("API info", "list", lambda o, s, id_: o.api("GET", f"{s}/_info")),
    _door("API get", "show", lambda o, s, id_: o.api("GET", f"{s}/{id_}")),
    _door("API post", "add", lambda o, s, id_: o.api("POST", f"{s}/", {}), 422),
    _door("API put", "edit", lambda o, s, id_: o.api("PUT", f"{s}/{id_}", {"x": 1}), 422),
    _door("API delete", "delete", lambda o, s, id_: o.api("DELETE", f"{s}/{id_}"), 404, harms=True),
)

ROW_DOORS = tuple(d for d in DOORS if d.action in ("show", "edit", "delete"))
"""The doors to one row; to a foreign row all are closed."""
