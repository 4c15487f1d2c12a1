"""The pages of one's own pekerjaan, and the port by which screens start one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response as BaseResponse

from app.generator.fields import show_moment, show_number
from app.models.pekerjaan import StatusPekerjaan
from app.services import pekerjaan
from app.services.lampiran import open_store
from app.services.pekerjaan import Ringkasan
from app.services.simpanan_kerja import simpan
from app.teks import N_
from app.web.berkas import now, require_login, session_and_pelaku

pages = Blueprint("pekerjaan_saya", __name__, url_prefix="/pekerjaan")
pages.before_request(require_login)


class Pemberi:
    """Starts pekerjaan for the signed-in person (the port `app.generator.jobs.Jobs`)."""

    def start(self, kind: str, title: str, data: Mapping[str, Any]) -> int:
        """Write it in the transaction of this request; the caller commits."""
        session, pelaku = session_and_pelaku()
        return pekerjaan.mulai(
            session,
            pelaku,
            now(),
            jenis=kind,
            judul=title,
            data=data,
            bahasa=str(get_locale()),
        )

    def store(self, name: str, blocks: Iterable[bytes]) -> str:
        """Keep an input; its name is the caller's to remember."""
        return simpan(_place(), blocks)

    def unfinished(self, kind: str) -> Sequence[Mapping[str, Any]]:
        """Return the data of the person's pekerjaan of this kind that have not ended."""
        return pekerjaan.data_terbuka(*session_and_pelaku(), kind)

    def url(self, job_id: int) -> str:
        """Return the address of its page."""
        return url_for("pekerjaan_saya.rincian", id=job_id)


def _place() -> object:
    place: object = open_store(current_app.config["BANGKIT_PENYIMPANAN"])
    return place


@pages.get("/")
def daftar() -> str:
    """List what I asked for, newest first."""
    session, pelaku = session_and_pelaku()
    before = request.args.get("sebelum", type=int)
    rows = pekerjaan.list_pekerjaan(session, pelaku, now(), before)
    older = rows[-1].id if len(rows) == pekerjaan.HALAMAN else None
    return render_template(
        "pekerjaan/daftar.html", rows=[_shown(row) for row in rows], lama=older, baru=before
    )


@pages.get("/<int:id>/")
def rincian(id: int) -> str:
    """Show one; the page looks again by itself while it is open."""
    session, pelaku = session_and_pelaku()
    row = pekerjaan.baca(session, pelaku, now(), id)
    return render_template("pekerjaan/rincian.html", p=_shown(row))


@pages.get("/<int:id>/keadaan/")
def keadaan(id: int) -> dict[str, Any]:
    """Tell the page's script how far it is."""
    session, pelaku = session_and_pelaku()
    row = pekerjaan.baca(session, pelaku, now(), id)
    return {
        "status": row.status.value,
        "label": gettext(row.status.label),
        "terbuka": row.terbuka,
        "kemajuan": row.kemajuan,
        "jumlah": row.jumlah,
        "teks": _progress(row),
    }


@pages.post("/<int:id>/batalkan/")
def batalkan(id: int) -> BaseResponse:
    """Cancel one that has not ended."""
    session, pelaku = session_and_pelaku()
    if pekerjaan.batalkan(session, pelaku, now(), id):
        session.commit()
        flash(gettext(N_("Pekerjaan sudah dibatalkan.")), "success")
    else:
        session.rollback()
        flash(gettext(N_("Pekerjaan ini sudah berakhir, jadi tidak dapat dibatalkan.")), "warning")
    return redirect(url_for("pekerjaan_saya.rincian", id=id))


@pages.get("/<int:id>/hasil/")
def hasil(id: int) -> Response:
    """Send the result to the person who asked, within a day, as an attachment."""
    session, pelaku = session_and_pelaku()
    name, blocks = pekerjaan.unduh(session, pelaku, now(), _place(), id)
    response = Response(blocks, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _shown(row: Ringkasan) -> dict[str, Any]:
    pesan = gettext(row.pesan) if row.pesan else ""
    return {
        "id": row.id,
        "url": url_for("pekerjaan_saya.rincian", id=row.id),
        "judul": row.judul,
        "status": row.status.value,
        "terbuka": row.terbuka,
        "gagal": row.status == StatusPekerjaan.GAGAL,
        "kemajuan": row.kemajuan,
        "jumlah": row.jumlah,
        "teks": _progress(row),
        "pesan": pesan % _params(row.pesan_data) if row.pesan_data else pesan,
        "hasil": row.nama_hasil,
        "sampai": show_moment(row.hasil_sampai) if row.nama_hasil and row.hasil_sampai else "",
        "diminta": show_moment(row.waktu_diminta),
        "selesai": show_moment(row.waktu_selesai) if row.waktu_selesai else "",
    }


def _params(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a message, whole numbers as people write them."""
    return {k: show_number(v) if type(v) is int else v for k, v in data.items()}


def _progress(row: Ringkasan) -> str:
    if row.status == StatusPekerjaan.MENUNGGU:
        return str(gettext(N_("Menunggu giliran")))
    if row.jumlah:
        text: str = gettext(N_("%(n)s dari %(jumlah)s"))
        return text % {"n": show_number(row.kemajuan), "jumlah": show_number(row.jumlah)}
    return show_number(row.kemajuan) if row.kemajuan else ""
