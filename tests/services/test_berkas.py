"""A berkas walks through the services: the straight road, returns, refusals, keys and visits."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.errors import (
    BangkitError,
    DataBerubahError,
    DataTidakValidError,
    TidakBerwenangError,
    TidakDitemukanError,
)
from app.models.berkas import Berkas
from app.models.kunjungan import TERBUKA, Kunjungan
from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.routing import JenisAksi
from app.services.antrean import list_antrean, load_halaman
from app.services.berkas import available, tindak
from app.services.keadaan import load_keadaan
from app.services.pengajuan import Pengajuan, ajukan, ajukan_lagi, load_terbit
from tests.walk import (
    ISIAN,
    PENGAJU,
    RANTAI,
    SENIN,
    act_as,
    file_sktm,
    resident_of,
    take,
    unit,
    walk,
)


def status_of(session: Session, berkas_id: int) -> str:
    with unscoped(session, "uji membaca status"):
        return str(session.scalar(select(Berkas.status).where(Berkas.id == berkas_id)))


def test_sktm_walks_to_its_end_through_nine_officers(session: Session) -> None:
    berkas_id = file_sktm(session)
    for step, (username, jenis) in enumerate(RANTAI):
        pelaku = act_as(session, username)
        assert berkas_id in [row.berkas_id for row in list_antrean(session, pelaku, SENIN)]
        take(session, username, berkas_id, jenis, SENIN + timedelta(minutes=step))
    assert status_of(session, berkas_id) == "selesai"
    act_as(session, "camat")
    halaman = load_halaman(session, berkas_id)
    acts = ["ajukan", *(jenis.value for _, jenis in RANTAI)]
    assert [str(row.jenis) for row in halaman.riwayat] == acts
    assert all(row.nama and row.jabatan for row in halaman.riwayat)
    assert halaman.riwayat[1].jabatan == "Ketua RT 001/RW 002 Pilang"
    assert len({row.nama for row in halaman.riwayat}) == 9


def test_projection_equals_the_replay_after_every_act(session: Session) -> None:
    berkas_id = file_sktm(session)
    for username, jenis in RANTAI:
        take(session, username, berkas_id, jenis)
        with unscoped(session, "uji membandingkan proyeksi"):
            berkas = session.get_one(Berkas, berkas_id)
            keadaan, _ = load_keadaan(session, berkas)
            rows = session.scalars(
                select(Kunjungan).where(Kunjungan.berkas_id == berkas_id).order_by(Kunjungan.ke)
            ).all()
            assert str(berkas.status) == keadaan.status
            assert [(r.ke, str(r.status)) for r in rows] == [
                (k.ke, k.status.value) for k in keadaan.kunjungan
            ]


def test_queue_is_empty_for_the_officer_of_another_rt(session: Session) -> None:
    berkas_id = file_sktm(session)
    other = act_as(session, "rt002rw002.pilang")
    assert berkas_id not in [row.berkas_id for row in list_antrean(session, other, SENIN)]


def test_minutes_left_count_service_time_of_the_desk(session: Session) -> None:
    berkas_id = file_sktm(session)
    pelaku = act_as(session, PENGAJU)
    later = SENIN + timedelta(minutes=2)
    (row,) = [r for r in list_antrean(session, pelaku, later) if r.berkas_id == berkas_id]
    assert row.sisa_menit == 3


def test_kembalikan_needs_a_reason_and_a_note(session: Session) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, 3)
    for facts in ({}, {"alasan": "tidak_lengkap"}, {"catatan": "foto buram"}):
        with pytest.raises(BangkitError):
            take(session, "kasi.kesos.pilang", berkas_id, JenisAksi.KEMBALIKAN, **facts)
        session.rollback()
    assert status_of(session, berkas_id) == "diproses"


def test_a_returned_berkas_goes_back_to_the_step_that_returned_it(session: Session) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, 3)
    reason = {"alasan": "tidak_lengkap", "catatan": "Foto rumah buram"}
    take(session, "kasi.kesos.pilang", berkas_id, JenisAksi.KEMBALIKAN, **reason)
    assert status_of(session, berkas_id) == "dikembalikan"
    pelaku = act_as(session, PENGAJU)
    assert berkas_id in [row.berkas_id for row in list_antrean(session, pelaku, SENIN)]
    nik = resident_of(session, "RT 001/RW 002 Pilang")[1]
    ke = available(session, pelaku, SENIN, berkas_id).ke
    versi = load_terbit(session, "SKTM")
    answers = {**ISIAN, "untuk_nik": nik, "tanggungan": 4}
    ticks = frozenset(row.id for row in versi.persyaratan)
    ajukan_lagi(
        session,
        pelaku,
        SENIN,
        berkas_id=berkas_id,
        ke=ke,
        pengajuan=Pengajuan(versi.id, 0, answers, ticks),
        kunci=uuid4().hex,
    )
    session.commit()
    kasi = act_as(session, "kasi.kesos.pilang")
    assert berkas_id in [row.berkas_id for row in list_antrean(session, kasi, SENIN)]
    walk(session, berkas_id, 3)
    assert status_of(session, berkas_id) == "selesai"


def test_tolak_ends_it(session: Session) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, 2)
    reason = {"alasan": "tidak_memenuhi", "catatan": "Pemohon mampu"}
    take(session, "petugas.pilang", berkas_id, JenisAksi.TOLAK, **reason)
    assert status_of(session, berkas_id) == "ditolak"
    with pytest.raises(DataBerubahError):
        take(session, "petugas.pilang", berkas_id, JenisAksi.TERUSKAN)


def test_same_key_again_changes_nothing(session: Session) -> None:
    berkas_id = file_sktm(session)
    first = take(session, PENGAJU, berkas_id, JenisAksi.SETUJUI, kunci="kunci-a")
    again = take(session, PENGAJU, berkas_id, JenisAksi.SETUJUI, kunci="kunci-a")
    assert again.nomor == first.nomor
    with pytest.raises(DataTidakValidError):
        take(session, "rw002.pilang", berkas_id, JenisAksi.TOLAK, kunci="kunci-a")


def test_same_filing_key_gives_the_same_berkas(session: Session) -> None:
    assert file_sktm(session, kunci="ajuan-b") == file_sktm(session, kunci="ajuan-b")


def test_an_old_visit_number_is_refused(session: Session) -> None:
    berkas_id = file_sktm(session)
    pelaku = act_as(session, PENGAJU)
    ke = available(session, pelaku, SENIN, berkas_id).ke
    take(session, PENGAJU, berkas_id, JenisAksi.SETUJUI)
    pelaku = act_as(session, "rw002.pilang")
    with pytest.raises(DataBerubahError):
        tindak(
            session,
            pelaku,
            SENIN,
            berkas_id=berkas_id,
            jenis=JenisAksi.SETUJUI,
            ke=ke,
            kunci=uuid4().hex,
        )


def test_an_officer_of_the_area_who_is_not_at_the_desk_is_refused(session: Session) -> None:
    berkas_id = file_sktm(session)
    with pytest.raises(TidakBerwenangError):
        take(session, "lurah.pilang", berkas_id, JenisAksi.SETUJUI)


def test_a_berkas_of_another_rt_is_not_found(session: Session) -> None:
    berkas_id = file_sktm(session)
    with pytest.raises(TidakDitemukanError):
        take(session, "rt002rw002.pilang", berkas_id, JenisAksi.SETUJUI)


def test_missing_persyaratan_and_answers_are_all_named(session: Session) -> None:
    penduduk_id, _ = resident_of(session, "RT 001/RW 002 Pilang")
    pelaku = act_as(session, PENGAJU)
    versi = load_terbit(session, "SKTM")
    with pytest.raises(DataTidakValidError) as refused:
        ajukan(session, pelaku, SENIN, Pengajuan(versi.id, penduduk_id, {}), uuid4().hex)
    assert set(refused.value.fields) == {"untuk_nik", "keperluan", "penghasilan", "tanggungan"}
    nik = resident_of(session, "RT 001/RW 002 Pilang")[1]
    answers = {**ISIAN, "untuk_nik": nik}
    with pytest.raises(DataTidakValidError) as refused:
        ajukan(session, pelaku, SENIN, Pengajuan(versi.id, penduduk_id, answers), uuid4().hex)
    names = str(refused.value.params["daftar"])
    papers = [row for row in versi.persyaratan if row.wajib and row.dipenuhi_peran is None]
    assert len(papers) == 4
    assert all(row.nama in names for row in papers)
    (letter,) = [row for row in versi.persyaratan if row.dipenuhi_peran]
    assert letter.nama not in names


def test_a_resident_of_another_rt_cannot_be_filed_for(session: Session) -> None:
    penduduk_id, nik = resident_of(session, "RT 002/RW 002 Pilang")
    pelaku = act_as(session, PENGAJU)
    versi = load_terbit(session, "SKTM")
    pengajuan = Pengajuan(versi.id, penduduk_id, {**ISIAN, "untuk_nik": nik})
    with pytest.raises(TidakDitemukanError):
        ajukan(session, pelaku, SENIN, pengajuan, uuid4().hex)


def test_facts_stay_frozen_when_the_pemohon_moves_midway(session: Session) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, 2)
    with unscoped(session, "uji memindahkan penduduk"):
        berkas = session.get_one(Berkas, berkas_id)
        pemohon = session.get_one(Penduduk, berkas.pemohon_id)
        pemohon.wilayah_id = unit(session, "RT 002/RW 001 Ketapang")
    session.commit()
    act_as(session, PENGAJU)
    listed = session.scalars(select(Berkas.id)).all()
    assert berkas_id in listed
    assert session.scalar(select(func.count(Berkas.id))) == len(listed)
    halaman = load_halaman(session, berkas_id)
    assert halaman.berkas.data_pemohon["wilayah"] == "RT 001/RW 002 Pilang"
    assert halaman.berkas.nama_pemohon
    walk(session, berkas_id, 2)
    assert status_of(session, berkas_id) == "selesai"


def test_riwayat_cannot_be_changed_or_deleted(session: Session) -> None:
    berkas_id = file_sktm(session)
    table = Riwayat.__table__
    for statement in (
        table.update().where(table.c.berkas_id == berkas_id).values(nama="orang lain"),
        table.delete().where(table.c.berkas_id == berkas_id),
    ):
        with pytest.raises(DatabaseError, match="riwayat hanya dapat ditambah"):
            session.connection().execute(statement)
        session.rollback()


def test_a_second_open_visit_is_refused_by_the_schema(session: Session) -> None:
    berkas_id = file_sktm(session)
    with unscoped(session, "uji membuka kunjungan kedua"):
        first = session.scalars(
            select(Kunjungan).where(Kunjungan.berkas_id == berkas_id, Kunjungan.status.in_(TERBUKA))
        ).one()
        facts = {
            c.key: getattr(first, c.key)
            for c in Kunjungan.__mapper__.column_attrs
            if c.key not in ("id", "ke", "revisi", "created_at")
        }
        session.add(Kunjungan(**facts, ke=99))
        with pytest.raises(DatabaseError):
            session.flush()
        session.rollback()
