"""The receipt, the number on the page, a refused act with one's own words, a broken journal."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan
from app.models.peran import Peran
from app.models.policy import unscoped
from app.routing import LAMA_KLAIM, JenisAksi
from app.services.kode_lacak import hmac_of
from app.services.nomor import WIB
from tests.models_berkas.contoh import run_triggers
from tests.walk import ISIAN, PENGAJU, SENIN, file_sktm, resident_of, take, unit, walk
from tests.web.halaman import Halaman, open_page, send, sign_in

RT = "RT 001/RW 002 Pilang"
KODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6}\b")


@pytest.fixture(scope="module")
def rt(app: Flask) -> FlaskClient:
    return sign_in(app, PENGAJU)


def file_by_form(session: Session, rt: FlaskClient, **changes: str) -> tuple[Halaman, dict]:
    """File an SKTM through its form, all persyaratan ticked; return the page and what was sent."""
    penduduk_id, nik = resident_of(session, RT)
    session.rollback()
    page = open_page(rt, f"/berkas/baru/SKTM/{penduduk_id}/")
    form = page.form("keperluan", "kunci")
    ticks = {str(box["name"]): "1" for box in page.soup.select("ul.syarat input[type=checkbox]")}
    answers = {**{k: str(v) for k, v in ISIAN.items()}, "untuk_nik": nik}
    sent = {**ticks, **answers, **changes}
    return send(rt, form, **sent), {"form": form, "sent": sent}


def stored(session: Session, nomor: str) -> Berkas:
    with unscoped(session, "uji membaca berkas"):
        return session.scalars(select(Berkas).where(Berkas.nomor == nomor)).one()


def test_the_receipt_shows_all_the_pemohon_needs(
    app: Flask, session: Session, rt: FlaskClient
) -> None:
    page, _ = file_by_form(session, rt)
    assert page.h1 == "Tanda Terima"
    (nomor,) = set(re.findall(r"SKTM-\d{4}-\d{6}", page.main))
    (kode,) = set(KODE.findall(page.main))
    for words in ("Tidak Dipungut Biaya", "Surat Keterangan Tidak Mampu", "WIB", "Ketua RT 001"):
        assert words in page.main
    assert page.soup.select_one("[data-cetak]")
    berkas = stored(session, nomor)
    assert berkas.kode_lacak_hmac == hmac_of(kode, app.config["SECRET_KEY"])
    assert page.url == f"/berkas/{berkas.id}/tanda-terima/"
    assert re.search(r"Perkiraan selesai \w+ \d\d-\d\d-\d{4} pukul \d\d\.\d\d WIB", page.main)


def test_the_kode_lacak_is_shown_once(session: Session, rt: FlaskClient) -> None:
    page, _ = file_by_form(session, rt)
    (kode,) = set(KODE.findall(page.main))
    again = open_page(rt, page.url)
    assert again.h1 == "Tanda Terima"
    assert not KODE.findall(again.main)
    assert "hanya tampil sekali" in again.main
    berkas = open_page(rt, page.url.removesuffix("tanda-terima/"))
    assert kode not in berkas.text


def test_the_receipt_says_where_its_code_opens_the_berkas(
    app: Flask, session: Session, rt: FlaskClient
) -> None:
    page, _ = file_by_form(session, rt)
    assert "http://localhost/lacak/" in page.main
    (kode,) = set(KODE.findall(page.main))
    visitor = app.test_client()
    tracked = send(visitor, open_page(visitor, "/lacak/").form("kode"), kode=kode)
    assert tracked.h1 == "Surat Keterangan Tidak Mampu"
    assert "Ketua RT 001/RW 002 Pilang" in tracked.main


def test_a_form_sent_twice_shows_no_code_that_would_not_work(
    session: Session, rt: FlaskClient
) -> None:
    page, again = file_by_form(session, rt)
    second = send(rt, again["form"], **again["sent"])
    assert second.url == page.url
    assert not KODE.findall(second.main)


def test_each_berkas_has_a_code_of_its_own(session: Session, rt: FlaskClient) -> None:
    pages = [file_by_form(session, rt)[0] for _ in range(2)]
    assert len({KODE.findall(page.main)[0] for page in pages}) == 2


def test_the_receipt_of_another_rt_is_not_found(app: Flask, session: Session) -> None:
    berkas_id = file_sktm(session)
    other = sign_in(app, "rt002rw002.pilang")
    assert open_page(other, f"/berkas/{berkas_id}/tanda-terima/").status == 404
    assert open_page(other, "/berkas/99999999999999999999/tanda-terima/").status == 404


def post_act(client: FlaskClient, berkas_id: int, page: Halaman, **fields: str) -> Halaman:
    sent = {"kunci": uuid4().hex, **fields}
    token = page.soup.select_one("meta[name=csrf-token]")["content"]
    url = f"/berkas/{berkas_id}/tindak/"
    return Halaman(url, client.post(url, data={"csrf_token": token, **sent}))


def test_a_latecomer_is_told_who_did_what_and_when_and_keeps_the_own_words(
    app: Flask, session: Session, rt: FlaskClient
) -> None:
    berkas_id = file_sktm(session)
    page = open_page(rt, f"/berkas/{berkas_id}/")
    first = take(session, PENGAJU, berkas_id, JenisAksi.SETUJUI)
    words = 'Alamat <b>di KK</b> beda dengan "domisili"'
    facts = {"alasan": "lainnya", "catatan": words}
    late = post_act(rt, berkas_id, page, ke="1", jenis="kembalikan", **facts)
    assert late.status == 409
    assert f"sudah diputuskan oleh {first.nama} (Ketua RT 001/RW 002 Pilang)" in late.main
    rows = {d.dt.get_text(): d.dd.get_text() for d in late.soup.select("dl.fakta > div")}
    assert (
        rows.items()
        >= {
            "Tindakan": "Setujui",
            "Oleh": first.nama,
            "Jabatan": "Ketua RT 001/RW 002 Pilang",
            "Waktu": "23-11-2026 09.00 WIB",
        }.items()
    )
    assert words in [t.get_text().strip() for t in late.soup.select("textarea")]
    assert open_page(rt, f"/berkas/{berkas_id}/").status == 200


def test_after_the_end_the_page_tells_who_ended_it(session: Session, rt: FlaskClient) -> None:
    berkas_id = file_sktm(session)
    page = open_page(rt, f"/berkas/{berkas_id}/")
    facts = {"alasan": "tidak_memenuhi", "catatan": "Mampu"}
    ended = take(session, PENGAJU, berkas_id, JenisAksi.TOLAK, **facts)
    late = post_act(rt, berkas_id, page, ke="1", jenis="setujui")
    assert late.status == 409
    assert "Berkas ini sudah ditutup." in late.main
    rows = {d.dt.get_text(): d.dd.get_text() for d in late.soup.select("dl.fakta > div")}
    assert (rows["Tindakan"], rows["Oleh"]) == ("Tolak", ended.nama)
    assert not late.soup.select("textarea")


def test_a_claimed_berkas_says_by_whom_and_until_when(app: Flask, session: Session) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, 2)
    appoint_colleague(session, "kasi.pem.pilang")
    now = datetime.now(UTC)
    claimed = take(session, "petugas.pilang", berkas_id, JenisAksi.AMBIL, now)
    until = (now + LAMA_KLAIM).astimezone(WIB).strftime("%H.%M")
    other = sign_in(app, "kasi.pem.pilang")
    page = open_page(other, "/")
    late = post_act(other, berkas_id, page, ke="3", jenis="teruskan", catatan="Sudah lengkap")
    assert late.status == 409
    assert f"Sedang dikerjakan {claimed.nama} sampai pukul {until} WIB." in late.main
    assert late.soup.select_one("textarea").get_text().strip() == "Sudah lengkap"


def appoint_colleague(session: Session, username: str) -> None:
    """Give this account a second post: petugas of Kelurahan Pilang."""
    with unscoped(session, "uji menambah petugas"):
        ids = (
            session.scalar(select(Pengguna.id).where(Pengguna.username == username)),
            session.scalar(select(Peran.id).where(Peran.kode == "petugas_kelurahan")),
        )
        session.add(
            Penugasan(
                pengguna_id=ids[0],
                peran_id=ids[1],
                wilayah_id=unit(session, "Kelurahan Pilang"),
                waktu_mulai=SENIN,
            )
        )
    session.commit()


def test_programs_get_the_same_refusal_as_json(session: Session, rt: FlaskClient) -> None:
    berkas_id = file_sktm(session)
    page = open_page(rt, f"/berkas/{berkas_id}/")
    take(session, PENGAJU, berkas_id, JenisAksi.SETUJUI)
    token = page.soup.select_one("meta[name=csrf-token]")["content"]
    body = {"csrf_token": token, "ke": "1", "jenis": "setujui", "kunci": uuid4().hex}
    headers = {"Accept": "application/json"}
    answer = rt.post(f"/berkas/{berkas_id}/tindak/", data=body, headers=headers)
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "data_berubah"
    assert set(answer.get_json()) == {"message", "code"}


def test_a_correction_sent_too_late_keeps_what_was_typed(session: Session, rt: FlaskClient) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, 2)
    facts = {"alasan": "tidak_lengkap", "catatan": "Foto buram"}
    take(session, "petugas.pilang", berkas_id, JenisAksi.KEMBALIKAN, **facts)
    form = open_page(rt, f"/berkas/{berkas_id}/perbaiki/").form("keperluan", "kunci")
    assert send(rt, form, keperluan="Yang pertama").url == f"/berkas/{berkas_id}/"
    late = send(rt, form, keperluan="Yang terlambat", kunci=uuid4().hex)
    assert late.status == 422
    assert late.form("keperluan").fields["keperluan"] == "Yang terlambat"
    assert "sudah diputuskan oleh" in late.main
    with unscoped(session, "uji membaca isian"):
        assert session.get_one(Berkas, berkas_id).isian["keperluan"] == "Yang pertama"


def test_the_page_shows_the_number_of_the_letter(session: Session, rt: FlaskClient) -> None:
    berkas_id = file_sktm(session)
    assert "Nomor surat" not in open_page(rt, f"/berkas/{berkas_id}/").main
    walk(session, berkas_id, 0, 5)
    page = open_page(rt, f"/berkas/{berkas_id}/")
    assert re.search(r"Nomor surat 400\.9\.14\.1/\d{3}/", page.main)


def test_a_broken_journal_is_said_on_the_page_and_can_still_be_exported(
    app: Flask, session: Session
) -> None:
    berkas_id = file_sktm(session)
    lurah = sign_in(app, "lurah.pilang")
    whole = open_page(lurah, f"/berkas/{berkas_id}/")
    assert "putus" not in whole.main
    run_triggers(session.connection(), "drop_statements")
    session.execute(text("UPDATE riwayat SET nama = 'X' WHERE berkas_id = :i"), {"i": berkas_id})
    run_triggers(session.connection(), "trigger_statements")
    session.commit()
    broken = open_page(lurah, f"/berkas/{berkas_id}/")
    assert broken.status == 200
    assert "Rantai sidik riwayat berkas ini putus pada urutan 1" in broken.main
    for resource in ("berkas", "riwayat"):
        export = lurah.get(f"/data/{resource}/export/csv/")
        assert export.status_code == 200
        assert b"SKTM-" in export.get_data()
