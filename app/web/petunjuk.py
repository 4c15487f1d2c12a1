"""What helps to decide, beside the buttons of a berkas: the step's SOP, small pictures of files."""

from typing import Any

from flask import url_for

from app.models.kunjungan import TERBUKA
from app.models.lampiran import Lampiran
from app.services.antrean import Halaman
from app.services.cuplikan import has_cuplikan


def guidance(halaman: Halaman) -> dict[str, Any] | None:
    """Return the SOP of the open step, and where the whole one of this version is read.

    None while no step is open: there is nothing to decide.
    """
    open_ = {str(status) for status in TERBUKA}
    step = next((step for step, status in halaman.tahapan if status in open_), None)
    if step is None:
        return None
    return {
        "nama": step.nama,
        "menit": step.sla_menit,
        "teks": step.sop or "",
        "url": url_for("sop.versi", id=step.versi_layanan_id),
    }


def preview_url(row: Lampiran) -> str:
    """Return the address of a small picture of the file, "" where it has none (a PDF)."""
    if not has_cuplikan(row):
        return ""
    return url_for("cuplikan.gambar", lampiran_id=row.id)
