"""The outbox: a notice is written with its event or not at all, once per person and channel."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.engine import writing
from app.models.kotak_keluar import KotakKeluar
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.routing import JenisAksi
from app.services.berkas import tindak
from tests.walk import PENGAJU, SENIN, act_as, file_sktm, take, unit, walk


def notices(session: Session, berkas_id: int) -> list[tuple[str, str]]:
    """Return (act, recipient) of every notice of a berkas, in order."""
    with unscoped(session, "uji membaca kotak keluar"):
        rows = session.execute(
            select(Riwayat.jenis, KotakKeluar.penerima)
            .join(Riwayat, Riwayat.id == KotakKeluar.riwayat_id)
            .where(KotakKeluar.berkas_id == berkas_id)
            .order_by(KotakKeluar.id)
        )
        return [(str(jenis), penerima) for jenis, penerima in rows]


def test_the_next_desk_and_the_pemohon_hear_of_what_concerns_them(session: Session) -> None:
    berkas_id = file_sktm(session)
    rt, rw = unit(session, "RT 001/RW 002 Pilang"), unit(session, "RW 002 Pilang")
    kelurahan = unit(session, "Kelurahan Pilang")
    assert notices(session, berkas_id) == [
        ("ajukan", f"meja:ketua_rt:{rt}"),
        ("ajukan", "pemohon"),
    ]
    walk(session, berkas_id, 0, 2)
    facts = {"alasan": "tidak_lengkap", "catatan": "Foto buram"}
    take(session, "petugas.pilang", berkas_id, JenisAksi.KEMBALIKAN, **facts)
    assert notices(session, berkas_id)[2:] == [
        ("setujui", f"meja:ketua_rw:{rw}"),
        ("setujui", f"meja:petugas_kelurahan:{kelurahan}"),
        ("kembalikan", f"meja:ketua_rt:{rt}"),
        ("kembalikan", "pemohon"),
    ]


def test_a_berkas_that_comes_back_to_a_desk_is_announced_again(session: Session) -> None:
    berkas_id = file_sktm(session)
    take(session, PENGAJU, berkas_id, JenisAksi.SETUJUI)
    take(session, PENGAJU, berkas_id, JenisAksi.URUNGKAN)
    rt = unit(session, "RT 001/RW 002 Pilang")
    assert notices(session, berkas_id)[-1] == ("urungkan", f"meja:ketua_rt:{rt}")


def test_a_retry_adds_no_notice_and_a_rollback_leaves_none(session: Session) -> None:
    berkas_id = file_sktm(session)
    before = notices(session, berkas_id)
    pelaku = act_as(session, PENGAJU)
    facts = {"berkas_id": berkas_id, "jenis": JenisAksi.SETUJUI, "ke": 1, "kunci": "sekali"}
    with writing():
        tindak(session, pelaku, SENIN, **facts)
        session.rollback()
        assert notices(session, berkas_id) == before
        act_as(session, PENGAJU)
        tindak(session, pelaku, SENIN, **facts)
        session.commit()
    once = notices(session, berkas_id)
    assert len(once) == len(before) + 1
    with writing():
        tindak(session, pelaku, SENIN, **facts)
        session.commit()
    assert notices(session, berkas_id) == once


def test_the_state_never_waits_for_a_notice(session: Session) -> None:
    berkas_id = file_sktm(session)
    walk(session, berkas_id)
    with unscoped(session, "uji membaca kotak keluar"):
        waiting = session.scalars(
            select(KotakKeluar.id).where(
                KotakKeluar.berkas_id == berkas_id, KotakKeluar.waktu_terkirim.is_(None)
            )
        ).all()
        assert str(session.get_one(Berkas, berkas_id).status) == "selesai"
    assert len(waiting) == len(notices(session, berkas_id)) > 9
