"""A layanan's isian rows as field specs, so that officers' forms use the machinery of models."""

from collections.abc import Iterable
from typing import Any

from app.generator.spec import FieldSpec
from app.teks import N_

KIND_BY_TIPE = {
    "teks": "teks",
    "teks_panjang": "teks_panjang",
    "angka": "angka",
    "uang": "uang",
    "tanggal": "tanggal",
    "waktu": "jam",
    "pilihan": "pilihan",
    "ya_tidak": "ya_tidak",
    "nik": "nik",
    "wilayah": "relasi",
    "tabel_nik": "teks_panjang",
}

HELP_BY_TIPE = {
    "nik": N_("16 angka, sesuai KTP-el."),
    "tabel_nik": N_("Satu NIK setiap baris."),
}


def describe_isian(rows: Iterable[Any], wilayah_resource: str) -> tuple[FieldSpec, ...]:
    """Return the field specs of isian rows (kode, label, tipe, wajib, bantuan, opsi), in order.

    ``wilayah_resource`` names the entity that a field of tipe ``wilayah`` chooses from.

    Raises:
        KeyError: a tipe without a line in ``KIND_BY_TIPE``.
    """
    return tuple(
        FieldSpec(
            name=row.kode,
            label=row.label,
            kind=KIND_BY_TIPE[str(row.tipe)],
            required=row.wajib and str(row.tipe) != "ya_tidak",
            nullable=not row.wajib,
            help=row.bantuan or HELP_BY_TIPE.get(str(row.tipe), ""),
            length=200 if str(row.tipe) == "teks" else None,
            choices=tuple((text, text) for text in row.opsi or ()),
            mask="nik" if str(row.tipe) == "nik" else None,
            target=wilayah_resource if str(row.tipe) == "wilayah" else None,
        )
        for row in sorted(rows, key=lambda r: r.urutan)
    )
