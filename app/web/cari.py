"""Search over everything a person works with: berkas, penduduk, layanan, and the menu itself."""

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext

from app.generator.listing import Listing, cells
from app.generator.paging import Place, turn
from app.models.berkas import Berkas
from app.models.layanan import Layanan
from app.models.pelaku import Pelaku
from app.models.penduduk import Penduduk
from app.web.berkas import require_login, session_and_pelaku
from app.web.frame import menu_groups

pages = Blueprint("cari", __name__, url_prefix="/cari")
pages.before_request(require_login)

MOST = 6
"""Rows shown of each kind; the link below them leads to the whole list."""

SHORTEST = 2

SOUGHT = (
    (Berkas.__name__, ("nomor", "nama_pemohon", "layanan_id", "status")),
    (Penduduk.__name__, ("nama", "nik", "wilayah_id")),
    (Layanan.__name__, ("nama", "kode")),
)
"""What is searched, in the order of worth, with the columns that a result shows."""


@pages.get("/")
def index() -> str:
    """Show what holds the words: rows of the person's own area, and entries of the menu."""
    words = request.args.get("q", "").replace("\x00", "").strip()[:100]
    groups: list[dict[str, Any]] = []
    if len(words) >= SHORTEST:
        session, pelaku = session_and_pelaku()
        groups = [_rows(session, pelaku, name, columns, words) for name, columns in SOUGHT]
        groups.append(_menu(words))
    return render_template(
        "cari.html", q=words, kelompok=[g for g in groups if g["hasil"]], terpendek=SHORTEST
    )


def _menu(words: str) -> dict[str, Any]:
    found = [
        {"url": item["url"], "nama": gettext(item["label"]), "rincian": group["label"]}
        for group in menu_groups()
        for item in group["items"]
        if words.lower() in gettext(item["label"]).lower()
    ]
    return {"nama": gettext("Menu"), "hasil": found[:MOST], "semua": None}


def _rows(
    session: Any, pelaku: Pelaku, name: str, columns: tuple[str, ...], words: str
) -> dict[str, Any]:
    specs = current_app.extensions["specs"]
    spec = specs[name]
    if not pelaku.may(name, "list"):
        return {"hasil": []}
    digits = "".join(c for c in words if c.isdigit())
    listing = Listing(spec, columns, search=digits if len(digits) == 16 else words)
    first = turn(session, listing, specs, Place(), MOST)
    found = []
    for row in first.rows:
        title, *facts = cells(listing, row)
        found.append({"url": _address(spec, row.id), "nama": title, "rincian": " · ".join(facts)})
    more = url_for(f"{spec.slug}.index_view", search=listing.search) if first.has_next else None
    return {"nama": gettext(spec.screen.plural), "hasil": found, "semua": more}


def _address(spec: Any, row_id: int) -> str:
    if spec.screen.page:
        return url_for(spec.screen.page, id=row_id)
    return url_for(f"{spec.slug}.details_view", id=row_id)
