"""Gaya: every component in every state, and the design tokens, for those who change the look."""

import re
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.errors import TidakBerwenangError
from app.teks import N_
from app.web import contoh_gaya
from app.web.berkas import require_login, session_and_pelaku

pages = Blueprint("gaya", __name__, url_prefix="/gaya")
pages.before_request(require_login)

TOKEN = re.compile(r"^\s*(--[\w-]+):\s*(#[0-9a-f]{3,6}|[^;]+);$", re.M)
DARK = "@media (prefers-color-scheme: dark)"


class Token(NamedTuple):
    """A design token of `bangkit.css`; ``dark`` is empty where dark mode changes nothing."""

    name: str
    light: str
    dark: str

    @property
    def is_color(self) -> bool:
        """Whether the token is a colour that can be drawn."""
        return self.light.startswith("#")


def _require_admin() -> None:
    """Let in the admin of the kecamatan only (issue 4 §1).

    Raises:
        TidakBerwenangError: nobody else.
    """
    _, pelaku = session_and_pelaku()
    if not pelaku.has_peran("admin_kecamatan"):
        raise TidakBerwenangError(N_("Halaman gaya dibuka untuk administrator kecamatan."))


pages.before_request(_require_admin)


@pages.get("/")
def index() -> str:
    """Show the tokens and all components; nothing here reads or writes a row."""
    css = Path(str(current_app.static_folder), "bangkit.css").read_text(encoding="utf-8")
    tokens = read_tokens(css)
    here = url_for("gaya.index")
    return render_template(
        "gaya.html",
        warna=[token for token in tokens if token.is_color],
        ukuran=[t for t in tokens if not t.is_color and not t.light.startswith("url(")],
        lencana=_badges(),
        forms=contoh_gaya.forms(url_for("wilayah.ajax_lookup", name="induk_id")),
        tabel=contoh_gaya.table(here),
        **contoh_gaya.berkas(here),
    )


@pages.post("/")
def coba() -> Response:
    """Answer the sample buttons with a message, as a real act would."""
    flash(gettext(N_("Ini halaman contoh: tidak ada data yang berubah.")), "info")
    return redirect(url_for("gaya.index"))


def read_tokens(css: str) -> list[Token]:
    """Return the design tokens in the order of the stylesheet.

    >>> read_tokens(":root {\\n  --tinta: #000;\\n}\\n@media (prefers-color-scheme: dark) {\\n"
    ...     "  :root {\\n    --tinta: #fff;\\n  }\\n}\\n")
    [Token(name='--tinta', light='#000', dark='#fff')]
    """
    light, _, rest = css.partition(DARK)
    dark = dict(TOKEN.findall(rest.partition("\n}\n")[0] + "\n"))
    return [Token(name, value, dark.get(name, "")) for name, value in TOKEN.findall(light)]


def _badges() -> list[dict[str, Any]]:
    return [
        {"nama": gettext(of_what), "status": [(code, gettext(label)) for _, code, label in group]}
        for of_what, group in groupby(contoh_gaya.statuses(), key=itemgetter(0))
    ]
