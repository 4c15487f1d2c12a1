"""Mode latihan: the portal's door into the sandbox, and inside it the exercises and the way out.

A person comes in from the portal only, by a token that lives a minute, as a made-up officer of the
peran that was chosen; the token names no person. Inside nobody can sign in with a password.
"""

from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response as BaseResponse

from app.extensions import db
from app.models.policy import current_pelaku
from app.services.benih_latihan import akun_latihan
from app.teks import N_
from app.web.berkas import require_login, session_and_pelaku
from app.web.security import sign_in
from config import LATIHAN, latihan_config

pintu = Blueprint("berlatih", __name__, url_prefix="/berlatih")
pintu.before_request(require_login)

ruang = Blueprint("latihan", __name__)

DETIK = 60
"""How long a token opens the sandbox."""

PERAN = (
    ("ketua_rt", N_("Ketua RT")),
    ("ketua_rw", N_("Ketua RW")),
    ("petugas_kelurahan", N_("Petugas Pelayanan Kelurahan")),
    ("kasi_kelurahan", N_("Kepala Seksi Kelurahan")),
    ("lurah", N_("Lurah")),
    ("petugas_kecamatan", N_("Petugas Pelayanan Kecamatan")),
    ("kasi_kecamatan", N_("Kepala Seksi Kecamatan")),
    ("sekcam", N_("Sekretaris Kecamatan")),
    ("camat", N_("Camat")),
)
"""What may be practised, in the order of the desks of an SKTM (`akun_latihan`)."""

MEJA = {peran: meja for meja, (peran, _) in enumerate(PERAN)}

TUGAS = (
    (
        "ajukan",
        "ketua_rt",
        N_("Ajukan sebuah SKTM"),
        N_("Tekan Berkas Baru, pilih Surat Keterangan Tidak Mampu, cari satu warga, lalu ajukan."),
    ),
    (
        "setujui",
        "ketua_rt",
        N_("Setujui berkas warga Anda"),
        N_("Buka Berkas Masuk, baca isinya, lalu tekan Setujui."),
    ),
    (
        "kembalikan",
        "ketua_rw",
        N_("Kembalikan yang kurang lengkap"),
        N_("Buka satu berkas, tekan Kembalikan, pilih alasannya, dan tulis apa yang kurang."),
    ),
    (
        "perbaiki",
        "ketua_rt",
        N_("Perbaiki dan ajukan lagi"),
        N_("Di Beranda, buka berkas yang dikembalikan, perbaiki isinya, lalu ajukan lagi."),
    ),
    (
        "tanda_tangani",
        "lurah",
        N_("Tanda tangani sebuah surat"),
        N_("Buka Perlu tanda tangan di Beranda, baca berkasnya, lalu tanda tangani."),
    ),
)
"""The exercises: what is ticked, as whom, what to do, and how."""


def init_app(app: Flask) -> None:
    """Add the door to a portal that has a sandbox, or the rooms to the sandbox itself."""
    app.context_processor(_context)
    if app.config["RUANG_LATIHAN"]:
        app.register_blueprint(pintu)
    if app.config["IS_LATIHAN"]:
        app.register_blueprint(ruang)
        app.before_request(_refuse_passwords)
        app.after_request(_tick)


def _context() -> dict[str, Any]:
    """Tell every page whether it is one of the sandbox, and how far the exercises are."""
    if not current_app.config["IS_LATIHAN"]:
        return {"latihan": None, "ada_latihan": bool(current_app.config["RUANG_LATIHAN"])}
    done = {tanda for tanda, *_ in TUGAS} & set(session.get("selesai", ()))
    return {"latihan": {"selesai": len(done), "jumlah": len(TUGAS)}, "ada_latihan": False}


# In the portal.


def _signer(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="pintu latihan")


@pintu.get("/")
def pilih() -> str:
    """Offer the peran to practise, the person's own ones first."""
    _, pelaku = session_and_pelaku()
    own = [j.peran for j in pelaku.jabatan]
    if not current_app.testing:
        current_app.extensions["latihan"].warm()
    rows = [
        {"kode": kode, "nama": gettext(nama), "sendiri": kode in own}
        for kode, nama in sorted(PERAN, key=lambda row: row[0] not in own)
    ]
    return render_template("latihan/pilih.html", peran=rows)


