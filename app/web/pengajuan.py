"""Berkas Baru: choose a layanan, find the penduduk, answer its isian, attach, ajukan."""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import uuid4

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError

from app.errors import BangkitError
from app.extensions import db
from app.generator.fields import mask_middle
from app.generator.forms import GeneratedForm, build_form
from app.generator.inputs import NikInput
from app.generator.isian import describe_isian
from app.generator.listing import Listing, cells, page
from app.generator.lookups import Lookup
from app.models.penduduk import Penduduk
from app.models.policy import current_pelaku
from app.models.versi_layanan import VersiLayanan
from app.models.wilayah import Wilayah
from app.routing import JenisAksi
from app.services.antrean import load_halaman
from app.services.berkas import available, tindak
from app.services.pengajuan import (
    Pengajuan,
    ajukan,
    ajukan_lagi,
    list_layanan,
    load_pemohon,
    load_terbit,
)
from app.teks import N_
from app.web.berkas import now, require_login, session_and_pelaku
from app.web.dokumen import Draft
from app.web.tanda_terima import hand_over, make_kode

pages = Blueprint("pengajuan", __name__, url_prefix="/berkas")
pages.before_request(require_login)


@pages.get("/baru/")
def pilih_layanan() -> str:
    """Show the layanan this person may file."""
    session, pelaku = session_and_pelaku()
    rows = [
        {
            "kode": v.layanan.kode,
            "nama": v.layanan.nama,
            "produk": v.produk,
            "sla_menit": v.sla_total_menit,
            "url": url_for("pengajuan.pilih_penduduk", kode=v.layanan.kode),
            "sop_url": url_for("sop.layanan", kode=v.layanan.kode),
        }
        for v in list_layanan(session, pelaku)
    ]
    return render_template("berkas/pilih_layanan.html", layanan=rows)


@pages.get("/baru/<kode>/")
def pilih_penduduk(kode: str) -> str:
    """Find the pemohon by NIK or name, inside the person's area."""
    session, _ = session_and_pelaku()
    versi = load_terbit(session, kode)
    cari = request.args.get("cari", "").replace("\x00", "").strip()[:100]
    found = _search(cari) if cari else []
    return render_template(
        "berkas/pilih_penduduk.html", layanan=versi.layanan.nama, kode=kode, cari=cari, hasil=found
    )


def _search(cari: str) -> list[dict[str, Any]]:
    specs = current_app.extensions["specs"]
    names = ("nama", "nik", "tempat_lahir", "tanggal_lahir", "alamat", "wilayah_id")
    digits = "".join(c for c in cari if c.isdigit())
    words = digits if len(digits) == 16 else cari
    listing = Listing(specs[Penduduk.__name__], names, search=words)
    rows = page(db.session(), listing, specs, offset=0, limit=20)
    kode = request.view_args["kode"] if request.view_args else ""
    return [
        {
            "url": url_for("pengajuan.isi", kode=kode, penduduk_id=row.id),
            "nama": nama,
            "nik_tersamar": nik,
            "tempat_tanggal_lahir": f"{tempat}, {tanggal}",
            "alamat": alamat,
            "wilayah": wilayah,
        }
        for row in rows
        for nama, nik, tempat, tanggal, alamat, wilayah in [cells(listing, row)]
    ]


@pages.route("/baru/<kode>/<int:penduduk_id>/", methods=("GET", "POST"))
def isi(kode: str, penduduk_id: int) -> Any:
    """Show and take the form that the isian of the layanan define."""
    session, _ = session_and_pelaku()
    versi = load_terbit(session, kode)
    pemohon = load_pemohon(session, penduduk_id)
    facts = _pemohon(pemohon)
    form = _form(versi)(request.form if request.method == "POST" else None)
    _draw_lookups(form)
    draft = Draft(versi)
    if request.method == "POST" and form.validate() and draft.is_stored:
        try:
            berkas_id = _file(versi.id, penduduk_id, form, draft)
        except BangkitError as error:
            session.rollback()
            versi = load_terbit(session, kode)
            draft.refuse(error, form)
        else:
            return redirect(url_for("tanda_terima.lihat", berkas_id=berkas_id))
    return _page(
        form,
        draft,
        versi,
        pemohon=facts,
        boleh_langsung=_may_act_at_once(versi),
        batal_url=url_for("pengajuan.pilih_penduduk", kode=kode),
    )


def _page(form: GeneratedForm, draft: Draft, versi: VersiLayanan, **facts: Any) -> Any:
    """Draw the form; after a refused POST with status 422, and with all that was typed."""
    page_ = render_template(
        "berkas/isi.html",
        form=form,
        sections=form.sections({N_("Isian"): tuple(form._fields)}),
        persyaratan=draft.rows(versi),
        layanan=versi.layanan.nama,
        errors=[*form.summary(), *draft.messages],
        kunci=request.form.get("kunci") or uuid4().hex,
        **facts,
    )
    return (page_, 422) if request.method == "POST" else page_


def _pemohon(pemohon: Penduduk) -> dict[str, str]:
    return {
        "nama": pemohon.nama,
        "nik_tersamar": mask_middle(pemohon.nik),
        "alamat": pemohon.alamat,
        "wilayah": pemohon.wilayah.sebutan,
    }


def _form(versi: VersiLayanan, *, editing: bool = False) -> type[GeneratedForm]:
    specs = current_app.extensions["specs"]
    fields = describe_isian(versi.isian, Wilayah.__name__)
    lookups = {f.name: Lookup(db.session, specs, f) for f in fields if f.target}
    return build_form("IsianForm", fields, lookups, editing=editing)


