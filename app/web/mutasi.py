"""Mutasi of a resident, step by step: which act, its facts, what would change, done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.errors import BangkitError, DataBerubahError, DataTidakValidError, TidakDitemukanError
from app.extensions import db
from app.generator.forms import GeneratedForm, build_form
from app.generator.history import tell
from app.generator.lookups import Lookup
from app.generator.spec import EntitySpec, FieldSpec
from app.generator.writing import STALE, save
from app.models.biodata import Shdk
from app.models.penduduk import Penduduk
from app.services.mutasi import Akibat, Peristiwa, keluar, list_serumah, load_warga, mati, pindah
from app.services.nomor import wib_date
from app.teks import N_
from app.web.berkas import now, require_login, session_and_pelaku

pages = Blueprint("mutasi", __name__, url_prefix="/penduduk")
pages.before_request(require_login)

PANJANG_CATATAN = 500

WILAYAH = N_("RT di wilayah tugas Anda. Yang lebih jauh dicatat atasan, atau dengan Pindah keluar.")

Jalankan = Callable[[Session, Penduduk, Peristiwa, date], list[Akibat]]


@dataclass(frozen=True)
class Jenis:
    """One act: how the pages name it, which facts it asks, whether others may go along."""

    judul: str
    keterangan: str
    ikon: str
    tanggal: str
    catatan: FieldSpec
    jalankan: Jalankan
    fields: tuple[str, ...] = ()
    bersama: str = ""


def _catatan(label: str, help: str, *, required: bool = False) -> FieldSpec:
    return FieldSpec("catatan", label, "teks", required=required, help=help, length=PANJANG_CATATAN)


JENIS: Mapping[str, Jenis] = {
    "pindah": Jenis(
        N_("Pindah RT"),
        N_("Pindah rumah ke RT lain di wilayah ini."),
        "pindah",
        N_("Tanggal pindah"),
        _catatan(N_("Keterangan"), N_("Misalnya nomor surat pindahnya.")),
        pindah,
        fields=("wilayah_id", "alamat"),
        bersama=N_("Yang ikut pindah"),
    ),
    "keluar": Jenis(
        N_("Pindah keluar"),
        N_("Pindah ke luar kecamatan ini, misalnya ke kota lain."),
        "keluar",
        N_("Tanggal pindah"),
        _catatan(N_("Daerah tujuan"), N_("Kota atau kabupaten tujuan."), required=True),
        keluar,
        bersama=N_("Yang ikut pindah"),
    ),
    "mati": Jenis(
        N_("Catat kematian"),
        N_("Meninggal dunia; datanya tetap tersimpan."),
        "orang",
        N_("Tanggal meninggal"),
        _catatan(N_("Keterangan"), N_("Misalnya nomor surat keterangan kematian.")),
        mati,
    ),
}


@pages.get("/<int:id>/mutasi/")
def pilih(id: int) -> str:
    """Show the acts, each with what it is for."""
    session, _ = session_and_pelaku()
    warga = load_warga(session, id)
    return render_template(
        "penduduk/mutasi.html",
        warga=warga,
        pilihan=[
            {
                "judul": gettext(jenis.judul),
                "keterangan": gettext(jenis.keterangan),
                "ikon": jenis.ikon,
                "url": url_for("mutasi.isi", id=id, kode=kode),
            }
            for kode, jenis in JENIS.items()
        ],
    )


@pages.route("/<int:id>/mutasi/<kode>/", methods=("GET", "POST"))
def isi(id: int, kode: str) -> Any:
    """Ask the facts, show what would change, and on the third step do it."""
    session, _ = session_and_pelaku()
    jenis = JENIS.get(kode)
    if jenis is None:
        raise TidakDitemukanError
    warga = load_warga(session, id)
    posted = request.form if request.method == "POST" else None
    form = _bind(jenis, warga, posted)
    langkah = request.form.get("langkah", "isi")
    if posted is None or langkah == "isi":
        return _form_page(session, jenis, warga, form)
    if not form.validate():
        return _form_page(session, jenis, warga, form), DataTidakValidError.status
    keadaan = _state(session, warga)
    try:
        if langkah == "catat" and request.form.get("keadaan") != keadaan:
            raise DataBerubahError(STALE)
        akibat = _act(session, jenis, warga, form)
    except BangkitError as error:
        session.rollback()
        return _refused(session, jenis, load_warga(session, id), form, error), error.status
    if langkah == "catat":
        session.commit()
        text = N_("Mutasi sudah dicatat. Bila keliru, kembalikan nilainya dari Riwayat perubahan.")
        flash(gettext(text), "success")
        return redirect(url_for("penduduk.details_view", id=id))
    page = _preview(session, jenis, warga, akibat, keadaan)
    session.rollback()
    return page


def _specs() -> dict[str, EntitySpec]:
    specs: dict[str, EntitySpec] = current_app.extensions["specs"]
    return specs


def _bind(jenis: Jenis, warga: Penduduk, posted: MultiDict[str, str] | None) -> GeneratedForm:
    """Return the form: columns of a resident as the act asks for them, and its note."""
    spec = _specs()[Penduduk.__name__]
    helps = {"wilayah_id": WILAYAH}
    own = [replace(f, help=helps.get(f.name, f.help)) for f in spec.pick(jenis.fields)]
    tanggal = replace(spec.fields["tanggal_peristiwa"], label=jenis.tanggal, help="", required=True)
    fields = (*own, tanggal, jenis.catatan)
    lookups = {f.name: Lookup(db.session, _specs(), f, spec) for f in fields if f.target}
    form = build_form("MutasiForm", fields, lookups)(posted)
    form.look_up_at(url_for("penduduk.ajax_lookup"))
    return form


def _act(session: Session, jenis: Jenis, warga: Penduduk, form: GeneratedForm) -> list[Akibat]:
    peristiwa = Peristiwa(
        form["tanggal_peristiwa"].data,
        **{name: form[name].data for name in jenis.fields},
        ikut=frozenset(request.form.getlist("ikut", type=int)) if jenis.bersama else (),
        kepala_id=request.form.get("kepala_id", type=int),
        catatan=form["catatan"].data or "",
    )
    done: list[Akibat] = []
    hari_ini, spec = wib_date(now()), _specs()[Penduduk.__name__]
    act = jenis.jalankan
    save(session, spec, warga, lambda: done.extend(act(session, warga, peristiwa, hari_ini)))
    return done


def _state(session: Session, warga: Penduduk) -> str:
    """Return what names the state of a household: the preview was of just this one."""
    kk = [warga.keluarga] if warga.keluarga else []
    rows: list[Any] = [warga, *list_serumah(session, warga), *kk]
    return "-".join(f"{row.id}.{row.revisi}" for row in rows)


def _refused(
    session: Session, jenis: Jenis, warga: Penduduk, form: GeneratedForm, error: BangkitError
) -> str:
    if isinstance(error, DataTidakValidError):
        form.add_errors(error.fields)
    else:
        form.form_errors.append(gettext(error.message) % error.params)
    return _form_page(session, jenis, warga, form, error)


def _form_page(
    session: Session,
    jenis: Jenis,
    warga: Penduduk,
    form: GeneratedForm,
    error: BangkitError | None = None,
) -> str:
    others = list_serumah(session, warga)
    fields = error.fields if isinstance(error, DataTidakValidError) else {}
    is_head = warga.shdk == Shdk.KEPALA_KELUARGA
    asks_head = "kepala_id" in {*fields, *request.form} or (is_head and not jenis.bersama)
    return render_template(
        "penduduk/mutasi_isi.html",
        warga=warga,
        judul=gettext(jenis.judul),
        form=form,
        errors=[*form.summary(), *(("", "", str(text)) for text in form.form_errors)],
        bersama=gettext(jenis.bersama) if jenis.bersama and others else "",
        serumah=[_person(orang) for orang in others],
        ikut=_ticked(warga, others),
        kepala=bool(others) and asks_head,
        kepala_id=request.form.get("kepala_id", type=int),
        kembali_url=url_for("mutasi.pilih", id=warga.id),
    )


def _ticked(warga: Penduduk, others: Sequence[Penduduk]) -> set[int]:
    """Return who goes along: as posted, else everybody where the head goes."""
    if request.method == "POST":
        return set(request.form.getlist("ikut", type=int))
    return {orang.id for orang in others} if warga.shdk == Shdk.KEPALA_KELUARGA else set()


def _person(orang: Penduduk) -> dict[str, Any]:
    return {
        "id": orang.id,
        "nama": orang.nama,
        "shdk": gettext(orang.shdk.label) if orang.shdk else "",
    }


def _preview(
    session: Session, jenis: Jenis, warga: Penduduk, akibat: Sequence[Akibat], keadaan: str
) -> str:
    specs = _specs()
    told = tell(session, specs, [(specs[a.sumber_daya], a.isi) for a in akibat])
    return render_template(
        "penduduk/mutasi_periksa.html",
        warga=warga,
        judul=gettext(jenis.judul),
        akibat=[
            {"label": gettext(specs[a.sumber_daya].screen.label), "sebutan": a.sebutan, "isi": rows}
            for a, rows in zip(akibat, told, strict=True)
        ],
        terkirim=[
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in ("csrf_token", "langkah", "keadaan")
        ],
        keadaan=keadaan,
        lepas_kk=any("keluarga_id" in a.isi for a in akibat),
        kepala_baru=any(Shdk.KEPALA_KELUARGA in a.isi.get("shdk", ())[1:] for a in akibat),
        kembali_url=url_for("mutasi.isi", id=warga.id, kode=str((request.view_args or {})["kode"])),
    )
