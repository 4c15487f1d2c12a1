"""How tests appoint people, end their appointments, and file for the residents they want."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan
from app.models.peran import Peran
from app.models.policy import unscoped
from app.models.riwayat import Riwayat
from app.models.wilayah import subtree_ids
from app.routing import JenisAksi
from app.services.berkas import available, tindak
from app.services.lampiran import Simpanan
from app.services.pengajuan import ajukan, load_terbit
from app.services.rancangan import Pengajuan
from tests.walk import ISIAN, SENIN, act_as, resident_of, unit

REASON = "uji menyusun penugasan"


def appoint(
    session: Session,
    username: str,
    peran: str,
    sebutan: str,
    *,
    sifat: str = "definitif",
    mulai: datetime = SENIN - timedelta(days=1),
    sampai: datetime | None = None,
) -> int:
    """Give a demo account a post; commit; return the id of the penugasan."""
    with unscoped(session, REASON):
        akun = session.scalars(select(Pengguna.id).where(Pengguna.username == username)).one()
        row = Penugasan(
            pengguna_id=akun,
            peran_id=session.scalars(select(Peran.id).where(Peran.kode == peran)).one(),
            wilayah_id=unit(session, sebutan),
            sifat=sifat,
            nomor_sk="SK/UJI/2026/001",
            waktu_mulai=mulai,
            waktu_sampai=sampai,
        )
        session.add(row)
        session.flush()
        penugasan_id = row.id
    session.commit()
    return penugasan_id


def vacate(session: Session, peran: str, sebutan: str, at: datetime) -> int:
    """End every appointment of a peran at a unit and below; commit; return how many."""
    with unscoped(session, REASON):
        rows = session.scalars(
            select(Penugasan)
            .join(Peran)
            .where(
                Peran.kode == peran,
                Penugasan.wilayah_id.in_(subtree_ids(session, [unit(session, sebutan)])),
            )
        ).all()
        for row in rows:
            row.waktu_sampai = at
        count = len(rows)
    session.commit()
    return count


def scan() -> Simpanan:
    """Return a file as the store keeps it; no bytes are needed by the service."""
    return Simpanan("surat.pdf", "application/pdf", uuid4().hex, 10, "0" * 64)


def file_for(
    session: Session,
    username: str,
    rt: str,
    *,
    kode: str = "SKTM",
    isian: Mapping[str, Any] | None = None,
    now: datetime = SENIN,
    **facts: Any,
) -> int:
    """File for a resident of an RT, every persyaratan ticked but the letter; commit."""
    penduduk_id, nik = resident_of(session, rt)
    pelaku = act_as(session, username, now)
    versi = load_terbit(session, kode)
    ticked = frozenset(row.id for row in versi.persyaratan if row.dipenuhi_peran is None)
    answers = {**ISIAN, "untuk_nik": nik, **(isian or {})}
    fields = {"pemohon_id": penduduk_id, "dicentang": ticked, **facts}
    berkas_id = ajukan(
        session, pelaku, now, Pengajuan(versi.id, isian=answers, **fields), uuid4().hex
    )
    session.commit()
    return berkas_id


def decide(
    session: Session, username: str, berkas_id: int, now: datetime = SENIN, **facts: Any
) -> Riwayat:
    """Let an officer finish the step that lies at his desk now; commit."""
    pelaku = act_as(session, username, now)
    meja = available(session, pelaku, now, berkas_id)
    finishing = ("setujui", "teruskan", "paraf", "tanda_tangani", "serahkan")
    (jenis,) = [act for act in meja.tindakan if act.value in finishing] or [JenisAksi.SETUJUI]
    row = tindak(
        session,
        pelaku,
        now,
        berkas_id=berkas_id,
        jenis=jenis,
        ke=meja.ke,
        kunci=uuid4().hex,
        **facts,
    )
    session.commit()
    return row
