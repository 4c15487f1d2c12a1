"""Duplicates: which rows are told, to whom, and what a merge keeps, moves and remembers."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.engine import writing
from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.perubahan import Perubahan
from app.models.policy import unscoped
from app.models.sampah import Sampah
from tests.access.dunia import _new_rt
from tests.access.rows import Tempat
from tests.conftest import Portal
from tests.rumah import make_kembar, read
from tests.walk import act_as, file_sktm, unit
from tests.web.halaman import Halaman, open_page, send, sign_in

GANDA = "/data/penduduk/ganda/"
RT, KETAPANG = "RT 001/RW 002 Pilang", "RT 001/RW 001 Ketapang"


@pytest.fixture(scope="module")
def admin(app: Flask) -> FlaskClient:
    return sign_in(app, "admin")


def place(portal: Portal, sebutan: str) -> Tempat:
    with Session(portal.engine) as session:
        rt = unit(session, sebutan)
    return Tempat(portal.engine, rt)


def kembar(portal: Portal, *nama: str, rt: str = RT, ibu: str = "Sumiati") -> list[int]:
    """Make a resident with the first name, and one more like him for each other name."""
    first = place(portal, rt).make(Penduduk)
    facts = {"nama": nama[0], "nama_ibu": ibu, "tanggal_lahir": date(1990, 1, 1)}
    with writing(), Session(portal.engine) as session, unscoped(session, "uji menyusun data"):
        for name, value in facts.items():
            setattr(session.get_one(Penduduk, first), name, value)
        session.commit()
    return [first, *(make_kembar(portal.engine, first, *nama[1:]) if nama[1:] else [])]


def person(portal: Portal, id_: int) -> Penduduk:
    with Session(portal.engine) as session:
        return read(session, Penduduk, id_)[0]


def groups(page: Halaman) -> list[list[str]]:
    """Return the names in each group."""
    cards = page.soup.select("main section.kartu:has(table)")
    return [[th.get_text(strip=True) for th in c.select("tbody th")] for c in cards]


def merge_page(client: FlaskClient, kept: int, gone: int) -> Halaman:
    return open_page(client, f"{GANDA}gabung/?simpan={kept}&lepas={gone}")


def merge(client: FlaskClient, kept: int, gone: int, **answers: str) -> Halaman:
    form = merge_page(client, kept, gone).form("revisi_simpan")
    return send(client, form, **{"alasan": "orang yang sama", **answers})


def notes(portal: Portal, id_: int, kind: str = "Penduduk") -> list[Perubahan]:
    with Session(portal.engine) as session, unscoped(session, "uji membaca", keep=True):
        query = select(Perubahan).where(Perubahan.baris_id == id_, Perubahan.sumber_daya == kind)
        return list(session.scalars(query.order_by(Perubahan.id)))


def test_equal_rows_are_told_whatever_their_case_and_spaces(admin, portal):
    kembar(portal, "Siti Aminah", "SITI  aminah", "Siti Aminahh")
    kembar(portal, "Budi Laksono", "Budi Laksono", ibu="Painem")
    found = groups(open_page(admin, GANDA))
    assert ["Siti Aminah", "SITI  aminah"] in found
    assert ["Budi Laksono", "Budi Laksono"] in found
    assert not any("Siti Aminahh" in group for group in found)


def test_who_has_no_mother_on_record_is_equal_to_nobody(admin, portal):
    kembar(portal, "Tanpa Ibu", "Tanpa Ibu", ibu="")
    assert not any("Tanpa Ibu" in group for group in groups(open_page(admin, GANDA)))


def test_alike_rows_are_told_of_one_birth_date_only(admin, portal):
    ids = kembar(portal, "Muhammad Kholil", "Mohammad Kholil", "Sri Wahyuni", ibu="Ngatini")
    make_kembar(portal.engine, ids[0], "Muhamad Kholil")
    later = make_kembar(portal.engine, ids[0], "Muhammad Kolil")
    with writing(), Session(portal.engine) as session, unscoped(session, "uji"):
        row = session.get_one(Penduduk, later[0])
        row.tanggal_lahir, row.alasan_nik = date(1991, 1, 1), "akta"
        session.commit()
    (found,) = [g for g in groups(open_page(admin, f"{GANDA}?mirip=1")) if "Muhammad Kholil" in g]
    assert found == ["Muhammad Kholil", "Mohammad Kholil", "Muhamad Kholil"]


def test_groups_are_paged_by_the_row_beside_them(app, admin, portal, monkeypatch):
    for number in range(5):
        kembar(portal, *[f"Halaman {number}"] * 2, ibu="Halaman")
    monkeypatch.setattr("app.generator.duplicates.PER_PAGE", 2)
    for way in ("", "?mirip=1"):
        page, seen = open_page(admin, GANDA + way), []
        while True:
            seen += [name for group in groups(page) for name in group]
            more = [a["href"] for a in page.soup.select("main a[href*='sesudah=']")]
            if not more:
                break
            assert "Halaman" not in more[0], "no address holds a name"
            page = open_page(admin, more[0])
        assert [seen.count(f"Halaman {number}") for number in range(5)] == [2] * 5, way


def test_each_sees_the_duplicates_of_the_own_area(app, admin, portal):
    kembar(portal, "Tetangga Jauh", "Tetangga Jauh", rt=KETAPANG)
    here = kembar(portal, "Warga Dekat", "Warga Dekat")
    assert ["Tetangga Jauh"] * 2 in groups(open_page(admin, GANDA))
    petugas = sign_in(app, "petugas.pilang")
    page = open_page(petugas, GANDA)
    assert ["Warga Dekat"] * 2 in groups(page)
    assert "Tetangga Jauh" not in page.text
    assert not [url for url in page.links() if "gabung" in url], "merging deletes a row"
    assert merge_page(petugas, *here).status == 403
    assert open_page(sign_in(app, "rt001rw002.pilang"), GANDA).status == 403
    assert open_page(admin, "/data/keluarga/ganda/").status == 404, "it names no duplicates"


def test_a_merge_keeps_what_was_chosen_and_fills_what_was_blank(admin, portal):
    kept, gone = kembar(portal, "Rini Astuti", "Rini Astuti")
    with writing(), Session(portal.engine) as session, unscoped(session, "uji"):
        row = session.get_one(Penduduk, gone)
        row.telepon, row.agama, row.alamat = "0812345678", "hindu", "Jalan Lain 9"
        session.commit()
    nik = person(portal, gone).nik
    form = merge_page(admin, kept, gone).form("revisi_simpan")
    assert form.fields["pilih-telepon"] == "lepas", "the kept row has none"
    assert form.fields["pilih-alamat"] == "simpan"
    page = merge(admin, kept, gone, **{"pilih-agama": "lepas", "pilih-nik": "lepas"})
    assert "Kedua data sudah digabung menjadi satu." in page.main
    row = person(portal, kept)
    assert (row.telepon, row.agama, row.nik) == ("0812345678", "hindu", nik)
    assert row.alamat != "Jalan Lain 9"
    with Session(portal.engine) as session:
        assert session.scalar(select(Sampah.id).where(Sampah.baris_id == gone)) is not None
    assert open_page(admin, f"/data/penduduk/details/?id={gone}").status == 404


def test_what_pointed_at_the_row_moves_and_frozen_facts_stay(admin, portal):
    with Session(portal.engine) as session:
        berkas_id = file_sktm(session)
        (before,) = read(session, Berkas, berkas_id)
        gone, frozen = before.pemohon_id, dict(before.data_pemohon)
    (kept,) = make_kembar(portal.engine, gone, nama_ibu="Sumiati")
    with writing(), Session(portal.engine) as session, unscoped(session, "uji"):
        akun = session.scalars(select(Pengguna).where(Pengguna.username == "lurah.pilang")).one()
        akun.penduduk_id, akun_id = gone, akun.id
        session.commit()
    assert "1 Berkas berpindah" in merge_page(admin, kept, gone).main
    merge(admin, kept, gone)
    with Session(portal.engine) as session:
        (after,) = read(session, Berkas, berkas_id)
        assert (after.pemohon_id, after.data_pemohon) == (kept, frozen)
        assert read(session, Pengguna, akun_id)[0].penduduk_id == kept
    (moved,) = [n for n in notes(portal, akun_id, "Pengguna") if n.tindakan == "gabung"]
    assert moved.isi == {"penduduk_id": [gone, kept]}


def test_the_history_of_both_is_read_from_the_kept_row(admin, portal):
    kept, gone = kembar(portal, "Dua Riwayat", "Dua Riwayat")
    for id_, telepon in ((kept, "0811111111"), (gone, "0822222222")):
        edit = open_page(admin, f"/data/penduduk/edit/?id={id_}").form("revisi", "nama")
        send(admin, edit, telepon=telepon)
    nik = person(portal, gone).nik
    merge(admin, kept, gone, alasan="NIK lama salah ketik")
    page = open_page(admin, f"/data/penduduk/riwayat/?id={kept}")
    assert "Digabung · Penduduk: Dua Riwayat" in page.main
    assert "NIK lama salah ketik" in page.main
    assert nik not in page.text
    (link,) = [url for url in page.links() if "gabung=" in url]
    old = open_page(admin, link)
    assert "0822222222" in old.main
    assert "0811111111" not in old.main
    assert not [url for url in old.links() if "kembalikan" in url], "it is read only"
    other, third = kembar(portal, "Dua Riwayat", "Dua Riwayat", ibu="Lain")
    number = link.split("gabung=")[1]
    assert open_page(admin, f"/data/penduduk/riwayat/?id={other}&gabung={number}").status == 404
    merge(admin, third, kept)
    deep = open_page(admin, f"/data/penduduk/riwayat/?id={third}&gabung={number}")
    assert "0822222222" in deep.main, "what was merged into a merged row is found too"


def test_two_numbers_need_a_reason(admin, portal):
    kept, gone = kembar(portal, "Dua Nomor", "Dua Nomor")
    page = merge_page(admin, kept, gone)
    assert "NIK keduanya berbeda." in page.main
    refused = send(admin, page.form("revisi_simpan"), **{"alasan": " ", "pilih-nik": "lepas"})
    assert refused.status == 422
    assert "Tulis mengapa" in refused.main
    assert refused.form("revisi_simpan").fields["pilih-nik"] == "lepas", "what was chosen stays"
    assert person(portal, gone).nama == "Dua Nomor"


@pytest.mark.parametrize("which", [0, 1])
def test_a_row_that_changed_meanwhile_is_looked_at_again(admin, portal, which):
    pair = kembar(portal, "Berubah", "Berubah")
    form = merge_page(admin, *pair).form("revisi_simpan")
    edit = open_page(admin, f"/data/penduduk/edit/?id={pair[which]}").form("revisi", "nama")
    send(admin, edit, telepon="0833333333")
    page = send(admin, form, alasan="orang yang sama")
    assert page.status == 409
    assert "diubah orang lain" in page.main
    assert person(portal, pair[1]).nama == "Berubah"


def test_a_merge_that_the_rules_refuse_changes_nothing(admin, portal):
    kept, gone = kembar(portal, "Tidak Jadi", "Tidak Jadi")
    with writing(), Session(portal.engine) as session, unscoped(session, "uji"):
        row = session.get_one(Penduduk, gone)
        row.jenis_kelamin, row.alasan_nik = "p", "akta"
        session.commit()
    before = len(notes(portal, kept)) + len(notes(portal, gone))
    page = merge(
        admin, kept, gone, **{"pilih-jenis_kelamin": "lepas", "pilih-alasan_nik": "simpan"}
    )
    assert page.status == 422
    assert "alasan?" in page.soup.select_one(".pesan.galat").get_text()
    assert person(portal, gone).jenis_kelamin == "p"
    assert len(notes(portal, kept)) + len(notes(portal, gone)) == before


def test_no_row_outside_the_area_is_merged_or_merged_into(app, admin, portal):
    here = kembar(portal, "Batas", "Batas")
    with Session(portal.engine) as session:
        kota = unit(session, "Kota Probolinggo")
    far = Tempat(portal.engine, _new_rt(portal.engine, kota, "kecamatan")).make(Penduduk)
    for pair in ((here[0], far), (far, here[0]), (here[0], here[0]), (here[0], 10**6)):
        assert merge_page(admin, *pair).status == 404
        token = open_page(admin, "/").soup.select_one("meta[name=csrf-token]")["content"]
        form = {"simpan": pair[0], "lepas": pair[1], "csrf_token": token}
        assert admin.post(f"{GANDA}gabung/", data=form).status_code == 404
    with Session(portal.engine) as session:
        act_as(session, "admin", datetime.now(UTC))
        assert len(read(session, Penduduk, here[0], far)) == 2
