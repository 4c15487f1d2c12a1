"""django-import-export on a CSV of residents, in a process of its own; prints JSON.

`stok` is as its documentation begins: each row looked up, its related rows too, checked by the
model and saved. `cepat` is set up for speed: bulk writes, one query for what is there already, no
diffs, related rows from dictionaries, and only the NIK checked.
"""

import json
import re
import resource
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.peers.django_stok import wsgi  # noqa: F401 - sets Django up

from django.db import transaction  # isort: skip
from import_export import fields, resources, widgets  # isort: skip
from import_export.instance_loaders import CachedInstanceLoader  # isort: skip
from tablib import Dataset  # isort: skip

from bench.peers.django_stok.models import Keluarga, Penduduk, Wilayah  # isort: skip

NIK = re.compile(r"[0-9]{16}")


class Known(widgets.Widget):
    """A related row by its text, from a dictionary read once."""

    def __init__(self, keys: Mapping[str, int]) -> None:
        super().__init__()
        self.keys = keys

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int:
        """Return the key."""
        return self.keys[value]


RT = {u.sebutan: u for u in Wilayah.objects.filter(tingkat="rt").select_related("induk__induk")}
KK = dict(Keluarga.objects.values_list("no_kk", "id"))


class WargaResource(resources.ModelResource):
    """The columns of the file."""

    tanggal_lahir = fields.Field("tanggal_lahir", "tanggal_lahir", widgets.DateWidget("%d-%m-%Y"))
    wilayah_id = fields.Field(
        "wilayah_id", "wilayah", Known({sebutan: unit.id for sebutan, unit in RT.items()})
    )
    keluarga_id = fields.Field("keluarga_id", "no_kk", Known(KK))

    class Meta:
        model = Penduduk
        fields = (
            *("nama", "nik", "jenis_kelamin", "tempat_lahir", "agama", "status_kawin", "shdk"),
            *("nama_ibu", "alamat", "tanggal_lahir", "wilayah_id", "keluarga_id"),
        )
        import_id_fields = ("nik",)
        instance_loader_class = CachedInstanceLoader
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        use_transactions = True

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Refuse what is no NIK."""
        if not NIK.fullmatch(row["nik"]):
            raise ValueError("NIK")

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Set the area columns, as the portal does."""
        rt = RT[row["wilayah"]]
        instance.rt_id, instance.rw_id = rt.id, rt.induk_id
        instance.kelurahan_id, instance.kecamatan_id = rt.induk.induk_id, rt.induk.induk.induk_id

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Bulk writes leave the hook before out."""
        self.before_save_instance(instance, row)
        super().save_instance(instance, is_create, row, **kwargs)


class StokResource(resources.ModelResource):
    """The same columns, with all that the library does by itself."""

    tanggal_lahir = fields.Field("tanggal_lahir", "tanggal_lahir", widgets.DateWidget("%d-%m-%Y"))
    wilayah = fields.Field("wilayah", "wilayah", widgets.ForeignKeyWidget(Wilayah, "sebutan"))
    keluarga = fields.Field("keluarga", "no_kk", widgets.ForeignKeyWidget(Keluarga, "no_kk"))

    class Meta:
        model = Penduduk
        fields = (
            *("nama", "nik", "jenis_kelamin", "tempat_lahir", "agama", "status_kawin", "shdk"),
            *("nama_ibu", "alamat", "tanggal_lahir", "wilayah", "keluarga"),
        )
        import_id_fields = ("nik",)
        use_transactions = True

    before_import_row = WargaResource.before_import_row
    before_save_instance = WargaResource.before_save_instance


WAYS = {"stok": StokResource, "cepat": WargaResource}


def main(way: str, path: str, most: int) -> None:
    """Import the first rows of the file and print what it took."""
    text = Path(path).read_text(encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    lines = text.splitlines(keepends=True)[: most + 1]
    data = Dataset().load("".join(lines), format="csv", delimiter=";")
    with transaction.atomic():
        result = WAYS[way]().import_data(data, dry_run=False, raise_errors=True)
    facts = {
        "rows": result.totals["new"],
        "seconds": time.perf_counter() - start,
        "grown": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024,
    }
    sys.stdout.write(json.dumps(facts))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
