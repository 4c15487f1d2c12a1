"""The pages about people and about acts, as officers use them, and as others are refused them."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.kunjungan import Kunjungan
from app.models.penduduk import Penduduk
from app.models.penugasan import Penugasan, Sifat
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.routing import JenisAksi
from tests.conftest import Portal
from tests.services.orang import appoint, vacate
from tests.walk import RANTAI, file_sktm, resident_of, take, unit
from tests.web.halaman import Halaman, open_page, send, sign_in

RT = "RT 001/RW 002 Pilang"
HASIL = "section[aria-label='Hasil persetujuan']"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def now() -> datetime:
    """Pages read the clock of the machine, so what they meet is filed by it too."""
    return datetime.now(UTC)


def berkas_at(portal: Portal, steps: int) -> int:
    """File an SKTM just now and let the first officers act; return its id."""
    with Session(portal.engine) as session:
        berkas_id = file_sktm(session, now=now())
        for username, jenis in RANTAI[:steps]:
            take(session, username, berkas_id, jenis, now())
    return berkas_id


def button(page: Halaman, jenis: str):  # type: ignore[no-untyped-def]
    """Return the form of an act on the page of a berkas, or None."""
    found = [f for f in page.forms() if f.fields.get("jenis") == jenis]
    return found[0] if found else None


def berkas_of(client: FlaskClient, receipt: Halaman) -> Halaman:
    """Go on from the receipt of a filing to the page of the berkas."""
    assert receipt.h1 == "Tanda Terima", receipt.main
    return open_page(client, next(u for u in receipt.links() if re.fullmatch(r"/berkas/\d+/", u)))


def test_who_acts_today_is_shown_for_the_own_area_only(app: Flask, session: Session) -> None:
    client = sign_in(app, "rt001rw002.pilang")
    page = open_page(client, "/petugas/hari-ini/")
    assert page.h1 == f"Siapa dapat bertindak di {RT} hari ini?"
    units = [h.get_text() for h in page.soup.select("main h2")]
    assert units == [RT, "RW 002 Pilang", "Kelurahan Pilang", "Kecamatan Kademangan"]
    # The SK of one's own post, not those of the posts above.
    assert len(re.findall(r"Nomor SK", page.main)) == 1
    for foreign in ("RT 002/RW 002 Pilang", "Kelurahan Pilang"):
        answer = client.get(f"/petugas/hari-ini/?wilayah={unit(session, foreign)}")
        assert answer.status_code == 404
    assert client.get("/petugas/hari-ini/?wilayah=99999999999999").status_code == 404


def test_another_moment_of_today_can_be_asked(app: Flask) -> None:
    client = sign_in(app, "lurah.pilang")
    assert "pukul 13.30 WIB" in open_page(client, "/petugas/hari-ini/?pukul=13:30").text
    page = open_page(client, "/petugas/hari-ini/?pukul=besok")
    assert page.errors() == {"pukul": "Tulis pukul sebagai jam dan menit, misalnya 13.30."}


def test_vacancies_are_for_superiors_and_the_admin(app: Flask, session: Session) -> None:
    vacate(session, "ketua_rt", "RT 003/RW 003 Pilang", now() - timedelta(days=1))
    for username in ("lurah.pilang", "rw003.pilang", "camat", "admin"):
        page = open_page(sign_in(app, username), "/petugas/jabatan-kosong/")
        assert "Ketua RT RT 003/RW 003 Pilang" in page.main
    ketapang = open_page(sign_in(app, "lurah.ketapang"), "/petugas/jabatan-kosong/")
    assert "Pilang" not in ketapang.main
    client = sign_in(app, "rt001rw002.pilang")
    assert client.get("/petugas/jabatan-kosong/").status_code == 403
    assert "/petugas/jabatan-kosong/" not in open_page(client, "/").text


def test_own_appointments_show_what_holds_and_what_is_over(app: Flask, session: Session) -> None:
    end = now() - timedelta(days=3)
    mulai = end - timedelta(days=5)
    appoint(
        session, "kasi.pem", "sekcam", "Kecamatan Kademangan", sifat="plh", mulai=mulai, sampai=end
    )
    page = open_page(sign_in(app, "kasi.pem"), "/petugas/penugasan/")
    sections = [h.get_text() for h in page.soup.select("main h2")]
    assert sections == ["Berlaku sekarang", "Sudah berakhir"]
    assert "Plh. Sekretaris Kecamatan Kademangan" in page.main
    assert "Nomor SK SK/UJI/2026/001" in page.main
    other = open_page(sign_in(app, "sekcam"), "/petugas/penugasan/")
    assert "Plh." not in other.main


def test_the_page_left_open_over_the_end_of_an_appointment_keeps_the_note(
    app: Flask, session: Session, portal: Portal
) -> None:
    sampai = now() + timedelta(days=1)
    appoint(
        session,
        "sekkel.pilang",
        "lurah",
        "Kelurahan Pilang",
        sifat="plh",
        sampai=sampai,
        mulai=now() - timedelta(days=1),
    )
    berkas_id = berkas_at(portal, 4)
    client = sign_in(app, "sekkel.pilang")
    page = open_page(client, f"/berkas/{berkas_id}/")
    assert "Anda bertindak sebagai Plh. Lurah Pilang." in page.main
    signing, returning = button(page, "tanda_tangani"), button(page, "kembalikan")
    end_acting(session)
    for form in (signing, returning):
        answer = send(client, form, catatan="Alamat sudah saya cek", alasan="tidak_lengkap")
        assert answer.status == 403
        assert "Anda tidak bertugas di meja tempat berkas ini berada." in answer.main
        (kept,) = answer.soup.select("#catatan-tertahan")
        assert kept.get_text().strip() == "Alamat sudah saya cek"
        assert button(answer, "tanda_tangani") is None
    with unscoped(session, "uji membaca riwayat"):
        jenis = session.scalars(select(Riwayat.jenis).where(Riwayat.berkas_id == berkas_id))
        assert "tanda_tangani" not in {str(j) for j in jenis}


def end_acting(session: Session) -> None:
    """Let every Plh. appointment end a second ago; commit."""
    with unscoped(session, "uji mengakhiri penugasan"):
        for row in session.scalars(select(Penugasan).where(Penugasan.sifat == Sifat.PLH)):
            row.waktu_sampai = min(row.waktu_sampai, now() - timedelta(seconds=1))
    session.commit()


def test_whoever_lost_sight_of_the_berkas_still_gets_the_note_back(
    app: Flask, session: Session, portal: Portal
) -> None:
    acting = {"sifat": "plh", "mulai": now() - timedelta(days=1)}
    appoint(session, "rw003.ketapang", "ketua_rt", RT, sampai=now() + timedelta(days=1), **acting)
    berkas_id = berkas_at(portal, 0)
    client = sign_in(app, "rw003.ketapang")
    form = button(open_page(client, f"/berkas/{berkas_id}/"), "kembalikan")
    end_acting(session)
    answer = send(client, form, catatan="Foto rumah buram", alasan="tidak_lengkap")
    assert answer.status == 404
    (kept,) = answer.soup.select("#catatan-tertahan")
    assert kept.get_text().strip() == "Foto rumah buram"
    assert "SKTM" not in answer.main


def test_a_stale_page_says_who_decided_and_keeps_the_note(app: Flask, portal: Portal) -> None:
    berkas_id = berkas_at(portal, 2)
    client = sign_in(app, "petugas.pilang")
    form = button(open_page(client, f"/berkas/{berkas_id}/"), "kembalikan")
    with Session(portal.engine) as session:
        take(session, "petugas.pilang", berkas_id, JenisAksi.TERUSKAN, now())
    answer = send(client, form, catatan="Kurang foto", alasan="tidak_lengkap")
    assert answer.status == 409
    assert "Tahap ini sudah diputuskan oleh" in answer.main
    assert "Kurang foto" in answer.main


def test_a_claim_is_secondary_seen_by_others_and_released_with_a_reason(
    app: Flask, session: Session, portal: Portal
) -> None:
    appoint(session, "kasi.pem.pilang", "petugas_kelurahan", "Kelurahan Pilang")
    berkas_id = berkas_at(portal, 2)
    url = f"/berkas/{berkas_id}/"
    first, second = sign_in(app, "petugas.pilang"), sign_in(app, "kasi.pem.pilang")
    page = open_page(first, url)
    primary = [b.get_text(strip=True) for b in page.soup.select(".tindak .btn-primary")]
    assert primary == ["Teruskan"]
    page = send(first, button(page, "ambil"))
    assert page.url == url
    assert re.search(r"Anda mengerjakan berkas ini sampai \d\d\.\d\d WIB\.", page.main)
    other = open_page(second, url)
    assert re.search(r"Sedang dikerjakan .+ sampai \d\d\.\d\d WIB\.", other.main)
    assert button(other, "teruskan") is None
    lurah = sign_in(app, "lurah.pilang")
    form = button(open_page(lurah, url), "lepas")
    refused = send(lurah, form, catatan="")
    assert (refused.status, button(refused, "lepas") is not None) == (400, True)
    send(lurah, form, catatan="Petugas pulang")
    assert button(open_page(second, url), "teruskan") is not None


def test_a_decision_is_undone_from_the_queue_within_a_minute(
    app: Flask, session: Session, portal: Portal
) -> None:
    berkas_id = berkas_at(portal, 1)
    client = sign_in(app, "rw002.pilang")
    page = send(client, button(open_page(client, f"/berkas/{berkas_id}/"), "setujui"))
    assert page.h1 == "Berkas Masuk"
    form = button(page, "urungkan")
    page = send(client, form)
    assert page.url == f"/berkas/{berkas_id}/"
    assert button(page, "setujui") is not None
    with unscoped(session, "uji membaca kunjungan"):
        statuses = session.scalars(
            select(Kunjungan.status).where(Kunjungan.berkas_id == berkas_id).order_by(Kunjungan.ke)
        ).all()
    assert [str(s) for s in statuses] == ["disetujui", "dibatalkan", "dibatalkan", "menunggu"]


def test_many_are_approved_from_the_queue_each_with_its_own_line(
    app: Flask, portal: Portal
) -> None:
    ids = [berkas_at(portal, 3) for _ in range(3)]
    signature = berkas_at(portal, 4)
    client = sign_in(app, "kasi.kesos.pilang")
    page = open_page(client, "/berkas/masuk/")
    boxes = [str(b["value"]) for b in page.soup.select("input[name=pilih]")]
    assert {f"{id_}-4" for id_ in ids} <= set(boxes)
    assert f"{signature}-5" not in boxes
    with Session(portal.engine) as session:
        take(session, "kasi.kesos.pilang", ids[0], JenisAksi.PARAF, now())
    form = next(f for f in page.forms() if f.url.endswith("/massal/"))
    chosen = [f"{id_}-4" for id_ in ids] + [f"{signature}-5", "99999-1", "abc"]
    answer = client.post(form.url, data={**form.fields, "pilih": chosen})
    shown = Halaman(form.url, answer)
    assert (shown.status, "Hasil: 2 dari 5 berhasil" in shown.main) == (200, True)
    marks = [b.get_text() for b in shown.soup.select(f"{HASIL} .lencana")]
    assert marks == ["Tidak berhasil", "Berhasil", "Berhasil", "Tidak berhasil", "Tidak berhasil"]
    assert "Tahap ini sudah diputuskan oleh" in shown.main
    assert "satu per satu" in shown.main
    assert "Berkas tidak ditemukan" in shown.main
    again = Halaman(form.url, client.post(form.url, data={**form.fields, "pilih": chosen}))
    assert "Hasil: 2 dari 5 berhasil" in again.main
    foreign = sign_in(app, "kasi.kesos.ketapang")
    token = open_page(foreign, "/berkas/baru/").soup.select_one("meta[name=csrf-token]")["content"]
    data = {"csrf_token": token, "pilih": [f"{ids[0]}-5"]}
    refused = Halaman(form.url, foreign.post(form.url, data=data))
    assert "Hasil: 0 dari 1 berhasil" in refused.main
    assert "SKTM" not in refused.soup.select_one(HASIL).text


def test_a_walk_in_is_filed_with_the_scan_of_the_letter(app: Flask, session: Session) -> None:
    penduduk_id, nik = resident_of(session, "RT 002/RW 002 Pilang")
    client = sign_in(app, "petugas.pilang")
    url = f"/berkas/baru/SKTM/{penduduk_id}/"
    page = open_page(client, url)
    assert "Dipenuhi persetujuan Ketua RW; warga tidak perlu membawa surat." in page.main
    form = page.form("untuk_nik")
    ticks = {b["name"]: "1" for b in page.soup.select("input[name^=syarat-]")}
    answers = {"untuk_nik": nik, "keperluan": "Berobat", "penghasilan": "Tidak ada"}
    data = {**form.fields, **ticks, **answers, "tanggungan": "2", "surat_pengantar": "1"}
    refused = Halaman(url, client.post(url, data=data))
    assert refused.status == 422
    assert "Belum dipenuhi: Surat pengantar RT/RW." in refused.main
    assert refused.soup.select_one("#surat_pengantar").has_attr("checked")
    (letter,) = [str(i["name"]) for i in page.soup.select("input[data-centang=surat_pengantar]")]
    data[letter] = (io.BytesIO(PDF), "pengantar.pdf")
    answer = client.post(url, data=data, follow_redirects=True)
    shown = berkas_of(client, Halaman(answer.request.path, answer))
    assert "Lampiran · " in shown.main
    first = shown.soup.select_one(".langkah li").get_text(" ", strip=True)
    assert "Dilewati: surat pengantar RT/RW" in first
    rt = open_page(sign_in(app, "rt002rw002.pilang"), url)
    assert rt.soup.select_one("#surat_pengantar") is None


def test_someone_outside_the_register_is_typed_in_and_never_drawn_bare(
    app: Flask, session: Session
) -> None:
    client = sign_in(app, "petugas.pilang")
    found = open_page(client, "/berkas/baru/SKTM/?cari=tidakadaorangnya")
    url = "/berkas/baru/SKTM/luar/"
    assert url in list(found.links())
    page = open_page(client, url)
    form = page.form("untuk_nik")
    origins = form.selects["pemohon_wilayah"]
    assert len(origins) == 10
    assert str(unit(session, "RT 001/RW 001 Ketapang")) not in origins
    refused = send(client, form)
    assert refused.status == 422
    assert {"pemohon_nama", "pemohon_alamat", "pemohon_wilayah"} <= set(refused.errors())
    ticks = {b["name"]: "1" for b in page.soup.select("input[name^=syarat-]")}
    identity = {
        "pemohon_nama": "Yohanes Bria",
        "pemohon_nik": "5304011203909981",
        "pemohon_jenis_kelamin": "l",
        "pemohon_tempat_lahir": "Atambua",
        "pemohon_tanggal_lahir": "1990-03-12",
        "pemohon_alamat": "Jalan Mangga 12",
        "pemohon_wilayah": str(unit(session, RT)),
    }
    answers = {"untuk_nik": "5304011203909981", "keperluan": "Berobat"}
    answers["penghasilan"] = "Tidak ada"
    receipt = send(client, form, **ticks, **identity, **answers, tanggungan="1")
    shown = berkas_of(client, receipt)
    assert "Yohanes Bria" in shown.main
    assert "5304****9981" in shown.main
    assert "5304011203909981" not in shown.text
    assert "Pemohon tidak ada di data penduduk" in shown.main


def test_a_refused_berkas_is_filed_anew_with_its_answers(
    app: Flask, session: Session, portal: Portal
) -> None:
    berkas_id = berkas_at(portal, 2)
    note = {"alasan": "tidak_memenuhi", "catatan": "Pemohon mampu"}
    with Session(portal.engine) as other:
        take(other, "petugas.pilang", berkas_id, JenisAksi.TOLAK, now(), **note)
    client = sign_in(app, "rt001rw002.pilang")
    page = open_page(client, f"/berkas/{berkas_id}/")
    (url,) = {link for link in page.links() if f"asal={berkas_id}" in link}
    page = open_page(client, url)
    form = page.form("untuk_nik")
    assert form.fields["keperluan"] == "Beasiswa sekolah"
    assert form.fields["untuk_nik"] == ""
    assert re.search(r"Tersimpan: \d{4}\*{4}\d{4}", page.main)
    ticks = {b["name"]: "1" for b in page.soup.select("input[name^=syarat-]")}
    shown = berkas_of(client, send(client, form, **ticks))
    with unscoped(session, "uji membaca berkas"):
        nomor = session.get_one(Berkas, berkas_id).nomor
        assert session.scalars(select(Berkas.id).where(Berkas.berkas_asal_id == berkas_id)).one()
    assert nomor in shown.main
    # Nobody else's berkas can be named, and the desks above file nothing.
    foreign = sign_in(app, "rt002rw002.pilang")
    assert foreign.get(url).status_code == 404
    assert f"asal={berkas_id}" not in open_page(sign_in(app, "camat"), f"/berkas/{berkas_id}/").text


def test_the_desk_sees_that_the_pemohon_died_meanwhile(
    app: Flask, session: Session, portal: Portal
) -> None:
    berkas_id = berkas_at(portal, 2)
    with unscoped(session, "uji mencatat kematian"):
        pemohon_id = session.get_one(Berkas, berkas_id).pemohon_id
        pemohon = session.get_one(Penduduk, pemohon_id)
        pemohon.status_dasar = "mati"
    session.commit()
    page = open_page(sign_in(app, "petugas.pilang"), f"/berkas/{berkas_id}/")
    assert "Pemohon tercatat meninggal dunia setelah berkas diajukan." in page.main
    assert button(page, "teruskan") is not None


@pytest.mark.parametrize("path", ["hari-ini", "jabatan-kosong", "penugasan"])
def test_a_visitor_is_sent_to_the_login(app: Flask, path: str) -> None:
    answer = app.test_client().get(f"/petugas/{path}/")
    assert answer.status_code == 302
    assert "/login/" in answer.location
