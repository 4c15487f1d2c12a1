"""Who a person is at a moment: appointments begin and end; right and area go together."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan
from app.models.peran import Peran
from app.models.policy import bind_pelaku, unscoped
from app.services.pelaku import load_pelaku
from tests.walk import SENIN, act_as, unit


def appoint(
    session: Session,
    username: str,
    peran: str,
    sebutan: str,
    mulai: datetime,
    sampai: datetime | None,
) -> int:
    with unscoped(session, "uji menugaskan"):
        id_ = session.scalars(select(Pengguna.id).where(Pengguna.username == username)).one()
        session.add(
            Penugasan(
                pengguna_id=id_,
                peran_id=session.scalars(select(Peran.id).where(Peran.kode == peran)).one(),
                wilayah_id=unit(session, sebutan),
                sifat="plt",
                nomor_sk="SK/UJI/1",
                waktu_mulai=mulai,
                waktu_sampai=sampai,
            )
        )
    session.commit()
    return id_


def count_penduduk(session: Session, *where: object) -> int:
    return session.scalar(select(func.count(Penduduk.id)).where(*where)) or 0


def test_two_peran_in_two_areas_never_mix_their_rights(session: Session) -> None:
    # Head of an RT in Pilang (may not add residents) and counter officer of Ketapang (may).
    ends = SENIN + timedelta(days=1)
    id_ = appoint(
        session, "rt001rw002.pilang", "petugas_kelurahan", "Kelurahan Ketapang", SENIN, ends
    )
    pelaku = load_pelaku(session, id_, SENIN)
    assert pelaku is not None
    rt, ketapang = unit(session, "RT 001/RW 002 Pilang"), unit(session, "Kelurahan Ketapang")
    assert pelaku.area("Penduduk", "list") == {("rt_id", rt), ("kelurahan_id", ketapang)}
    assert pelaku.area("Penduduk", "edit") == {("kelurahan_id", ketapang)}
    bind_pelaku(session, pelaku)
    readable = count_penduduk(session)
    with unscoped(session, "uji menghitung semua"):
        own = count_penduduk(session, Penduduk.rt_id == rt)
        other = count_penduduk(session, Penduduk.kelurahan_id == ketapang)
    assert readable == own + other > own > 0


def test_rights_end_at_the_minute_the_appointment_ends(session: Session) -> None:
    ends = SENIN + timedelta(hours=1)
    id_ = appoint(session, "auditor", "lurah", "Kelurahan Pilang", SENIN, ends)
    before = load_pelaku(session, id_, ends - timedelta(seconds=1))
    at = load_pelaku(session, id_, ends)
    assert before is not None
    assert at is not None
    assert before.has_peran("lurah")
    assert not at.has_peran("lurah")
    assert at.has_peran("auditor")


def test_an_appointment_does_not_count_before_it_begins(session: Session) -> None:
    pelaku = act_as(session, "camat", datetime(2025, 12, 31, 16, 0, tzinfo=UTC))
    assert pelaku.jabatan == ()
    assert count_penduduk(session) == 0


def test_an_inactive_account_is_nobody(session: Session) -> None:
    with unscoped(session, "uji menonaktifkan"):
        row = session.scalars(select(Pengguna).where(Pengguna.username == "sekcam")).one()
        row.active, id_ = False, row.id
    session.commit()
    assert load_pelaku(session, id_, SENIN) is None
