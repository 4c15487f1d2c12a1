"""Mutasi: who moves, who stays, who heads the KK, and what the history says of it."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError, DiluarWilayahError, TidakDitemukanError
from app.models.berkas import Berkas
from app.models.keluarga import Keluarga
from app.models.penduduk import Penduduk
from app.models.perubahan import Perubahan
from app.models.policy import unscoped
from app.services.mutasi import Peristiwa, keluar, list_serumah, load_warga, mati, pindah
from app.services.tanda import list_tanda
from tests.rumah import kepala_hidup, make_rumah, read
from tests.walk import SENIN, act_as, file_sktm, resident_of, unit

RT = "RT 001/RW 002 Pilang"
HARI_INI = date(2026, 11, 25)
KEMARIN = date(2026, 11, 24)


@pytest.fixture
def rumah(app: object, portal, session: Session) -> tuple[int, dict[str, int]]:
    """A household of RT 001, and the officer of its kelurahan at work."""
    rt = unit(session, RT)
    session.rollback()  # what it reads next begins after the household was written
    made = make_rumah(portal.engine, rt)
    act_as(session, "petugas.pilang")
    return made


def to(session: Session, sebutan: str, *ikut: int, kepala: int | None = None) -> Peristiwa:
    wilayah_id = unit(session, sebutan)
    return Peristiwa(KEMARIN, wilayah_id, "Jalan Baru 2", ikut, kepala, "surat 7/2026")


def records(session: Session, id_: int) -> list[Perubahan]:
    with unscoped(session, "uji membaca", keep=True):
        query = select(Perubahan).where(
            Perubahan.baris_id == id_, Perubahan.sumber_daya == "Penduduk"
        )
        return list(session.scalars(query.order_by(Perubahan.id)))


def test_a_whole_family_moves_with_its_kk_and_stays_a_family(session, rumah):
    kk_id, ids = rumah
    warga = load_warga(session, ids["Ayah"])
    assert [orang.nama for orang in list_serumah(session, warga)] == ["Anak", "Ibu"]
    akibat = pindah(
        session, warga, to(session, "RT 002/RW 002 Pilang", ids["Ibu"], ids["Anak"]), HARI_INI
    )
    session.commit()
    rt = unit(session, "RT 002/RW 002 Pilang")
    for row in [*read(session, Penduduk, *ids.values()), *read(session, Keluarga, kk_id)]:
        assert (row.wilayah_id, row.rt_id, row.alamat) == (rt, rt, "Jalan Baru 2")
    assert [row.keluarga_id for row in read(session, Penduduk, *ids.values())] == [kk_id] * 3
    assert [(a.sumber_daya, a.sebutan) for a in akibat] == [
        *(("Penduduk", nama) for nama in ("Ayah", "Anak", "Ibu")),
        ("Keluarga", "Ayah"),
    ]
    (noted,) = records(session, ids["Anak"])
    assert (noted.tindakan, noted.catatan) == ("mutasi", "surat 7/2026")
    assert noted.isi["tanggal_peristiwa"] == [None, "2026-11-24"]


def test_who_moves_alone_leaves_the_kk_behind(session, rumah):
    kk_id, ids = rumah
    pindah(session, load_warga(session, ids["Anak"]), to(session, "RT 002/RW 002 Pilang"), HARI_INI)
    session.commit()
    anak, ibu = read(session, Penduduk, ids["Anak"], ids["Ibu"])
    assert (anak.keluarga_id, anak.shdk) == (None, None)
    assert (ibu.keluarga_id, ibu.alamat) == (kk_id, "Jalan Lama 1")
    (kk,) = read(session, Keluarga, kk_id)
    assert kk.alamat == "Jalan Lama 1"
    assert kepala_hidup(session, kk_id) == ["Ayah"]


@pytest.mark.parametrize("act", [pindah, mati, keluar])
def test_a_head_goes_only_when_those_who_stay_have_another(session, rumah, act):
    kk_id, ids = rumah
    for kepala in (None, ids["Ayah"], 10**6):
        with pytest.raises(DataTidakValidError) as error:
            act(
                session,
                load_warga(session, ids["Ayah"]),
                to(session, "RT 002/RW 002 Pilang", kepala=kepala),
                HARI_INI,
            )
        assert set(error.value.fields) == {"kepala_id"}
        session.rollback()
    peristiwa = to(session, "RT 002/RW 002 Pilang", kepala=ids["Ibu"])
    act(session, load_warga(session, ids["Ayah"]), peristiwa, HARI_INI)
    session.commit()
    assert kepala_hidup(session, kk_id) == ["Ibu"]
    (kk,) = read(session, Keluarga, kk_id)
    assert kk.nama_kepala == "Ibu"


def test_the_dead_and_the_gone_stay_in_the_register_and_get_no_second_act(session, rumah):
    kk_id, ids = rumah
    mati(session, load_warga(session, ids["Anak"]), Peristiwa(KEMARIN), HARI_INI)
    gone = Peristiwa(HARI_INI, ikut=[ids["Ibu"]], catatan="Kota Malang")
    keluar(session, load_warga(session, ids["Ayah"]), gone, HARI_INI)
    session.commit()
    rows = read(session, Penduduk, *ids.values())
    assert [str(row.status_dasar) for row in rows] == ["pindah", "pindah", "mati"]
    assert [row.tanggal_peristiwa for row in rows] == [HARI_INI, HARI_INI, KEMARIN]
    assert [row.keluarga_id for row in rows] == [kk_id] * 3
    assert records(session, ids["Ibu"])[-1].catatan == "Kota Malang"
    for act in (mati, keluar, pindah):
        with pytest.raises(DataTidakValidError, match="perlu diperbaiki") as error:
            act(session, load_warga(session, ids["Anak"]), Peristiwa(HARI_INI), HARI_INI)
        assert error.value.fields == {"warga": "Penduduk ini tidak berstatus hidup."}


@pytest.mark.parametrize("tanggal", [date(2026, 11, 26), date(1989, 12, 31)])
def test_a_date_lies_between_birth_and_today(session, rumah, tanggal):
    _, ids = rumah
    with pytest.raises(DataTidakValidError) as error:
        mati(session, load_warga(session, ids["Anak"]), Peristiwa(tanggal), HARI_INI)
    assert set(error.value.fields) == {"tanggal_peristiwa"}


def test_nobody_of_another_kk_goes_along(session, rumah):
    _, ids = rumah
    stranger, _ = resident_of(session, "RT 002/RW 002 Pilang")
    peristiwa = Peristiwa(KEMARIN, ikut=[stranger])
    with pytest.raises(DataTidakValidError) as error:
        keluar(session, load_warga(session, ids["Ayah"]), peristiwa, HARI_INI)
    assert set(error.value.fields) == {"ikut"}


def test_the_same_place_is_no_move(session, rumah):
    _, ids = rumah
    peristiwa = Peristiwa(KEMARIN, unit(session, RT), "Jalan Lama 1")
    with pytest.raises(DataTidakValidError) as error:
        pindah(session, load_warga(session, ids["Anak"]), peristiwa, HARI_INI)
    assert set(error.value.fields) == {"wilayah_id"}


def test_another_kelurahan_is_for_whom_both_lie_in_the_area_of(session, rumah):
    _, ids = rumah
    far = to(session, "RT 001/RW 001 Ketapang")
    with pytest.raises(DiluarWilayahError):
        pindah(session, load_warga(session, ids["Anak"]), far, HARI_INI)
    session.rollback()
    act_as(session, "admin")
    pindah(session, load_warga(session, ids["Anak"]), far, HARI_INI)
    session.commit()
    act_as(session, "petugas.pilang")
    with pytest.raises(TidakDitemukanError):
        load_warga(session, ids["Anak"])


@pytest.mark.parametrize("username", ["rt001rw002.pilang", "lurah.pilang", "petugas.ketapang"])
def test_who_may_not_record_a_mutasi_finds_nobody(session, rumah, username):
    _, ids = rumah
    act_as(session, username)
    with pytest.raises(TidakDitemukanError):
        load_warga(session, ids["Anak"])


def test_a_running_berkas_goes_on_and_tells_the_desk(session, rumah):
    session.rollback()
    berkas_id = file_sktm(session)
    act_as(session, "petugas.pilang")
    (before,) = read(session, Berkas, berkas_id)
    jalur, data = dict(before.jalur), dict(before.data_pemohon)
    warga = load_warga(session, before.pemohon_id)
    others = [orang.id for orang in list_serumah(session, warga)]
    keluar(session, warga, Peristiwa(KEMARIN, ikut=others, catatan="Kota Malang"), HARI_INI)
    session.commit()
    (after,) = read(session, Berkas, berkas_id)
    assert (after.jalur, after.data_pemohon, after.status) == (jalur, data, before.status)
    assert any("tercatat pindah" in tanda.pesan for tanda in list_tanda(session, after, SENIN))
