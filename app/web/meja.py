"""What the person at the desk may do with a berkas: buttons, and the words around them."""

from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BangkitError
from app.generator.fields import WIB
from app.models.base import AREA_COLUMNS
from app.models.berkas import Berkas
from app.models.pelaku import Pelaku
from app.models.riwayat import JenisRiwayat, Riwayat
from app.routing import BATAS_URUNG, JenisAksi
from app.services.berkas import Meja, available
from app.services.dunia import load_alur
from app.services.pejabat import nama_pengguna
from app.services.pemohon import load_pemohon
from app.services.pengajuan import load_terbit
from app.services.rancangan import post_in_area
from app.services.tanda import list_tanda
from app.teks import N_

BUTUH_CATATAN = {JenisAksi.KEMBALIKAN, JenisAksi.TOLAK, JenisAksi.BATALKAN, JenisAksi.ALIHKAN}
TONES = {
    JenisAksi.TOLAK: "bahaya",
    JenisAksi.BATALKAN: "bahaya",
    JenisAksi.KEMBALIKAN: "peringatan",
    JenisAksi.AMBIL: "biasa",
    JenisAksi.LEPAS: "biasa",
    JenisAksi.ALIHKAN: "biasa",
    JenisAksi.URUNGKAN: "biasa",
}
"""All other acts finish the step, and are what the page is opened for."""

CONFIRM = {
    JenisAksi.TOLAK: N_("Tolak berkas ini? Penolakan tidak dapat dibatalkan."),
    JenisAksi.BATALKAN: N_("Batalkan berkas ini?"),
    JenisAksi.TANDA_TANGANI: N_("Tanda tangani berkas ini?"),
}
HINTS = {
    JenisAksi.AMBIL: N_("Petugas lain melihat bahwa Anda mengerjakannya, selama 10 menit."),
    JenisAksi.LEPAS: N_("Petugas lain di meja ini dapat mengerjakannya lagi."),
    JenisAksi.ALIHKAN: N_("Berkas ditempatkan ulang ke meja yang sekarang ada pejabatnya."),
    JenisAksi.URUNGKAN: N_("Membatalkan keputusan Anda barusan; berkas kembali ke meja Anda."),
}

FIRST = (JenisAksi.URUNGKAN,)
"""Offered for a minute only, so it stands above the rest."""


def buttons(pelaku: Pelaku, meja: Meja) -> list[dict[str, Any]]:
    """Return the acts this person may take, as the template draws them."""
    acts = [act for act in meja.tindakan if act is not JenisAksi.AJUKAN]
    acts.sort(key=lambda act: act not in FIRST)
    return [_button(act, pelaku, meja) for act in acts]


def _button(act: JenisAksi, pelaku: Pelaku, meja: Meja) -> dict[str, Any]:
    is_own = meja.klaim is not None and meja.klaim.pengguna_id == pelaku.pengguna_id
    label = JenisRiwayat(act.value).label
    if act is JenisAksi.AMBIL and is_own:
        label = N_("Perpanjang 10 menit")
    return {
        "kode": act.value,
        "label": gettext(label),
        "tone": TONES.get(act, "utama"),
        # A superior who ends another's claim says why (ROUTING §3 case 17).
        "perlu_catatan": act in BUTUH_CATATAN or (act is JenisAksi.LEPAS and not is_own),
        "perlu_alasan": act in (JenisAksi.KEMBALIKAN, JenisAksi.TOLAK),
        "konfirmasi": gettext(CONFIRM[act]) if act in CONFIRM else "",
        "bantuan": gettext(HINTS[act]) if act in HINTS else "",
    }


def keep(buttons_: list[dict[str, Any]], jenis: str, galat: str, catatan: str) -> bool:
    """Put a refused act's message and note back on its button; False where it has none now."""
    for button in buttons_:
        if button["kode"] == jenis and button["perlu_catatan"]:
            button |= {"galat": galat, "catatan": catatan}
            return True
    return False


def acting_as(meja: Meja) -> str:
    """Return the jabatan in which the person decides here, or "" when he decides nothing."""
    for act, jabatan in meja.tindakan.items():
        if act not in (JenisAksi.AJUKAN, JenisAksi.BATALKAN, JenisAksi.URUNGKAN):
            return jabatan.sebutan
    return ""


def notices(
    session: Session, pelaku: Pelaku, meja: Meja, berkas: Berkas, now: datetime
) -> list[dict[str, str]]:
    """Return what the desk should read before it decides, each with its tone."""
    found = [
        {"rupa": "peringatan", "teks": gettext(tanda.pesan) % tanda.isi}
        for tanda in list_tanda(session, berkas, now)
    ]
    if meja.is_keluarga and berkas.waktu_selesai is None:
        text = N_("Pemohon adalah Anda atau satu KK dengan Anda: pejabat lain yang memutuskan.")
        found.append({"rupa": "info", "teks": gettext(text)})
    if (klaim := meja.klaim) is not None:
        facts = {"jam": klaim.sampai.astimezone(WIB).strftime("%H.%M")}
        text = N_("Anda mengerjakan berkas ini sampai %(jam)s WIB.")
        if klaim.pengguna_id != pelaku.pengguna_id:
            facts["nama"] = nama_pengguna(session, klaim.pengguna_id)
            text = N_("Sedang dikerjakan %(nama)s sampai %(jam)s WIB.")
        found.append({"rupa": "info", "teks": gettext(text) % facts})
    return found


def just_decided(session: Session, pelaku: Pelaku, now: datetime) -> dict[str, Any] | None:
    """Return the own decision that can still be taken back, for the queue to offer it."""
    row = session.execute(
        select(Riwayat.berkas_id, Berkas.nomor, Riwayat.jenis)
        .join(Berkas, Berkas.id == Riwayat.berkas_id)
        .where(
            Riwayat.oleh_id == pelaku.pengguna_id,
            Riwayat.waktu >= now - BATAS_URUNG,
            Riwayat.waktu <= now + timedelta(seconds=1),
        )
        .order_by(Riwayat.waktu.desc(), Riwayat.nomor.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    meja = available(session, pelaku, now, row.berkas_id)
    if JenisAksi.URUNGKAN not in meja.tindakan:
        return None
    return {
        "nomor": row.nomor,
        "tindakan": gettext(JenisRiwayat(row.jenis).label),
        "ke": meja.ke,
        "url": url_for("tindakan.act", berkas_id=row.berkas_id),
    }


def again_url(session: Session, pelaku: Pelaku, berkas: Berkas) -> str | None:
    """Return where a closed berkas is filed anew, to correct it or to appeal; None if not by him.

    A closed berkas is never opened again (ROUTING §3 case 25).
    """
    if berkas.waktu_selesai is None:
        return None
    kode = berkas.layanan.kode
    try:
        versi = load_terbit(session, kode)
        area = {column: getattr(berkas, column) for column in AREA_COLUMNS}
        post_in_area(load_alur(session, versi.id), pelaku, area)
        if berkas.pemohon_id is None:
            return url_for("pengajuan.isi_luar", kode=kode, asal=berkas.id)
        load_pemohon(session, berkas.pemohon_id)
    except BangkitError:
        return None  # No version takes filings now, or the pemohon died or moved away.
    return url_for("pengajuan.isi", kode=kode, penduduk_id=berkas.pemohon_id, asal=berkas.id)
