"""Pages about people: who can act today at a unit, vacant posts, my own appointments."""

from datetime import datetime, time
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from app.errors import TidakBerwenangError
from app.generator.fields import WIB, show_date, show_moment
from app.models.penugasan import Sifat
from app.services.kenaikan import naik
from app.services.pejabat import (
    PENGAWAS,
    Masa,
    Pos,
    list_jalur,
    list_kosong,
    list_penugasan,
    list_wilayah,
    require_inside,
)
from app.teks import N_
from app.web.berkas import now, require_login, session_and_pelaku

pages = Blueprint("petugas", __name__, url_prefix="/petugas")
pages.before_request(require_login)


@pages.get("/hari-ini/")
def hari_ini() -> str:
    """Show who can act today at a unit of one's area, and at the units above it."""
    session, pelaku = session_and_pelaku()
    moment, galat = _moment(request.args.get("pukul", ""))
    choices = list_wilayah(session, pelaku, moment)
    wilayah_id = request.args.get("wilayah", choices[0][0] if choices else 0, type=int)
    require_inside(session, pelaku, wilayah_id)
    way = list_jalur(session, wilayah_id, moment)
    above = naik(session, [post for _, posts in way for post in posts], wilayah_id, moment)
    names = dict(choices)
    return render_template(
        "petugas/hari_ini.html",
        wilayah=[{"id": id_, "nama": nama} for id_, nama in choices],
        dipilih=wilayah_id,
        nama=names.get(wilayah_id, ""),
        tanggal=show_date(moment.astimezone(WIB).date()),
        pukul=moment.astimezone(WIB).strftime("%H:%M"),
        pukul_teks=moment.astimezone(WIB).strftime("%H.%M"),
        galat=galat,
        jalur=[
            {
                "unit": unit.sebutan,
                # What an appointment rests on is told inside one's own area only.
                "pos": [
                    _post(post, moment, above.get(post, []), with_sk=unit.id in names)
                    for post in posts
                ],
            }
            for unit, posts in way
        ],
    )


def _moment(text: str) -> tuple[datetime, str]:
    """Return the moment of today that was asked for, and what was wrong with it."""
    moment = now()
    if not text:
        return moment, ""
    try:
        at = time.fromisoformat(text.replace(".", ":"))
    except ValueError:
        return moment, gettext(N_("Tulis pukul sebagai jam dan menit, misalnya 13.30."))
    local = moment.astimezone(WIB)
    return local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0), ""


def _post(
    post: Pos, moment: datetime, above: list[tuple[str, int]], *, with_sk: bool
) -> dict[str, Any]:
    return {
        "nama": post.nama,
        "sebutan": post.sebutan,
        "pemegang": [_term(masa, with_sk=with_sk) for masa in post.holders(moment)],
        "naik": [{"ke": jabatan, "layanan": count} for jabatan, count in above],
    }


def _term(masa: Masa, *, with_sk: bool = True) -> dict[str, str]:
    """Return one appointment as the templates draw it."""
    return {
        "nama": masa.nama,
        "sebutan": masa.sebutan,
        "sifat": gettext(Sifat(masa.sifat).label) if masa.sifat != Sifat.DEFINITIF else "",
        "sk": (masa.nomor_sk or "") if with_sk else "",
        "mulai": show_moment(masa.mulai),
        "sampai": show_moment(masa.sampai) if masa.sampai else "",
    }


@pages.get("/jabatan-kosong/")
def jabatan_kosong() -> str:
    """Show the posts of one's area that nobody holds, or soon nobody will.

    Raises:
        TidakBerwenangError: the person watches over nobody.
    """
    session, pelaku = session_and_pelaku()
    if not pelaku.has_peran(*PENGAWAS):
        raise TidakBerwenangError(N_("Daftar jabatan kosong untuk atasan dan admin kecamatan."))
    moment = now()
    vacant: list[dict[str, str]] = []
    ending: list[dict[str, str]] = []
    for post in list_kosong(session, pelaku, moment):
        until = post.vacant_from(moment)
        since = post.vacant_since(moment)
        holders = post.holders(moment)
        row = {
            "nama": post.nama,
            "unit": post.unit,
            "url": url_for("petugas.hari_ini", wilayah=post.wilayah_id),
            "sejak": show_moment(since) if since else "",
            "sampai": show_moment(until) if until else "",
            "pemegang": ", ".join(masa.nama for masa in holders),
        }
        (ending if holders else vacant).append(row)
    return render_template("petugas/jabatan_kosong.html", kosong=vacant, segera=ending)


@pages.get("/penugasan/")
def penugasan() -> str:
    """Show the person's own appointments: in force, to come, and past."""
    session, pelaku = session_and_pelaku()
    moment = now()
    groups: dict[str, list[dict[str, str]]] = {"berlaku": [], "nanti": [], "lalu": []}
    for masa in list_penugasan(session, pelaku):
        when = "berlaku" if masa.holds(moment) else "nanti" if masa.mulai > moment else "lalu"
        groups[when].append(_term(masa))
    return render_template("petugas/penugasan.html", nama=pelaku.nama, **groups)
