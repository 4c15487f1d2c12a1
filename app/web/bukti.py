"""What proves a berkas on its page: its letter, the state of its journal, who was first."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.generator.fields import show_moment
from app.services.antrean import Halaman
from app.services.nomor import find_surat
from app.services.sidik import first_break
from app.teks import N_


def letter_facts(session: Session, berkas_id: int) -> list[dict[str, str]]:
    """Return the letter of a berkas for its page: number, when it was signed or revoked."""
    surat = find_surat(session, berkas_id)
    if surat is None:
        return []
    facts = {N_("Nomor surat"): surat.nomor_surat}
    if surat.waktu_ditandatangani:
        facts[N_("Ditandatangani")] = show_moment(surat.waktu_ditandatangani)
    if surat.waktu_dicabut:
        facts[N_("Dicabut")] = show_moment(surat.waktu_dicabut)
    return [{"label": gettext(label), "value": value} for label, value in facts.items()]


def warnings(halaman: Halaman) -> list[str]:
    """Return what the page must say before all else: a broken journal, a frozen berkas."""
    found = []
    broken = first_break(halaman.riwayat)
    if broken is not None:
        text = N_(
            "Rantai sidik riwayat berkas ini putus pada urutan %(nomor)s: isinya mungkin diubah "
            "di luar portal. Laporkan kepada admin kecamatan."
        )
        found.append(gettext(text) % {"nomor": broken})
    if halaman.berkas.beku:
        found.append(gettext(N_("Berkas ini dibekukan untuk diperiksa. Hubungi administrator.")))
    return found


def conflict_facts(fakta: Mapping[str, str | datetime]) -> list[dict[str, str]]:
    """Return who did what and when, as a refusal tells it (ROUTING §3 case 2)."""
    return [
        {
            "label": gettext(label),
            "value": show_moment(value) if isinstance(value, datetime) else gettext(value),
        }
        for label, value in fakta.items()
        if value
    ]
