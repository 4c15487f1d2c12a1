"""The kinds of page that browser tests look at."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.pengumuman import Pengumuman
from app.models.perubahan import Perubahan
from app.routing import JenisAksi
from app.services.pekerjaan import mulai
from tests.conftest import Portal
from tests.rumah import make_kembar
from tests.walk import PENGAJU, act_as, file_sktm, resident_of, take, unit, walk


def some_history(session: Session) -> tuple[int, int]:
    """Change one old notice and delete another, as the admin; return the first and its change."""
    act_as(session, "admin", datetime.now(UTC))
    hari, rt = date(2026, 1, 2), unit(session, "RT 001/RW 002 Pilang")
    kept, gone = (
        Pengumuman(judul=j, isi=j, tanggal_mulai=hari, tanggal_sampai=hari, wilayah_id=rt)
        for j in ("Kerja bakti hari Minggu", "Posyandu pindah tempat")
    )
    session.add_all((kept, gone))
    session.flush()
    kept.judul, kept.tanggal_sampai = "Kerja bakti hari Sabtu", date(2026, 1, 9)
    session.delete(gone)
    session.commit()
    newest = select(func.max(Perubahan.id)).where(Perubahan.tindakan == "ubah")
    return kept.id, session.scalar(newest) or 0


@pytest.fixture(scope="module")
def pages(app: Flask, portal: Portal) -> dict[str, tuple[str, str]]:
    """Kind of page → who opens it, and where it is."""
    with Session(portal.engine) as session:
        berkas_id = file_sktm(session)
        walk(session, berkas_id, stop=2)
        returned_id = file_sktm(session)
        walk(session, returned_id, stop=1)
        why = {"catatan": "Keperluan kurang jelas.", "alasan": "data_tidak_sesuai"}
        take(session, "rw002.pilang", returned_id, JenisAksi.KEMBALIKAN, **why)
        penduduk_id, _ = resident_of(session, "RT 001/RW 002 Pilang")
        pengumuman_id, perubahan_id = some_history(session)
        rt = unit(session, "RT 001/RW 002 Pilang")
        camat, moment = act_as(session, "camat"), datetime.now(UTC)
        facts: dict[str, Any] = {"jenis": "uji", "judul": "Ekspor Penduduk", "data": {}}
        pekerjaan_id = mulai(session, camat, moment, bahasa="id", **facts)
        session.commit()
    (kembar_id,) = make_kembar(portal.engine, penduduk_id, nama_ibu="Sumiati")
    baru = "/berkas/baru/"
    return {
        "Beranda": ("camat", "/"),
        "Beranda of an RT head": ("rt001rw002.pilang", "/"),
        "Beranda of the admin": ("admin", "/"),
        "the door to the sandbox": ("rt001rw002.pilang", "/berlatih/"),
        "the first tour": ("rt001rw002.pilang", "/panduan/"),
        "Berkas Masuk": ("petugas.pilang", "/berkas/masuk/"),
        "choosing a layanan": ("rt001rw002.pilang", baru),
        "finding the pemohon": ("rt001rw002.pilang", f"{baru}SKTM/?cari=a"),
        "filing": ("rt001rw002.pilang", f"{baru}SKTM/{penduduk_id}/"),
        "an SOP": ("petugas.pilang", "/layanan/SKTM/sop"),
        "a simulation": ("camat", "/layanan/simulasi/?per_jam=4&hari=5&benih=1"),
        "the receipt": ("petugas.pilang", f"/berkas/{berkas_id}/tanda-terima/"),
        "filing for a stranger": ("petugas.pilang", f"{baru}SKTM/luar/"),
        "correcting a berkas": (PENGAJU, f"/berkas/{returned_id}/perbaiki/"),
        "a berkas": ("petugas.pilang", f"/berkas/{berkas_id}/"),
        "who acts today": ("lurah.pilang", "/petugas/hari-ini/"),
        "vacant posts": ("camat", "/petugas/jabatan-kosong/"),
        "own appointments": ("lurah.pilang", "/petugas/penugasan/"),
        "a list": ("admin", "/data/penduduk/"),
        "a list with filters": ("admin", f"/data/penduduk/?flt1_wilayah_id_sama={rt}"),
        "an empty list": ("admin", "/data/penduduk/?search=tidakadaorangnya"),
        "details": ("admin", f"/data/penduduk/details/?id={penduduk_id}"),
        "acts of mutasi": ("petugas.pilang", f"/penduduk/{penduduk_id}/mutasi/"),
        "a mutasi": ("petugas.pilang", f"/penduduk/{penduduk_id}/mutasi/pindah/"),
        "a form": ("admin", f"/data/penduduk/edit/?id={penduduk_id}"),
        "a form with children": ("admin", "/data/versi_layanan/new/"),
        "a tree": ("admin", "/data/wilayah/pohon/"),
        "asking to delete": ("admin", f"/data/penduduk/delete/confirm/?id={penduduk_id}"),
        "the history of a row": ("admin", f"/data/pengumuman/riwayat/?id={pengumuman_id}"),
        "going back": (
            "admin",
            f"/data/pengumuman/riwayat/kembalikan/?id={pengumuman_id}&perubahan={perubahan_id}",
        ),
        "duplicates": ("admin", "/data/penduduk/ganda/"),
        "alike rows": ("admin", "/data/penduduk/ganda/?mirip=1"),
        "a merge": (
            "admin",
            f"/data/penduduk/ganda/gabung/?simpan={penduduk_id}&lepas={kembar_id}",
        ),
        "Sampah": ("admin", "/data/pengumuman/sampah/"),
        "a version": ("admin", "/layanan/versi/2/"),
        "moving berkas": ("admin", "/layanan/versi/2/pindah/"),
        "an export": ("admin", "/data/penduduk/export/"),
        "importing a file": ("admin", "/data/penduduk/impor/"),
        "importing definitions": ("admin", "/layanan/impor/"),
        "own password": ("camat", "/resetmypassword/form"),
        "the API": ("admin", "/swagger/v1"),
        "Semua Berkas": ("lurah.pilang", "/data/berkas/"),
        "rights of all peran": ("admin", "/hak/"),
        "rights of a peran": ("admin", "/hak/ketua_rt/"),
        "the look": ("admin", "/gaya/"),
        "search": ("lurah.pilang", "/cari/?q=RT"),
        "offline": ("admin", "/luring/"),
        "own pekerjaan": ("camat", "/pekerjaan/"),
        "a pekerjaan": ("camat", f"/pekerjaan/{pekerjaan_id}/"),
    }
