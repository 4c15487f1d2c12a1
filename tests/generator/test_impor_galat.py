"""A file with 37 seeded errors of 12 kinds reports exactly those 37, each with row and column."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from tests.conftest import Portal
from tests.generator.impor import Pengimpor, as_csv, find, warga
from tests.walk import resident_of

KETAPANG = "RT 001/RW 001 Ketapang"

KINDS: dict[str, tuple[str, tuple[dict[str, str], ...]]] = {
    # kind: (column and start of the message, what is wrong in each of its rows)
    "nik of wrong length": (
        "NIK: NIK harus 16 digit",
        ({"nik": "35749941"}, {"nik": "357499410190990"}, {"nik": "35749941019x9901"}),
    ),
    "nik as Excel mangles it": (
        "NIK: Excel mengubah nomor",
        ({"nik": "3,57401E+15"}, {"nik": "3.57401E+15"}, {"nik": "3,5740141019099E+15"}),
    ),
    "nik with an impossible date": (
        "NIK: Tanggal lahir di dalam NIK",
        ({"nik": "3574993202909901"}, {"nik": "3574990113909901"}, {"nik": "3574990012909901"}),
    ),
    "nik sementara not marked": (
        "NIK: NIK berawalan 0",
        ({"nik": "0357401100109909"}, {"nik": "0357401100109910"}, {"nik": "0357401100109911"}),
    ),
    "serial 0000": ("NIK: Nomor urut NIK", ({"nik": "3574994101900000"},) * 1),
    "required and empty": (
        "Nama lengkap: Wajib diisi",
        ({"nama": ""}, {"nama": "   "}, {"nama": "\u00a0"}, {"nama": ""}),
    ),
    "no date": (
        "Tanggal lahir: Tulis tanggal",
        ({"lahir": "32-01-1990"}, {"lahir": "1990"}, {"lahir": "besok"}, {"lahir": "01-13-1990"}),
    ),
    "no such choice": (
        "Agama: Pilihan tidak dikenal",
        ({"agama": "Islm"}, {"agama": "8"}, {"agama": "0"}, {"agama": "Jawa"}),
    ),
    "no such RT": (
        "RT: Tidak ditemukan di daftar Wilayah",
        ({"rt": "RT 099/RW 002 Pilang"}, {"rt": "Pilang"}, {"rt": "Kelurahan Pilang"}),
    ),
    "RT of another kelurahan": (
        "RT: Data ini berada di luar wilayah",
        ({"rt": KETAPANG}, {"rt": KETAPANG.lower()}, {"rt": KETAPANG.upper()}),
    ),
    "text too long": ("Alamat: Isian terlalu panjang", ({"alamat": "x" * 201},) * 3),
    "sex against the NIK without a reason": (
        "Alasan NIK berbeda: NIK tidak sesuai",
        ({"kelamin": "Laki-laki"}, {"lahir": "02-01-1990"}, {"kelamin": "L"}),
    ),
}


@pytest.fixture(scope="module")
def petugas(app: Flask, portal: Portal) -> Pengimpor:
    return Pengimpor(app, portal.engine, "petugas.pilang")


def seeded() -> tuple[bytes, dict[int, str]]:
    """Return the file, good rows between the bad ones, and what each bad row should be told."""
    rows, expected, number = [], {}, 1
    for told, wrongs in KINDS.values():
        for wrong in wrongs:
            rows.append(warga(number))
            rows.append(warga(number + 1, **wrong))
            expected[len(rows) + 1] = told
            number += 2
    return as_csv(rows), expected


def test_each_seeded_error_is_reported_and_no_other(petugas: Pengimpor) -> None:
    isi, expected = seeded()
    assert (len(KINDS), len(expected)) == (12, 37)
    told = petugas.told(isi, dry=True)
    assert Counter(row for row, _, _ in told) == dict.fromkeys(expected, 1)
    for row, column, message in told:
        assert f"{column}: {message}".startswith(expected[row]), (row, column, message)


def test_all_or_nothing_writes_nothing_and_skipping_writes_the_good_rows(
    petugas: Pengimpor, portal: Portal
) -> None:
    isi, expected = seeded()
    before = count(portal)
    report, _ = petugas.take(isi)
    assert (report.galat, count(portal)) == (37, before)
    report, _ = petugas.take(isi, skip=True)
    assert (report.baru, report.galat) == (37, 37)
    assert count(portal) == before + 37
    row = find(portal.engine, "3574994101900001")
    assert row is not None
    assert (row.rt_id, row.status_dasar, row.revisi) == (row.wilayah_id, "hidup", 1)
    again, _ = petugas.take(isi, skip=True)
    assert (again.baru, again.berubah, again.sama) == (0, 0, 37)


def test_a_number_of_somebody_elsewhere_is_refused_with_a_masked_owner(
    petugas: Pengimpor, portal: Portal
) -> None:
    with Session(portal.engine) as session:
        id_, nik = resident_of(session, KETAPANG)
        with unscoped(session, "uji membaca nama"):
            nama, revisi = session.execute(
                select(Penduduk.nama, Penduduk.revisi).where(Penduduk.id == id_)
            ).one()
    (told,) = petugas.told(as_csv([warga(1, nik=nik, nama="Pindah Paksa")]), skip=True)
    masked = " ".join(f"{word[0]}***" for word in nama.split())
    assert told == (2, "NIK", f"NIK ini sudah dipakai oleh {masked}. Periksa nomornya.")
    row = find(portal.engine, nik)
    assert row is not None
    assert (row.nama, row.revisi) == (nama, revisi)


def test_an_owner_is_named_only_a_few_times_in_one_file(petugas: Pengimpor, portal: Portal) -> None:
    with Session(portal.engine) as session, unscoped(session, "uji membaca nomor"):
        elsewhere = Penduduk.kelurahan_id != session.scalar(
            select(Penduduk.kelurahan_id).where(Penduduk.nik == "3574994101900001")
        )
        niks = session.scalars(select(Penduduk.nik).where(elsewhere).limit(30)).all()
    rows = [warga(1, nik=nik, kelamin="", lahir="") for nik in niks]
    told = petugas.told(as_csv(rows), skip=True)
    owners = [message for _, column, message in told if "***" in message and column == "NIK"]
    assert (len(owners), len({row for row, _, _ in told})) == (20, 30)


def test_a_row_twice_in_a_file_names_the_first(petugas: Pengimpor) -> None:
    told = petugas.told(as_csv([warga(901), warga(902), warga(901)]), dry=True)
    expected = "NIK ini sudah ada di baris 2 berkas ini. Hapus salah satunya."
    assert told == [(4, "NIK", expected)]


def test_short_names_of_an_rt_do_where_the_person_has_only_one(
    petugas: Pengimpor, portal: Portal
) -> None:
    titles = (
        *("NIK", "Nama", "JK", "Tempat lahir", "Tgl lahir", "Agama", "Kawin", "Alamat"),
        *("RT", "RW", "Kelurahan"),
    )
    rows = [
        [*warga(911)[:-1], "1", "2", ""],
        [*warga(912, agama="KATHOLIK", kelamin="2", kawin="bk")[:-1], "001", "02", "Desa PILANG"],
    ]
    report, _ = petugas.take(as_csv(rows, titles, ","))
    assert (report.baru, report.problems) == (2, [])
    row = find(portal.engine, "3574994101900912")
    assert row is not None
    assert (row.agama, row.status_kawin) == ("katolik", "belum_kawin")


def count(portal: Portal) -> int:
    with Session(portal.engine) as session, unscoped(session, "uji menghitung"):
        return session.scalar(select(func.count(Penduduk.id))) or 0
