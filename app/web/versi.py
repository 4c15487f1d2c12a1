"""Pages of a version for the admin: examine, compare, publish, move berkas, files in and out."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from app.errors import DataTidakValidError
from app.generator.fields import show_number
from app.models.pelaku import Pelaku
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.services.beda_versi import compare
from app.services.definisi_baris import load_definisi, row_ids
from app.services.definisi_yaml import dump
from app.services.lapangan import load_lapangan
from app.services.pemeriksaan import examine
from app.services.pindah_versi import Calon, list_calon, pindahkan
from app.services.versi import (
    arsipkan,
    load_pembanding,
    load_versi,
    publishing_post,
    salin_jadi_konsep,
    terbitkan,
)
from app.teks import N_
from app.web.berkas import now, require_login, session_and_pelaku
from app.web.tinjauan_versi import problems, publication, say, simulation, stuck

pages = Blueprint("versi", __name__, url_prefix="/layanan/versi")
pages.before_request(require_login)


def publisher() -> tuple[Session, Pelaku]:
    """Return the session and who works with it.

    Raises:
        TidakBerwenangError: the person may not publish.
    """
    session, pelaku = session_and_pelaku()
    publishing_post(pelaku)
    return session, pelaku


@pages.get("/<int:id>/")
def periksa(id: int) -> str:
    """Show all that is known of a version before it is published."""
    session, _ = publisher()
    return _page(session, load_versi(session, id))


def _page(session: Session, versi: VersiLayanan, pesan: str = "", alasan: str = "") -> str:
    definisi = load_definisi(session, versi)
    hasil = examine(definisi, load_lapangan(session, now()))
    before = load_pembanding(session, versi)
    is_konsep = versi.status == StatusVersi.KONSEP
    ids = row_ids(session, versi.id) if is_konsep else None
    jelajah = hasil.jelajah
    return render_template(
        "versi/periksa.html",
        versi=versi,
        layanan=versi.layanan.nama,
        galat=problems(hasil.galat, definisi, versi.id, ids),
        peringatan=problems(hasil.peringatan, definisi, versi.id, ids),
        simulasi=simulation(jelajah, versi.sla_total_menit) if jelajah else None,
        macet=stuck(jelajah.macet, definisi) if jelajah else [],
        pembanding=before,
        beda=[say(b) for b in compare(load_definisi(session, before), definisi)] if before else [],
        penerbitan=publication(versi),
        is_konsep=is_konsep,
        is_terbit=versi.status == StatusVersi.TERBIT,
        boleh_terbit=is_konsep and not hasil.galat,
        pesan=pesan,
        alasan=alasan,
        kembali_url=url_for("versi_layanan.details_view", id=versi.id),
    )


@pages.post("/<int:id>/salin/")
def salin(id: int) -> BaseResponse:
    """Copy the version to a new konsep, and open it."""
    session, pelaku = publisher()
    new_id = salin_jadi_konsep(session, pelaku, id)
    session.commit()
    flash(gettext("Konsep baru sudah dibuat. Ubah bagiannya, lalu periksa di sini."), "success")
    return redirect(url_for("versi.periksa", id=new_id))


@pages.post("/<int:id>/terbitkan/")
def publish(id: int) -> Any:
    """Publish the konsep that the person has looked at."""
    session, pelaku = publisher()
    alasan = request.form.get("alasan", "")[:500]
    try:
        terbitkan(
            session,
            pelaku,
            now(),
            versi_id=id,
            menggantikan=request.form.get("menggantikan", type=int),
            alasan=alasan.replace("\x00", ""),
        )
    except DataTidakValidError as error:
        session.rollback()
        texts = [gettext(message) % error.params for message in error.fields.values()]
        page = _page(session, load_versi(session, id), " ".join(texts), alasan)
        return page, error.status
    session.commit()
    flash(gettext("Versi sudah terbit dan berlaku bagi berkas baru."), "success")
    return redirect(url_for("versi.periksa", id=id))


@pages.post("/<int:id>/arsipkan/")
def withdraw(id: int) -> BaseResponse:
    """Withdraw the published version."""
    session, pelaku = publisher()
    _require_tick()
    arsipkan(session, pelaku, id)
    session.commit()
    flash(gettext("Versi diarsipkan. Layanan ini tidak menerima berkas baru."), "success")
    return redirect(url_for("versi.periksa", id=id))


def _require_tick() -> None:
    """Ask for the box that says the person means it, whatever the browser can do.

    Raises:
        DataTidakValidError: it is not ticked.
    """
    if request.form.get("yakin") != "ya":
        raise DataTidakValidError({"yakin": N_("Centang dahulu bahwa Anda yakin.")})


@pages.get("/<int:id>/pindah/")
def pindah(id: int) -> str:
    """Show which running berkas can move to this version, and why others cannot."""
    session, pelaku = publisher()
    versi = load_versi(session, id)
    found = list_calon(session, pelaku, now(), id)
    return render_template(
        "versi/pindah.html",
        versi=versi,
        layanan=versi.layanan.nama,
        bisa=[_candidate(c) for c in found if not c.sebab],
        tidak=[_candidate(c) for c in found if c.sebab],
        kembali_url=url_for("versi.periksa", id=id),
    )


def _candidate(calon: Calon) -> dict[str, Any]:
    return {
        "url": url_for("berkas_petugas.rincian", id=calon.berkas_id),
        "nomor": calon.nomor,
        "status": calon.status,
        "versi": calon.versi,
        "tahapan": calon.tahapan,
        "sebab": gettext(calon.sebab) % {"tahapan": calon.tahapan} if calon.sebab else "",
    }


@pages.post("/<int:id>/pindah/")
def move(id: int) -> BaseResponse:
    """Move every berkas that can move."""
    session, pelaku = publisher()
    _require_tick()
    moved = pindahkan(session, pelaku, now(), id)
    session.commit()
    text = gettext("%(n)s berkas dipindahkan ke versi ini.") % {"n": show_number(len(moved))}
    flash(text, "success" if moved else "info")
    return redirect(url_for("versi.pindah", id=id))


@pages.get("/<int:id>/unduh/")
def unduh(id: int) -> Response:
    """Send the definition as a file."""
    session, _ = publisher()
    versi = load_versi(session, id)
    text = dump([load_definisi(session, versi)])
    response = Response(text, mimetype="application/yaml; charset=utf-8")
    name = f"{versi.layanan.kode}-versi-{versi.nomor}.yaml"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
