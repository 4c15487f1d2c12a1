"""The page that takes a file of definitions in: try it first, mend it on the page, import."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.errors import BangkitError, DataTidakValidError
from app.services.berkas_yaml import Kesalahan
from app.services.definisi_yaml import Hasil
from app.services.impor_layanan import Terimpor, impor, read_berkas
from app.teks import N_
from app.web.berkas import require_login
from app.web.versi import publisher

pages = Blueprint("impor_layanan", __name__, url_prefix="/layanan/impor")
pages.before_request(require_login)


@pages.get("/")
def form() -> str:
    """Show the empty form."""
    publisher()
    return _page("")


@pages.post("/")
def take() -> Any:
    """Try or import the file; mistakes come back with their lines, above the text."""
    session, _ = publisher()
    text = _text()
    if not text.strip():
        return _page(text, [Kesalahan(1, N_("Pilih berkas, atau tempel isinya di sini."))]), 422
    found = read_berkas(session, text)
    if found.kesalahan:
        return _page(text, found.kesalahan), 422
    try:
        rows = _import(session, found)
    except BangkitError as error:
        session.rollback()
        return _page(text, [_refusal(error)]), error.status
    if "coba" in request.form:
        session.rollback()
        return _page(text, rows=rows)
    session.commit()
    flash(gettext("Definisi sudah menjadi konsep. Periksa, lalu terbitkan."), "success")
    return redirect(url_for("versi.periksa", id=rows[0].versi_id) if len(rows) == 1 else _list())


def _import(session: Session, found: Hasil) -> list[Terimpor]:
    return impor(session, tuple(t.definisi for t in found.terbaca))


def _list() -> str:
    return str(url_for("versi_layanan.index_view", flt1_status_sama="konsep"))


def _refusal(error: BangkitError) -> Kesalahan:
    messages = error.fields.values() if isinstance(error, DataTidakValidError) else ()
    return Kesalahan(1, next(iter(messages), error.message), error.params)


def _text() -> str:
    """Return the uploaded file, else the text of the page; what is no UTF-8 reads as replaced."""
    upload = request.files.get("berkas")
    if upload is not None and upload.filename:
        return str(upload.read().decode("utf-8-sig", errors="replace"))
    return request.form.get("isi", "").replace("\r\n", "\n")


def _page(text: str, mistakes: Any = (), rows: Any = ()) -> str:
    return render_template(
        "versi/impor.html",
        isi=text,
        kesalahan=[{"baris": k.baris, "teks": gettext(k.pesan) % dict(k.params)} for k in mistakes],
        hasil=[_outcome(row) for row in rows],
        kembali_url=url_for("versi_layanan.index_view"),
    )


def _outcome(row: Terimpor) -> str:
    text = N_("%(sebutan)s akan dibuat sebagai konsep.")
    if row.is_sama:
        text = N_("%(sebutan)s sudah sama dengan berkas ini.")
    elif row.is_baru:
        text = N_("%(sebutan)s akan dibuat sebagai konsep, bersama layanan baru.")
    return str(gettext(text) % {"sebutan": row.sebutan})
