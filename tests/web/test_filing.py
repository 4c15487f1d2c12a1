"""Filing and correcting a berkas on its pages: documents, stored NIK, and notes with a NIK."""

import io
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.lampiran import Lampiran
from app.models.policy import unscoped
from app.routing import JenisAksi
from tests.walk import ISIAN, PENGAJU, file_sktm, resident_of, take
from tests.web.halaman import Halaman, open_page, send, sign_in, token_of

RT = "RT 001/RW 002 Pilang"
NIK = "3574010101900001"


@pytest.fixture(scope="module")
def ketua_rt(app: Flask) -> FlaskClient:
    return sign_in(app, PENGAJU)


@pytest.fixture
def penduduk(session: Session) -> tuple[int, str]:
    return resident_of(session, RT)


def post_file(
    client: FlaskClient, penduduk: tuple[int, str], file: tuple[io.BytesIO, str]
) -> Halaman:
    """File an SKTM with every persyaratan ticked, and ``file`` for the last of them."""
    url = f"/berkas/baru/SKTM/{penduduk[0]}/"
    page = open_page(client, url)
    form = page.form("kunci", "keperluan")
    names = [str(box["name"]) for box in page.soup.select("ul.syarat input[type=checkbox]")]
    upload = page.soup.select("ul.syarat input[type=file]")[-1]["name"]
    typed = {name: str(value) for name, value in ISIAN.items()}
    typed |= {**dict.fromkeys(names, "1"), "untuk_nik": penduduk[1]}
    data = {**form.fields, **typed, str(upload): file}
    response = client.post(url, data=data, follow_redirects=True)
    return Halaman(response.request.full_path.rstrip("?"), response)


def is_last_ticked(page: Halaman) -> bool:
    return page.soup.select("ul.syarat input[type=checkbox]")[-1].has_attr("checked")


def test_a_file_that_is_refused_leaves_its_persyaratan_open(
    ketua_rt: FlaskClient, penduduk: tuple[int, str]
) -> None:
    page = post_file(ketua_rt, penduduk, (io.BytesIO(b"<html><script>1</script>"), "foto.jpg"))
    assert page.status == 422
    assert "Hanya JPG, PNG, atau PDF yang diterima." in page.main
    assert not is_last_ticked(page)


def test_a_lampiran_comes_under_a_policy_that_runs_nothing(
    ketua_rt: FlaskClient, penduduk: tuple[int, str], session: Session
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (30, 20)).save(picture, "PNG")
    picture.seek(0)
    assert "sudah diajukan" in post_file(ketua_rt, penduduk, (picture, "foto.png")).main
    session.rollback()  # a new look: the app has written since
    with unscoped(session, "uji mencari lampiran"):
        id_ = session.scalar(select(Lampiran.id))
    answer = ketua_rt.get(f"/berkas/lampiran/{id_}/")
    assert answer.mimetype == "image/png"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.fixture
def returned(session: Session) -> int:
    """A berkas that the Ketua RW returned, with a NIK in the note."""
    berkas_id = file_sktm(session)
    take(session, PENGAJU, berkas_id, JenisAksi.SETUJUI)
    note = f"NIK {NIK} belum sesuai"
    facts = {"catatan": note, "alasan": "data_tidak_sesuai", "kunci": uuid4().hex}
    take(session, "rw002.pilang", berkas_id, JenisAksi.KEMBALIKAN, **facts)
    return berkas_id


@pytest.mark.parametrize("url", ["/berkas/{}/", "/data/riwayat/", "/data/riwayat/export/csv/"])
def test_a_nik_in_a_note_is_masked_wherever_the_note_is_read(
    app: Flask, returned: int, url: str
) -> None:
    text = sign_in(app, "lurah.pilang").get(url.format(returned)).get_data(as_text=True)
    assert "NIK 3574****0001 belum sesuai" in text
    assert NIK not in text


@pytest.mark.usefixtures("returned")
def test_the_api_masks_a_nik_in_a_note_too(app: Flask) -> None:
    token = token_of(app, "lurah.pilang")
    url = "/api/v1/riwayat/?q=(page_size:100)"
    text = app.test_client().get(url, headers=token).get_data(as_text=True)
    assert "NIK 3574****0001 belum sesuai" in text
    assert NIK not in text


def test_a_correction_shows_the_stored_nik_masked_and_keeps_it_when_left_empty(
    ketua_rt: FlaskClient, returned: int, session: Session, penduduk: tuple[int, str]
) -> None:
    page = open_page(ketua_rt, f"/berkas/{returned}/perbaiki/")
    assert penduduk[1] not in page.text
    assert f"Tersimpan: {penduduk[1][:4]}****{penduduk[1][-4:]}" in page.main
    form = page.form("kunci", "untuk_nik")
    assert form.fields["untuk_nik"] == ""

    wrong = send(ketua_rt, form, untuk_nik="123")
    assert "NIK harus 16 digit angka" in wrong.errors()["untuk_nik"]

    done = send(ketua_rt, form, keperluan="Beasiswa kuliah")
    assert "Perbaikan sudah dikirim." in done.main
    session.rollback()  # a new look: the app has written since
    with unscoped(session, "uji membaca isian"):
        answers = session.get_one(Berkas, returned).isian
    assert (answers["untuk_nik"], answers["keperluan"]) == (penduduk[1], "Beasiswa kuliah")
