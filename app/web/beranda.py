"""Beranda: what awaits this person today, by peran; and the links at the top of the menu."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app, redirect, render_template, url_for
from flask_admin import AdminIndexView
from flask_admin.base import expose as admin_expose
from flask_appbuilder import IndexView, expose
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.extensions import db
from app.generator.fields import WIB
from app.generator.listing import Clause, Listing
from app.generator.paging import total_of
from app.generator.tables import count_words
from app.models.base import Menu
from app.models.berkas import StatusBerkas
from app.models.pelaku import Pelaku
from app.models.policy import current_pelaku
from app.services.antrean import BAGIAN, count_antrean, list_antrean
from app.services.bawahan import count_alarm
from app.services.panduan import is_offered
from app.services.pejabat import PENGAWAS
from app.services.pengajuan import may_file
from app.services.pengumuman import list_pengumuman
from app.teks import N_
from app.web.antrean import queue_row
from app.web.berkas import now
from app.web.papan import is_warga, numbers, own_filings, setup

LINKS = (
    ("Beranda", N_("Beranda"), "BerandaView.index", "beranda", Menu.PELAYANAN),
    ("BerkasMasuk", N_("Berkas Masuk"), "berkas_petugas.masuk", "berkas-masuk", Menu.PELAYANAN),
    ("BerkasBaru", N_("Berkas Baru"), "pengajuan.pilih_layanan", "berkas-baru", Menu.PELAYANAN),
    ("SiapaBertugas", N_("Siapa Bertugas Hari Ini"), "petugas.hari_ini", "orang", Menu.PELAYANAN),
    ("JabatanKosong", N_("Jabatan Kosong"), "petugas.jabatan_kosong", "jabatan", Menu.UNIT),
    ("PenugasanSaya", N_("Penugasan Saya"), "petugas.penugasan", "penugasan", Menu.PELAYANAN),
    ("HakAkses", N_("Hak Akses"), "hak.index", "kunci", Menu.UNIT),
    ("Gaya", N_("Gaya Tampilan"), "gaya.index", "lihat", Menu.UNIT),
    ("Simulasi", N_("Simulasi Layanan"), "simulasi.halaman", "pengawasan", Menu.PENGAWASAN),
)
"""Name in the menu registry, label, endpoint, icon and group of each hand-written page."""

READ_ONLY = ("admin_kecamatan", "auditor")
FIRST_ROWS = 5


def may_open(pelaku: Pelaku, name: str) -> bool:
    """Whether a hand-written page of the menu is for this person."""
    if name == "BerkasMasuk":
        return any(jabatan.peran not in READ_ONLY for jabatan in pelaku.jabatan)
    if name == "SiapaBertugas":
        return bool(pelaku.jabatan)
    if name == "JabatanKosong":
        return pelaku.has_peran(*PENGAWAS)
    if name == "HakAkses":
        return pelaku.has_peran(*READ_ONLY)
    if name == "Gaya":
        return pelaku.has_peran("admin_kecamatan")
    if name == "Simulasi":
        return pelaku.may("VersiLayanan", "simulasi")
    return name != "BerkasBaru" or may_file(pelaku)


class BerandaView(IndexView):
    """The first page after signing in; the host knows it as its index."""

    @expose("/")
    def index(self) -> Any:
        session = db.session()
        pelaku = current_pelaku(session)
        if pelaku is None:
            return redirect(url_for("AuthDBView.login"))
        moment = now()
        counts = count_antrean(session, pelaku, moment)
        first = list_antrean(session, pelaku, moment, limit=FIRST_ROWS)
        return render_template(
            "beranda.html",
            sapaan=pelaku.nama,
            panduan=bool(pelaku.jabatan) and is_offered(session, pelaku),
            angka=numbers(session, pelaku, moment),
            ajuan=own_filings(session, pelaku),
            persiapan=setup(session, pelaku, moment),
            kotak=[*_boxes(session, pelaku, counts), *_alarms(session, pelaku, moment)],
            antrean=[queue_row(item, moment) for item in first]
            if may_open(pelaku, "BerkasMasuk")
            else None,
            antrean_url=url_for("berkas_petugas.masuk"),
            pengumuman=list_pengumuman(session, moment.astimezone(WIB).date(), pelaku),
        )


def _boxes(session: Session, pelaku: Pelaku, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the boxes: work and filing first, then what supervisors and admins watch.

    An RT or RW head has two big ones, to file and to approve; the rest is in the own filings.
    """
    is_big = is_warga(pelaku)
    boxes = []
    if may_open(pelaku, "BerkasMasuk"):
        boxes.append(_box(N_("Berkas Masuk"), counts[""], "berkas_petugas.masuk", "berkas-masuk"))
        boxes += _part_boxes(counts)
    if may_file(pelaku):
        box = _box(N_("Berkas Baru"), None, "pengajuan.pilih_layanan", "berkas-baru")
        boxes.insert(0 if is_big else len(boxes), box)
    if is_big:
        return [box | {"besar": number < 2} for number, box in enumerate(boxes)]
    if pelaku.may("Berkas", "list"):
        open_, done = (
            ("waktu_selesai", "kosong", "1"),
            ("status", "sama", StatusBerkas.SELESAI.value),
        )
        for label, icon, clause in (
            (N_("Sedang berjalan"), "berkas", open_),
            (N_("Selesai"), "centang", done),
        ):
            total = _total(session, "Berkas", clause)
            name, operator, value = clause
            filters = {f"flt0_{name}_{operator}": value}
            boxes.append(_box(label, total, "berkas.index_view", icon, **filters))
    if pelaku.has_peran(*READ_ONLY):
        people = _total(session, "Penduduk")
        boxes.append(_box(N_("Penduduk"), people, "penduduk.index_view", "orang"))
    return boxes


