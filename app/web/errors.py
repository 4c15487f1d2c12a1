"""One handler for every error: an Indonesian page for people, one JSON shape for programs."""

import logging
import re
from typing import Any

from flask import Flask, Response, jsonify, render_template, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from app.errors import BangkitError, DataBerubahError
from app.extensions import db
from app.generator.api import error_body
from app.models.engine import is_lock_timeout
from app.teks import N_
from app.web.bukti import conflict_facts
from app.web.requests import stop_writing

log = logging.getLogger(__name__)

NOMOR = re.compile(r"\d{16}")
"""A NIK or No KK; the log says "(16 angka)" instead."""

TITLES = {
    400: N_("Permintaan tidak dapat diproses"),
    401: N_("Silakan masuk dahulu"),
    403: N_("Anda tidak berwenang"),
    404: N_("Halaman tidak ditemukan"),
    405: N_("Cara membuka halaman ini keliru"),
    409: N_("Data sudah berubah"),
    413: N_("Berkas terlalu besar"),
    422: N_("Ada isian yang perlu diperbaiki"),
    429: N_("Terlalu banyak percobaan"),
    500: N_("Terjadi gangguan"),
    503: N_("Sedang sibuk"),
}

MESSAGES = {
    400: N_("Periksa alamat atau isian, lalu coba lagi."),
    401: N_("Sesi Anda belum ada atau sudah berakhir."),
    403: N_(
        "Peran Anda tidak memberi hak untuk tindakan ini. Hubungi admin kecamatan bila keliru."
    ),
    404: N_("Data ini tidak ada, atau berada di luar wilayah tugas Anda."),
    405: N_("Kembali ke halaman sebelumnya, lalu gunakan tombol yang tersedia."),
    409: N_("Muat ulang halaman untuk melihat keadaan terakhir."),
    413: N_("Kirim berkas yang lebih kecil."),
    422: N_("Periksa isian, lalu coba lagi."),
    429: N_("Tunggu beberapa menit sebelum mencoba lagi."),
    503: N_("Portal sedang sibuk. Coba lagi sebentar."),
    500: N_("Kesalahan ini sudah dicatat. Coba lagi; bila berulang, hubungi admin kecamatan."),
}

WRONG_LOGIN = N_("Nama pengguna atau kata sandi salah.")

CODES = {
    400: "permintaan_keliru",
    401: "belum_masuk",
    403: "tidak_berwenang",
    404: "tidak_ditemukan",
    405: "cara_keliru",
    409: "data_berubah",
    413: "terlalu_besar",
    422: "data_tidak_valid",
    429: "terlalu_sering",
    500: "gangguan",
    503: "sedang_sibuk",
}


class HideNomor(logging.Filter):
    """Hides each NIK and No KK of a log record: PostgreSQL repeats the value it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = NOMOR.sub("(16 angka)", record.getMessage()), ()
        if record.exc_info:
            # A formatter takes a text that is there already for the traceback.
            trace = logging.Formatter().formatException(record.exc_info)
            record.exc_text = NOMOR.sub("(16 angka)", trace)
        return True


HIDE_NOMOR = HideNomor()


def init_app(app: Flask) -> None:
    """Register the handlers and the one JSON shape for the API."""
    app.register_error_handler(BangkitError, _refused)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(SecurityError, _unknown_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _crashed)
    app.after_request(_one_json_shape)
    for crashes in (log, logging.getLogger("flask_appbuilder.api")):
        crashes.addFilter(HIDE_NOMOR)


def wants_json() -> bool:
    """Whether the request comes from a program, which gets the JSON shape."""
    accept = request.accept_mimetypes
    return (
        request.path.startswith("/api/")
        or request.headers.get("X-Requested-With") == "fetch"
        or accept.best == "application/json"
    )


def answer(status: int, message: str, body: dict[str, Any] | None = None, **facts: Any) -> Any:
    """Return the page or the JSON of an error; ``message`` is already translated.

    ``facts`` is what else the page shows.
    """
    known = status if status in TITLES else 500 if status >= 500 else 400
    if wants_json():
        return jsonify(body or {"message": message, "code": CODES[known]}), status
    page = render_template(
        "galat.html",
        status=status,
        judul=gettext(TITLES[known]),
        pesan=message,
        **facts,
    )
    return page, status


def _refused(error: BangkitError) -> Any:
    db.session.rollback()
    body = error_body(error)
    details = body.get("fields", {}).values()
    return answer(error.status, " ".join([body["message"], *details]), body, **_refused_act(error))


def _refused_act(error: BangkitError) -> dict[str, Any]:
    """Return what a person whose act was refused needs: who was first, the way back, own words."""
    berkas_id = (request.view_args or {}).get("berkas_id")
    if request.method != "POST" or berkas_id is None or error.status == 404:
        return {}
    return {
        "fakta": conflict_facts(error.fakta) if isinstance(error, DataBerubahError) else [],
        "berkas_url": url_for("berkas_petugas.rincian", id=berkas_id),
        "catatan": request.form.get("catatan", "").strip(),
    }


def _busy(error: OperationalError) -> Any:
    """Tell a person to try again where another transaction held the row for too long."""
    if not is_lock_timeout(error):
        return _crashed(error)
    db.session.rollback()
    stop_writing()
    busy = DataBerubahError(N_("Data ini sedang dikerjakan permintaan lain. Coba lagi sebentar."))
    return _refused(busy)


def _expired(error: CSRFError) -> Any:
    return answer(400, gettext("Halaman ini sudah terlalu lama terbuka. Muat ulang, lalu ulangi."))


def _unknown_host(error: SecurityError) -> Any:
    """Answer without a page: a request for an unknown host has no addresses to link to."""
    return Response(gettext("Nama host ini bukan milik portal."), 400, mimetype="text/plain")


def _http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    db.session.rollback()
    known = status if status in MESSAGES else 400
    return answer(status, gettext(MESSAGES[known]))


def _crashed(error: Exception) -> Any:
    db.session.rollback()
    log.error("%s %s: %s", request.method, request.path, type(error).__name__, exc_info=error)
    return answer(InternalServerError.code, gettext(MESSAGES[500]))


def _one_json_shape(response: Response) -> Response:
    """Bring the host's own API errors into our shape; its texts are English and may leak SQL."""
    if response.status_code < 400 or not request.path.startswith("/api/"):
        return response
    body = response.get_json(silent=True) if response.is_json else None
    if isinstance(body, dict) and "code" in body and "message" in body:
        return response
    status = response.status_code if response.status_code in MESSAGES else 400
    is_login = (status, request.path) == (401, "/api/v1/security/login")
    message = gettext(WRONG_LOGIN if is_login else MESSAGES[status])
    response.data = jsonify({"message": message, "code": CODES[status]}).data
    response.mimetype = "application/json"
    return response
