"""Flask-AppBuilder's security manager with our rights: peran of the penugasan valid now.

Rights and areas of a person are loaded once a request into a `Pelaku` bound to the session; the
host asks `has_access`, the row policy asks the same `Pelaku`.
"""

from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app, g, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.exceptions import PasswordComplexityValidationError
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.views import AuthDBView as HostAuthView
from flask_babel import gettext
from flask_login import current_user, login_user

from app.extensions import db
from app.generator.menus import is_own_work
from app.models.pengguna import Pengguna, sandi_error
from app.models.policy import bind_pelaku, current_pelaku, unscoped
from app.services.pelaku import load_akun
from app.web.beranda import LINKS, may_open
from app.web.sandi import ResetMyPasswordView

LOGIN_REASON = "akun yang sedang masuk"
"""The account of the one who signs in is read before it is known whose rows may be read."""


def init_app(app: Flask) -> None:
    """Let the host's form for the own password keep to our rule."""
    app.config["FAB_PASSWORD_COMPLEXITY_ENABLED"] = True
    app.config["FAB_PASSWORD_COMPLEXITY_VALIDATOR"] = _check_sandi


def _check_sandi(sandi: str) -> None:
    if message := sandi_error(sandi):
        raise PasswordComplexityValidationError(gettext(message))


class AuthDBView(HostAuthView):
    """The host's login, under the host's name; signing out takes our POST (`requests.sign_out`)."""

    @expose("/logout/")
    def logout(self) -> Any:
        """Sign nobody out: a link to here could be planted on another site."""
        return redirect(url_for("BerandaView.index"))


class BangkitSecurityManager(SecurityManager):
    """Login, own password and API tokens from the host; roles from penugasan, never by hand."""

    user_model = Pengguna
    authdbview = AuthDBView
    resetmypasswordview = ResetMyPasswordView

    def register_views(self) -> None:
        """Register only the login, the own-password page and the API login."""
        self.appbuilder.add_api(self.security_api)
        self.auth_view = self.authdbview()
        self.user_view = None
        own_password = self.resetmypasswordview()
        self.appbuilder.add_view_no_menu(own_password)
        self.appbuilder.add_view_no_menu(self.auth_view)
        if self.is_auth_limited:
            for view in (self.auth_view, own_password):
                self.limiter.limit(self.auth_rate_limit, methods=["POST"])(view.blueprint)
            self.limiter.limit(self.auth_rate_limit)(
                self.appbuilder.baseviews[_index(self.appbuilder, "SecurityApi")].blueprint
            )

    def create_db(self) -> None:
        """Leave tables and roles to migrations and the release command."""

    def load_user(self, pk: Any) -> Any:
        """Return the active account of a login cookie, and bind whose rows may be read.

        Rights and areas are read now, once a request.
        """
        session = db.session()
        with unscoped(session, LOGIN_REASON, keep=True):
            akun, pelaku = load_akun(session, int(pk), datetime.now(UTC))
        bind_pelaku(session, pelaku)
        return akun

    def auth_user_db(self, username: str, password: str) -> Any:
        """Check a name and password; the account is kept in the session for the host."""
        with unscoped(db.session(), LOGIN_REASON, keep=True):
            # PostgreSQL cannot even be asked for a name with a NUL in it.
            return super().auth_user_db(username.replace("\x00", ""), password)

    def reset_password(self, userid: Any, password: str) -> None:
        """Set the own password."""
        with unscoped(db.session(), LOGIN_REASON, keep=True):
            super().reset_password(userid, password)

    def get_user_by_id(self, pk: Any) -> Any:
        """Return an account for the host's own pages."""
        with unscoped(db.session(), LOGIN_REASON, keep=True):
            return super().get_user_by_id(pk)

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether some appointment of the signed-in person grants this."""
        pelaku = current_pelaku(db.session())
        if view_name in OWN_PAGES:
            return pelaku is not None
        if view_name in WRITTEN_PAGES:
            return pelaku is not None and may_open(pelaku, view_name)
        return pelaku is not None and pelaku.may(view_name, permission_name.removeprefix("can_"))

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing of the host is public."""
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """Return the menus to show: pages and data of one's own work, and groups that hold some.

        The menu registry asks for every group anew, and is answered once a request.
        """
        if "menu_access" not in g:
            g.menu_access = self._menu_access(menu_names)
        return set(g.menu_access)

    def _menu_access(self, menu_names: list[str] | None) -> set[str]:
        # The host's list repeats its names many times over.
        shown = {n for n in set(menu_names or ()) if self.has_access("can_list", n)}
        shown -= {n for n in shown if not self._is_own_work(n)}
        groups = [item for item in self.appbuilder.menu.menu if item.childs]
        return shown | {g.name for g in groups if shown & {c.name for c in g.childs}}

    def _is_own_work(self, name: str) -> bool:
        spec = current_app.extensions["specs"].get(name)
        return spec is None or is_own_work(spec, lambda a: self.has_access(f"can_{a}", name))

    def get_user_roles(self, user: Any) -> list[Any]:
        """Return the roles of the peran held now, for the host's own questions."""
        pelaku = current_pelaku(db.session())
        names = {j.peran for j in pelaku.jabatan} if pelaku else set()
        return [role for role in map(self.find_role, sorted(names)) if role is not None]

    @staticmethod
    def before_request() -> None:
        """Know the person before anything reads a scoped row; read the API token later."""
        bind_pelaku(db.session(), None)
        g.user = current_user
        if not request.path.startswith("/static/"):
            _ = current_user.is_authenticated


def sign_in(username: str) -> None:
    """Sign an account in without its password; only the sandbox does so.

    Raises:
        LookupError: there is no such account.
    """
    sm = current_app.appbuilder.sm  # type: ignore[attr-defined]
    with unscoped(db.session(), LOGIN_REASON, keep=True):
        user = sm.find_user(username=username)
    if user is None:
        raise LookupError(username)
    login_user(user)


WRITTEN_PAGES = frozenset(name for name, *_ in LINKS)

OWN_PAGES = frozenset({"ResetMyPasswordView", "OpenApi", "SwaggerView", "MenuApi", "UtilView"})
"""Host pages that everyone who signs in may open."""


def _index(appbuilder: Any, name: str) -> int:
    return next(i for i, v in enumerate(appbuilder.baseviews) if type(v).__name__ == name)
