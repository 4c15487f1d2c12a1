"""Begin and end of a request, and the small pages of the frame: sign out, change language."""

from flask import Blueprint, Flask, abort, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_appbuilder.utils.base import get_safe_redirect
from flask_login import logout_user
from werkzeug.wrappers import Response

from app.extensions import db
from app.models.engine import writing
from app.models.policy import bind_pelaku

pages = Blueprint("pages", __name__)

READS = frozenset({"GET", "HEAD", "OPTIONS"})

READING_POSTS = frozenset({"lacak.lihat"})
"""Endpoints whose POST only reads: a visitor must not hold up those who write."""

EXPORT = ".export"
"""End of the endpoint of every export: its POST carries a reason, and only reads."""


class PageCookies(SecureCookieSessionInterface):
    """Sends the session cookie with pages only.

    A static file may be kept by a shared cache. A picture in a page may arrive after the next
    page's cookie, and would take back what that one holds, such as the message of an act.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        is_part = _is_static() or request.blueprint == "cuplikan"
        return not is_part and super().should_set_cookie(app, session)


def init_app(app: Flask) -> None:
    """Take SQLite's write lock at the start of requests that write, and clean up after all."""
    app.session_interface = PageCookies()
    app.before_request(_begin)
    app.teardown_request(_end)


def _begin() -> None:
    if "\x00" in request.path:
        abort(404)  # PostgreSQL has no such text, so nothing can have this address
    if not _is_static():
        session.permanent = True
    if (request.endpoint or "").endswith(".import_view"):
        # Before anything reads the form; a file that says it is larger is never read.
        request.max_content_length = current_app.config["BANGKIT_IMPOR_MAKS_MB"] * 1024 * 1024
    if request.method not in READS and not _only_reads(request.endpoint or ""):
        g.writing = writing()
        g.writing.__enter__()


def _only_reads(endpoint: str) -> bool:
    return endpoint in READING_POSTS or endpoint.endswith(EXPORT)


def _is_static() -> bool:
    return request.path.startswith("/static/")


def stop_writing() -> None:
    """Let what remains of this request only read: an error page must not wait for a lock."""
    lock = g.pop("writing", None)
    if lock is not None:
        lock.__exit__(None, None, None)


def _end(error: BaseException | None) -> None:
    stop_writing()
    bind_pelaku(db.session(), None)


@pages.post("/keluar/", endpoint="keluar")
def sign_out() -> Response:
    """End the session; a link could be planted on another site, so it takes a POST."""
    logout_user()
    session.clear()
    return redirect(url_for("AuthDBView.login"))


@pages.get("/bahasa/<kode>/", endpoint="bahasa")
def set_language(kode: str) -> Response:
    """Remember the language of the screens and go back."""
    if kode not in current_app.config["LANGUAGES"]:
        abort(404)
    session["locale"] = kode
    return redirect(get_safe_redirect(request.args.get("url", url_for("BerandaView.index"))))
