"""What the page of a version draws: problems, simulation, stuck berkas, differences, as texts."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext

from app.generator.fields import show_moment, show_number
from app.models.versi_layanan import VersiLayanan
from app.services.beda_versi import Beda
from app.services.definisi import Definisi
from app.services.jelajah import Jelajah, Macet
from app.services.masalah import Berat, Masalah
from app.teks import N_

NAMA_MAKS = 8
"""How many origins a line names; the rest is counted."""

EDITORS = {
    "tahapan": "tahapan.edit_view",
    "isian": "isian.edit_view",
    "persyaratan": "persyaratan.edit_view",
}


def problems(
    found: Sequence[Masalah],
    definisi: Definisi,
    versi_id: int,
    ids: Mapping[tuple[str, str], int] | None,
) -> list[dict[str, Any]]:
    """Return the problems, each with the row's name and the form that mends an error.

    ``ids`` are the rows' ids by (bagian, kode), None where nothing can be mended.
    """
    names = names_of(definisi)
    return [
        {
            "nama": names.get((m.bagian, m.baris or ""), ""),
            "kode": m.baris or "",
            "teks": gettext(m.pesan) % dict(m.params),
            "url": None if ids is None or m.berat is not Berat.GALAT else _editor(m, versi_id, ids),
        }
        for m in found
    ]


def _editor(masalah: Masalah, versi_id: int, ids: Mapping[tuple[str, str], int]) -> str:
    here = url_for("versi.periksa", id=versi_id)
    row_id = ids.get((masalah.bagian, masalah.baris or ""))
    if row_id is None:
        return str(url_for("versi_layanan.edit_view", id=versi_id, url=here))
    return str(url_for(EDITORS[masalah.bagian], id=row_id, url=here))


def names_of(definisi: Definisi) -> dict[tuple[str, str], str]:
    """Return (bagian, kode) → what a person calls the row."""
    names = {("tahapan", row.kode): row.nama for row in definisi.tahapan}
    names |= {("isian", row.kode): row.label for row in definisi.isian}
    return names | {("persyaratan", row.kode): row.nama for row in definisi.persyaratan}


def simulation(jelajah: Jelajah, janji: int) -> list[dict[str, Any]]:
    """Return the outcome of the simulation as facts; ``janji`` is the promise in minutes."""
    share = round(100 * jelajah.naik / jelajah.jumlah) if jelajah.jumlah else 0
    least, most = jelajah.menit_min, jelajah.menit_maks
    facts = {
        N_("Berkas yang dicoba"): show_number(jelajah.jumlah),
        N_("Sampai selesai"): show_number(jelajah.jumlah - len(jelajah.macet)),
        N_("Macet"): show_number(len(jelajah.macet)),
        N_("Naik ke atasan"): gettext(N_("%(n)s (%(persen)s%%)"))
        % {"n": show_number(jelajah.naik), "persen": share},
        N_("Waktu petugas"): gettext(N_("%(menit)s dari %(janji)s menit yang dijanjikan"))
        % {"menit": str(most) if least == most else f"{least}–{most}", "janji": janji},
    }
    return [{"label": gettext(label), "value": value} for label, value in facts.items()]


def stuck(found: Sequence[Macet], definisi: Definisi) -> list[dict[str, Any]]:
    """Return the stuck berkas, those of one cause in one line with the places they come from."""
    names = names_of(definisi)
    groups: dict[tuple[str, str, str], list[str]] = {}
    for macet in found:
        answers = ", ".join(
            f"{names.get(('isian', k), k)}: {v}" for k, v in macet.data.items() if v != "\x00"
        )
        groups.setdefault((macet.tahapan or "", macet.sebab, answers), []).append(macet.asal)
    return [
        {
            "tahapan": names.get(("tahapan", kode), ""),
            "sebab": gettext(sebab),
            "isian": answers,
            "jumlah": show_number(len(origins)),
            "asal": ", ".join(origins[:NAMA_MAKS]) + (", …" if len(origins) > NAMA_MAKS else ""),
        }
        for (kode, sebab, answers), origins in groups.items()
    ]


def say(beda: Beda) -> str:
    """Return one difference in the reader's language."""
    terms = {name: gettext(text) if text else "" for name, text in beda.istilah.items()}
    return str(gettext(beda.pesan) % {**beda.params, **terms}).strip()


def publication(versi: VersiLayanan) -> list[dict[str, Any]]:
    """Return who published the version, when and why, and its hash."""
    facts = {
        N_("Terbit pada"): show_moment(versi.waktu_terbit) if versi.waktu_terbit else "",
        N_("Diterbitkan oleh"): versi.penerbit,
        N_("Alasan terbit"): versi.alasan_terbit,
        N_("Sidik"): versi.sidik,
    }
    return [{"label": gettext(label), "value": value} for label, value in facts.items() if value]
