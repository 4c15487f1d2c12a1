"""Doors to what a person keeps of the generated lists: columns, and searches with a name."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask_admin.helpers import get_redirect_target
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.errors import DataTidakValidError
from app.extensions import db
from app.generator.columns import Kept, choosable
from app.generator.spec import EntitySpec
from app.models.policy import current_pelaku
from app.services.tampilan import hapus_tampilan, load_simpanan, simpan_kolom, simpan_tampilan
from app.teks import N_
from app.web.berkas import require_login, session_and_pelaku

pages = Blueprint("tampilan", __name__, url_prefix="/tampilan")
pages.before_request(require_login)

KEPT_ARG = re.compile(r"search|sort|desc|flt\d+_[a-z_]+")
"""What of a list's address makes its state; a page number is none of it."""


def kept_of(spec: EntitySpec) -> Kept:
    """Return what the signed-in person keeps of this list."""
    pelaku = current_pelaku(db.session())
    if pelaku is None:
        return Kept()
    simpanan = load_simpanan(db.session(), pelaku, spec.resource)
    return Kept(simpanan.kolom, simpanan.bernama)


def _spec(slug: str) -> EntitySpec:
    _, pelaku = session_and_pelaku()
    specs: dict[str, EntitySpec] = current_app.extensions["specs"]
    spec = next((s for s in specs.values() if s.slug == slug), None)
    if spec is None or not pelaku.may(spec.resource, "list"):
        abort(404)
    return spec


def _back(spec: EntitySpec | None = None) -> BaseResponse:
    home = url_for(f"{spec.slug}.index_view") if spec else url_for("BerandaView.index")
    return redirect(get_redirect_target() or home)


@pages.post("/<slug>/kolom/")
def kolom(slug: str) -> Any:
    """Remember which columns this person wants in a list; ``bawaan`` takes the choice back."""
    session, pelaku = session_and_pelaku()
    spec = _spec(slug)
    ticked = set(request.form.getlist("kolom"))
    names = [n for n in choosable(spec, pelaku) if n in ticked or n == spec.screen.list[0]]
    is_default = "bawaan" in request.form or tuple(names) == spec.screen.list
    simpan_kolom(session, pelaku, spec.resource, [] if is_default else names)
    session.commit()
    return _back(spec)


@pages.post("/<slug>/simpan/")
def simpan(slug: str) -> Any:
    """Keep the state of a list under a name."""
    session, pelaku = session_and_pelaku()
    spec = _spec(slug)
    pairs = parse_qsl(request.form.get("saringan", "")[:4000])
    saringan = urlencode([pair for pair in pairs if KEPT_ARG.fullmatch(pair[0])])
    try:
        simpan_tampilan(session, pelaku, spec.resource, request.form.get("nama", ""), saringan)
    except DataTidakValidError as error:
        session.rollback()
        (message,) = error.fields.values()
        flash(gettext(message), "error")
        return _back(spec)
    session.commit()
    flash(gettext(N_("Tampilan sudah disimpan.")), "success")
    return _back(spec)


@pages.post("/hapus/<int:tampilan_id>/")
def hapus(tampilan_id: int) -> Any:
    """Forget one of this person's named searches."""
    session, pelaku = session_and_pelaku()
    nama = hapus_tampilan(session, pelaku, tampilan_id)
    session.commit()
    flash(gettext(N_("Tampilan %(nama)s sudah dihapus.")) % {"nama": nama}, "success")
    return _back()
