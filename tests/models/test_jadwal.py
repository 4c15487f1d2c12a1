"""Opening hours, holidays, code lists and the two records of supervision."""

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError, DiluarWilayahError, TidakBerwenangError
from app.models import discover
from app.models.catatan_ekspor import CatatanEkspor
from app.models.hari_libur import HariLibur, JenisLibur
from app.models.jam_layanan import Hari, JamLayanan
from app.models.pembukaan_data import PembukaanData
from app.models.policy import unscoped
from app.models.referensi import Daftar, Referensi
from tests.models.contoh import JANUARI, Dunia, act_as, pengguna, save

JAM = {"mulai": time(7, 30), "selesai": time(15, 30)}


def libur(wilayah_id: int | None, nama: str) -> HariLibur:
    return HariLibur(
        tanggal=date(2026, 1, 1), nama=nama, jenis=JenisLibur.LIBUR_NASIONAL, wilayah_id=wilayah_id
    )


@pytest.mark.parametrize(
    ("facts", "sebutan"),
    [
        ({"hari": Hari.SENIN}, "Senin 07.30–15.30"),
        ({"hari": "5"}, "Jumat 07.30–15.30"),
        ({"tanggal": date(2026, 11, 24)}, "24-11-2026 07.30–15.30"),
        ({"hari": Hari.MINGGU, "selesai": time()}, "Minggu 07.30–00.00"),
    ],
)
def test_opening_hours_are_named_by_day_and_time(
    session: Session, facts: dict[str, Any], sebutan: str
) -> None:
    (id_,) = save(session, JamLayanan(**{**JAM, **facts}))
    assert str(session.get_one(JamLayanan, id_)) == sebutan


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({}, "tanggal"),
        ({"hari": Hari.SENIN, "tanggal": date(2026, 1, 1)}, "tanggal"),
        ({"hari": Hari.SENIN, "selesai": time(7, 30)}, "selesai"),
        ({"hari": "8"}, "hari"),
    ],
)
def test_opening_hours_that_make_no_sense_are_refused(
    session: Session, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(DataTidakValidError) as caught:
        save(session, JamLayanan(**{**JAM, **facts}))
    assert list(caught.value.fields) == [field]


def test_a_date_closes_all_units_once_and_each_unit_once(session: Session, dunia: Dunia) -> None:
    save(session, libur(None, "Tahun Baru"), libur(dunia.unit["pilang"], "Pilang"))
    for unit in (None, dunia.unit["pilang"]):
        with pytest.raises(IntegrityError):
            save(session, libur(unit, "Sekali lagi"))
        session.rollback()


def test_an_admin_closes_his_own_units_only(session: Session, dunia: Dunia) -> None:
    act_as(session, dunia, ("admin_kecamatan", "kademangan"))
    session.add(libur(dunia.unit["pilang"], "Kerja bakti"))
    session.flush()
    session.add(libur(None, "Semua"))
    with pytest.raises(DiluarWilayahError):
        session.flush()


def test_a_kode_is_unique_in_its_list(session: Session) -> None:
    save(session, Referensi(daftar=Daftar.PEKERJAAN, kode="1", nama="PETANI"))
    save(session, Referensi(daftar=Daftar.DISABILITAS, kode="1", nama="FISIK"))
    with pytest.raises(IntegrityError):
        save(session, Referensi(daftar=Daftar.PEKERJAAN, kode="1", nama="NELAYAN"))


def test_records_of_supervision_are_read_by_the_area_and_written_by_nobody(
    session: Session, dunia: Dunia
) -> None:
    (akun,) = save(session, pengguna("budi"))
    common = {
        "waktu": JANUARI,
        "nama_pengguna": "Budi",
        "sumber_daya": "Penduduk",
        "alasan": "Laporan",
        "pengguna_id": akun,
    }
    for unit in ("pilang", "ketapang"):
        save(
            session,
            CatatanEkspor(**common, wilayah_id=dunia.unit[unit], jumlah_baris=1, sha256="0" * 64),
            PembukaanData(**common, wilayah_id=dunia.unit[unit], baris_id=1, kolom="nik"),
        )
    for model in (CatatanEkspor, PembukaanData):
        act_as(session, dunia, ("lurah", "pilang"))
        assert session.scalars(select(model)).all() == []
        act_as(session, dunia, ("auditor", "kademangan"))
        rows = session.scalars(select(model)).all()
        assert {row.wilayah_id for row in rows} == {dunia.unit["pilang"], dunia.unit["ketapang"]}
        rows[0].alasan = "Lain"
        with pytest.raises(TidakBerwenangError):
            session.flush()
        session.rollback()


@pytest.mark.parametrize("model", [CatatanEkspor, PembukaanData])
def test_records_of_supervision_are_append_only_even_unscoped(
    session: Session, dunia: Dunia, model: Any
) -> None:
    facts = {"jumlah_baris": 1, "sha256": "0" * 64} if model is CatatanEkspor else {}
    if model is PembukaanData:
        facts = {"baris_id": 1, "kolom": "nik"}
    (akun,) = save(session, pengguna("budi"))
    (id_,) = save(
        session,
        model(
            waktu=JANUARI,
            nama_pengguna="Budi",
            sumber_daya="Penduduk",
            alasan="Laporan",
            pengguna_id=akun,
            wilayah_id=dunia.unit["pilang"],
            **facts,
        ),
    )
    with unscoped(session, "test", keep=True):
        session.get_one(model, id_).alasan = "Lain"
        with pytest.raises(TypeError, match="append-only"):
            session.flush()
        session.rollback()
        session.delete(session.get_one(model, id_))
        with pytest.raises(TypeError, match="append-only"):
            session.flush()


def test_every_model_is_discovered_once_in_menu_order() -> None:
    names = [model.__name__ for model in discover()]
    assert len(set(names)) == len(names)
    kependudukan = [m.__name__ for m in discover() if m.screen.menu == "Kependudukan"]
    assert kependudukan == ["Penduduk", "Keluarga"]
    assert names.index("Penduduk") < names.index("Wilayah") < names.index("Peran")