def _total(session: Session, resource: str, *filters: Clause) -> str:
    """Return how many rows a list holds, in the words of the list: a long one is not counted."""
    specs = current_app.extensions["specs"]
    spec = specs[resource]
    listing = Listing(spec, (spec.screen.title,), filters=filters)
    return count_words(total_of(session, listing, specs))


def _part_boxes(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return a box for each part of the queue that should not wait; an empty one is left out."""
    looks = {"ttd": ("tanda-tangan", "peringatan"), "terlambat": ("peringatan", "bahaya")}
    boxes = []
    for name, part in BAGIAN.items():
        if count := counts[name]:
            box = _box(part.label, count, "berkas_petugas.masuk", *looks[name], hanya=name)
            boxes.append(box)
    return boxes


def _alarms(session: Session, pelaku: Pelaku, moment: datetime) -> list[dict[str, Any]]:
    """Return boxes of what a superior should look at; one with nothing to tell is left out."""
    alarm = count_alarm(session, pelaku, moment)
    tone = ("peringatan", "bahaya")
    boxes = []
    if alarm.bawahan:
        label = N_("Terlambat di meja bawahan")
        boxes.append(_box(label, alarm.bawahan, "berkas_petugas.masuk", *tone))
    running: dict[str, Any] = {"flt0_waktu_selesai_kosong": 1}
    if alarm.tenggat_hukum:
        near = running | {"flt1_tenggat_hukum_sampai": alarm.tenggat_sampai}
        label = N_("Tenggat hukum mendekat")
        boxes.append(_box(label, alarm.tenggat_hukum, "berkas.index_view", *tone, **near))
    if alarm.tanpa_tenggat:
        label = N_("Tanpa tenggat: jam layanan kosong")
        undated = running | {
            "flt1_batas_waktu_kosong": 1,
            "flt2_status_bukan": StatusBerkas.DIKEMBALIKAN.value,
            "flt3_status_bukan": StatusBerkas.DRAF.value,
        }
        boxes.append(_box(label, alarm.tanpa_tenggat, "berkas.index_view", *tone, **undated))
    return boxes


def _box(
    label: str,
    count: int | str | None,
    endpoint: str,
    icon: str,
    tone: str = "biasa",
    **filters: Any,
) -> dict[str, Any]:
    """Return one box; it leads to just the rows it counted, by ``filters`` of their list."""
    return {
        "label": gettext(label),
        "jumlah": count,
        "url": url_for(endpoint, **filters),
        "icon": icon,
        "tone": tone,
    }


class DataIndexView(AdminIndexView):
    """Flask-Admin wants an index; ours sends people to Beranda."""

    @admin_expose("/")
    def index(self) -> Any:
        return redirect(url_for("BerandaView.index"))
