"""The SOP of a layanan, drawn from its definition and printable on A4; open to all who sign in."""

from collections.abc import Sequence

from flask import Blueprint, render_template, url_for
from flask_babel import gettext

from app.generator.fields import show_date, show_number
from app.models.versi_layanan import StatusVersi
from app.services.pengajuan import load_terbit
from app.services.sop import BarisSop, Sop, load_sop, load_versi
from app.teks import N_
from app.web.berkas import require_login, session_and_pelaku
from app.web.gambar import Kotak, draw_rantai

pages = Blueprint("sop", __name__, url_prefix="/layanan")
pages.before_request(require_login)


@pages.get("/<kode>/sop")
def layanan(kode: str) -> str:
    """Show the SOP in force: that of the published version."""
    session, _ = session_and_pelaku()
    return _page(load_sop(session, load_terbit(session, kode)))


@pages.get("/versi/<int:id>/sop")
def versi(id: int) -> str:
    """Show the SOP of one version, also a konsep or an archived one."""
    session, _ = session_and_pelaku()
    return _page(load_sop(session, load_versi(session, id)))


def _page(sop: Sop) -> str:
    return render_template(
        "layanan/sop.html",
        sop=sop,
        nama=sop.versi.layanan.nama,
        konsep=sop.versi.status == StatusVersi.KONSEP,
        fakta=_facts(sop),
        baris=[_row(satu) for satu in sop.baris],
        persyaratan=[
            {"nama": row.nama, "bila": row.keterangan or "", "wajib": row.wajib}
            for row in sop.versi.persyaratan
        ],
        rantai=draw_rantai([_box(satu) for satu in sop.baris], gettext(N_("Rantai tahapan"))),
        kembali_url=url_for("versi_layanan.details_view", id=sop.versi.id),
    )


def _facts(sop: Sop) -> list[dict[str, str]]:
    versi = sop.versi
    fee = gettext(N_("Tidak Dipungut Biaya"))
    if versi.biaya:
        fee = f"Rp{show_number(versi.biaya)} ({versi.dasar_biaya})"
    facts = {
        N_("Layanan"): versi.layanan.nama,
        N_("Versi"): versi.sebutan,
        N_("Status"): gettext(StatusVersi(versi.status).label),
        N_("Berlaku mulai"): show_date(versi.tanggal_mulai) if versi.tanggal_mulai else "",
        N_("Produk"): versi.produk,
        N_("Penandatangan"): versi.penandatangan or "",
        N_("Yang mengajukan"): ", ".join(sop.pengaju),
        N_("Waktu layanan"): _minutes(versi.sla_total_menit),
        N_("Biaya"): fee,
    }
    return [{"label": gettext(label), "value": value} for label, value in facts.items() if value]


def _minutes(n: int) -> str:
    return str(gettext(N_("%(n)s menit")) % {"n": show_number(n)})


def _row(satu: BarisSop) -> dict[str, object]:
    return {
        "urutan": satu.urutan,
        "nama": satu.nama,
        "petugas": satu.petugas,
        "seksi": satu.seksi,
        "aksi": satu.aksi.say(gettext),
        "menit": _minutes(satu.menit),
        "bila": satu.bila.say(gettext),
        "kosong": satu.kosong.say(gettext),
        "catatan": [kalimat.say(gettext) for kalimat in satu.catatan],
    }


def _box(satu: BarisSop) -> Kotak:
    judul = gettext(N_("%(urutan)s. %(petugas)s")) % {
        "urutan": satu.urutan,
        "petugas": satu.petugas.split(" (")[0],
    }
    keterangan: Sequence[str] = (satu.aksi.say(gettext), _minutes(satu.menit))
    return Kotak(judul, " · ".join(keterangan), satu.tinggi, satu.bersyarat)
