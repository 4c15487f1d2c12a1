"""The door to small pictures of lampiran, for the page of a berkas."""

from flask import Blueprint, Response, current_app

from app.services.cuplikan import draw_cuplikan
from app.services.lampiran import open_store
from app.web.berkas import require_login, session_and_pelaku

pages = Blueprint("cuplikan", __name__, url_prefix="/berkas")
pages.before_request(require_login)


@pages.get("/lampiran/<int:lampiran_id>/cuplikan/")
def gambar(lampiran_id: int) -> Response:
    """Send a small JPEG drawn anew from a picture; a file as it is leaves only as attachment."""
    session, _ = session_and_pelaku()
    place = open_store(current_app.config["BANGKIT_PENYIMPANAN"])
    response = Response(draw_cuplikan(session, place, lampiran_id), mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