@pintu.post("/")
def antar() -> BaseResponse:
    """Hand the person over to the sandbox."""
    _, pelaku = session_and_pelaku()
    if request.form.get("peran") not in MEJA:
        abort(404)
    signer = _signer(latihan_config(current_app.config)["SECRET_KEY"])
    token = signer.dumps([request.form["peran"], pelaku.pengguna_id % 9])
    return redirect(f"{request.script_root}{LATIHAN}/masuk/?kunci={token}", 303)


# In the sandbox.


def portal_url(path: str) -> str:
    """Return the address of a page of the portal around this sandbox."""
    return request.script_root.removesuffix(LATIHAN) + path


def _refuse_passwords() -> BaseResponse | None:
    """Send whoever is not signed in to the portal: only from there one comes in."""
    if request.endpoint == "AuthDBView.login":
        return redirect(portal_url("/berlatih/"))
    if request.endpoint == "ResetMyPasswordView.this_form_get":
        return redirect(url_for("latihan.tugas"))
    return None


@ruang.get("/masuk/")
def masuk() -> BaseResponse:
    """Sign in whom the portal hands over."""
    try:
        peran, nomor = _signer(current_app.config["SECRET_KEY"]).loads(
            request.args.get("kunci", ""), max_age=DETIK
        )
    except BadSignature:
        return redirect(portal_url("/berlatih/"))
    session["nomor"] = nomor
    return _enter(peran)


def _enter(peran: str) -> BaseResponse:
    kept = {name: session[name] for name in ("nomor", "selesai", "locale") if name in session}
    session.clear()
    session.update(kept)
    sign_in(akun_latihan(MEJA[peran], kept["nomor"]))
    return redirect(url_for("latihan.tugas"))


def _require_login() -> BaseResponse | None:
    if request.endpoint != "latihan.masuk" and current_pelaku(db.session()) is None:
        return redirect(portal_url("/berlatih/"))
    return None


ruang.before_request(_require_login)


@ruang.get("/tugas/")
def tugas() -> str:
    """Show the exercises, what is done, and who one is at the moment."""
    _, pelaku = session_and_pelaku()
    done = session.get("selesai", ())
    names = dict(PERAN)
    rows = [
        {
            "judul": gettext(judul),
            "teks": gettext(teks),
            "peran": peran,
            "sebagai": gettext(names[peran]),
            "sudah": tanda in done,
            "kini": pelaku.has_peran(peran),
        }
        for tanda, peran, judul, teks in TUGAS
    ]
    peran_list = [
        {"kode": kode, "nama": gettext(nama), "kini": pelaku.has_peran(kode)}
        for kode, nama in PERAN
    ]
    return render_template("latihan/tugas.html", tugas=rows, peran=peran_list)


@ruang.post("/peran/")
def ganti() -> BaseResponse:
    """Go on as an officer of another peran."""
    if request.form.get("peran") not in MEJA or "nomor" not in session:
        abort(404)
    return _enter(request.form["peran"])


@ruang.post("/ulang/")
def ulang() -> BaseResponse:
    """Put everybody's sandbox back to its first state, and the own ticks too."""
    db.session.rollback()
    current_app.extensions["ulang_latihan"]()
    session.pop("selesai", None)
    flash(gettext(N_("Data latihan kembali ke keadaan awal.")), "success")
    return redirect(url_for("latihan.tugas"))


@ruang.post("/selesai/")
def selesai() -> BaseResponse:
    """Leave the sandbox; the portal is still open as it was."""
    session.clear()
    return redirect(portal_url("/"))


def _tick(response: Response) -> Response:
    """Tick the exercise that this request has done; only a success sends the browser on."""
    if request.method == "POST" and response.status_code in (302, 303):
        tanda = {
            "pengajuan.isi": "ajukan",
            "pengajuan.isi_luar": "ajukan",
            "perbaikan.perbaiki": "perbaiki",
            "tindakan.act": request.form.get("jenis", ""),
        }.get(request.endpoint or "")
        found = [tanda, "setujui"] if "langsung" in request.form else [tanda]
        known = {row[0] for row in TUGAS}
        session["selesai"] = sorted({*session.get("selesai", ()), *found} & known)
    return response
