"""Acts on the berkas at one's desk: one from its page, or several at once from the queue."""

import re
from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BangkitError, DataBerubahError, TidakBerwenangError, TidakDitemukanError
from app.extensions import db
from app.models.berkas import Berkas
from app.models.pelaku import Pelaku
from app.models.riwayat import JenisRiwayat
from app.routing import JenisAksi
from app.services.berkas import require_readable, tindak
from app.services.massal import setujui
from app.teks import N_
from app.web.berkas import draw_page, draw_queue, now, require_login, session_and_pelaku
from app.web.bukti import conflict_facts
from app.web.errors import TITLES, wants_json

pages = Blueprint("tindakan", __name__, url_prefix="/berkas")
pages.before_request(require_login)

PILIHAN = re.compile(r"(\d{1,9})-(\d{1,6})")
"""A ticked row of the queue: id of the berkas, number of the visit that was looked at."""

TERBANYAK = 100
"""Most berkas in one go: as many as the queue shows."""

DI_HALAMAN = {JenisAksi.AMBIL, JenisAksi.LEPAS, JenisAksi.ALIHKAN, JenisAksi.URUNGKAN}
"""Acts after which the person goes on with the same berkas."""


@pages.post("/<int:berkas_id>/tindak/")
def act(berkas_id: int) -> Any:
    """Take one act; the visit number and the key come from the page the person looked at."""
    session, pelaku = session_and_pelaku()
    known = {jenis.value for jenis in JenisAksi} - {JenisAksi.AJUKAN.value}
    jenis = request.form.get("jenis", "")
    if jenis not in known:
        raise TidakBerwenangError(N_("Tindakan ini tidak dikenal."))
    catatan = request.form.get("catatan", "")[:1000]
    try:
        row = tindak(
            session,
            pelaku,
            now(),
            berkas_id=berkas_id,
            jenis=JenisAksi(jenis),
            ke=request.form.get("ke", -1, type=int),
            kunci=request.form.get("kunci", "")[:64] or uuid4().hex,
            catatan=catatan,
            alasan=request.form.get("alasan", "")[:40],
        )
    except BangkitError as error:
        return _refused(berkas_id, error, jenis, catatan)
    label = gettext(JenisRiwayat(row.jenis).label)
    session.commit()
    flash(gettext(N_("%(tindakan)s sudah dicatat.")) % {"tindakan": label}, "success")
    if jenis in DI_HALAMAN:
        return redirect(url_for("berkas_petugas.rincian", id=berkas_id))
    return redirect(url_for("berkas_petugas.masuk"))


def _refused(berkas_id: int, error: BangkitError, jenis: str, catatan: str) -> Any:
    """Show the berkas as it is now, with the refusal and what was typed (ROUTING §3 case 13)."""
    if wants_json():
        raise error
    db.session.rollback()
    session, pelaku = session_and_pelaku()
    message = gettext(error.message) % error.params
    try:
        require_readable(session, berkas_id)
    except TidakDitemukanError:
        # The last appointment that showed this berkas has ended, or it never did.
        if not catatan:
            raise
        page = render_template(
            "galat.html", status=404, judul=gettext(TITLES[404]), pesan=message, catatan=catatan
        )
        return page, 404
    fakta = conflict_facts(error.fakta) if isinstance(error, DataBerubahError) else []
    page = draw_page(
        session, pelaku, berkas_id, galat=message, jenis=jenis, catatan=catatan, fakta=fakta
    )
    return page, error.status


@pages.post("/massal/")
def massal() -> Any:
    """Finish the step of every ticked berkas, each in a transaction of its own; show each result.

    The keys follow from the page's own, so that sending the page again repeats nothing.
    """
    chosen = [found for text in request.form.getlist("pilih") if (found := PILIHAN.fullmatch(text))]
    kunci = request.form.get("kunci", "")[:32] or uuid4().hex
    results = []
    for found in chosen[:TERBANYAK]:
        berkas_id, ke = int(found[1]), int(found[2])
        session, pelaku = session_and_pelaku()
        results.append(_one_of_many(session, pelaku, berkas_id, ke, f"{kunci}-{berkas_id}"))
    if not results:
        flash(gettext(N_("Centang dahulu berkas yang disetujui.")), "warning")
        return redirect(url_for("berkas_petugas.masuk"))
    session, pelaku = session_and_pelaku()
    return draw_queue(session, pelaku, results)


def _one_of_many(
    session: Session, pelaku: Pelaku, berkas_id: int, ke: int, kunci: str
) -> dict[str, Any]:
    """Take one act and commit it; return its line for the page."""
    try:
        row = setujui(session, pelaku, now(), berkas_id=berkas_id, ke=ke, kunci=kunci)
        text = gettext(JenisRiwayat(row.jenis).label)
        session.commit()
    except BangkitError as error:
        session.rollback()
        is_done, text = False, gettext(error.message) % error.params
    else:
        is_done = True
    nomor = session.execute(
        select(Berkas.nomor, Berkas.nama_pemohon).where(Berkas.id == berkas_id)
    ).one_or_none()
    return {
        "berhasil": is_done,
        "teks": text,
        "nomor": nomor.nomor if nomor else "",
        "pemohon": nomor.nama_pemohon if nomor else "",
        "url": url_for("berkas_petugas.rincian", id=berkas_id) if nomor else "",
    }
