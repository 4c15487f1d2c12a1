"""The admin of residents: related labels by join, pickers instead of selects, import and export."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from import_export import resources
from import_export.admin import ImportExportModelAdmin

from bench.peers.django_stok.models import Keluarga, Penduduk, Referensi, Wilayah
from bench.peers.tabel import FORM, KECAMATAN, TERBANYAK


class OpenSite(admin.AdminSite):
    """Asks nobody who he is."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Let everybody in."""
        return True


site = OpenSite()


class KelurahanFilter(admin.SimpleListFilter):
    """The kelurahan of the kecamatan: one small query."""

    title = "Kelurahan"
    parameter_name = "kelurahan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        units = Wilayah.objects.filter(induk_id=KECAMATAN).values_list("id", "sebutan")
        return [(str(id_), sebutan) for id_, sebutan in units]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list."""
        return queryset.filter(kelurahan_id=self.value()) if self.value() else queryset


class PendudukResource(resources.ModelResource):
    """What goes in and out: the columns of the list out, those of a register in."""

    class Meta:
        model = Penduduk
        fields = ("nama", "nik", "jenis_kelamin", "tanggal_lahir", "wilayah", "status_dasar")

    def export(self, queryset: Any = None, **kwargs: Any) -> Any:
        """Export at most as many rows as are measured."""
        if TERBANYAK and queryset is not None:
            queryset = queryset.select_related("wilayah")[:TERBANYAK]
        return super().export(queryset=queryset, **kwargs)

    def dehydrate_wilayah(self, row: Penduduk) -> str:
        """Write the label of the RT, as everybody else does."""
        return row.wilayah.sebutan


@admin.register(Penduduk, site=site)
class PendudukAdmin(ImportExportModelAdmin):
    """The list of residents of one kecamatan."""

    resource_classes = (PendudukResource,)
    list_display = ("nama", "nik", "jenis_kelamin", "tanggal_lahir", "wilayah", "status_dasar")
    list_select_related = ("wilayah",)
    list_filter = (KelurahanFilter, "jenis_kelamin", "status_dasar")
    search_fields = ("nama", "nik")
    ordering = ("nama", "id")
    fields = FORM
    autocomplete_fields = ("keluarga", "wilayah", "pekerjaan", "pendidikan", "disabilitas")
    list_per_page = 20
    show_full_result_count = False
    skip_export_form = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the residents of the kecamatan."""
        return super().get_queryset(request).filter(kecamatan_id=KECAMATAN)


@admin.register(Wilayah, site=site)
class WilayahAdmin(admin.ModelAdmin):
    """Units, for the picker."""

    search_fields = ("sebutan",)
    ordering = ("kode", "id")


@admin.register(Keluarga, site=site)
class KeluargaAdmin(admin.ModelAdmin):
    """Families, for the picker."""

    search_fields = ("nama_kepala", "no_kk")


@admin.register(Referensi, site=site)
class ReferensiAdmin(admin.ModelAdmin):
    """Codes, for the pickers."""

    search_fields = ("nama",)
