"""The simulation before publishing, on the seeded kecamatan and on one of 560 RT."""

import time
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.models.format_nomor import render
from app.models.pengguna import Pengguna
from app.models.policy import unscoped
from app.routing import Pemegang
from app.services.definisi import to_alur
from app.services.jelajah import jelajahi
from app.services.lapangan import Asal, Lapangan, load_lapangan
from app.services.pemeriksaan import examine
from app.services.pemohon import freeze_penduduk
from app.services.syarat_definisi import KOLOM_PEMOHON, corners
from tests.services.definisi_contoh import bersyarat, katalog
from tests.walk import SENIN, act_as, resident_of, unit

RT_SEKOTA = 560


@pytest.fixture
def kademangan(session: Session) -> Lapangan:
    act_as(session, "admin")
    return load_lapangan(session, SENIN)


def grow(lapangan: Lapangan, count: int) -> Lapangan:
    """Return the field with RT added, each under an RW there is and with a head of its own."""
    asal, nama, pemegang = list(lapangan.asal), dict(lapangan.nama), dict(lapangan.pemegang)
    for serial in range(count - len(asal)):
        id_ = 100_000 + serial
        like = lapangan.asal[serial % len(lapangan.asal)]
        nama[id_] = f"RT {id_}"
        asal.append(Asal(nama[id_], {**like.jalur, "rt": id_}))
        pemegang[id_] = (Pemegang(id_, id_, "ketua_rt", id_),)
    return replace(lapangan, asal=tuple(asal), nama=nama, pemegang=pemegang)


def staffed(lapangan: Lapangan) -> Lapangan:
    """Return the field with the vacant offices of the demo filled like the staffed ones."""
    pemegang = dict(lapangan.pemegang)
    kelurahan = lapangan.units("kelurahan")
    model = next(u for u in kelurahan if any(p.peran == "lurah" for p in pemegang.get(u, ())))
    for unit_id in kelurahan:
        if not pemegang.get(unit_id):
            pemegang[unit_id] = tuple(
                replace(
                    p,
                    penugasan_id=10_000 * unit_id + p.penugasan_id,
                    pengguna_id=10_000 * unit_id + p.pengguna_id,
                    wilayah_id=unit_id,
                )
                for p in pemegang[model]
            )
    return replace(lapangan, pemegang=pemegang)


def test_the_field_holds_every_rt_with_its_path_and_its_head(
    session: Session, kademangan: Lapangan
) -> None:
    assert len(kademangan.asal) == 54
    assert kademangan.tingkat >= {"rt", "rw", "kelurahan", "kecamatan"}
    rt = unit(session, "RT 001/RW 002 Pilang")
    (asal,) = [a for a in kademangan.asal if a.jalur["rt"] == rt]
    assert asal.jalur["kelurahan"] == unit(session, "Kelurahan Pilang")
    assert [p.peran for p in kademangan.pemegang[rt]] == ["ketua_rt"]
    used = {id_ for a in kademangan.asal for t, id_ in a.jalur.items() if t in ("rt", "kecamatan")}
    assert not used & kademangan.tanpa_jam
    assert kademangan.tanpa_pengganti == ()


def test_reading_the_field_takes_five_queries_for_all_rt(session: Session) -> None:
    statements: list[str] = []
    engine = session.get_bind()

    def count(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement.split()[0])

    event.listen(engine, "before_cursor_execute", count)
    try:
        load_lapangan(session, SENIN)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert statements.count("SELECT") == 5


def test_an_office_that_is_vacant_with_nobody_above_is_stuck(kademangan: Lapangan) -> None:
    # The demo staffs two kelurahan of six; an SKD ends there, so there is no level to rise to.
    hasil = examine(katalog()["SKD"], kademangan)
    assert hasil.jelajah is not None
    assert len(hasil.jelajah.macet) == 54 * 4 // 6
    assert {m.tahapan for m in hasil.jelajah.macet} == {"03_petugas_kelurahan"}
    rising = examine(katalog()["SKTM"], kademangan).jelajah
    assert rising is not None
    assert (rising.macet, rising.naik) == ((), 36)


def test_24_services_are_clean_on_560_rt_within_thirty_seconds(kademangan: Lapangan) -> None:
    lapangan = grow(staffed(kademangan), RT_SEKOTA)
    start, walks = time.perf_counter(), 0
    for definisi in katalog().values():
        hasil = examine(definisi, lapangan)
        assert hasil.galat == (), definisi.kode
        assert hasil.jelajah is not None
        assert hasil.jelajah.macet == (), definisi.kode
        assert hasil.jelajah.menit_maks <= definisi.sla_total_menit
        walks += hasil.jelajah.jumlah
    seconds = time.perf_counter() - start
    assert walks == RT_SEKOTA * 24
    assert seconds <= 30, f"{walks} berkas took {seconds:.1f} s"


def test_every_corner_of_the_conditions_is_walked(kademangan: Lapangan) -> None:
    definisi = bersyarat()
    lapangan = staffed(kademangan)
    found = corners(definisi)
    assert found is not None
    sudut = list(found)
    # Two conditional steps, each due or not.
    assert len(sudut) == 4
    alur = to_alur(definisi, lapangan.peran)
    sla_menit = {step.kode: step.sla_menit for step in definisi.tahapan}
    jelajah = jelajahi(alur, sla_menit, sudut, lapangan)
    assert jelajah.jumlah == 54 * 4
    assert (jelajah.menit_min, jelajah.menit_maks) == (28, 35)
    assert jelajah.dibuka == set(sla_menit)


def test_the_columns_of_the_pemohon_are_those_a_berkas_freezes(session: Session) -> None:
    act_as(session, "admin")
    frozen = freeze_penduduk(session, resident_of(session, "RT 001/RW 002 Pilang")[0]).data
    assert {f"pemohon.{name}" for name in frozen} == set(KOLOM_PEMOHON)
    for name, kolom in KOLOM_PEMOHON.items():
        value = frozen[name.removeprefix("pemohon.")]
        assert not kolom.opsi or value in kolom.opsi, name


def test_the_units_of_the_demo_fill_every_number(kademangan: Lapangan) -> None:
    codes = {kademangan.kode_unit[id_] for id_ in kademangan.units("kelurahan")}
    assert all(codes)
    for kode in codes:
        assert render("{nomor:3}/{kode_unit}", {"nomor": 1, "kode_unit": kode}) == f"001/{kode}"


def test_a_closed_account_holds_no_post_in_the_simulation_either(session: Session) -> None:
    rt = unit(session, "RT 003/RW 002 Pilang")
    with unscoped(session, "uji menutup akun"):
        assert load_lapangan(session, SENIN).pemegang[rt]
        head = session.scalars(
            select(Pengguna).where(Pengguna.username == "rt003rw002.pilang")
        ).one()
        head.active = False
        session.flush()
        assert not load_lapangan(session, SENIN).pemegang.get(rt)
        session.rollback()
