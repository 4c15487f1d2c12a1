"""What makes the portal an app on a phone: manifest, service worker, the page shown offline."""

import json
from typing import Any

from flask import Blueprint, Response, current_app, render_template, url_for
from flask_babel import gettext

from app.teks import N_
from app.web.assets import asset

pages = Blueprint("pwa", __name__)

ICONS = (("ikon-192.png", 192, "any"), ("ikon-512.png", 512, "any"))
MASKABLE = ("ikon-penuh-512.png", 512, "maskable")
"""File, side in pixels, and purpose; a maskable icon may be cut to any shape by the phone."""

KEPT = (
    "vendor/bootstrap/bootstrap.min.css",
    "bangkit.css",
    "bangkit.js",
    "ikon.svg",
)
"""Files the service worker keeps for the offline page; never a page with somebody's data."""


@pages.get("/manifest.webmanifest")
def manifest() -> Response:
    """Describe the app to the phone that installs it."""
    facts: dict[str, Any] = {
        "id": "/",
        "name": f"BPJS Bangkit – {current_app.config['BANGKIT_NAMA_UNIT']}",
        "short_name": "Bangkit",
        "description": gettext(N_("Berkas pelayanan yang jalan sendiri.")),
        "lang": "id",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f4f7f5",
        "theme_color": "#0a4a36",
        "icons": [
            {"src": asset(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for name, size, purpose in (*ICONS, MASKABLE)
        ],
        "shortcuts": [
            {"name": gettext(N_("Berkas Masuk")), "url": url_for("berkas_petugas.masuk")},
            {"name": gettext(N_("Berkas Baru")), "url": url_for("pengajuan.pilih_layanan")},
        ],
    }
    return Response(json.dumps(facts, ensure_ascii=False), mimetype="application/manifest+json")


@pages.get("/sw.js")
def service_worker() -> Response:
    """Send the worker from the root, so that it may serve every page; its text names its files."""
    offline = url_for("pwa.luring")
    files = json.dumps([*map(asset, KEPT), offline])
    body = render_template("pwa/sw.js", berkas=files, luring=offline)
    return Response(body, mimetype="text/javascript")


@pages.get("/luring/")
def luring() -> str:
    """Show what to do without a connection; the service worker keeps it, so it names nobody."""
    return render_template("pwa/luring.html", pelaku=None, menu_utama="")
