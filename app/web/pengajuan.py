"""Berkas Baru: choose a layanan, find the penduduk, answer its isian, attach, ajukan."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.exc import IntegrityError

from app.errors import BangkitError, TidakDitemukanError
from app.extensions import db
from app.generator.fields import mask_middle
from app.generator.forms import GeneratedForm
from app.generator.listing import Listing, cells
from app.generator.paging import Place, turn
from app.models.berkas import Berkas
from app.models.penduduk import Penduduk
from app.models.policy import current_pelaku
from app.models.versi_layanan import VersiLayanan
from app.routing import JenisAksi
from app.services.berkas import available, require_readable, tindak
from app.services.isian_awal import nilai_awal
from app.services.pemohon import freeze_penduduk, list_rt
from app.services.pengajuan import (
    ajukan,
    list_layanan,
    load_terbit,
)
from app.services.rancangan import Pengajuan, Rancangan, plan
from app.services.tanda import same_letter
from app.teks import N_
from app.web.berkas import now, require_login, session_and_pelaku
from app.web.dokumen import Draft
from app.web.formulir import answers_of, build, identity_of, sections
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
        "berkas/pilih_penduduk.html",
        layanan=versi.layanan.nama,
        kode=kode,
        cari=cari,
        hasil=found,
        baru_url=url_for("pengajuan.isi_luar", kode=kode) if cari else None,
    )


def _search(cari: str) -> list[dict[str, Any]]:
    specs = current_app.extensions["specs"]
    names = ("nama", "nik", "tempat_lahir", "tanggal_lahir", "alamat", "wilayah_id")
    digits = "".join(c for c in cari if c.isdigit())
    words = digits if len(digits) == 16 else cari
    listing = Listing(specs[Penduduk.__name__], names, search=words)
    rows = turn(db.session(), listing, specs, Place(), 20).rows
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
    """Show and take the form that the isian of the layanan define, for a resident."""
    return _new(kode, penduduk_id)


@pages.route("/baru/<kode>/luar/", methods=("GET", "POST"))
def isi_luar(kode: str) -> Any:
    """Show and take the same form for someone outside the register, whose identity is typed in."""
    return _new(kode, None)


def _new(kode: str, penduduk_id: int | None) -> Any:
    session, pelaku = session_and_pelaku()
    versi = load_terbit(session, kode)
    pemohon = freeze_penduduk(session, penduduk_id) if penduduk_id is not None else None
    rancangan = plan(session, pelaku, versi, pemohon)
    asal = _asal(versi)
    awal = nilai_awal(session, versi.isian, pemohon, now())
    origins = list_rt(session, rancangan.jabatan, now()) if pemohon is None else []
    form = build(
        versi,
        request.form if request.method == "POST" else None,
        stored=asal,
        awal=awal,
        rt=origins,
        is_stranger=pemohon is None,
    )
    draft = Draft(versi)
    nomor_asal = asal.nomor if asal else ""
    if request.method == "POST" and form.validate() and draft.is_stored:
        try:
            berkas_id = _file(versi, penduduk_id, answers_of(form, asal, awal), form, draft, asal)
        except BangkitError as error:
            session.rollback()
            versi = load_terbit(session, kode)
            draft.refuse(error, form)
        else:
            return redirect(url_for("tanda_terima.lihat", berkas_id=berkas_id))
    return draw_form(
        form,
        draft,
        versi,
        rancangan.menunggu,
        rancangan.surat,
        pemohon=pemohon_of(pemohon.data) if pemohon else None,
        asal=nomor_asal,
        boleh_langsung=_may_act_at_once(versi, rancangan),
        batal_url=url_for("pengajuan.pilih_penduduk", kode=kode),
    )


def _asal(versi: VersiLayanan) -> Berkas | None:
    """Return the closed berkas that this filing corrects or appeals, named in the address.

    Raises:
        TidakDitemukanError: unknown, of another layanan, or outside the person's area.
    """
    if "asal" not in request.args:
        return None
    session, _ = session_and_pelaku()
    asal_id = request.args.get("asal", 0, type=int)
    require_readable(session, asal_id)
    asal = session.get_one(Berkas, asal_id)
    if asal.layanan_id != versi.layanan_id or asal.waktu_selesai is None:
        raise TidakDitemukanError
    return asal


def draw_form(
    form: GeneratedForm,
    draft: Draft,
    versi: VersiLayanan,
    menunggu: Mapping[int, str],
    surat: tuple[int, ...] = (),
    **facts: Any,
) -> Any:
    """Draw the form; after a refused POST with status 422, and with all that was typed."""
    page_ = render_template(
        "berkas/isi.html",
        form=form,
        sections=sections(form),
        persyaratan=draft.rows(versi, menunggu, surat),
        surat_dicentang=draft.has_letter,
        layanan=versi.layanan.nama,
        errors=[*form.summary(), *draft.messages],
        kunci=request.form.get("kunci") or uuid4().hex,
        **facts,
    )
    return (page_, 422) if request.method == "POST" else page_


def _may_act_at_once(versi: VersiLayanan, rancangan: Rancangan) -> bool:
    """Whether the filer also sits at step 1, so that one button can do both (ROUTING §1)."""
    first = versi.tahapan[0]
    pelaku = current_pelaku(db.session())
    if pelaku is None or not pelaku.has_peran(first.peran.kode):
        return False
    return bool(rancangan.jabatan.peran == first.peran.kode)


def _file(
    versi: VersiLayanan,
    penduduk_id: int | None,
    isian: Mapping[str, Any],
    form: GeneratedForm,
    draft: Draft,
    asal: Berkas | None,
) -> int:
    session, pelaku = session_and_pelaku()
    kunci = (request.form.get("kunci") or uuid4().hex)[:64]
    pengajuan = Pengajuan(
        versi.id,
        penduduk_id,
        isian,
        draft.ticked,
        draft.kept,
        identitas=identity_of(form) if penduduk_id is None else None,
        surat_pengantar=draft.has_letter,
        berkas_asal_id=asal.id if asal else None,
    )
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
    _warn_of_same_letter(berkas_id)
    if "langsung" in request.form:
        _approve_at_once(berkas_id, f"{kunci}-2")
    return berkas_id


def _warn_of_same_letter(berkas_id: int) -> None:
    session, _ = session_and_pelaku()
    other = same_letter(session, session.get_one(Berkas, berkas_id), now())
    if other is not None:
        text = gettext(N_("Surat yang sama untuk keperluan ini masih berlaku: %(nomor)s."))
        flash(text % other, "warning")


def _approve_at_once(berkas_id: int, kunci: str) -> None:
    session, pelaku = session_and_pelaku()
    meja = available(session, pelaku, now(), berkas_id)
    if JenisAksi.SETUJUI not in meja.tindakan:
        return
    tindak(
        session,
        pelaku,
        now(),
        berkas_id=berkas_id,
        jenis=JenisAksi.SETUJUI,
        ke=meja.ke,
        kunci=kunci,
    )
    session.commit()
    flash(gettext(N_("Berkas sudah disetujui di tahap Anda.")), "success")


def pemohon_of(frozen: dict[str, Any]) -> dict[str, str]:
    facts = {key: str(frozen.get(key) or "") for key in ("nama", "alamat", "wilayah")}
    nik = str(frozen.get("nik") or "")
    return {**facts, "nik_tersamar": mask_middle(nik) if nik else ""}
