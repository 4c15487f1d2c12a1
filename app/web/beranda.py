"""Beranda: what awaits this person today, by peran; and the empty index of the data screens."""

from typing import Any

from flask import redirect, url_for
from flask_admin import AdminIndexView
from flask_admin.base import expose as admin_expose
from flask_appbuilder import IndexView, expose

from app.extensions import db
from app.models.policy import current_pelaku


class BerandaView(IndexView):
    """The first page after signing in; the host knows it as its index."""

    @expose("/")
    def index(self) -> Any:
        pelaku = current_pelaku(db.session())
        if pelaku is None:
            return redirect(url_for("AuthDBView.login"))
        return self.render_template("beranda.html", sapaan=pelaku.nama, kotak=[], antrean=[])


class DataIndexView(AdminIndexView):
    """Flask-Admin wants an index; ours sends people to Beranda."""

    @admin_expose("/")
    def index(self) -> Any:
        return redirect("/")
