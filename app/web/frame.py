"""What every page has: menu, person, language, icons, and how dates and numbers are written."""

import secrets
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, get_template_attribute, request, url_for
from flask_babel import Domain, get_babel, get_locale, get_translations, gettext
from markupsafe import Markup

from app.extensions import db
from app.generator.fields import show_date, show_moment, show_number
from app.models.policy import current_pelaku
from app.web.assets import asset


def init_app(app: Flask) -> None:
    """Give the templates their context, filters and texts."""
    katalog = Katalog()
    get_babel(app).instance.domain_instance = katalog
    app.context_processor(_context)
    app.add_template_global(icon)
    app.add_template_global(csp_nonce)
    app.add_template_filter(show_date, "tanggal")
    app.add_template_filter(show_moment, "waktu")
    app.add_template_filter(show_number, "angka")
    texts = {"_": katalog.say, "gettext": katalog.say, "ngettext": katalog.say_many}
    app.jinja_env.globals.update(texts)


class Katalog(Domain):
    """The texts of the portal: a page asks for hundreds, so it looks for the catalogue once."""

    def get_translations(self) -> Any:
        if "katalog" not in g:
            g.katalog = super().get_translations()
        return g.katalog

    def say(self, text: str, **values: Any) -> Markup:
        """Return a text of a template in the language of this request."""
        said = Markup(self.get_translations().ugettext(text))
        return said % values if values else said

    def say_many(self, one: str, many: str, num: int, **values: Any) -> Markup:
        """Return the text of a template for so many."""
        said = Markup(self.get_translations().ungettext(one, many, num))
        return said % {"num": num, **values}


def icon(name: str) -> Markup:
    """Return an icon of the sprite; it is decoration, so it is hidden from screen readers."""
    return _icon(asset("ikon.svg"), name)


@lru_cache(maxsize=256)
def _icon(sprite: str, name: str) -> Markup:
    return Markup('<svg class="ikon" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        sprite, name
    )


def csp_nonce() -> str:
    """Return the nonce of this response's inline scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _context() -> dict[str, Any]:
    config = current_app.config
    pelaku = current_pelaku(db.session())
    return {
        "pelaku": pelaku,
        "jabatan_list": [j.sebutan for j in pelaku.jabatan] if pelaku else [],
        "menu_utama": _menu_drawn() if pelaku else "",
        "app_name": config["APP_NAME"],
        "nama_unit": config["BANGKIT_NAMA_UNIT"],
        "password_url": url_for("ResetMyPasswordView.this_form_get"),
        "logout_url": url_for("pages.keluar"),
        "login_url": url_for("AuthDBView.login"),
        "languages": [
            {
                "code": code,
                "name": facts["name"],
                "url": url_for("pages.bahasa", kode=code, url=_here()),
                "active": str(get_locale()) == code,
            }
            for code, facts in config["LANGUAGES"].items()
        ],
    }


def _here() -> str:
    """Return the address to come back to after changing the language."""
    if request.method != "GET":
        return url_for("BerandaView.index")
    query = urlencode([(k, v) for k, v in request.args.items(multi=True) if k != "url"])
    path = request.script_root + request.path
    return f"{path}?{query}" if query else path


def menu_groups() -> list[dict[str, Any]]:
    """Return the groups of the side menu that this person sees, each with its entries."""
    _, groups = _menu_of()
    return groups


def _menu_drawn() -> Markup:
    """Return the side menu; drawn once for all who may open the same pages, for each of them.

    Empty where the person may open none.
    """
    key, groups = _menu_of()
    if not groups:
        return Markup()
    beranda = url_for("BerandaView.index")
    urls = [beranda, *(item["url"] for group in groups for item in group["items"])]
    path, root = request.script_root + request.path, f"{request.script_root}/"
    here = next((u for u in urls if path == u or (u != root and path.startswith(u))), "")
    drawn: dict[Any, Markup] = current_app.extensions.setdefault("menu_drawn", {})
    if (*key, here) not in drawn:
        if len(drawn) >= MENUS_MOST:
            drawn.clear()
        draw = get_template_attribute("menu.html", "menu")
        drawn[*key, here] = Markup(draw(groups, beranda, here))
    return drawn[*key, here]


def _menu_of() -> tuple[tuple[Any, ...], list[dict[str, Any]]]:
    """Return what tells menus apart, and the one of this person; made once for each."""
    appbuilder = current_app.appbuilder  # type: ignore[attr-defined]
    allowed = appbuilder.sm.get_user_menu_access(appbuilder.menu.get_flat_name_list())
    known: dict[Any, list[dict[str, Any]]] = current_app.extensions.setdefault("menu", {})
    key = (frozenset(allowed), get_translations(), request.script_root)
    if key not in known:
        if len(known) >= MENUS_MOST:
            known.clear()
        known[key] = _menu(appbuilder.menu.get_data())
    return key, known[key]


MENUS_MOST = 500
"""Menus kept by a worker; each is the same for all who hold the same rights."""


def _menu(data: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "label": gettext(group["label"]),
            "items": [
                {"label": item["label"], "url": item["url"], "icon": item["icon"]}
                for item in group.get("childs", [])
            ],
        }
        for group in data
    ]
