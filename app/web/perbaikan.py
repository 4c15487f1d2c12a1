"""Correcting a returned berkas: the same form as for a new one, filled with what was answered."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext

from app.errors import BangkitError
from app.routing import JenisAksi
from app.services.antrean import load_halaman
from app.services.berkas import available
from app.services.pengajuan import ajukan_lagi, awaiting_of
from app.services.rancangan import Pengajuan
from app.teks import N_
from app.web.berkas import now, require_login, session_and_pelaku
from app.web.dokumen import Draft
from app.web.formulir import answers_of, build
from app.web.pengajuan import draw_form, pemohon_of

pages = Blueprint("perbaikan", __name__, url_prefix="/berkas")
pages.before_request(require_login)


@pages.route("/<int:berkas_id>/perbaiki/", methods=("GET", "POST"))
def perbaiki(berkas_id: int) -> Any:
    """Correct a returned berkas and send it on its way again."""
    session, pelaku = session_and_pelaku()
    halaman = load_halaman(session, berkas_id)
    versi, berkas = halaman.berkas.versi_layanan, halaman.berkas
    facts = pemohon_of(berkas.data_pemohon)
    meja = available(session, pelaku, now(), berkas_id)
    posted = request.method == "POST"
    if JenisAksi.AJUKAN not in meja.tindakan and not posted:
        return redirect(url_for("berkas_petugas.rincian", id=berkas_id))
    menunggu = awaiting_of(session, berkas_id, now())
    form = build(versi, request.form if posted else None, stored=berkas)
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
                    halaman.berkas.pemohon_id,
                    answers_of(form, berkas),
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
    return draw_form(
        form,
        draft,
        versi,
        menunggu,
        pemohon=facts,
        ke=meja.ke,
        perbaikan=True,
        boleh_langsung=False,
        batal_url=url_for("berkas_petugas.rincian", id=berkas_id),
    )
