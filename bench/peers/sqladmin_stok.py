"""Stock SQLAdmin on Starlette; look-ups by AJAX."""

from typing import Any

from sqladmin import Admin, ModelView
from sqladmin.filters import StaticValuesFilter
from sqlalchemy import Select, func, select
from sqlalchemy.orm import DeclarativeBase
from starlette.applications import Starlette
from starlette.requests import Request

from bench.peers.model import engine, map_classes
from bench.peers.tabel import FORM, KECAMATAN, LIST, TERBANYAK


class Base(DeclarativeBase):
    """The base of the reflected classes."""


Penduduk, Keluarga, Wilayah, Referensi = map_classes(Base)
with engine.connect() as connection:
    rows = connection.execute(
        select(Wilayah.__table__.c.id, Wilayah.__table__.c.nama).where(
            Wilayah.__table__.c.induk_id == KECAMATAN
        )
    )
    KELURAHAN = [(str(id_), nama) for id_, nama in rows]


class KelurahanFilter(StaticValuesFilter):
    """The kelurahan by key: the stock filter compares texts."""

    async def get_filtered_query(self, query: Select[Any], value: Any, model: Any) -> Select[Any]:
        """Compare the key as a number."""
        if not value or value == "__all":
            return query
        return query.filter(Penduduk.kelurahan_id == int(value))


class PendudukAdmin(ModelView, model=Penduduk):
    """The list of residents of one kecamatan."""

    column_list = LIST
    column_searchable_list = ("nama", "nik")
    column_default_sort = [("nama", False), ("id", False)]
    column_filters = (KelurahanFilter(Penduduk.kelurahan_id, KELURAHAN, title="Kelurahan"),)
    form_columns = FORM
    form_ajax_refs = {
        "wilayah": {"fields": ("sebutan",), "order_by": "id"},
        "keluarga": {"fields": ("nama_kepala", "no_kk"), "order_by": "id"},
        "pekerjaan": {"fields": ("nama",), "order_by": "id"},
        "pendidikan": {"fields": ("nama",), "order_by": "id"},
        "disabilitas": {"fields": ("nama",), "order_by": "id"},
    }
    column_export_list = LIST
    export_max_rows = TERBANYAK
    page_size = 20
    page_size_options = (20, 50)

    def list_query(self, request: Request) -> Select[Any]:
        """Return the residents of the kecamatan."""
        return select(Penduduk).where(Penduduk.kecamatan_id == KECAMATAN)

    def count_query(self, request: Request) -> Select[Any]:
        """Count them."""
        count = select(func.count(Penduduk.id))
        return count.where(Penduduk.kecamatan_id == KECAMATAN)


app = Starlette()
admin = Admin(app, engine)
admin.add_view(PendudukAdmin)
