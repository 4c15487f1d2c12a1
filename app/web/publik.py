"""Public pages: home, catalogue of layanan, service standard, leaflet, maklumat; no login."""

from datetime import date
from typing import Any

import segno
from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup

from app.extensions import db
from app.generator.fields import WIB, show_number
from app.models.standar_pelayanan import SUSUNAN, KomponenDefinisi, KomponenStandar
from app.models.versi_layanan import VersiLayanan
from app.services.pengumuman import list_pengumuman
from app.services.standar import Standar, list_katalog, list_maklumat, load_standar
from app.teks import N_
from app.web.berkas import now

pages = Blueprint("publik", __name__)


def today() -> date:
    """Return the date in the office (WIB)."""
    return now().astimezone(WIB).date()


def biaya_text(biaya: int, dasar: str | None) -> str:
    """Return what the pemohon pays: nothing, unless a Perda is cited (DOMAIN "Layanan")."""
    if not biaya:
        return str(gettext(N_("Tidak Dipungut Biaya")))
    return f"Rp{show_number(biaya)} ({dasar})"


@pages.get("/publik/")
def beranda() -> str:
    """Show the three ways in, and the notices of today."""
    return render_template("publik/beranda.html", pengumuman=list_pengumuman(db.session(), today()))


@pages.get("/publik/maklumat/")
def maklumat() -> str:
    """Show the maklumat pelayanan of every unit."""
    return render_template("publik/maklumat.html", maklumat=list_maklumat(db.session()))


@pages.get("/layanan/")
def katalog() -> str:
    """Show the catalogue, or what in it holds all words of ``cari``."""
    cari = request.args.get("cari", "").replace("\x00", "").strip()[:100]
    rows = [
        {
            "url": url_for("publik.standar", kode=layanan.kode),
            "nama": layanan.nama,
            "produk": versi.produk,
            "menit": versi.sla_total_menit,
            "biaya": biaya_text(versi.biaya, versi.dasar_biaya),
            "gratis": not versi.biaya,
        }
        for layanan, versi in list_katalog(db.session(), cari)
    ]
    return render_template("publik/katalog.html", layanan=rows, cari=cari)


@pages.get("/layanan/<kode>/")
def standar(kode: str) -> str:
    """Show the service standard of one layanan: 14 components, one after the other."""
    found = load_standar(db.session(), kode)
    return render_template(
        "publik/standar.html",
        **_facts(found),
        komponen=[_component(k, found) for k in SUSUNAN],
        selebaran_url=url_for("publik.selebaran", kode=kode),
    )


@pages.get("/layanan/<kode>/selebaran/")
def selebaran(kode: str) -> str:
    """Show one layanan on one sheet of A4, to hang up or hand out."""
    found = load_standar(db.session(), kode)
    url = url_for("publik.standar", kode=kode, _external=True)
    return render_template(
        "publik/selebaran.html",
        **_facts(found),
        pengaduan=found.teks.get(KomponenStandar.PENGADUAN, ""),
        alamat=url,
        qr=draw_qr(url),
        standar_url=url_for("publik.standar", kode=kode),
    )


def draw_qr(text: str) -> Markup:
    """Return a QR code as an inline SVG: black on white also in the dark, no style attribute."""
    code = segno.make(text, error="m", micro=False)
    svg = code.svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(svg)  # shapes only: the text itself is not in it


def _facts(found: Standar) -> dict[str, Any]:
    versi = found.versi
    return {
        "kode": found.layanan.kode,
        "nama": found.layanan.nama,
        "keterangan": found.layanan.keterangan or "",
        "menit": versi.sla_total_menit,
        "biaya": biaya_text(versi.biaya, versi.dasar_biaya),
        "gratis": not versi.biaya,
        "produk": versi.produk,
        "persyaratan": found.persyaratan,
        "tahapan": found.tahapan,
        "masa_berlaku": _validity(versi),
    }


def _validity(versi: VersiLayanan) -> str:
    if not versi.masa_berlaku_bulan:
        return ""
    return str(gettext(N_("Berlaku %(n)s bulan")) % {"n": versi.masa_berlaku_bulan})


def _component(komponen: KomponenStandar | KomponenDefinisi, found: Standar) -> dict[str, str]:
    """Return a component as the template draws it; ``isi`` is empty where nobody wrote one."""
    isi = found.teks.get(komponen, "") if isinstance(komponen, KomponenStandar) else ""
    return {"kode": komponen.value, "judul": gettext(komponen.label), "isi": isi}
