"""Stock Flask-AppBuilder: its own views and theme; every right granted without a question."""

from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder, Model, ModelView
from flask_appbuilder.fields import AJAXSelectField
from flask_appbuilder.fieldwidgets import Select2AJAXWidget
from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.sqla.manager import SecurityManager
from sqlalchemy.orm import scoped_session, sessionmaker

from bench.peers.model import engine, map_classes
from bench.peers.tabel import FORM, KECAMATAN, LIST, TAUTAN

Penduduk, Keluarga, Wilayah, Referensi = map_classes(Model)
session = scoped_session(sessionmaker(engine))


class OpenSecurity(SecurityManager):
    """Asks no SQL for any right, which is kinder than stock."""

    def create_db(self) -> None:
        """Leave the tables as they are."""

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Grant everything."""
        return True

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Grant everything to visitors."""
        return True

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """Show every menu."""
        return set(menu_names or ())


def _picker(name: str) -> AJAXSelectField:
    """A relation chosen by AJAX, so that the form does not hold the whole table."""
    return AJAXSelectField(
        name,
        datamodel=SQLAInterface(Penduduk, session),
        col_name=name,
        widget=Select2AJAXWidget(endpoint=f"/pendudukview/api/column/add/{name}"),
    )


class PendudukView(ModelView):
    """The list of residents of one kecamatan."""

    datamodel = SQLAInterface(Penduduk, session)
    base_filters = [["kecamatan_id", FilterEqual, KECAMATAN]]
    base_order = ("nama", "asc")
    list_columns = list(LIST)
    search_columns = ["nama", "nik", "kelurahan_id", "jenis_kelamin", "status_dasar"]
    add_columns = edit_columns = show_columns = list(FORM)
    add_form_extra_fields = {name: _picker(name) for name in ("wilayah", "keluarga")}
    page_size = 20


app = Flask(__name__)
app.config.update(
    SECRET_KEY="ukur",  # nobody signs in
    FAB_UPDATE_PERMS=False,
    FAB_CREATE_DB=False,
    SQLALCHEMY_DATABASE_URI=str(engine.url),
)
with app.app_context():
    appbuilder = AppBuilder(app, session, security_manager_class=OpenSecurity, update_perms=False)
    appbuilder.add_view(PendudukView, "Penduduk", category="Data")
    for number in range(TAUTAN):
        appbuilder.add_link(f"Tautan {number}", f"/{number}", category=f"Data {number // 5}")


@app.teardown_appcontext
def _close(error: Any) -> None:
    session.remove()
