"""Cards of Beranda that only some peran have: today's numbers, own filings, the admin's set-up."""

from datetime import datetime, time
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.generator.fields import WIB, show_moment, show_number
from app.models.pelaku import Pelaku
from app.models.versi_layanan import StatusVersi
from app.services.ajuan import Ajuan, list_ajuan
from app.services.angka import load_hari
from app.services.kesiapan import Kesiapan, load_kesiapan
from app.teks import N_

WARGA = ("ketua_rt", "ketua_rw")
"""Volunteers who file for their residents: their Beranda begins with two big buttons."""

PIMPINAN = ("lurah", "sekretaris_kelurahan", "sekcam", "camat")
"""Who reads the numbers of the day."""

AJUAN_BARIS = 5


def is_warga(pelaku: Pelaku) -> bool:
    """Whether all the person's posts are those of RT and RW."""
    return bool(pelaku.jabatan) and all(j.peran in WARGA for j in pelaku.jabatan)


def numbers(session: Session, pelaku: Pelaku, moment: datetime) -> list[dict[str, str]]:
    """Return the facts of today for a superior, none for others."""
    if not pelaku.has_peran(*PIMPINAN):
        return []
    today = datetime.combine(moment.astimezone(WIB).date(), time(), WIB)
    hari = load_hari(session, today, moment)
    facts = [
        (N_("Masuk hari ini"), show_number(hari.masuk)),
        (N_("Selesai hari ini"), show_number(hari.selesai)),
    ]
    if hari.menit is not None and hari.sop_menit is not None:
        text = N_("%(n)s menit, SOP %(sop)s menit")
        minutes = {"n": show_number(round(hari.menit)), "sop": show_number(round(hari.sop_menit))}
        facts.append((N_("Rata-rata waktu layanan"), gettext(text) % minutes))
    return [{"label": gettext(label), "value": value} for label, value in facts]


def own_filings(session: Session, pelaku: Pelaku) -> list[dict[str, Any]] | None:
    """Return the last berkas an RT or RW head filed; None for whoever has no such post."""
    if not pelaku.has_peran(*WARGA):
        return None
    return [_filing(row) for row in list_ajuan(session, pelaku, AJUAN_BARIS)]


def _filing(row: Ajuan) -> dict[str, Any]:
    text = gettext(N_("Diajukan %(waktu)s")) % {"waktu": show_moment(row.diajukan)}
    return {
        "url": url_for("berkas_petugas.rincian", id=row.berkas_id),
        "nomor": row.nomor,
        "layanan": row.layanan,
        "pemohon": row.pemohon,
        "status": row.status,
        "batas": text,
    }


def setup(session: Session, pelaku: Pelaku, moment: datetime) -> dict[str, Any] | None:
    """Return the admin's checklist and what is out of order; None for others."""
    if not pelaku.has_peran("admin_kecamatan"):
        return None
    siap = load_kesiapan(session, pelaku, moment)
    return {"langkah": _steps(siap), "masalah": _problems(siap)}


def _steps(siap: Kesiapan) -> list[dict[str, Any]]:
    published = url_for("versi_layanan.index_view", flt0_status_sama=StatusVersi.TERBIT.value)
    jumlah = N_("%(n)s data")
    rows = (
        (N_("Wilayah sampai RT"), bool(siap.rt), jumlah, siap.rt, url_for("wilayah.tree_view")),
        (N_("Jam layanan"), bool(siap.jam), jumlah, siap.jam, url_for("jam_layanan.index_view")),
        (N_("Layanan terbit"), bool(siap.terbit), jumlah, siap.terbit, published),
        (
            N_("Penugasan terisi"),
            not siap.kosong,
            N_("%(n)s jabatan kosong"),
            siap.kosong,
            url_for("petugas.jabatan_kosong"),
        ),
    )
    return [
        {
            "nama": gettext(nama),
            "sudah": done,
            "teks": gettext(text) % {"n": show_number(n)},
            "url": url,
        }
        for nama, done, text, n, url in rows
    ]


def _problems(siap: Kesiapan) -> list[dict[str, str]]:
    found = []
    if siap.unit_kosong:
        text = N_("%(n)s unit tanpa pejabat pada suatu jabatan")
        url = url_for("petugas.jabatan_kosong")
        found.append({"teks": gettext(text) % {"n": show_number(siap.unit_kosong)}, "url": url})
    for layanan_id, nama in siap.tanpa_terbit:
        text = gettext(N_("%(layanan)s belum punya versi terbit")) % {"layanan": nama}
        found.append({"teks": text, "url": url_for("layanan.details_view", id=layanan_id)})
    return found
