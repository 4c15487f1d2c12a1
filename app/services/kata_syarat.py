"""A condition of a step in words, the same in a reason ("Mengapa di sini?") and in the SOP."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import reduce

from app.models.isian import Isian
from app.routing import Op, Syarat
from app.teks import N_, Kalimat

KATA_OP = {
    Op.SAMA: N_("%(kolom)s adalah %(nilai)s"),
    Op.BEDA: N_("%(kolom)s bukan %(nilai)s"),
    Op.TERMASUK: N_("%(kolom)s salah satu dari: %(nilai)s"),
    Op.MINIMAL: N_("%(kolom)s paling sedikit %(nilai)s"),
    Op.KURANG: N_("%(kolom)s kurang dari %(nilai)s"),
}

KATA_PEMOHON = {
    "pemohon.nama": N_("nama pemohon"),
    "pemohon.nik": N_("NIK pemohon"),
    "pemohon.no_kk": N_("nomor KK pemohon"),
    "pemohon.jenis_kelamin": N_("jenis kelamin pemohon"),
    "pemohon.tempat_lahir": N_("tempat lahir pemohon"),
    "pemohon.tanggal_lahir": N_("tanggal lahir pemohon"),
    "pemohon.agama": N_("agama pemohon"),
    "pemohon.status_kawin": N_("status kawin pemohon"),
    "pemohon.alamat": N_("alamat pemohon"),
    "pemohon.wilayah": N_("wilayah pemohon"),
}
"""The frozen facts of a pemohon that a condition may ask (`pengajuan.freeze_pemohon`)."""

Kolom = Mapping[str, str]
"""Column of a condition → the label of its isian."""


def labels_of(isian: Sequence[Isian]) -> dict[str, str]:
    """Return kode → label of the isian of a version."""
    return {row.kode: row.label for row in isian}


def kata_kolom(kolom: str, labels: Kolom) -> Kalimat:
    """Return the name of a column as people read it; an unknown one keeps its kode."""
    known = KATA_PEMOHON.get(kolom)
    return Kalimat(known) if known else Kalimat("%(kolom)s", {"kolom": labels.get(kolom, kolom)})


def kata_syarat(syarat: Sequence[Syarat], labels: Kolom) -> Kalimat:
    """Return an AND-list in words.

    Raises:
        TypeError: the list is empty; a step without condition has no words for it.
    """
    return join_words([_kata(satu, labels) for satu in syarat])


def join_words(words: Sequence[Kalimat]) -> Kalimat:
    """Return several things as one: "a dan b dan c"."""
    return reduce(
        lambda kiri, kanan: Kalimat(N_("%(kiri)s dan %(kanan)s"), {"kiri": kiri, "kanan": kanan}),
        words,
    )


def _kata(syarat: Syarat, labels: Kolom) -> Kalimat:
    nilai = syarat.nilai if isinstance(syarat.nilai, tuple) else (syarat.nilai,)
    first, *rest = [_nilai(satu) for satu in nilai] or [Kalimat("–")]
    said = reduce(
        lambda kiri, kanan: Kalimat("%(kiri)s, %(kanan)s", {"kiri": kiri, "kanan": kanan}),
        rest,
        first,
    )
    return Kalimat(KATA_OP[syarat.op], {"kolom": kata_kolom(syarat.kolom, labels), "nilai": said})


def _nilai(nilai: object) -> Kalimat:
    if isinstance(nilai, bool):
        return Kalimat(N_("ya") if nilai else N_("tidak"))
    text = str(nilai)
    if isinstance(nilai, int | float | Decimal):
        # 1.234,56: as numbers are written everywhere in the portal.
        text = f"{nilai:,}".translate(str.maketrans(",.", ".,"))
    return Kalimat("%(nilai)s", {"nilai": text})
