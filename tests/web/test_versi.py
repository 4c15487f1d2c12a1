"""The pages of a version: what the admin sees and may do, and what nobody else may."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.layanan import Layanan
from app.models.tahapan import Tahapan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from tests.walk import file_sktm, walk
from tests.web.halaman import Formulir, Halaman, open_page, send, sign_in

KASI = "04_kasi_kelurahan"


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, "admin")


def version(session: Session, kode: str, status: StatusVersi) -> int:
    session.rollback()
    query = (
        select(VersiLayanan.id)
        .join(Layanan)
        .where(Layanan.kode == kode, VersiLayanan.status == status)
        .order_by(VersiLayanan.id.desc())
    )
    return session.scalars(query).first() or 0


def address(id_: int, act: str = "") -> str:
    return f"/layanan/versi/{id_}/{act}"


def form_to(page: Halaman, act: str) -> Formulir:
    """Return the one form of a page that sends this act."""
    (form,) = [f for f in page.forms() if f.url.endswith(f"/{act}/")]
    return form


def copy(admin: FlaskClient, session: Session, kode: str) -> Halaman:
    """Press "Salin jadi konsep" on the published version; return the page of the konsep."""
    page = open_page(admin, address(version(session, kode, StatusVersi.TERBIT)))
    return send(admin, form_to(page, "salin"))


def test_the_details_of_a_version_lead_to_its_examination(
    app: Flask, admin: FlaskClient, session: Session
) -> None:
    id_ = version(session, "SKTM", StatusVersi.TERBIT)
    details = f"/data/versi_layanan/details/?id={id_}"
    assert address(id_) in open_page(admin, details).links()
    others = open_page(sign_in(app, "camat"), details)
    assert others.status == 200
    assert not [url for url in others.links() if re.fullmatch(r"/layanan/versi/\d+/", url)]


def test_a_konsep_is_copied_changed_compared_and_published(
    admin: FlaskClient, session: Session
) -> None:
    page = copy(admin, session, "SKTM")
    assert page.h1 == "SKTM versi 2"
    assert "Tidak ada perbedaan." in page.main
    konsep = version(session, "SKTM", StatusVersi.KONSEP)
    step = session.scalars(
        select(Tahapan).where(Tahapan.versi_layanan_id == konsep, Tahapan.kode == KASI)
    ).one()
    edit = f"/data/tahapan/edit/?id={step.id}&url={address(konsep)}"
    page = send(admin, open_page(admin, edit).form("sla_menit"), sla_menit="3")
    assert page.url.startswith(address(konsep))
    assert "Tahapan 04_kasi_kelurahan: SOP 4 → 3 menit" in page.main
    assert "54 Macet 0" in page.main
    page = send(admin, form_to(page, "terbitkan"))
    assert "Versi sudah terbit" in page.main
    assert "Administrator Kecamatan Kademangan" in page.main
    assert version(session, "SKTM", StatusVersi.TERBIT) == konsep


def test_each_error_leads_to_the_row_that_is_wrong(admin: FlaskClient, session: Session) -> None:
    copy(admin, session, "SKTM")
    konsep = version(session, "SKTM", StatusVersi.KONSEP)
    edit = open_page(admin, f"/data/versi_layanan/edit/?id={konsep}")
    form = edit.form("format_nomor", "tahapan-3-syarat")
    changes = {"format_nomor": "{nomor:3}/{bulan}", "tahapan-3-syarat": '[["entah", "=", 1]]'}
    assert send(admin, form, **changes).status == 200
    page = open_page(admin, address(konsep))
    assert "Penanda {bulan} pada format nomor tidak dikenal." in page.main
    assert "Kolom entah pada syarat tidak dikenal." in page.main
    links = [url for url in page.links() if "/edit/?" in url]
    steps = [url for url in links if url.startswith("/data/tahapan/edit/")]
    assert len(steps) == 1
    assert KASI in open_page(admin, steps[0]).text
    assert not [f for f in page.forms() if f.url.endswith("/terbitkan/")]
    answer = admin.post(
        address(konsep, "terbitkan/"),
        data={**page.forms()[0].fields, "menggantikan": ""},
    )
    assert answer.status_code == 409


def test_publishing_what_gets_stuck_asks_for_a_reason_and_keeps_it(
    admin: FlaskClient, session: Session
) -> None:
    page = copy(admin, session, "SKD")
    assert "36 berkas: tidak ada pejabat yang dapat bertindak." in page.main
    form = form_to(page, "terbitkan")
    refused = send(admin, form, alasan="Segera")
    assert refused.status == 422
    assert "Sebagian berkas akan macet" in refused.main
    assert form_to(refused, "terbitkan").fields["alasan"] == "Segera"
    done = send(admin, form, alasan="Empat kelurahan menunggu pelantikan.")
    assert "Empat kelurahan menunggu pelantikan." in done.main


def test_the_second_admin_is_told_that_the_version_changed(
    app: Flask, admin: FlaskClient, session: Session
) -> None:
    page = copy(admin, session, "LEGAL")
    other = sign_in(app, "admin")
    mine = open_page(other, page.url)
    assert send(admin, form_to(page, "terbitkan")).status == 200
    late = send(other, form_to(mine, "terbitkan"))
    assert late.status == 409
    assert "sudah diterbitkan oleh" in late.main


def test_archiving_needs_a_tick(admin: FlaskClient, session: Session) -> None:
    id_ = version(session, "REKOM", StatusVersi.TERBIT)
    form = form_to(open_page(admin, address(id_)), "arsipkan")
    assert send(admin, form).status == 422
    assert version(session, "REKOM", StatusVersi.TERBIT) == id_
    assert "Layanan ini tidak menerima berkas baru." in send(admin, form, yakin="ya").main
    assert version(session, "REKOM", StatusVersi.TERBIT) == 0


def test_running_berkas_are_listed_before_they_are_moved(
    admin: FlaskClient, session: Session
) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, 2)
    page = copy(admin, session, "SKTM")
    send(admin, form_to(page, "terbitkan"))
    id_ = version(session, "SKTM", StatusVersi.TERBIT)
    listed = open_page(admin, address(id_, "pindah/"))
    assert f"/berkas/{berkas_id}/" in listed.links()
    form = form_to(listed, "pindah")
    assert send(admin, form).status == 422
    moved = send(admin, form, yakin="ya")
    assert re.search(r"\d+ berkas dipindahkan ke versi ini", moved.main)
    assert f"/berkas/{berkas_id}/" not in moved.links()
    assert "Pindah Versi" in open_page(admin, f"/berkas/{berkas_id}/").main


def test_a_version_is_downloaded_and_taken_in_again(admin: FlaskClient, session: Session) -> None:
    id_ = version(session, "UMUM", StatusVersi.TERBIT)
    answer = admin.get(address(id_, "unduh/"))
    assert answer.headers["Content-Disposition"] == "attachment; filename=UMUM-versi-1.yaml"
    text = answer.get_data(as_text=True)
    form = open_page(admin, "/layanan/impor/").form("isi")
    same = send(admin, form, isi=text, coba="1")
    assert "UMUM versi 1 sudah sama dengan berkas ini." in same.main
    changed = text.replace("menit: 7", "menit: 6")
    tried = send(admin, form, isi=changed, coba="1")
    assert "UMUM versi 2 akan dibuat sebagai konsep." in tried.main
    assert version(session, "UMUM", StatusVersi.KONSEP) == 0
    upload = (io.BytesIO(changed.encode()), "umum.yaml")
    done = admin.post(form.url, data={**form.fields, "berkas": upload}, follow_redirects=True)
    assert "SOP 7 → 6 menit" in Halaman(form.url, done).main
    assert version(session, "UMUM", StatusVersi.KONSEP) != 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Pilih berkas, atau tempel isinya di sini."),
        ("- kode: [", "Baris 1: Bukan YAML"),
        ("- kode: A\n  warna: b\n", "Baris 2: Kunci warna tidak dikenal."),
        ("\x00", "Baris 1: Bukan YAML"),
    ],
)
def test_a_wrong_file_comes_back_with_its_lines(admin: FlaskClient, text: str, told: str) -> None:
    form = open_page(admin, "/layanan/impor/").form("isi")
    page = send(admin, form, isi=text)
    assert page.status == 422
    assert told in page.main
    assert page.form("isi").fields["isi"].strip() == text.strip()


PATHS = ("", "pindah/", "unduh/")
POSTS = ("salin/", "terbitkan/", "arsipkan/", "pindah/")


@pytest.mark.parametrize("username", ["camat", "sekcam", "lurah.pilang", "auditor"])
def test_the_pages_are_closed_to_everybody_else(
    app: Flask, session: Session, username: str
) -> None:
    client = sign_in(app, username)
    id_ = version(session, "SKTM", StatusVersi.TERBIT)
    token = open_page(client, "/").soup.select_one("meta[name=csrf-token]")["content"]
    answers = [client.get(address(id_, path)) for path in PATHS]
    answers += [client.post(address(id_, p), data={"csrf_token": token}) for p in POSTS]
    answers += [client.get("/layanan/impor/")]
    answers += [client.post("/layanan/impor/", data={"csrf_token": token, "isi": "x"})]
    assert {answer.status_code for answer in answers} == {403}


def test_an_unknown_version_is_not_found(admin: FlaskClient) -> None:
    for path in PATHS:
        assert admin.get(address(999_999, path)).status_code == 404
        assert admin.get(address(10**12, path)).status_code == 404


def test_a_konsep_takes_no_berkas_from_elsewhere(admin: FlaskClient, session: Session) -> None:
    copy(admin, session, "SKU")
    id_ = version(session, "SKU", StatusVersi.KONSEP)
    assert admin.get(address(id_, "pindah/")).status_code == 409
