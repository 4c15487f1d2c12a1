"""What the page Gaya shows in its components: invented values, never a row of the database."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import wtforms
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from app.generator.chips import draw_column
from app.generator.filters import OPERATORS
from app.generator.forms import GeneratedForm, build_form
from app.generator.spec import FieldSpec
from app.generator.tables import BUKA, MARKS, Baris, Pola, Sel
from app.models.berkas import StatusBerkas
from app.models.biodata import StatusDasar
from app.models.kunjungan import StatusKunjungan
from app.models.versi_layanan import StatusVersi
from app.teks import N_

PILIHAN = (("hidup", N_("Hidup")), ("pindah", N_("Pindah")))

FIELDS = (
    FieldSpec("teks", N_("Teks"), "teks", required=True, length=40, help=N_("Keterangan isian.")),
    FieldSpec("nik", N_("NIK"), "nik", required=True, mask="nik"),
    FieldSpec("email", N_("Email"), "email"),
    FieldSpec("telepon", N_("Telepon"), "telepon"),
    FieldSpec("sandi", N_("Kata Sandi"), "sandi", required=True),
    FieldSpec("angka", N_("Angka"), "angka", required=True, unit=N_("menit")),
    FieldSpec("desimal", N_("Desimal"), "desimal", required=True),
    FieldSpec("uang", N_("Uang"), "uang", required=True),
    FieldSpec("tanggal", N_("Tanggal"), "tanggal", required=True),
    FieldSpec("waktu", N_("Waktu"), "waktu", required=True),
    FieldSpec("jam", N_("Jam"), "jam", required=True),
    FieldSpec("pilihan", N_("Pilihan"), "pilihan", required=True, choices=PILIHAN),
    FieldSpec("relasi", N_("Wilayah"), "relasi", required=True, target="Wilayah"),
    FieldSpec("tiga", N_("Ya, tidak, atau belum tahu"), "ya_tidak"),
    FieldSpec("centang", N_("Kotak centang"), "ya_tidak", nullable=False, required=True),
    FieldSpec("panjang", N_("Teks panjang"), "teks_panjang", required=True),
    FieldSpec("json", N_("Data JSON"), "json", required=True),
)
"""One field of every kind that `bidang.html` draws."""

FILLED = {
    "teks": ["Beasiswa sekolah"],
    "email": ["warga@contoh.id"],
    "telepon": ["0335 421000"],
    "angka": ["1.500"],
    "desimal": ["2,75"],
    "uang": ["900.000"],
    "tanggal": ["2026-11-24"],
    "waktu": ["2026-11-24T13:30"],
    "jam": ["13:30"],
    "pilihan": ["hidup"],
    "relasi": ["1"],
    "tiga": ["1"],
    "centang": ["y"],
    "panjang": ["Rumah di tepi jalan, dekat musala."],
    "json": ['["a", "b"]'],
}

WRONG = {
    "angka": ["seribu"],
    "desimal": ["1,2,3"],
    "uang": ["Rp banyak"],
    "tanggal": ["31-02-2026"],
    "waktu": ["besok"],
    "jam": ["siang"],
    "pilihan": ["lain"],
    "relasi": ["9999"],
    "json": ["{"],
}


def forms(lookup_url: str) -> list[dict[str, Any]]:
    """Return the form of all kinds of field four times: empty, filled in, stored, refused."""
    empty, filled = _form("kosong-"), _form("isi-", FILLED)
    stored, refused = _form("simpan-", FILLED, editing=True), _form("salah-", WRONG)
    stored.nik.current = "3574****9901"
    refused.validate()
    shown = (
        (N_("Kosong"), empty),
        (N_("Terisi"), filled),
        (N_("Data tersimpan"), stored),
        (N_("Ditolak"), refused),
    )
    for _, form in shown:
        form.relasi.lookup_url = lookup_url
    return [
        {"judul": gettext(title), "fields": list(form), "errors": form.summary() if bad else []}
        for title, form in shown
        for bad in [form is refused]
    ]


class _Wilayah:
    """Stands for the look-up of a relation: two invented units."""

    target = SimpleNamespace(is_scoped=True, resource="Wilayah")

    @staticmethod
    def find(id_: int) -> str | None:
        return {1: "Kelurahan Pilang", 2: "Kelurahan Ketapang"}.get(id_)

    @staticmethod
    def first() -> list[tuple[str, str]]:
        return [("1", "Kelurahan Pilang"), ("2", "Kelurahan Ketapang")]


def _form(prefix: str, values: Any = None, *, editing: bool = False) -> Any:
    lookups: Any = {"relasi": _Wilayah}
    extra = {"berkas": wtforms.FileField(gettext(N_("Lampiran")))}
    made: type[GeneratedForm] = build_form(
        "ContohGaya", FIELDS, lookups, editing=editing, extra=extra
    )
    typed = MultiDict([(prefix + name, text) for name, (text,) in (values or {}).items()])
    return made(typed or None, prefix=prefix)


def statuses() -> Iterator[tuple[str, str, str]]:
    """Yield (of what, code, label) of every status that a badge shows."""
    for label, codes in (
        (N_("Berkas"), StatusBerkas),
        (N_("Tahapan"), StatusKunjungan),
        (N_("Versi Layanan"), StatusVersi),
        (N_("Penduduk"), StatusDasar),
    ):
        for code in codes:
            yield label, str(code.value), code.label


def table(here: str) -> dict[str, Any]:
    """Return a list as `data/tabel.html` and `data/saringan.html` take it, with all its parts."""
    kinds = (
        ("nama", N_("Nama"), "luwes"),
        ("tanggal", N_("Tanggal"), "rapat"),
        ("uang", N_("Uang"), "angka"),
        ("status", N_("Status"), ""),
    )
    columns = [
        {
            "name": name,
            "label": gettext(label),
            "kelas": kelas,
            "buka": BUKA.format(kelas, gettext(label)),
            "sorted": "asc" if name == "nama" else None,
            "sort_url": here if name != "uang" else None,
        }
        for name, label, kelas in kinds
    ]
    rows = [
        ("Budi Santoso", "24-11-2026", "Rp900.000", gettext("Hidup")),
        ("Siti Aminah", "", "", gettext("Dikembalikan")),
    ]
    return {
        "columns": columns,
        "rows": [_row(here, number, cells) for number, cells in enumerate(rows, 1)],
        "pager": {"first": None, "prev": None, "next": here, "last": here, "text": "1–2 / 40"},
        "actions": [
            {"nama": "edit", "teks": gettext("Ubah"), "tanya": "", "url": here},
            {
                "nama": "delete",
                "teks": gettext("Hapus"),
                "tanya": gettext("Hapus data yang dipilih?"),
                "url": here,
            },
        ],
        "count_text": gettext("%(n)s data") % {"n": 40},
        "chips": [{"text": f"{gettext('Status')}: {gettext('Hidup')}", "remove_url": here}],
        "filters": _filters(),
        "clear_url": here,
        "return_url": here,
        "url": dict.fromkeys(("list", "new", "delete", "delete_confirm", "action"), here),
        "can": {"add": True},
        "empty_text": gettext("Belum ada data"),
        "milik": MARKS,
    }


def _row(here: str, number: int, cells: tuple[str, ...]) -> Baris:
    sel = [Sel(text, place == len(cells) - 1, None) for place, text in enumerate(cells)]
    return Baris(number, 1, cells[0], sel, Pola(here, here, here))


def _filters() -> list[Markup]:
    statuses = [(value, gettext(label)) for value, label in PILIHAN]
    columns = (
        ("nama", gettext("Nama"), ("mengandung", "sama"), "text"),
        ("tanggal", gettext("Tanggal"), ("sama",), "date"),
        ("status", gettext("Status"), ("sama",), "choice"),
    )
    return [
        draw_column(
            label,
            [
                {"arg": arg, "label": sebut, "inputs": [control]}
                for operator in operators
                for arg in [f"flt{place}_{name}_{operator}"]
                for sebut in [gettext(OPERATORS[operator].label)]
                for control in [
                    {"arg": arg, "label": sebut, "type": kind, "value": "", "options": statuses}
                ]
            ],
        )
        for place, (name, label, operators, kind) in enumerate(columns)
    ]


def berkas(here: str) -> dict[str, Any]:
    """Return the parts of a berkas: rows of a queue, riwayat and steps in every state."""
    row = {"url": here, "layanan": "Surat Keterangan Tidak Mampu", "wilayah": "RT 001/RW 002"}
    queue = [
        row | {"pemohon": "Siti Aminah", "nomor": "SKTM-2026-000001", "sisa_menit": 40},
        row | {"pemohon": "Budi Santoso", "nomor": "SKTM-2026-000002", "sisa_menit": 10},
        row
        | {"pemohon": "Rahmat", "nomor": "SKTM-2026-000003", "sisa_menit": 95, "terlambat": True},
    ]
    facts = {"nama": "Hadi Susanto", "jabatan": "Lurah Pilang", "waktu": "24-11-2026 13.30 WIB"}
    acts = (
        ("ajukan", N_("Ajukan")),
        ("setujui", N_("Setujui")),
        ("kembalikan", N_("Kembalikan")),
        ("tolak", N_("Tolak")),
        ("alihkan", N_("Alihkan")),
        ("lewati", N_("Lewati")),
        ("eskalasi", N_("Eskalasi")),
    )
    steps = ("selesai", "dilewati", "dikembalikan", "sekarang", "belum", "ditolak")
    return {
        "antrean": [item | {"status": "diproses", "massal": item["nomor"]} for item in queue],
        "riwayat": [
            facts | {"nomor": n, "jenis": jenis, "judul": gettext(judul), "menit_text": ""}
            for n, (jenis, judul) in enumerate(acts, 1)
        ],
        "jejak": {2: [{"tahapan": "Lurah", "alasan": gettext(N_("Tahapan berikutnya."))}]},
        "langkah": [
            {"nama": f"{gettext('Tahapan')} {n}", "status": status, "kode": status}
            for n, status in enumerate(steps, 1)
        ],
    }
