"""What if: the page where those who lead an office simulate a layanan, and replay a konsep."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.errors import BangkitError, TidakBerwenangError
from app.generator.fields import show_number
from app.models.layanan import Layanan
from app.models.pelaku import Pelaku
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.services.pengaturan_simulasi import BATAS, BAWAAN, read_pengaturan, read_petugas
from app.services.rencana_simulasi import load_rencana
from app.services.simulasi import Hasil, simulate
from app.services.sop import load_versi
from app.services.ulang_konsep import Ulangan, find_konsep, ulang
from app.teks import N_
from app.web.berkas import now, require_login, session_and_pelaku
from app.web.gambar import Batang, draw_batang

pages = Blueprint("simulasi", __name__, url_prefix="/layanan")
pages.before_request(require_login)


def _require_right() -> None:
    """Let in who writes layanan and who leads an office (DOMAIN "Layanan").

    Raises:
        TidakBerwenangError: nobody else.
    """
    _, pelaku = session_and_pelaku()
    if not pelaku.may(VersiLayanan.__name__, "simulasi"):
        raise TidakBerwenangError(N_("Simulasi dibuka untuk pimpinan dan administrator kecamatan."))


pages.before_request(_require_right)


@pages.get("/versi/<int:id>/simulasi")
def versi(id: int) -> Response:
    """Lead from the details of a version to its simulation."""
    return redirect(url_for("simulasi.halaman", versi=id))


@pages.get("/simulasi/")
def halaman() -> Any:
    """Show the form, and the answer once it is sent; the address holds all of it."""
    session, pelaku = session_and_pelaku()
    choices = _choices(session)
    wanted = request.args.get("versi", type=int)
    if wanted is None and not choices:
        return render_template("layanan/simulasi.html", versi=None)
    versi = load_versi(session, wanted if wanted is not None else choices[0][0])
    typed = {**BAWAAN, **{name: request.args[name] for name in BAWAAN if name in request.args}}
    fields = {step.peran.kode: step.peran.nama for step in versi.tahapan}
    seats = {kode: request.args.get(f"petugas-{kode}", "").strip() for kode in fields}
    context: dict[str, Any] = {}
    status = 200
    try:
        context = _answer(session, pelaku, versi, typed, seats)
    except BangkitError as error:
        context, status = {"galat": gettext(error.message) % error.params}, 422
    page = render_template(
        "layanan/simulasi.html",
        versi=versi,
        pilihan=choices,
        isi=typed,
        batas=BATAS,
        petugas=[(kode, nama, seats[kode]) for kode, nama in fields.items()],
        konsep_ada=_has_konsep(session, versi),
        **context,
    )
    return page, status


def _answer(
    session: Session,
    pelaku: Pelaku,
    versi: VersiLayanan,
    typed: Mapping[str, str],
    seats: Mapping[str, str],
) -> dict[str, Any]:
    if "ulang" in request.args:
        konsep = find_konsep(session, versi.layanan.kode)
        return {"ulangan": _replay(ulang(session, konsep, now()), konsep)}
    if "per_jam" not in request.args:
        return {}
    pengaturan = read_pengaturan(typed)
    rencana = load_rencana(session, pelaku, versi, now(), read_petugas(seats, seats))
    return {"hasil": _result(simulate(rencana, pengaturan), versi), "rt": len(rencana.rute)}


def _choices(session: Session) -> list[tuple[int, str]]:
    rows = session.execute(
        select(VersiLayanan.id, VersiLayanan.sebutan, Layanan.nama, VersiLayanan.status)
        .join(Layanan)
        .where(VersiLayanan.status.in_((StatusVersi.TERBIT, StatusVersi.KONSEP)))
        .order_by(Layanan.nama, VersiLayanan.nomor)
    )
    return [
        (id_, " · ".join((nama, sebutan, gettext(StatusVersi(status).label))))
        for id_, sebutan, nama, status in rows
    ]


def _has_konsep(session: Session, versi: VersiLayanan) -> bool:
    query = select(VersiLayanan.id).where(
        VersiLayanan.layanan_id == versi.layanan_id, VersiLayanan.status == StatusVersi.KONSEP
    )
    return session.scalars(query.limit(1)).first() is not None


def _result(hasil: Hasil, versi: VersiLayanan) -> dict[str, Any]:
    nama = {step.kode: step.nama for step in versi.tahapan}
    return {
        "masuk": show_number(hasil.masuk),
        "selesai": show_number(hasil.selesai),
        "tertahan": show_number(hasil.tertahan) if hasil.tertahan else "",
        "dalam_sla": percent(hasil.dalam_sla),
        "median": one(hasil.median),
        "p90": one(hasil.p90),
        "penahan": nama[hasil.penahan] if hasil.penahan else "",
        "tahapan": [
            {
                "nama": nama[t.kode],
                "penahan": t.kode == hasil.penahan,
                "tunggu": one(t.tunggu_rata),
                "tunggu_p90": one(t.tunggu_p90),
                "kerja": one(t.kerja_rata),
                "beban": percent(t.beban),
                "penuh": t.beban >= 1,
            }
            for t in hasil.tahapan
        ],
        "sebaran": [(f"{a}–{b}", show_number(n)) for a, b, n in hasil.sebaran],
        "gambar": draw_batang(
            [Batang(str(a), n, a >= versi.sla_total_menit) for a, _, n in hasil.sebaran],
            gettext(N_("Banyaknya berkas menurut menit layanan")),
        ),
    }


def _replay(hasil: Ulangan, konsep: VersiLayanan) -> dict[str, Any]:
    return {
        "konsep": konsep.sebutan,
        "berkas": hasil.berkas,
        "dulu": one(hasil.dulu),
        "nanti": one(hasil.nanti),
        "hemat": one(abs(hasil.hemat)),
        "lebih_lama": hasil.hemat < 0,
        "muncul": hasil.muncul,
        "hilang": hasil.hilang,
    }


def one(value: float) -> str:
    """Return a number with at most one decimal, the Indonesian way: 4,1."""
    return show_number(round(value, 1))


def percent(part: float) -> str:
    """Return a share as 92,1%."""
    return f"{show_number(round(100 * part, 1))}%"
