"""The badge of a status: its colour and label, by its code or by its label in any language."""

from functools import lru_cache
from typing import Any

from flask import Flask
from flask_babel import get_translations

from app.models.berkas import StatusBerkas
from app.models.biodata import StatusDasar
from app.models.kunjungan import StatusKunjungan
from app.models.pekerjaan import StatusPekerjaan
from app.models.versi_layanan import StatusVersi

STATUS = (StatusBerkas, StatusKunjungan, StatusVersi, StatusPekerjaan, StatusDasar)

WARNA = (
    dict.fromkeys(("diajukan", "diproses", "diambil", "berjalan"), "biru")
    | dict.fromkeys(("menunggu", "menunggu_ttd", "dikembalikan"), "kuning")
    | dict.fromkeys(("siap_diambil", "selesai", "disetujui", "terbit", "hidup"), "hijau")
    | dict.fromkeys(("gagal", "ditolak", "dibatalkan", "kedaluwarsa"), "merah")
)
"""Colours by code; whatever is not named is grey."""


def init_app(app: Flask) -> None:
    """Give the templates their badges."""
    app.add_template_global(rupa_status)


def rupa_status(status: object) -> tuple[str, str]:
    """Return colour and label of a status; a text that is none keeps its words."""
    text = str(status).strip()
    return _known(get_translations()).get(text, ("abu", text))


@lru_cache(maxsize=16)
def _known(texts: Any) -> dict[str, tuple[str, str]]:
    """Return (colour, label) by code and by label, in the language of a catalogue."""
    members = [member for codes in STATUS for member in codes]
    found = {
        member.value: (WARNA.get(member.value, "abu"), texts.ugettext(member.label))
        for member in members
    }
    return {label: (colour, label) for colour, label in found.values()} | found