def _hide_stored(form: GeneratedForm, versi: VersiLayanan, answers: dict[str, Any]) -> None:
    """Show each stored NIK masked beside an empty field; left empty it stays as it is."""
    for field in describe_isian(versi.isian, Wilayah.__name__):
        stored = answers.get(field.name)
        if not field.mask or not stored:
            continue
        form[field.name].current = mask_middle(str(stored))
        if request.method == "GET":
            form[field.name].data = None


def _answers(form: GeneratedForm, stored: dict[str, Any]) -> dict[str, Any]:
    """Return what was typed; a NIK that was not typed anew is the stored one."""
    return {
        name: stored.get(name) if isinstance(field, NikInput) and not field.data else field.data
        for name, field in form._fields.items()
    }


def _draw_lookups(form: GeneratedForm) -> None:
    """Let a field that chooses a unit search where the wilayah form does."""
    for field in form:
        if getattr(field, "render_kind", "") == "relasi":
            field.lookup_url = url_for("wilayah.ajax_lookup", name="induk_id")


def _may_act_at_once(versi: VersiLayanan) -> bool:
    """Whether the filer also sits at step 1, so that one button can do both (ROUTING §1)."""
    pelaku = current_pelaku(db.session())
    first = versi.tahapan[0]
    return pelaku is not None and pelaku.has_peran(first.peran.kode)


def _file(versi_id: int, penduduk_id: int, form: GeneratedForm, draft: Draft) -> int:
    session, pelaku = session_and_pelaku()
    kunci = (request.form.get("kunci") or uuid4().hex)[:64]
    answers = {name: field.data for name, field in form._fields.items()}
    pengajuan = Pengajuan(versi_id, penduduk_id, answers, draft.ticked, draft.kept)
    kode, sidik = make_kode()
    try:
        berkas_id = ajukan(session, pelaku, now(), pengajuan, kunci, sidik)
    except IntegrityError:
        # A double click: the other request won the key. Its berkas is the answer to both.
        session.rollback()
        berkas_id = ajukan(session, pelaku, now(), pengajuan, kunci, sidik)
    session.commit()
    hand_over(session, berkas_id, kode, sidik)
    flash(gettext(N_("Berkas sudah diajukan.")), "success")
    if "langsung" in request.form:
        meja = available(session, pelaku, now(), berkas_id)
        if JenisAksi.SETUJUI in meja.tindakan:
            tindak(
                session,
                pelaku,
                now(),
                berkas_id=berkas_id,
                jenis=JenisAksi.SETUJUI,
                ke=meja.ke,
                kunci=f"{kunci}-2",
            )
            session.commit()
            flash(gettext(N_("Berkas sudah disetujui di tahap Anda.")), "success")
    return berkas_id


@pages.route("/<int:berkas_id>/perbaiki/", methods=("GET", "POST"))
def perbaiki(berkas_id: int) -> Any:
    """Correct a returned berkas and send it on its way again."""
    session, pelaku = session_and_pelaku()
    halaman = load_halaman(session, berkas_id)
    versi, berkas = halaman.berkas.versi_layanan, halaman.berkas
    facts = {**_pemohon_of(berkas.data_pemohon)}
    meja = available(session, pelaku, now(), berkas_id)
    posted = request.method == "POST"
    if JenisAksi.AJUKAN not in meja.tindakan and not posted:
        return redirect(url_for("berkas_petugas.rincian", id=berkas_id))
    form = _form(versi, editing=True)(
        request.form if posted else None, data=_typed(versi, berkas.isian)
    )
    _hide_stored(form, versi, berkas.isian)
    _draw_lookups(form)
    draft = Draft(versi)
    draft.remember(halaman)
    if posted and form.validate() and draft.is_stored:
        try:
            ajukan_lagi(
                session,
                pelaku,
                now(),
                berkas_id=berkas_id,
                ke=request.form.get("ke", -1, type=int),
                pengajuan=Pengajuan(
                    versi.id,
                    halaman.berkas.pemohon_id or 0,
                    _answers(form, dict(berkas.isian)),
                    draft.ticked,
                    draft.kept,
                ),
                kunci=(request.form.get("kunci") or uuid4().hex)[:64],
            )
        except BangkitError as error:
            # Also where somebody was first: what was typed stays on the page.
            session.rollback()
            draft.refuse(error, form)
            versi = load_halaman(session, berkas_id).berkas.versi_layanan
        else:
            session.commit()
            flash(gettext(N_("Perbaikan sudah dikirim.")), "success")
            return redirect(url_for("berkas_petugas.rincian", id=berkas_id))
    return _page(
        form,
        draft,
        versi,
        pemohon=facts,
        ke=meja.ke,
        perbaikan=True,
        boleh_langsung=False,
        batal_url=url_for("berkas_petugas.rincian", id=berkas_id),
    )


def _pemohon_of(frozen: dict[str, Any]) -> dict[str, str]:
    facts = {key: str(frozen.get(key) or "") for key in ("nama", "alamat", "wilayah")}
    return {**facts, "nik_tersamar": mask_middle(str(frozen.get("nik") or ""))}


def _typed(versi: VersiLayanan, answers: dict[str, Any]) -> dict[str, Any]:
    """Return stored answers as the form's fields hold them."""
    read: dict[str, Callable[[Any], Any]] = {
        "tanggal": date.fromisoformat,
        "jam": time.fromisoformat,
        "uang": lambda value: Decimal(str(value)),
    }
    fields = describe_isian(versi.isian, Wilayah.__name__)
    return {
        f.name: read[f.kind](value) if f.kind in read else value
        for f in fields
        if (value := answers.get(f.name)) not in (None, "")
    }
