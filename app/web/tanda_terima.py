"""Tanda terima: the receipt of a filing, with the kode lacak that is shown just once."""

from flask import Blueprint, current_app, render_template, url_for
from flask import session as cookie
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.generator.fields import show_moment
from app.models.berkas import Berkas
from app.services.antrean import Halaman, load_halaman
from app.services.kode_lacak import hmac_of, new_kode
from app.teks import N_
from app.web.berkas import now, require_login, session_and_pelaku
from app.web.mengapa import explain
from app.web.publik import biaya_text

pages = Blueprint("tanda_terima", __name__, url_prefix="/berkas")
pages.before_request(require_login)

KUKI = "kode_lacak"
"""Where the code waits for the receipt that shows it, once: (id of the berkas, code)."""


def make_kode() -> tuple[str, str]:
    """Return a fresh kode lacak, and what may be stored of it."""
    kode = new_kode()
    return kode, hmac_of(kode, current_app.config["SECRET_KEY"])


def hand_over(session: Session, berkas_id: int, kode: str, sidik: str) -> None:
    """Let the receipt show the code, if the berkas was filed with it and not by an earlier try."""
    if session.scalar(select(Berkas.kode_lacak_hmac).where(Berkas.id == berkas_id)) == sidik:
        cookie[KUKI] = [berkas_id, kode]


@pages.get("/<int:berkas_id>/tanda-terima/")
def lihat(berkas_id: int) -> str:
    """Show the receipt of a filing; the kode lacak is on it only right after."""
    session, _ = session_and_pelaku()
    halaman = load_halaman(session, berkas_id)
    waiting = cookie.pop(KUKI, None)
    versi = halaman.berkas.versi_layanan
    kode = waiting[1] if waiting and waiting[0] == berkas_id else None
    return render_template(
        "berkas/tanda_terima.html",
        nomor=halaman.berkas.nomor,
        kode_lacak=kode,
        fakta=[*_receipt(halaman), *explain(session, halaman, now()).fakta],
        biaya=biaya_text(versi.biaya, versi.dasar_biaya),
        lacak_url=url_for("lacak.buka", _external=True),
        berkas_url=url_for("berkas_petugas.rincian", id=berkas_id),
    )


def _receipt(halaman: Halaman) -> list[dict[str, str]]:
    berkas, versi = halaman.berkas, halaman.berkas.versi_layanan
    filing = halaman.riwayat[0] if halaman.riwayat else None
    facts = {
        N_("Layanan"): halaman.layanan,
        N_("Pemohon"): berkas.nama_pemohon,
        N_("Wilayah asal"): str(berkas.data_pemohon.get("wilayah") or halaman.wilayah),
        N_("Diajukan"): show_moment(berkas.waktu_diajukan) if berkas.waktu_diajukan else "",
        N_("Diterima oleh"): f"{filing.nama}, {filing.jabatan}" if filing else "",
        N_("Waktu penyelesaian"): gettext(N_("%(n)s menit jam pelayanan"))
        % {"n": versi.sla_total_menit},
    }
    return [{"label": gettext(label), "value": value} for label, value in facts.items() if value]
