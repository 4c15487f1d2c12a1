"""Stock Flask-Admin: its own theme and its SQLAlchemy view; look-ups by AJAX, joins for labels."""

from typing import Any

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_admin.menu import MenuLink
from flask_admin.theme import Bootstrap4Theme
from flask_babel import Babel
from sqlalchemy import func
from sqlalchemy.orm import DeclarativeBase, scoped_session, sessionmaker

from bench.peers.model import engine, map_classes
from bench.peers.tabel import FORM, KECAMATAN, LIST, TAUTAN, TERBANYAK


class Base(DeclarativeBase):
    """The base of the reflected classes."""


Penduduk, Keluarga, Wilayah, Referensi = map_classes(Base)
session = scoped_session(sessionmaker(engine))


class PendudukView(ModelView):
    """The list of residents of one kecamatan."""

    column_list = LIST
    column_labels = {"wilayah": "RT"}
    column_searchable_list = ("nama", "nik")
    column_filters = ("kelurahan_id", "jenis_kelamin", "tanggal_lahir", "status_dasar")
    column_default_sort = [("nama", False), ("id", False)]
    form_columns = FORM
    form_ajax_refs = {
        "wilayah": {"fields": ("sebutan",), "page_size": 20},
        "keluarga": {"fields": ("nama_kepala", "no_kk"), "page_size": 20},
        "pekerjaan": {"fields": ("nama",), "page_size": 20},
        "pendidikan": {"fields": ("nama",), "page_size": 20},
        "disabilitas": {"fields": ("nama",), "page_size": 20},
    }
    can_view_details = True
    can_export = True
    export_max_rows = TERBANYAK
    column_export_list = LIST
    page_size = 20

    def get_query(self) -> Any:
        """Return the residents of the kecamatan."""
        return super().get_query().filter(Penduduk.kecamatan_id == KECAMATAN)

    def get_count_query(self) -> Any:
        """Count them."""
        count = self.session.query(func.count(Penduduk.id))
        return count.filter(Penduduk.kecamatan_id == KECAMATAN)


app = Flask(__name__)
app.secret_key = "ukur"
Babel(app)  # FAB brings Flask-Babel along, and Flask-Admin then asks for it
admin = Admin(app, name="Ukur", theme=Bootstrap4Theme())
admin.add_view(PendudukView(Penduduk, session, endpoint="penduduk"))
for number in range(TAUTAN):
    admin.add_link(MenuLink(f"Tautan {number}", f"/{number}", category=f"Data {number // 5}"))


@app.teardown_appcontext
def _close(error: BaseException | None) -> None:
    session.remove()
