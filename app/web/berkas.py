"""Officers' pages of a berkas: the queue, the page of one berkas, its acts, its files."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from app.errors import TidakBerwenangError
from app.extensions import db
from app.generator.fields import mask_middle, mask_numbers, show, show_moment, show_number
from app.generator.isian import describe_isian
from app.models.kunjungan import StatusKunjungan
from app.models.pelaku import Pelaku
from app.models.policy import current_pelaku
from app.models.riwayat import Alasan, JenisRiwayat
from app.routing import JenisAksi
from app.services.antrean import BAGIAN, Halaman, count_antrean, list_antrean, load_halaman
from app.services.bawahan import list_bawahan
from app.services.berkas import available
from app.services.lampiran import open_store, read
from app.services.waktu import Waktu, load_waktu
from app.teks import N_
from app.web.antrean import PER_HALAMAN, below_row, page_of, queue_row
from app.web.bukti import letter_facts, warnings
from app.web.dokumen import requirements
from app.web.meja import acting_as, again_url, buttons, just_decided, keep, notices
from app.web.mengapa import explain
from app.web.petunjuk import guidance, preview_url
from app.web.waktu import clock_facts, step_texts, system_note, time_left, visit_text

pages = Blueprint("berkas_petugas", __name__, url_prefix="/berkas")


def now() -> datetime:
    """Return the moment of this request."""
    return datetime.now(UTC)


def session_and_pelaku() -> tuple[Session, Pelaku]:
    """Return the session and who works with it.

    Raises:
        TidakBerwenangError: nobody is signed in; `require_login` has sent them away before.
    """
    session = db.session()
    pelaku = current_pelaku(session)
    if pelaku is None:
        raise TidakBerwenangError(N_("Silakan masuk dahulu."))
    return session, pelaku


def require_login() -> BaseResponse | None:
    """Send a visitor to the login page, and back here after."""
    if current_pelaku(db.session()) is None:
        return redirect(
            url_for("AuthDBView.login", next=request.script_root + request.full_path.rstrip("?"))
        )
    return None


pages.before_request(require_login)


@pages.get("/masuk/")
def masuk() -> str:
    """Show my queue, least time left first, and what the ladder shows me of the desks below."""
    session, pelaku = session_and_pelaku()
    return draw_queue(session, pelaku)


def draw_queue(session: Session, pelaku: Pelaku, hasil: Sequence[dict[str, Any]] = ()) -> str:
    """Draw the queue; after several acts at once with the result of each."""
    moment = now()
    counts = count_antrean(session, pelaku, moment)
    hanya = request.args.get("hanya", "")
    bagian = BAGIAN.get(hanya)
    jumlah = counts[hanya if bagian else ""]
    mulai = min(max(request.args.get("mulai", 0, type=int), 0), jumlah // PER_HALAMAN * PER_HALAMAN)
    found = list_antrean(session, pelaku, moment, bagian=hanya, mulai=mulai, limit=PER_HALAMAN)
    rows = [queue_row(item, moment) for item in found]
    below = [below_row(item, moment) for item in list_bawahan(session, pelaku, moment)]
    return render_template(
        "berkas/masuk.html",
        antrean=rows,
        jumlah=jumlah,
        hanya=gettext(bagian.label) if bagian else "",
        pager=page_of(mulai, jumlah, len(rows), **({"hanya": hanya} if bagian else {})),
        bawahan=below,
        massal=any(row["massal"] for row in rows),
        hasil=hasil,
        urungkan=just_decided(session, pelaku, moment),
        kunci=uuid4().hex,
    )


@pages.get("/<int:id>/")
def rincian(id: int) -> str:
    """Show one berkas, with just the acts this person may take."""
    session, pelaku = session_and_pelaku()
    return draw_page(session, pelaku, id, buka=request.args.get("buka", ""))


def draw_page(
    session: Session,
    pelaku: Pelaku,
    berkas_id: int,
    *,
    galat: str = "",
    jenis: str = "",
    catatan: str = "",
    fakta: Sequence[dict[str, str]] = (),
    buka: str = "",
) -> str:
    """Draw the page; after a refused act with its message and the note that was typed.

    ``fakta`` says who was first and when (ROUTING §3 case 2); ``buka`` is the act whose form
    stands open.
    """
    moment = now()
    meja = available(session, pelaku, moment, berkas_id)
    halaman = load_halaman(session, berkas_id)
    waktu = load_waktu(session, halaman.berkas, halaman.riwayat, moment)
    left, is_late = time_left(halaman, waktu, moment)
    mengapa = explain(session, halaman, moment)
    tindakan = buttons(pelaku, meja)
    is_kept = keep(tindakan, jenis, galat, catatan)
    return render_template(
        "berkas/rincian.html",
        berkas=[*_facts(halaman), *letter_facts(session, berkas_id), *mengapa.fakta],
        mengapa=mengapa,
        peringatan=warnings(halaman),
        layanan=halaman.layanan,
        nomor=halaman.berkas.nomor,
        sisa_menit=left,
        terlambat=is_late,
        waktu=clock_facts(halaman, waktu),
        status=halaman.berkas.status,
        isian=_answers(halaman),
        persyaratan=requirements(session, halaman),
        lampiran=[_file(row) for row in halaman.lampiran],
        petunjuk=guidance(halaman),
        riwayat=_timeline(halaman, waktu),
        tahapan=_progress(halaman, waktu),
        tindakan=tindakan,
        sebagai=acting_as(meja),
        catatan_meja=notices(session, pelaku, meja, halaman.berkas, moment),
        buka=buka,
        galat=galat,
        fakta_galat=fakta,
        catatan_tertahan="" if is_kept else catatan,
        alasan=[(a.value, gettext(a.label)) for a in Alasan],
        tindak_url=url_for("tindakan.act", berkas_id=berkas_id),
        perbaiki_url=url_for("perbaikan.perbaiki", berkas_id=berkas_id)
        if JenisAksi.AJUKAN in meja.tindakan
        else None,
        baru_url=again_url(session, pelaku, halaman.berkas),
        ke=meja.ke,
        kunci=uuid4().hex,
    )


def _facts(halaman: Halaman) -> list[dict[str, Any]]:
    berkas, pemohon = halaman.berkas, halaman.berkas.data_pemohon
    facts = {
        N_("Layanan"): halaman.layanan,
        N_("Pemohon"): berkas.nama_pemohon,
        N_("NIK"): mask_middle(str(pemohon["nik"])) if pemohon.get("nik") else "",
        N_("Dokumen identitas"): pemohon.get("dokumen"),
        N_("Alamat"): pemohon.get("alamat"),
        N_("Wilayah asal"): pemohon.get("wilayah") or halaman.wilayah,
        N_("Berkas asal"): halaman.asal,
        N_("Diajukan"): show_moment(berkas.waktu_diajukan) if berkas.waktu_diajukan else "",
        N_("Selesai"): show_moment(berkas.waktu_selesai) if berkas.waktu_selesai else "",
        N_("Biaya"): gettext(N_("Tidak Dipungut Biaya")),
    }
    return [{"label": gettext(label), "value": value} for label, value in facts.items() if value]


def _answers(halaman: Halaman) -> list[dict[str, Any]]:
    specs = describe_isian(halaman.isian, "Wilayah")
    answers = halaman.berkas.isian
    return [{"label": s.label, "value": _answer(s, answers.get(s.name))} for s in specs]


def _answer(spec: Any, value: Any) -> str:
    if value in (None, ""):
        return "–"
    if spec.kind in ("tanggal", "jam"):
        parts = str(value).split("-")
        return "-".join(reversed(parts)) if spec.kind == "tanggal" else str(value).replace(":", ".")
    if spec.kind == "teks_panjang":
        return mask_numbers(str(value))  # A list of residents (tipe tabel_nik) is such a text too.
    return show(spec, value)


def _file(row: Any) -> dict[str, Any]:
    size = gettext(N_("%(n)s KB")) % {"n": show_number(max(1, row.ukuran_bytes // 1024))}
    return {
        "nama": row.nama,
        "ukuran_text": size,
        "url": url_for("berkas_petugas.lampiran", lampiran_id=row.id),
        "cuplikan": preview_url(row),
    }


def _timeline(halaman: Halaman, waktu: Waktu) -> list[dict[str, Any]]:
    steps = {visit.ke: (visit, nama) for visit, nama in halaman.kunjungan}
    sla = {step.id: step.sla_menit for step, _ in halaman.tahapan}
    items = []
    for row in halaman.riwayat:
        visit, nama = steps.get(row.kunjungan_ke or 0, (None, ""))
        title = gettext(JenisRiwayat(row.jenis).label)
        items.append(
            {
                "nomor": row.nomor,
                "jenis": str(row.jenis),
                "judul": title,
                "tahapan": nama,
                "nama": row.nama,
                "jabatan": row.jabatan,
                "waktu": show_moment(row.waktu),
                "alasan": gettext(Alasan(row.alasan_kode).label) if row.alasan_kode else "",
                "catatan": mask_numbers(row.catatan or "") or system_note(row),
                "menit_text": visit_text(visit, waktu, sla),
            }
        )
    return items


def _progress(halaman: Halaman, waktu: Waktu) -> list[dict[str, Any]]:
    minutes = step_texts(halaman, waktu)
    return [
        {
            "kode": step.kode,
            "nama": step.nama,
            "status": status or "belum",
            "status_text": gettext(StatusKunjungan(status).label)
            if status
            else gettext(N_("Belum")),
            "menit": step.sla_menit,
            "menit_text": minutes.get(step.id, ""),
        }
        for step, status in halaman.tahapan
    ]


@pages.get("/lampiran/<int:lampiran_id>/")
def lampiran(lampiran_id: int) -> Response:
    """Send a file as an attachment, never shown inside a page."""
    session, _ = session_and_pelaku()
    row, isi = read(session, open_store(current_app.config["BANGKIT_PENYIMPANAN"]), lampiran_id)
    response = Response(isi, mimetype=row.mime)
    response.headers.set("Content-Disposition", "attachment", filename=row.nama)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
