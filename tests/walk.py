"""How tests walk a berkas: the people of the standard chain, filing an SKTM, taking acts."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.engine import writing
from app.models.pelaku import Pelaku
from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.policy import bind_pelaku, unscoped
from app.models.riwayat import Riwayat
from app.models.wilayah import Wilayah
from app.routing import JenisAksi
from app.services.berkas import available, tindak
from app.services.pelaku import load_pelaku
from app.services.pengajuan import Pengajuan, ajukan, load_terbit

PENGAJU = "rt001rw002.pilang"

RANTAI = (
    (PENGAJU, JenisAksi.SETUJUI),
    ("rw002.pilang", JenisAksi.SETUJUI),
    ("petugas.pilang", JenisAksi.TERUSKAN),
    ("kasi.kesos.pilang", JenisAksi.PARAF),
    ("lurah.pilang", JenisAksi.TANDA_TANGANI),
    ("petugas.kecamatan", JenisAksi.TERUSKAN),
    ("kasi.kesos", JenisAksi.PARAF),
    ("sekcam", JenisAksi.PARAF),
    ("camat", JenisAksi.TANDA_TANGANI),
)
"""The nine officers of an SKTM of RT 001/RW 002 Pilang, each with the act of the step."""

SENIN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday 23 November 2026, 09.00 WIB: inside everybody's hours."""

ISIAN = {
    "keperluan": "Beasiswa sekolah",
    "penghasilan": "Rp500.000–Rp1.000.000",
    "tanggungan": 3,
}


def act_as(session: Session, username: str, now: datetime = SENIN) -> Pelaku:
    """Bind this account to the session as a request would; return who it is."""
    with unscoped(session, "uji memilih akun"):
        id_ = session.scalar(select(Pengguna.id).where(Pengguna.username == username))
    assert id_ is not None, f"the seed has no account {username}"
    pelaku = load_pelaku(session, id_, now)
    assert pelaku is not None
    bind_pelaku(session, pelaku)
    return pelaku


def unit(session: Session, sebutan: str) -> int:
    """Return the id of a wilayah by its full name."""
    id_ = session.scalar(select(Wilayah.id).where(Wilayah.sebutan == sebutan))
    assert id_ is not None, f"the seed has no {sebutan}"
    return id_


def resident_of(session: Session, sebutan: str) -> tuple[int, str]:
    """Return (id, nik) of a living adult resident of an RT."""
    with unscoped(session, "uji memilih penduduk"):
        row = session.execute(
            select(Penduduk.id, Penduduk.nik)
            .where(Penduduk.rt_id == unit(session, sebutan), Penduduk.status_dasar == "hidup")
            .order_by(Penduduk.tanggal_lahir, Penduduk.id)
        ).first()
    assert row is not None, f"the seed has no resident in {sebutan}"
    return row.id, row.nik


def file_sktm(
    session: Session,
    username: str = PENGAJU,
    rt: str = "RT 001/RW 002 Pilang",
    now: datetime = SENIN,
    kunci: str | None = None,
) -> int:
    """File an SKTM with every persyaratan ticked; commit; return the id of the berkas."""
    penduduk_id, nik = resident_of(session, rt)
    pelaku = act_as(session, username, now)
    versi = load_terbit(session, "SKTM")
    pengajuan = Pengajuan(
        versi.id,
        penduduk_id,
        {**ISIAN, "untuk_nik": nik},
        frozenset(row.id for row in versi.persyaratan),
    )
    with writing():
        berkas_id = ajukan(session, pelaku, now, pengajuan, kunci or uuid4().hex)
        session.commit()
    return berkas_id


def take(
    session: Session,
    username: str,
    berkas_id: int,
    jenis: JenisAksi,
    now: datetime = SENIN,
    **facts: str,
) -> Riwayat:
    """Let an officer take one act on the newest visit; commit; return the journal row."""
    pelaku = act_as(session, username, now)
    with writing():
        ke = available(session, pelaku, now, berkas_id).ke
        row = tindak(
            session,
            pelaku,
            now,
            berkas_id=berkas_id,
            jenis=jenis,
            ke=ke,
            kunci=facts.pop("kunci", uuid4().hex),
            **facts,
        )
        session.commit()
    return row


def walk(session: Session, berkas_id: int, start: int = 0, stop: int = 9) -> None:
    """Let the officers from ``start`` up to ``stop`` (not included) act, a minute apart."""
    for step, (username, jenis) in enumerate(RANTAI[start:stop], start):
        take(session, username, berkas_id, jenis, SENIN + timedelta(minutes=step))
