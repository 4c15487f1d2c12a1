"""The kinds of page that browser tests look at."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.services.pekerjaan import mulai
from tests.conftest import Portal
from tests.walk import act_as, file_sktm, resident_of, unit, walk


@pytest.fixture(scope="module")
def pages(app: Flask, portal: Portal) -> dict[str, tuple[str, str]]:
    """Kind of page → who opens it, and where it is."""
    with Session(portal.engine) as session:
        berkas_id = file_sktm(session)
        walk(session, berkas_id, stop=2)
        penduduk_id, _ = resident_of(session, "RT 001/RW 002 Pilang")
        rt = unit(session, "RT 001/RW 002 Pilang")
        camat, moment = act_as(session, "camat"), datetime.now(UTC)
        facts: dict[str, Any] = {"jenis": "uji", "judul": "Ekspor Penduduk", "data": {}}
        pekerjaan_id = mulai(session, camat, moment, bahasa="id", **facts)
        session.commit()
    baru = "/berkas/baru/"
    return {
        "Beranda": ("camat", "/"),
        "Beranda of an RT head": ("rt001rw002.pilang", "/"),
        "Beranda of the admin": ("admin", "/"),
        "the first tour": ("rt001rw002.pilang", "/panduan/"),
        "Berkas Masuk": ("petugas.pilang", "/berkas/masuk/"),
        "choosing a layanan": ("rt001rw002.pilang", baru),
        "finding the pemohon": ("rt001rw002.pilang", f"{baru}SKTM/?cari=a"),
        "filing": ("rt001rw002.pilang", f"{baru}SKTM/{penduduk_id}/"),
        "an SOP": ("petugas.pilang", "/layanan/SKTM/sop"),
        "a simulation": ("camat", "/layanan/simulasi/?per_jam=4&hari=5&benih=1"),
        "the receipt": ("petugas.pilang", f"/berkas/{berkas_id}/tanda-terima/"),
        "filing for a stranger": ("petugas.pilang", f"{baru}SKTM/luar/"),
        "a berkas": ("petugas.pilang", f"/berkas/{berkas_id}/"),
        "who acts today": ("lurah.pilang", "/petugas/hari-ini/"),
        "vacant posts": ("camat", "/petugas/jabatan-kosong/"),
        "own appointments": ("lurah.pilang", "/petugas/penugasan/"),
        "a list": ("admin", "/data/penduduk/"),
        "a list with filters": ("admin", f"/data/penduduk/?flt1_wilayah_id_sama={rt}"),
        "an empty list": ("admin", "/data/penduduk/?search=tidakadaorangnya"),
        "details": ("admin", f"/data/penduduk/details/?id={penduduk_id}"),
        "a form": ("admin", f"/data/penduduk/edit/?id={penduduk_id}"),
        "a form with children": ("admin", "/data/versi_layanan/new/"),
        "a tree": ("admin", "/data/wilayah/pohon/"),
        "asking to delete": ("admin", f"/data/penduduk/delete/confirm/?id={penduduk_id}"),
        "a version": ("admin", "/layanan/versi/2/"),
        "moving berkas": ("admin", "/layanan/versi/2/pindah/"),
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
