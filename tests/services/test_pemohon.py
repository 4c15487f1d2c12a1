"""Filing for a walk-in, for someone outside the register, and anew from a closed berkas."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError, TidakBerwenangError, TidakDitemukanError
from app.models.berkas import Berkas
from app.models.kunjungan import Kunjungan
from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from app.routing import JenisAksi
from app.services.pemohon import Identitas
from app.services.pengajuan import ajukan, load_terbit
from app.services.rancangan import Pengajuan
from app.services.tanda import list_tanda, same_letter
from tests.services.orang import decide, file_for, scan
from tests.walk import ISIAN, RANTAI, SENIN, act_as, resident_of, take, unit, walk

RT = "RT 001/RW 002 Pilang"
PETUGAS = "petugas.pilang"


def letter_id(session: Session, kode: str = "SKTM") -> int:
    versi = load_terbit(session, kode)
    return next(row.id for row in versi.persyaratan if row.dipenuhi_peran)


def visits_of(session: Session, berkas_id: int) -> list[tuple[str, str | None]]:
    with unscoped(session, "uji membaca kunjungan"):
        rows = session.execute(
            select(Kunjungan.status, Kunjungan.sebab)
            .where(Kunjungan.berkas_id == berkas_id)
            .order_by(Kunjungan.ke)
        ).all()
    return [(str(status), str(sebab) if sebab else None) for status, sebab in rows]


def stranger(session: Session, rt: str = RT, **changes: object) -> Identitas:
    known = Identitas(
        nama="Yohanes Bria",
        nik="5304011203909981",
        dokumen=None,
        jenis_kelamin="l",
        tempat_lahir="Atambua",
        tanggal_lahir=date(1990, 3, 12),
        alamat="Jalan Mangga 12",
        wilayah_id=unit(session, rt),
    )
    return replace(known, **changes)  # type: ignore[arg-type]


def file_stranger(session: Session, username: str = PETUGAS, **changes: object) -> int:
    identitas = stranger(session, **changes)  # type: ignore[arg-type]
    return file_for(session, username, RT, pemohon_id=None, identitas=identitas)


def remarks(session: Session, berkas_id: int, username: str = PETUGAS) -> list[str]:
    act_as(session, username)
    return [t.pesan for t in list_tanda(session, session.get_one(Berkas, berkas_id), SENIN)]


def test_a_walk_in_with_the_scanned_letter_starts_at_the_kelurahan(session: Session) -> None:
    letter = {letter_id(session): scan()}
    berkas_id = file_for(session, PETUGAS, RT, surat_pengantar=True, lampiran=letter)
    assert visits_of(session, berkas_id) == [
        ("dilewati", "surat_pengantar"),
        ("dilewati", "surat_pengantar"),
        ("menunggu", None),
    ]
    for username in (PETUGAS, *(name for name, _ in RANTAI[3:])):
        decide(session, username, berkas_id)
    with unscoped(session, "uji membaca status"):
        assert str(session.get_one(Berkas, berkas_id).status) == "selesai"


def test_the_letter_of_a_walk_in_must_be_attached_not_only_ticked(session: Session) -> None:
    penduduk_id, nik = resident_of(session, RT)
    pelaku = act_as(session, PETUGAS)
    versi = load_terbit(session, "SKTM")
    every = frozenset(row.id for row in versi.persyaratan)
    pengajuan = Pengajuan(
        versi.id, penduduk_id, {**ISIAN, "untuk_nik": nik}, every, surat_pengantar=True
    )
    with pytest.raises(DataTidakValidError) as refused:
        ajukan(session, pelaku, SENIN, pengajuan, uuid4().hex)
    assert set(refused.value.fields) == {"persyaratan", "surat_pengantar"}
    assert refused.value.params["daftar"] == "Surat pengantar RT/RW"


def test_only_the_counter_of_the_kelurahan_takes_the_paper_letter(session: Session) -> None:
    letter = {letter_id(session): scan()}
    with pytest.raises(TidakBerwenangError):
        file_for(session, "rt001rw002.pilang", RT, surat_pengantar=True, lampiran=letter)


def test_a_layanan_without_the_letter_skips_nothing_for_it(session: Session) -> None:
    pelaku = act_as(session, PETUGAS)
    versi = load_terbit(session, "PGT")
    penduduk_id, _ = resident_of(session, RT)
    answers = {"keperluan": "Melamar kerja", "tujuan": "Kelurahan"}
    ticked = frozenset(row.id for row in versi.persyaratan)
    pengajuan = Pengajuan(versi.id, penduduk_id, answers, ticked, surat_pengantar=True)
    with pytest.raises(DataTidakValidError) as refused:
        ajukan(session, pelaku, SENIN, pengajuan, uuid4().hex)
    assert set(refused.value.fields) == {"surat_pengantar"}


def test_someone_outside_the_register_is_frozen_as_typed(session: Session) -> None:
    berkas_id = file_stranger(session, nik="5304 0112.0390 9981")
    with unscoped(session, "uji membaca berkas"):
        berkas = session.get_one(Berkas, berkas_id)
        assert (berkas.pemohon_id, berkas.nama_pemohon) == (None, "Yohanes Bria")
        assert berkas.data_pemohon["nik"] == "5304011203909981"
        assert berkas.data_pemohon["wilayah"] == RT
    assert visits_of(session, berkas_id) == [("menunggu", None)]
    assert "cocokkan dengan dokumen aslinya" in remarks(session, berkas_id)[0]
    walk(session, berkas_id)


def test_every_wrong_fact_of_a_typed_identity_is_named_at_once(session: Session) -> None:
    with pytest.raises(DataTidakValidError) as refused:
        file_stranger(
            session,
            nama="",
            nik="123",
            alamat=None,
            tanggal_lahir=date(2090, 1, 1),
            wilayah_id=None,
        )
    assert set(refused.value.fields) == {
        *("pemohon_nama", "pemohon_nik", "pemohon_alamat"),
        *("pemohon_tanggal_lahir", "pemohon_wilayah"),
    }
    with pytest.raises(DataTidakValidError) as refused:
        file_stranger(session, nik=None)
    assert set(refused.value.fields) == {"pemohon_nik"}
    assert file_stranger(session, nik=None, dokumen="Paspor B1234567") > 0


def test_a_contradicted_nik_is_a_remark_and_no_refusal(session: Session) -> None:
    berkas_id = file_stranger(session, jenis_kelamin="p", tanggal_lahir=date(1990, 3, 13))
    assert remarks(session, berkas_id)[1:] == [
        "Jenis kelamin tidak sesuai NIK.",
        "Tanggal lahir tidak sesuai NIK.",
    ]


def test_somebody_of_the_register_is_not_typed_in_anywhere(session: Session) -> None:
    _, nik = resident_of(session, "RT 001/RW 001 Ketapang")
    with pytest.raises(DataTidakValidError) as refused:
        file_stranger(session, nik=nik)
    assert set(refused.value.fields) == {"pemohon_nik"}


def test_the_rt_of_a_stranger_lies_inside_the_officers_area(session: Session) -> None:
    for username, rt in (
        (PETUGAS, "RT 001/RW 001 Ketapang"),
        ("rt001rw002.pilang", "RT 002/RW 002 Pilang"),
    ):
        with pytest.raises(TidakBerwenangError):
            file_stranger(session, username, wilayah_id=unit(session, rt))


def test_an_appeal_is_a_new_berkas_that_names_the_closed_one(session: Session) -> None:
    asal = file_for(session, PETUGAS, RT)
    with pytest.raises(DataTidakValidError):
        file_for(session, PETUGAS, RT, berkas_asal_id=asal)
    session.rollback()
    walk(session, asal, 0, 2)
    facts = {"alasan": "tidak_memenuhi", "catatan": "Pemohon mampu"}
    take(session, PETUGAS, asal, JenisAksi.TOLAK, **facts)
    again = file_for(session, PETUGAS, RT, berkas_asal_id=asal)
    with unscoped(session, "uji membaca berkas"):
        assert session.get_one(Berkas, again).berkas_asal_id == asal
        assert str(session.get_one(Berkas, asal).status) == "ditolak"
    with pytest.raises(DataTidakValidError):
        file_for(session, PETUGAS, "RT 002/RW 002 Pilang", berkas_asal_id=asal)
    session.rollback()
    with pytest.raises(TidakDitemukanError):
        file_for(session, "petugas.ketapang", "RT 001/RW 001 Ketapang", berkas_asal_id=asal)


def test_the_desk_is_told_that_the_pemohon_moved_or_died_meanwhile(session: Session) -> None:
    berkas_id = file_for(session, PETUGAS, "RT 003/RW 001 Pilang")
    assert remarks(session, berkas_id) == []
    with unscoped(session, "uji memindahkan pemohon"):
        pemohon = session.get_one(Penduduk, session.get_one(Berkas, berkas_id).pemohon_id)
        pemohon.wilayah_id = unit(session, "RT 002/RW 001 Ketapang")
    session.commit()
    assert "pindah" in remarks(session, berkas_id)[0]
    with unscoped(session, "uji mencatat kematian"):
        berkas = session.get_one(Berkas, berkas_id)
        session.get_one(Penduduk, berkas.pemohon_id).status_dasar = "mati"
        assert berkas.jalur["rt"] == unit(session, "RT 003/RW 001 Pilang")
    session.commit()
    assert "meninggal" in remarks(session, berkas_id)[0]


def test_a_letter_for_the_same_purpose_that_still_holds_is_told(session: Session) -> None:
    rt = "RT 002/RW 001 Pilang"
    answers = {"keperluan": "Keringanan  SPP"}
    first = file_for(session, PETUGAS, rt, isian=answers)
    for username in ("rt002rw001.pilang", "rw001.pilang", PETUGAS, *(n for n, _ in RANTAI[3:])):
        decide(session, username, first)
    same = file_for(session, PETUGAS, rt, isian={"keperluan": "keringanan spp"})
    other = file_for(session, PETUGAS, rt, isian={"keperluan": "Berobat"})
    act_as(session, PETUGAS)
    nomor = session.get_one(Berkas, first).nomor
    berkas = session.get_one(Berkas, same)
    assert same_letter(session, berkas, SENIN) == {"nomor": nomor}
    assert same_letter(session, session.get_one(Berkas, other), SENIN) is None
    assert same_letter(session, berkas, SENIN + timedelta(days=93)) is None
