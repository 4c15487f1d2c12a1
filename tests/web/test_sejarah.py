"""The history of a row, going back, Sampah and "Urungkan": who gets there, and what happens."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.engine import writing
from app.models.keluarga import Keluarga
from app.models.layanan import Layanan
from app.models.penduduk import Penduduk
from app.models.perubahan import Perubahan, TindakanPerubahan, record_many
from app.models.policy import unscoped
from app.models.sampah import Sampah
from app.models.tahapan import Tahapan
from app.services.sampah import kosongkan_sampah
from tests.access.rows import Tempat
from tests.conftest import Portal
from tests.walk import act_as, file_sktm, walk
from tests.web.halaman import Halaman, open_page, post, send, sign_in

PENDUDUK = "/data/penduduk/"
CANARY = "Zulaikha Kenari"


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, "admin")


@pytest.fixture(scope="module")
def rt(app: Flask) -> FlaskClient:
    """The Ketua RT of RT 001: sees residents of that RT, edits none."""
    return sign_in(app, "rt001rw002.pilang")


def edit(client: FlaskClient, id_: int, **fields: str) -> None:
    page = open_page(client, f"{PENDUDUK}edit/?id={id_}")
    assert send(client, page.form("revisi", "nama"), **fields).status == 200


def history(client: FlaskClient, id_: int, slug: str = "penduduk") -> Halaman:
    return open_page(client, f"/data/{slug}/riwayat/?id={id_}")


def changes(page: Halaman) -> list[str]:
    items = page.soup.select("main ol.garis-waktu > li")
    return [" ".join(item.get_text(" ").split()) for item in items]


def back_links(page: Halaman) -> list[str]:
    return [url for url in page.links() if "/riwayat/kembalikan/" in url]


def undo(client: FlaskClient, page: Halaman) -> Halaman:
    return send(client, page.form("kelompok"))


def trash_ids(portal: Portal, nama: str) -> list[int]:
    with Session(portal.engine) as session:
        return list(session.scalars(select(Sampah.id).where(Sampah.sebutan == nama)))


def read(portal: Portal, id_: int) -> Penduduk | None:
    with Session(portal.engine) as session, unscoped(session, "uji membaca"):
        return session.get(Penduduk, id_)


def canary(portal: Portal, place: Tempat) -> tuple[int, int]:
    """Change a resident by somebody who may; return the row, and one deleted likewise."""
    kept, gone = place.make(Penduduk), place.make(Penduduk)
    with writing(), Session(portal.engine) as session:
        act_as(session, "admin", datetime.now(UTC))
        with unscoped(session, "uji oleh admin kecamatan lain", keep=True):
            session.get_one(Penduduk, kept).nama = CANARY
            session.get_one(Penduduk, gone).nama = CANARY
            session.flush()
            session.delete(session.get_one(Penduduk, gone))
            session.commit()
    return kept, trash_ids(portal, CANARY)[-1]


def test_a_change_is_told_as_a_person_reads_it_and_masked(
    admin: FlaskClient, rt: FlaskClient, pilang: Tempat, portal: Portal
) -> None:
    id_, kk = pilang.make(Penduduk), pilang.make(Keluarga)
    before, row = pilang.build(Penduduk), read(portal, id_)
    edit(admin, id_, agama="hindu", nik=before.nik, keluarga_id=str(kk), alamat="Jalan Baru 2")
    for client in (admin, rt):
        page = history(client, id_)
        (change,) = changes(page)
        assert change.startswith("Diubah ")
        assert "Agama dari Islam → menjadi Hindu" in change
        assert f"NIK dari 3574****{row.nik[-4:]} → menjadi 3574****{before.nik[-4:]}" in change
        assert before.nik not in page.text
        assert row.nik not in page.text
        assert "menjadi Uji" in change, "the family is told by its title"
        assert bool(back_links(page)) is (client is admin)
    assert f"{PENDUDUK}riwayat/?id={id_}" in open_page(rt, f"{PENDUDUK}details/?id={id_}").links()


def test_going_back_is_an_edit_that_shows_first_what_it_changes(
    admin: FlaskClient, pilang: Tempat, portal: Portal
) -> None:
    id_ = pilang.make(Penduduk)
    old = read(portal, id_)
    edit(admin, id_, nama="Nama Kedua", agama="hindu")
    edit(admin, id_, nama="Nama Ketiga", alamat="Jalan Baru 3")
    newest, first = back_links(history(admin, id_))
    page = open_page(admin, first)
    rows = [" ".join(tr.get_text(" ").split()) for tr in page.soup.select("tbody tr")]
    assert rows == [f"Nama lengkap Nama Ketiga {old.nama}", "Agama Hindu Islam"]
    whole = open_page(admin, next(url for url in page.links() if "cara=semua" in url))
    assert len(whole.soup.select("tbody tr")) == 3
    form = whole.form("revisi", "cara")
    stale = send(admin, form, revisi="1")
    assert stale.status == 409
    assert "diubah orang lain" in stale.main
    assert send(admin, form).main.count("Nilai sebelumnya sudah dikembalikan.") == 1
    row = read(portal, id_)
    assert (row.nama, row.agama, row.alamat) == (old.nama, old.agama, old.alamat)
    told = changes(history(admin, id_))
    assert [t.split()[0] for t in told] == ["Dipulihkan", "Diubah", "Diubah"]
    assert "Tidak ada yang perlu dikembalikan" in open_page(admin, first).main
    assert open_page(admin, newest).soup.select("tbody tr")


def test_going_back_to_what_is_refused_now_says_which_field(
    admin: FlaskClient, pilang: Tempat, portal: Portal
) -> None:
    id_, nik = pilang.make(Penduduk), pilang.build(Penduduk).nik
    old = read(portal, id_).nik
    edit(admin, id_, nik=nik)
    with writing(), Session(portal.engine) as session, unscoped(session, "uji"):
        taker = pilang.build(Penduduk)
        taker.nik = old
        session.add(taker)
        session.commit()
    (link,) = back_links(history(admin, id_))
    page = send(admin, open_page(admin, link).form("revisi", "cara"))
    assert page.status == 422
    assert "NIK: " in page.soup.select_one(".pesan.galat").get_text()
    assert old not in page.text
    assert read(portal, id_).nik == nik


def test_a_deleted_row_comes_back_whole_by_undo_and_from_sampah(
    admin: FlaskClient, pilang: Tempat, portal: Portal
) -> None:
    id_ = pilang.make(Penduduk)
    edit(admin, id_, nama="Yang Dihapus")
    old = read(portal, id_)
    page = post(admin, f"{PENDUDUK}delete/", id=id_)
    assert read(portal, id_) is None
    assert "1 data dipulihkan." in undo(admin, page).main
    back = read(portal, id_)
    names = [c.key for c in Penduduk.__table__.columns if c.key != "revisi"]
    assert [getattr(back, n) for n in names] == [getattr(old, n) for n in names]
    post(admin, f"{PENDUDUK}delete/", id=id_)
    trash = open_page(admin, f"{PENDUDUK}sampah/")
    assert "Yang Dihapus" in trash.main
    (trash_id,) = trash_ids(portal, "Yang Dihapus")
    assert post(admin, f"{PENDUDUK}sampah/pulihkan/", id=trash_id).status == 200
    told = [t.split()[0] for t in changes(history(admin, id_))]
    assert told == ["Dipulihkan", "Dihapus", "Dipulihkan", "Dihapus", "Diubah"]
    assert post(admin, f"{PENDUDUK}sampah/pulihkan/", id=trash_id).status == 404, "once"


def test_a_bulk_deletion_is_undone_as_one_and_says_what_could_not_come_back(
    admin: FlaskClient, pilang: Tempat, portal: Portal
) -> None:
    ids = [pilang.make(Penduduk) for _ in range(3)]
    nik = read(portal, ids[0]).nik
    page = post(admin, f"{PENDUDUK}action/", action="delete", rowid=ids)
    assert "3 data dihapus." in page.main
    with writing(), Session(portal.engine) as session, unscoped(session, "uji"):
        taker = pilang.build(Penduduk)
        taker.id, taker.nik = max(ids) + 1000, nik
        session.add(taker)
        session.commit()
    answer = undo(admin, page)
    assert "2 data dipulihkan." in answer.main
    assert "NIK: " in answer.soup.select_one(".pesan.galat").get_text()
    assert nik not in answer.text
    assert [read(portal, id_) is not None for id_ in ids] == [False, True, True]


def test_an_id_given_again_has_no_history_and_cannot_be_taken_back(
    admin: FlaskClient, pilang: Tempat, portal: Portal
) -> None:
    id_ = pilang.make(Penduduk)
    edit(admin, id_, nama="Pemilik Lama")
    post(admin, f"{PENDUDUK}delete/", id=id_)
    with writing(), Session(portal.engine) as session, unscoped(session, "uji"):
        heir = pilang.build(Penduduk)
        heir.id = id_
        session.add(heir)
        session.commit()
    page = history(admin, id_)
    assert changes(page) == []
    assert "Belum ada perubahan yang tercatat" in page.main
    (trash_id,) = trash_ids(portal, "Pemilik Lama")
    answer = post(admin, f"{PENDUDUK}sampah/pulihkan/", id=trash_id)
    assert "Nomor data ini sudah dipakai data lain" in answer.main
    edit(admin, id_, nama="Ahli Waris")
    post(admin, f"{PENDUDUK}delete/", id=id_)
    post(admin, f"{PENDUDUK}sampah/pulihkan/", id=trash_id)
    assert [t.split()[0] for t in changes(history(admin, id_))] == ["Dipulihkan"]
    assert "Ahli Waris" not in history(admin, id_).text


def test_rows_of_another_kecamatan_are_found_by_no_door(
    admin: FlaskClient, rt: FlaskClient, pilang: Tempat, jauh: Tempat, portal: Portal
) -> None:
    kept, gone = canary(portal, jauh)
    with Session(portal.engine) as session, unscoped(session, "uji"):
        change = session.scalars(
            select(Perubahan.id).where(Perubahan.baris_id == kept).order_by(Perubahan.id)
        ).all()[-1]
        group = session.get_one(Sampah, gone).kelompok
    own = pilang.make(Penduduk)
    back = f"{PENDUDUK}riwayat/kembalikan/"
    answers = [
        history(admin, kept),
        history(rt, kept),
        open_page(admin, f"{back}?id={kept}&perubahan={change}"),
        open_page(admin, f"{back}?id={own}&perubahan={change}"),
        post(admin, back, id=kept, perubahan=change, revisi=2),
        post(admin, back, id=own, perubahan=change, revisi=1),
        post(admin, f"{PENDUDUK}sampah/pulihkan/", id=gone),
        post(admin, f"{PENDUDUK}sampah/pulihkan/", kelompok=group),
        post(admin, "/data/keluarga/sampah/pulihkan/", id=gone),
    ]
    assert [page.status for page in answers] == [404] * len(answers)
    assert CANARY not in "".join(page.text for page in answers)
    assert CANARY not in open_page(admin, f"{PENDUDUK}sampah/").text
    assert trash_ids(portal, CANARY) == [gone]
    assert read(portal, kept).nama == CANARY
    assert open_page(rt, f"{PENDUDUK}sampah/").status == 403
    assert post(rt, f"{PENDUDUK}sampah/pulihkan/", id=gone).status == 403
    assert open_page(rt, f"{back}?id={own}&perubahan={change}").status == 403
    assert history(admin, 1, "berkas").status == 404, "berkas have a journal of their own"


def test_children_stand_in_the_history_and_imports_count_for_each_row(
    admin: FlaskClient, pilang: Tempat, portal: Portal
) -> None:
    tahap = pilang.make(Tahapan)
    id_ = pilang.make(Penduduk)
    with writing(), Session(portal.engine) as session:
        act_as(session, "admin", datetime.now(UTC))
        row = session.get_one(Tahapan, tahap)
        row.nama, versi = "Tahap Berganti", row.versi_layanan_id
        session.flush()
        record_many(session, Penduduk, [id_ - 1, id_], TindakanPerubahan.IMPOR)
        session.commit()
    (child,) = changes(history(admin, versi, "versi_layanan"))
    assert "Diubah · Tahapan: " in child
    assert "menjadi Tahap Berganti" in child
    assert [t.split()[0] for t in changes(history(admin, id_))] == ["Diimpor"]


def test_the_history_is_paged_by_twenty(admin: FlaskClient, pilang: Tempat, portal: Portal) -> None:
    id_ = pilang.make(Layanan)
    for nomor in range(21):
        with writing(), Session(portal.engine) as session:
            act_as(session, "admin", datetime.now(UTC))
            session.get_one(Layanan, id_).nama = f"Layanan {nomor}"
            session.commit()
    page = history(admin, id_, "layanan")
    assert len(changes(page)) == 20
    (older,) = [u for u in page.links() if "sebelum" in parse_qs(urlsplit(u).query)]
    assert "menjadi Layanan 0" in changes(open_page(admin, older))[0]


def test_sampah_is_emptied_after_its_days(
    app: Flask, admin: FlaskClient, pilang: Tempat, portal: Portal
) -> None:
    post(admin, f"{PENDUDUK}delete/", id=pilang.make(Penduduk))
    days = app.config["BANGKIT_SAMPAH_HARI"]
    now = datetime.now(UTC)
    with writing(), Session(portal.engine) as session:
        held = session.scalar(select(func.count(Sampah.id)))
        assert kosongkan_sampah(session, now + timedelta(days=days - 1), days) == 0
        assert kosongkan_sampah(session, now + timedelta(days=days, minutes=1), days) == held > 0


def test_an_act_on_a_berkas_records_nothing_here(app: Flask, portal: Portal) -> None:
    with Session(portal.engine) as session:
        with unscoped(session, "uji", keep=True):
            before = session.scalar(select(func.count(Perubahan.id)))
        walk(session, file_sktm(session), stop=3)
        with unscoped(session, "uji", keep=True):
            assert session.scalar(select(func.count(Perubahan.id))) == before
