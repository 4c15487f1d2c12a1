"""Versions: copied, published once, archived; running berkas stay or are moved with care."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import (
    BangkitError,
    DataBerubahError,
    DataTidakValidError,
    TidakBerwenangError,
    TidakDitemukanError,
)
from app.models.berkas import Berkas
from app.models.penugasan import Penugasan
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.models.tahapan import Tahapan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.routing import JenisAksi
from app.services.antrean import load_halaman
from app.services.definisi import sidik_of
from app.services.definisi_baris import load_definisi
from app.services.pengajuan import load_terbit
from app.services.pindah_versi import list_calon, pindahkan
from app.services.versi import arsipkan, salin_jadi_konsep, terbitkan
from tests.walk import RANTAI, SENIN, act_as, file_sktm, take, walk

KASI = "04_kasi_kelurahan"


def terbit(session: Session, kode: str = "SKTM") -> VersiLayanan:
    versi = load_terbit(session, kode)
    session.refresh(versi)
    return versi


def konsep(session: Session, kode: str = "SKTM") -> int:
    """Return the id of a new konsep, copied by the admin from the published version."""
    pelaku = act_as(session, "admin")
    id_ = salin_jadi_konsep(session, pelaku, terbit(session, kode).id)
    session.commit()
    return id_


def change(session: Session, versi_id: int, tahapan: str, **facts: Any) -> None:
    """Let the admin edit a step of a konsep."""
    act_as(session, "admin")
    row = session.scalars(
        select(Tahapan).where(Tahapan.versi_layanan_id == versi_id, Tahapan.kode == tahapan)
    ).one()
    for name, value in facts.items():
        setattr(row, name, value)
    session.commit()


def publish(session: Session, versi_id: int, kode: str = "SKTM", **facts: Any) -> None:
    pelaku = act_as(session, "admin")
    facts.setdefault("menggantikan", terbit(session, kode).id)
    terbitkan(session, pelaku, SENIN, versi_id=versi_id, **facts)
    session.commit()


def refused(session: Session, error: type[BangkitError], versi_id: int, **facts: Any) -> str:
    before = terbit(session).id
    with pytest.raises(error) as caught:
        publish(session, versi_id, **facts)
    session.rollback()
    assert terbit(session).id == before
    fields = caught.value.fields if isinstance(caught.value, DataTidakValidError) else {}
    return " ".join([str(caught.value), *fields.values()])


def test_a_copy_holds_the_same_definition_under_the_next_number(session: Session) -> None:
    old = terbit(session)
    new = session.get_one(VersiLayanan, konsep(session))
    assert (new.nomor, new.status) == (old.nomor + 1, StatusVersi.KONSEP)
    assert load_definisi(session, new) == load_definisi(session, old)
    assert new.sidik is None
    assert old.sidik == sidik_of(load_definisi(session, old))


def test_publishing_archives_the_old_version_and_says_who_and_when(session: Session) -> None:
    old, id_ = terbit(session), konsep(session)
    change(session, id_, KASI, sla_menit=3)
    publish(session, id_)
    new = terbit(session)
    assert (new.id, new.waktu_terbit) == (id_, SENIN)
    assert new.penerbit is not None
    assert "Administrator" in new.penerbit
    assert new.sidik == sidik_of(load_definisi(session, new)) != old.sidik
    session.refresh(old)
    assert old.status == StatusVersi.ARSIP


def test_a_version_with_errors_is_refused_with_their_number(session: Session) -> None:
    id_ = konsep(session)
    change(session, id_, KASI, syarat=[["entah", "=", 1]], sla_menit=400)
    change(session, id_, "05_lurah", memberi_nomor=False)
    assert "perlu diperbaiki" in refused(session, DataTidakValidError, id_)


def test_the_second_of_two_admins_is_refused(session: Session) -> None:
    first, second = konsep(session), konsep(session)
    seen = terbit(session).id
    publish(session, first)
    assert "sudah diterbitkan oleh" in refused(session, DataBerubahError, first)
    message = refused(session, DataBerubahError, second, menggantikan=seen)
    assert "Versi lain baru saja diterbitkan" in message
    publish(session, second)
    assert terbit(session).id == second


def test_only_the_admin_of_the_kecamatan_publishes_copies_archives_or_moves(
    session: Session,
) -> None:
    id_ = konsep(session)
    current = terbit(session).id
    for username in ("camat", "lurah.pilang", "auditor", "rt001rw002.pilang"):
        pelaku = act_as(session, username)
        for attempt in (
            lambda p: terbitkan(session, p, SENIN, versi_id=id_, menggantikan=current),
            lambda p: salin_jadi_konsep(session, p, current),
            lambda p: arsipkan(session, p, current),
            lambda p: list_calon(session, p, SENIN, current),
            lambda p: pindahkan(session, p, SENIN, current),
        ):
            with pytest.raises(TidakBerwenangError):
                attempt(pelaku)
    session.rollback()


def test_an_unknown_version_is_not_found(session: Session) -> None:
    pelaku = act_as(session, "admin")
    for id_ in (0, 999_999, 2**40):
        with pytest.raises(TidakDitemukanError):
            salin_jadi_konsep(session, pelaku, id_)


def test_a_stuck_berkas_needs_a_reason_which_is_kept(session: Session) -> None:
    id_ = konsep(session)
    with unscoped(session, "uji mengakhiri penugasan", keep=True):
        rows = session.scalars(select(Penugasan)).all()
        camat = [row for row in rows if row.peran.kode == "camat"]
        for row in camat:
            row.waktu_sampai = SENIN - timedelta(days=1)
        session.commit()
    assert "alasan" in refused(session, DataTidakValidError, id_).lower()
    assert "alasan" in refused(session, DataTidakValidError, id_, alasan="  pendek  ").lower()
    publish(session, id_, alasan="Camat baru dilantik pekan depan.")
    assert terbit(session).alasan_terbit == "Camat baru dilantik pekan depan."
    with unscoped(session, "uji memulihkan penugasan", keep=True):
        for row in camat:
            row.waktu_sampai = None
        session.commit()


def test_a_layanan_without_published_version_takes_no_berkas(session: Session) -> None:
    pelaku = act_as(session, "admin")
    versi = terbit(session, "LEGAL")
    arsipkan(session, pelaku, versi.id)
    session.commit()
    with pytest.raises(TidakDitemukanError):
        load_terbit(session, "LEGAL")
    with pytest.raises(DataBerubahError):
        arsipkan(session, pelaku, versi.id)
    session.rollback()
    id_ = salin_jadi_konsep(session, pelaku, versi.id)
    terbitkan(session, pelaku, SENIN, versi_id=id_, menggantikan=None)
    session.commit()
    assert terbit(session, "LEGAL").id == id_


def test_changing_a_published_layanan_changes_no_running_berkas(session: Session) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, 3)
    old, id_ = terbit(session).id, konsep(session)
    change(session, id_, "09_camat", peran_id=_peran(session, "sekcam"), nama="Lain")
    change(session, id_, KASI, sla_menit=1)
    publish(session, id_)
    for step, (username, jenis) in enumerate(RANTAI[3:], 3):
        take(session, username, berkas_id, jenis, SENIN + timedelta(minutes=step))
    with unscoped(session, "uji membaca berkas"):
        row = session.get_one(Berkas, berkas_id)
        assert (str(row.status), row.versi_layanan_id) == ("selesai", old)
    revert(session, old)


def revert(session: Session, versi_id: int) -> None:
    """Publish a copy of an earlier version, for the tests that follow."""
    id_ = salin_jadi_konsep(session, act_as(session, "admin"), versi_id)
    session.commit()
    publish(session, id_)


def _peran(session: Session, kode: str) -> int:
    query = select(Tahapan.peran_id).where(Tahapan.kode.endswith(kode))
    return int(session.scalars(query).first() or 0)


def test_a_dry_run_names_who_can_move_and_why_others_cannot(session: Session) -> None:
    movable, stuck = file_sktm(session), file_sktm(session)
    walk(session, movable, 0, 2)
    walk(session, stuck, 0, 3)
    old, id_ = terbit(session).id, konsep(session)
    change(session, id_, KASI, kode="04_kasi_baru")
    publish(session, id_)
    found = {c.berkas_id: c for c in list_calon(session, act_as(session, "admin"), SENIN, id_)}
    assert found[movable].sebab == ""
    assert "tidak ada pada versi ini" in found[stuck].sebab
    assert found[stuck].tahapan == KASI
    with unscoped(session, "uji membaca berkas"):
        assert session.get_one(Berkas, movable).versi_layanan_id != id_
    revert(session, old)


def test_moved_berkas_get_one_event_each_and_walk_on_under_the_new_version(
    session: Session,
) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, 2)
    id_ = konsep(session)
    change(session, id_, KASI, sla_menit=2)
    publish(session, id_)
    pelaku = act_as(session, "admin")
    moved = {c.berkas_id for c in pindahkan(session, pelaku, SENIN + timedelta(hours=1), id_)}
    session.commit()
    assert berkas_id in moved
    assert pindahkan(session, pelaku, SENIN + timedelta(hours=1), id_) == []
    with unscoped(session, "uji membaca riwayat"):
        acts = session.scalars(
            select(Riwayat).where(Riwayat.berkas_id == berkas_id).order_by(Riwayat.nomor)
        ).all()
        assert [str(row.jenis) for row in acts] == ["ajukan", "setujui", "setujui", "migrasi"]
        assert acts[-1].oleh_id == pelaku.pengguna_id
        assert session.get_one(Berkas, berkas_id).versi_layanan_id == id_
    session.rollback()
    act_as(session, "camat")
    halaman = load_halaman(session, berkas_id)
    assert [status for _, status in halaman.tahapan][:3] == ["disetujui", "disetujui", "menunggu"]
    assert all(tick is not None and tick.dipenuhi for _, tick in halaman.persyaratan)
    for step, (username, jenis) in enumerate(RANTAI[2:], 70):
        take(session, username, berkas_id, jenis, SENIN + timedelta(minutes=step))
    with unscoped(session, "uji membaca berkas"):
        assert str(session.get_one(Berkas, berkas_id).status) == "selesai"


def test_a_returned_berkas_moves_too_and_goes_back_to_its_desk(session: Session) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id, 0, 3)
    reason = {"alasan": "tidak_lengkap", "catatan": "Foto rumah buram"}
    take(session, "kasi.kesos.pilang", berkas_id, JenisAksi.KEMBALIKAN, **reason)
    id_ = konsep(session)
    publish(session, id_)
    pelaku = act_as(session, "admin")
    moved = [c.berkas_id for c in pindahkan(session, pelaku, SENIN, id_)]
    session.commit()
    assert berkas_id in moved
    with unscoped(session, "uji membaca berkas"):
        row = session.get_one(Berkas, berkas_id)
        assert (str(row.status), row.balik_ke) == ("dikembalikan", KASI)


def test_berkas_move_only_to_the_published_version(session: Session) -> None:
    id_ = konsep(session)
    with pytest.raises(DataBerubahError):
        list_calon(session, act_as(session, "admin"), SENIN, id_)
