"""An officer's day: Beranda by peran, one touch on a row of the queue, help beside the form."""

import io
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.kunjungan import TERBUKA, Kunjungan
from app.models.layanan import Layanan
from app.models.penugasan import Penugasan
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.models.tahapan import Tahapan
from app.routing import JenisAksi
from app.services.lampiran import Unggahan, attach, open_store, store
from tests.conftest import Portal
from tests.walk import PENGAJU, RANTAI, file_sktm, take
from tests.web.halaman import Halaman, open_page, send, sign_in


def picture(width: int = 900, height: int = 1400, format_: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((width, height)).save(out, format_)
    return out.getvalue()


def add_file(app: Flask, session: Session, berkas_id: int, nama: str, isi: bytes) -> int:
    """Attach a file to a berkas; return the id of its row."""
    kept = store(open_store(app.config["BANGKIT_PENYIMPANAN"]), Unggahan(nama, isi), 10**7)
    with unscoped(session, "uji melampirkan"):
        row = attach(session, session.get_one(Berkas, berkas_id), kept)
        session.commit()
        return row.id


def walk_now(session: Session, berkas_id: int, stop: int, moment: datetime) -> None:
    """Let the first ``stop`` officers of the chain act at ``moment``."""
    for username, act in RANTAI[:stop]:
        take(session, username, berkas_id, act, now=moment)


@pytest.fixture(scope="module")
def berkas(app: Flask, portal: Portal) -> dict[str, int]:
    """Ids of berkas at the desks of RT, RW, lurah, and of one that was finished; filed just now."""
    moment = datetime.now(UTC)
    found = {}
    with Session(portal.engine) as session:
        for desk, stop in (("rt", 0), ("rw", 1), ("lurah", 4), ("selesai", 9)):
            found[desk] = file_sktm(session, now=moment)
            walk_now(session, found[desk], stop, moment)
    return found


def boxes(page: Halaman) -> dict[str, str]:
    """Text of each box of Beranda → where it leads."""
    found = page.soup.select("a.kotak")
    return {box.get_text(" ", strip=True): str(box["href"]) for box in found}


def events(session: Session, berkas_id: int) -> int:
    with unscoped(session, "uji menghitung riwayat"):
        query = select(func.count(Riwayat.id)).where(Riwayat.berkas_id == berkas_id)
        return session.scalar(query) or 0


def test_an_rt_head_sees_two_big_buttons_and_what_he_filed(
    app: Flask, berkas: dict[str, int]
) -> None:
    page = open_page(sign_in(app, PENGAJU), "/")
    big = [box.get_text(" ", strip=True) for box in page.soup.select("a.kotak.besar")]
    assert big == ["Berkas Baru", "1 Berkas Masuk"]
    own = page.soup.select_one("section[aria-label='Berkas yang saya ajukan']")
    assert len(own.select("li")) == 4
    assert "Selesai" in own.get_text(" ", strip=True)
    assert "Sedang berjalan" not in page.main


def test_a_lurah_sees_what_to_sign_and_the_numbers_of_the_day(
    app: Flask, berkas: dict[str, int]
) -> None:
    client = sign_in(app, "lurah.pilang")
    page = open_page(client, "/")
    facts = page.soup.select_one("section[aria-label='Hari ini']").get_text(" ", strip=True)
    assert re.search(r"Masuk hari ini 4 Selesai hari ini 1 Rata-rata .* SOP 35 menit", facts)
    part = open_page(client, boxes(page)["1 Perlu tanda tangan"])
    assert [a["href"] for a in part.soup.select("a.baris")] == [f"/berkas/{berkas['lurah']}/"]
    assert "Tampilkan semua" in part.main
    other = open_page(sign_in(app, "lurah.ketapang"), "/")
    assert "Masuk hari ini 0 Selesai hari ini 0" in other.main
    assert "Hari ini" not in open_page(sign_in(app, "petugas.pilang"), "/").main


def test_an_admin_reads_what_is_set_up_and_what_is_out_of_order(
    app: Flask, session: Session
) -> None:
    client = sign_in(app, "admin")
    session.add(Layanan(kode="UJI", nama="Layanan uji"))
    with unscoped(session, "uji menambah layanan"):
        session.commit()
    page = open_page(client, "/")
    steps = page.soup.select("section[aria-label=Persiapan] li")
    names = [step.select_one(".nama").get_text(strip=True) for step in steps]
    assert names == ["Wilayah sampai RT", "Jam layanan", "Layanan terbit", "Penugasan terisi"]
    assert all("Sudah" in step.get_text() for step in steps[:3])
    for step in steps:
        assert open_page(client, step.a["href"]).status == 200
    wrong = page.soup.select_one("section[aria-label='Perlu dibereskan']")
    assert "Layanan uji belum punya versi terbit" in wrong.get_text(" ", strip=True)
    assert "Persiapan" not in open_page(sign_in(app, "camat"), "/").main


def test_one_touch_finishes_the_step_and_sent_twice_is_once(
    app: Flask, session: Session, portal: Portal
) -> None:
    berkas_id = file_sktm(session, now=datetime.now(UTC))
    client = sign_in(app, PENGAJU)
    page = open_page(client, "/berkas/masuk/")
    button = page.soup.select_one(f"button[form=cepat-{berkas_id}]")
    assert button.get_text(strip=True) == "Setujui"
    (form,) = [f for f in page.forms() if f.url == f"/berkas/{berkas_id}/tindak/"]
    before = events(session, berkas_id)
    assert "Setujui sudah dicatat" in send(client, form).main
    session.rollback()
    after = events(session, berkas_id)
    assert after > before
    again = send(client, form)
    assert again.status == 200
    session.rollback()
    assert events(session, berkas_id) == after
    stale = send(client, form, kunci=uuid4().hex)
    assert stale.status == 409
    session.rollback()
    assert events(session, berkas_id) == after


def test_a_foreign_officer_cannot_use_the_button_of_a_row(
    app: Flask, session: Session, berkas: dict[str, int]
) -> None:
    form = next(
        f
        for f in open_page(sign_in(app, "rw002.pilang"), "/berkas/masuk/").forms()
        if f.url == f"/berkas/{berkas['rw']}/tindak/"
    )
    for foreign in ("rw001.ketapang", "lurah.ketapang"):
        client = sign_in(app, foreign)
        page = open_page(client, "/berkas/masuk/")
        assert f"/berkas/{berkas['rw']}/" not in page.text
        token = page.soup.select_one("input[name=csrf_token]")["value"]
        before = events(session, berkas["rw"])
        assert send(client, form, csrf_token=str(token)).status == 404
        assert events(session, berkas["rw"]) == before


def test_a_signature_and_a_claimed_berkas_have_no_button_on_their_row(
    app: Flask, session: Session, berkas: dict[str, int]
) -> None:
    signing = open_page(sign_in(app, "lurah.pilang"), "/berkas/masuk/")
    assert f"/berkas/{berkas['lurah']}/" in signing.text
    assert not signing.soup.select("button[form^=cepat-]")
    moment = datetime.now(UTC) - timedelta(seconds=5)
    berkas_id = file_sktm(session, now=moment)
    walk_now(session, berkas_id, 2, moment)
    client = sign_in(app, "petugas.pilang")
    button = f"button[form=cepat-{berkas_id}]"
    assert open_page(client, "/berkas/masuk/").soup.select(button)
    take(session, "petugas.pilang", berkas_id, JenisAksi.AMBIL, now=moment)
    assert open_page(client, "/berkas/masuk/").soup.select(button), "the own claim is no bar"
    with unscoped(session, "uji mengganti pemegang klaim"):
        visit = session.scalars(
            select(Kunjungan).where(Kunjungan.berkas_id == berkas_id, Kunjungan.status.in_(TERBUKA))
        ).one()
        visit.diambil_oleh_id = session.scalar(
            select(Penugasan.id).where(Penugasan.pengguna.has(username="kasi.pem.pilang"))
        )
        session.commit()
    page = open_page(client, "/berkas/masuk/")
    assert f"/berkas/{berkas_id}/" in page.text
    assert not page.soup.select(button)


def test_kembalikan_of_a_row_opens_the_form_on_the_page(app: Flask, berkas: dict[str, int]) -> None:
    client = sign_in(app, "rw002.pilang")
    row = open_page(client, "/berkas/masuk/").soup.select_one(f"a[href*='/{berkas['rw']}/?buka=']")
    page = open_page(client, str(row["href"]).split("#")[0])
    opened = page.soup.select_one("details.tombol[open]")
    assert opened.summary.get_text(strip=True).startswith("Kembalikan")
    assert page.soup.select_one("#tindakan details.tombol[open] textarea[required]")


def test_the_sop_of_the_step_stands_beside_its_form(
    app: Flask, session: Session, berkas: dict[str, int]
) -> None:
    client = sign_in(app, "rw002.pilang")
    card = open_page(client, f"/berkas/{berkas['rw']}/").soup.select_one(
        "section[aria-label='Petunjuk tahap ini']"
    )
    with unscoped(session, "uji membaca tahapan"):
        versi = session.get_one(Berkas, berkas["rw"]).versi_layanan_id
        nama = session.scalar(
            select(Tahapan.nama).where(Tahapan.versi_layanan_id == versi, Tahapan.urutan == 2)
        )
    assert nama in card.get_text(" ", strip=True)
    assert open_page(client, card.a["href"]).url == f"/layanan/versi/{versi}/sop"
    done = open_page(sign_in(app, PENGAJU), f"/berkas/{berkas['selesai']}/")
    assert "Petunjuk tahap ini" not in done.main


def test_a_picture_is_shown_small_and_drawn_anew_and_a_pdf_only_as_a_link(
    app: Flask, session: Session, berkas: dict[str, int]
) -> None:
    foto = add_file(app, session, berkas["rt"], "rumah.png", picture(format_="PNG"))
    pdf = add_file(app, session, berkas["rt"], "surat.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")
    client = sign_in(app, PENGAJU)
    page = open_page(client, f"/berkas/{berkas['rt']}/")
    (image,) = page.soup.select(".cuplikan img")
    assert image["src"] == f"/berkas/lampiran/{foto}/cuplikan/"
    assert image["alt"] == "rumah.png"
    assert f"/berkas/lampiran/{pdf}/" in page.text
    answer = client.get(image["src"])
    assert answer.mimetype == "image/jpeg"
    # It may come after the next page, whose cookie holds the message of an act.
    assert "Set-Cookie" not in answer.headers
    with Image.open(io.BytesIO(answer.data)) as small:
        assert (small.format, max(small.size), min(small.size)) == ("JPEG", 720, 463)
        assert not small.getexif()
    assert client.get(f"/berkas/lampiran/{pdf}/cuplikan/").status_code == 404
    whole = client.get(f"/berkas/lampiran/{foto}/")
    assert whole.headers["Content-Disposition"].startswith("attachment")


def test_a_foreign_officer_sees_no_small_picture(
    app: Flask, session: Session, berkas: dict[str, int]
) -> None:
    foto = add_file(app, session, berkas["rw"], "rumah.jpg", picture())
    url = f"/berkas/lampiran/{foto}/cuplikan/"
    for own in ("rw002.pilang", "camat", "auditor"):
        assert sign_in(app, own).get(url).status_code == 200, own
    for foreign in ("rt002rw002.pilang", "rw001.ketapang", "lurah.ketapang"):
        assert sign_in(app, foreign).get(url).status_code == 404, foreign
        assert (
            sign_in(app, foreign).get("/berkas/lampiran/99999999999/cuplikan/").status_code == 404
        )
