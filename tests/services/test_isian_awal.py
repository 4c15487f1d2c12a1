"""What an officer finds filled in follows from the pemohon's record, and from nothing else."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.isian import SUMBER_BAWAAN, Isian, TipeIsian
from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from app.services.isian_awal import nilai_awal
from app.services.pemohon import Pemohon, freeze_penduduk
from tests.walk import PENGAJU, act_as, resident_of

RT = "RT 001/RW 002 Pilang"
MALAM = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
"""25 November 2026, 01.00 WIB."""


def row(tipe: TipeIsian, bawaan: str, opsi: list[str] | None = None) -> Isian:
    return Isian(urutan=1, kode="x", label="X", tipe=tipe, bawaan=bawaan, opsi=opsi)


@pytest.fixture
def pemohon(session: Session) -> Pemohon:
    act_as(session, PENGAJU)
    return freeze_penduduk(session, resident_of(session, RT)[0])


def test_each_source_is_read_from_the_record(session: Session, pemohon: Pemohon) -> None:
    with unscoped(session, "uji membaca keluarga"):
        own = session.get_one(Penduduk, pemohon.id)
        living = (Penduduk.keluarga_id == own.keluarga_id) & (Penduduk.status_dasar == "hidup")
        others = session.scalar(select(func.count(Penduduk.id)).where(living)) - 1
    expected = {
        "{pemohon.nik}": pemohon.data["nik"],
        "{pemohon.nama}": pemohon.data["nama"],
        "{pemohon.alamat}": pemohon.data["alamat"],
        "{pemohon.rt}": 1,
        "{pemohon.rw}": 2,
        "{keluarga.tanggungan}": others,
        "{hari_ini}": date(2026, 11, 25),
    }
    assert expected.keys() == SUMBER_BAWAAN.keys()
    act_as(session, PENGAJU)
    for sumber, value in expected.items():
        isian = row(next(iter(SUMBER_BAWAAN[sumber])), sumber)
        assert nilai_awal(session, [isian], pemohon, MALAM) == {"x": value}, sumber


def test_of_a_stranger_only_the_day_is_known(session: Session) -> None:
    rows = [row(next(iter(tipe)), sumber) for sumber, tipe in SUMBER_BAWAAN.items()]
    for number, isian in enumerate(rows):
        isian.kode = f"x{number}"
    assert list(nilai_awal(session, rows, None, MALAM).values()) == [date(2026, 11, 25)]


@pytest.mark.parametrize(
    ("isian", "is_good"),
    [
        (row(TipeIsian.NIK, "{pemohon.nik}"), True),
        (row(TipeIsian.TEKS, "{pemohon.nik}"), False),  # a NIK stands in fields that mask it
        (row(TipeIsian.TEKS, "{pemohon.agama}"), False),
        (row(TipeIsian.ANGKA, "3"), True),
        (row(TipeIsian.ANGKA, "tiga"), False),
        (row(TipeIsian.PILIHAN, "A", ["A", "B"]), True),
        (row(TipeIsian.PILIHAN, "C", ["A", "B"]), False),
        (row(TipeIsian.TEKS, "Probolinggo"), True),
        (row(TipeIsian.NIK, "3574010101900001"), False),
    ],
)
def test_a_first_value_has_to_fit_its_field(isian: Isian, is_good: bool) -> None:
    assert ("bawaan" not in isian.check()) == is_good
