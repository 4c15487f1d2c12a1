"""Rows of a queue as the templates draw them: Berkas Masuk, Beranda, what lies below a superior."""

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from app.generator.fields import show_moment, show_number
from app.models.riwayat import JenisRiwayat
from app.services.antrean import Antrean
from app.services.bawahan import Bawahan
from app.teks import N_
from app.web.waktu import TANPA_TENGGAT

PER_HALAMAN = 100
"""Rows of a queue on one page."""


def page_of(mulai: int, jumlah: int, shown: int, **kept: str) -> dict[str, Any]:
    """Return the links to the pages before and after, and which rows of how many these are."""

    def url(start: int) -> str:
        values: dict[str, Any] = {**kept, "mulai": start or None}
        return url_for("berkas_petugas.masuk", **values)

    text = gettext(N_("%(dari)s–%(sampai)s dari %(total)s"))
    numbers = {"dari": mulai + 1 if shown else 0, "sampai": mulai + shown, "total": jumlah}
    return {
        "text": text % {name: show_number(number) for name, number in numbers.items()},
        "prev": url(max(0, mulai - PER_HALAMAN)) if mulai else None,
        "next": url(mulai + PER_HALAMAN) if mulai + shown < jumlah else None,
    }


def queue_row(item: Antrean, moment: datetime) -> dict[str, Any]:
    """Return one row of a queue as the template draws it."""
    waited = int((moment - item.sejak).total_seconds() // 60)
    days, hours = divmod(waited // 60, 24)
    text = gettext(N_("%(n)s menit")) % {"n": waited}
    if days:
        text = gettext(N_("%(n)s hari")) % {"n": days}
    elif hours:
        text = gettext(N_("%(n)s jam")) % {"n": hours}
    return {
        "url": url_for("berkas_petugas.rincian", id=item.berkas_id),
        "nomor": item.nomor,
        "layanan": item.layanan,
        "pemohon": item.pemohon,
        "tahapan": item.tahapan or gettext(N_("Perlu diperbaiki")),
        "wilayah": item.wilayah,
        "menunggu": text,
        "sisa_menit": item.sisa_menit,
        "terlambat": item.is_terlambat,
        "batas": due_text(item),
        "status": item.status,
        "massal": f"{item.berkas_id}-{item.ke}" if item.massal else "",
        "cepat": _one_touch(item),
        "kembalikan": url_for(
            "berkas_petugas.rincian", id=item.berkas_id, buka="kembalikan", _anchor="tindakan"
        )
        if item.boleh_kembali
        else "",
    }


def _one_touch(item: Antrean) -> dict[str, Any] | None:
    """Return what the button on the row sends: the act, and the visit it was looked at in."""
    if item.aksi is None:
        return None
    return {
        "id": item.berkas_id,
        "ke": item.ke,
        "jenis": item.aksi.value,
        "label": gettext(JenisRiwayat(item.aksi.value).label),
        "url": url_for("tindakan.act", berkas_id=item.berkas_id),
    }


def below_row(item: Bawahan, moment: datetime) -> dict[str, Any]:
    """Return one row of what the ladder shows a superior."""
    note = gettext(N_("Terbuka bagi atasan")) if item.is_dibuka else ""
    return {**queue_row(item.antrean, moment), "catatan": note}


def due_text(item: Antrean) -> str:
    """Return when a berkas of a queue is due; a returned one waits for the filing side."""
    if item.batas is not None:
        return str(gettext(N_("Batas %(waktu)s")) % {"waktu": show_moment(item.batas)})
    return str(gettext(TANPA_TENGGAT)) if item.tahapan else ""
