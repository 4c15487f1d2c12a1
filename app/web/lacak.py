"""Lacak Berkas: a pemohon enters the code of the receipt and reads how far the berkas is."""

from typing import Any

from flask import Blueprint, Flask, current_app, render_template, request
from flask_babel import gettext
from flask_limiter import Limiter

from app.extensions import db
from app.generator.fields import show_moment
from app.models.berkas import StatusBerkas
from app.services.lacak import Lacak, lacak
from app.teks import N_
from app.web.berkas import now
from app.web.publik import biaya_text

pages = Blueprint("lacak", __name__, url_prefix="/lacak")

TIDAK_DITEMUKAN = N_(
    "Kode ini tidak ditemukan. Periksa kembali kode pada tanda terima; kode berkas yang sudah lama "
    "selesai tidak berlaku lagi."
)
"""The one answer to a wrong, a malformed and an expired code."""

ARTI = {
    StatusBerkas.DRAF: N_("Berkas belum diajukan."),
    StatusBerkas.DIAJUKAN: N_("Berkas sudah diterima dan menunggu diperiksa."),
    StatusBerkas.DIPROSES: N_("Berkas sedang diperiksa petugas."),
    StatusBerkas.DIKEMBALIKAN: N_(
        "Berkas perlu diperbaiki. Hubungi petugas di bawah ini, lalu lengkapi berkas Anda."
    ),
    StatusBerkas.MENUNGGU_TTD: N_("Berkas sudah diperiksa dan menunggu tanda tangan."),
    StatusBerkas.SIAP_DIAMBIL: N_("Berkas selesai dikerjakan dan siap diambil."),
    StatusBerkas.SELESAI: N_("Berkas sudah selesai."),
    StatusBerkas.DITOLAK: N_("Berkas ditolak. Penjelasannya ada pada petugas tempat mengajukan."),
    StatusBerkas.DIBATALKAN: N_("Berkas dibatalkan."),
    StatusBerkas.KEDALUWARSA: N_("Berkas berakhir karena tidak diperbaiki pada waktunya."),
}
"""What each status means to the pemohon."""


def limit(app: Flask, limiter: Limiter) -> None:
    """Bound the codes that one address may try, by the limiter of the login."""
    limiter.limit(app.config["BANGKIT_BATAS_LACAK"], methods=["POST"])(pages)


@pages.get("/")
def buka() -> str:
    """Ask for the code."""
    return render_template("publik/lacak.html")


@pages.post("/")
def lihat() -> str | tuple[str, int]:
    """Show the berkas of a code. The code travels in the body: an address stays in logs."""
    kode = request.form.get("kode", "")
    config = current_app.config
    found = lacak(
        db.session(),
        kode,
        now(),
        secret_key=config["SECRET_KEY"],
        lama_hari=config["BANGKIT_LACAK_HARI"],
    )
    if found is None:
        page = render_template("publik/lacak.html", kode=kode, galat=gettext(TIDAK_DITEMUKAN))
        return page, 422
    return render_template("publik/keadaan.html", **_page(found))


def _page(found: Lacak) -> dict[str, Any]:
    facts = {
        N_("Berada di"): found.meja,
        N_("Alasan"): gettext(found.alasan.label) if found.alasan else "",
        N_("Diajukan"): show_moment(found.waktu_diajukan) if found.waktu_diajukan else "",
        N_("Selesai"): show_moment(found.waktu_selesai) if found.waktu_selesai else "",
        N_("Biaya"): biaya_text(found.biaya, found.dasar_biaya),
    }
    return {
        "layanan": found.layanan,
        "status": found.status,
        "arti": gettext(ARTI[found.status]),
        "fakta": [{"label": gettext(k), "value": v} for k, v in facts.items() if v],
        "terpakai_menit": found.terpakai_menit,
        "janji_menit": found.janji_menit,
        "sisa_menit": found.sisa_menit,
        "terlambat": found.is_terlambat,
        "langkah": [
            {"nama": step.nama, "status": step.status or "belum"} for step in found.langkah
        ],
        "jumlah_selesai": sum(step.status == "disetujui" for step in found.langkah),
    }
