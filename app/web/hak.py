"""Hak Akses: what each peran may do, as a table to read, and its way back to the standard."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.errors import TidakBerwenangError, TidakDitemukanError
from app.extensions import db
from app.generator.access import grants, sync_roles
from app.generator.menus import is_own_work
from app.generator.spec import EntitySpec
from app.models.base import Menu
from app.models.peran import Peran
from app.services.pelaku import load_grants
from app.teks import N_
from app.web.berkas import require_login, session_and_pelaku

pages = Blueprint("hak", __name__, url_prefix="/hak")
pages.before_request(require_login)

ACTIONS = {
    "list": N_("Daftar"),
    "show": N_("Rincian"),
    "add": N_("Tambah"),
    "edit": N_("Ubah"),
    "delete": N_("Hapus"),
    "export": N_("Unduh"),
}
"""The columns of the table; any other action of a model is named in the last column."""

OWN_ACTIONS = {
    "buka_nik": N_("Buka NIK"),
    "mutasi": N_("Mutasi"),
    "buka_no_kk": N_("Buka nomor KK"),
    "terbitkan": N_("Terbitkan"),
    "simulasi": N_("Simulasi"),
}


@pages.get("/")
def index() -> str:
    """Show every peran, what it is for, and how much it may do."""
    specs = list(_specs().values())
    rows = [
        {
            "nama": gettext(peran.nama),
            "tingkat": gettext(peran.tingkat.label),
            "kewenangan": gettext(peran.kewenangan.label),
            "jumlah": sum(bool(spec.screen.access.get(peran.kode)) for spec in specs),
            "url": url_for("hak.peran", kode=peran.kode),
        }
        for peran in db.session.scalars(select(Peran).order_by(Peran.urutan))
    ]
    return render_template("hak/daftar.html", peran=rows)


@pages.get("/<kode>/")
def peran(kode: str) -> str:
    """Show resource × action of one peran, as the role tables say now."""
    session, pelaku = session_and_pelaku()
    row = _load_peran(kode)
    held = load_grants(session, [kode]).get(kode, frozenset())
    return render_template(
        "hak/peran.html",
        peran=gettext(row.nama),
        wilayah=gettext(row.tingkat.label),
        kewenangan=gettext(row.kewenangan.label),
        kolom=[gettext(label) for label in ACTIONS.values()],
        kelompok=_matrix(held),
        berbeda=held != _standard(kode),
        boleh_atur=pelaku.may("Peran", "edit"),
        menu=_preview(held),
        kode=kode,
    )


@pages.post("/<kode>/standar/")
def reset(kode: str) -> Response:
    """Give the peran exactly the rights that the models declare.

    Raises:
        TidakBerwenangError: the person may not change peran.
    """
    _, pelaku = session_and_pelaku()
    _load_peran(kode)
    if not pelaku.may("Peran", "edit"):
        raise TidakBerwenangError(N_("Anda tidak berwenang melakukan tindakan ini."))
    wanted = {kode: grants(_specs().values()).get(kode, set())}
    security = current_app.appbuilder.sm  # type: ignore[attr-defined]
    changed = sync_roles(security, wanted)
    db.session.commit()
    flash(gettext(N_("Hak peran ini sesuai standar; %(n)s diubah.")) % {"n": changed}, "success")
    return redirect(url_for("hak.peran", kode=kode))


def _specs() -> dict[str, EntitySpec]:
    specs: dict[str, EntitySpec] = current_app.extensions["specs"]
    return specs


def _load_peran(kode: str) -> Peran:
    row: Peran | None = db.session.scalars(
        select(Peran).where(Peran.kode == kode[:40])
    ).one_or_none()
    if row is None:
        raise TidakDitemukanError
    return row


def _standard(kode: str) -> frozenset[tuple[str, str]]:
    wanted = grants(_specs().values()).get(kode, set())
    return frozenset((resource, action) for action, resource in wanted)


def _matrix(held: frozenset[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the groups of the menu, each with a row of yes and no for every resource."""
    cari = request.args.get("cari", "").strip().lower()[:60]
    groups = []
    for menu in Menu:
        specs = [s for s in _specs().values() if s.screen.menu is menu]
        rows = [_row(spec, held) for spec in sorted(specs, key=lambda s: s.screen.position)]
        rows = [row for row in rows if cari in row["nama"].lower()]
        if rows:
            groups.append({"nama": gettext(str(menu)), "baris": rows})
    return groups


def _row(spec: EntitySpec, held: frozenset[tuple[str, str]]) -> dict[str, Any]:
    own = sorted(a for r, a in held if r == spec.resource and a not in ACTIONS)
    return {
        "nama": gettext(spec.screen.plural),
        "boleh": [(spec.resource, action) in held for action in ACTIONS],
        "lain": ", ".join(gettext(OWN_ACTIONS.get(a, a)) for a in own),
        "wilayah": spec.is_scoped,
    }


def _preview(held: frozenset[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return what the peran finds in its menu and may do there, without any row of data."""
    return [
        {
            "nama": gettext(str(menu)),
            "butir": [
                gettext(spec.screen.plural)
                for spec in sorted(_specs().values(), key=lambda s: s.screen.position)
                if spec.screen.menu is menu and _is_seen(spec, held)
            ],
        }
        for menu in Menu
    ]


def _is_seen(spec: EntitySpec, held: frozenset[tuple[str, str]]) -> bool:
    def may(action: str) -> bool:
        return (spec.resource, action) in held

    return may("list") and is_own_work(spec, may)
