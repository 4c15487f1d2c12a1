"""The berkas that lie at the desks of the sandbox, so that everyone finds work to practise on."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.biodata import StatusDasar
from app.models.pelaku import Pelaku
from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.policy import bind_pelaku, unscoped
from app.models.wilayah import Wilayah
from app.routing import JenisAksi
from app.services.berkas import available, tindak
from app.services.isian_awal import nilai_awal
from app.services.pelaku import load_pelaku
from app.services.pemohon import freeze_penduduk
from app.services.pengajuan import ajukan, load_terbit
from app.services.rancangan import Pengajuan

KELURAHAN = "Pilang"
NOMOR = ("001", "002", "003")
"""The RW of the sandbox's kelurahan, and the RT of each."""

LAYANAN = "SKTM"
KEPERLUAN = ("Beasiswa sekolah", "Keringanan biaya berobat", "Bantuan pangan", "Bantuan listrik")
PENGHASILAN = "Kurang dari Rp500.000"

LANGKAH = (
    ("rt{rt}rw{rw}.pilang", JenisAksi.SETUJUI),
    ("rw{rw}.pilang", JenisAksi.SETUJUI),
    ("petugas.pilang", JenisAksi.TERUSKAN),
    ("kasi.kesos.pilang", JenisAksi.PARAF),
    ("lurah.pilang", JenisAksi.TANDA_TANGANI),
    ("petugas.kecamatan", JenisAksi.TERUSKAN),
    ("kasi.kesos", JenisAksi.PARAF),
    ("sekcam", JenisAksi.PARAF),
    ("camat", JenisAksi.TANDA_TANGANI),
)
"""Who sits at each desk of an SKTM, and how the step is finished there."""


def akun_latihan(meja: int, nomor: int) -> str:
    """Return the account at desk ``meja`` (0 is the RT) for the trainee ``nomor``.

    Nine trainees in a row get an RT each, so that a class does not work on one desk.

    >>> akun_latihan(0, 4), akun_latihan(1, 4), akun_latihan(4, 4)
    ('rt002rw002.pilang', 'rw002.pilang', 'lurah.pilang')
    """
    rt, rw = NOMOR[nomor % 3], NOMOR[nomor // 3 % 3]
    return LANGKAH[meja][0].format(rt=rt, rw=rw)


def seed_berkas(session: Session, now: datetime) -> int:
    """Let a berkas wait at every desk; nobody can sign in with the known password any more.

    Returns how many berkas were filed. ``now`` is when the last one arrives.
    """
    with unscoped(session, "latihan: akun contoh hanya dibuka dari portal"):
        for akun in session.scalars(select(Pengguna)):
            akun.password = "!"  # no hash, so that no password fits
        session.flush()
    count = 0
    for count, (nomor, meja) in enumerate(_places(), start=1):
        _file(session, nomor, meja, count, now - timedelta(minutes=20))
    bind_pelaku(session, None)
    return count


def _places() -> Iterator[tuple[int, int]]:
    """Yield (trainee, desk): every RT and RW of the kelurahan, then each desk above."""
    yield from ((nomor, 0) for nomor in range(9))
    yield from ((nomor, 1) for nomor in (0, 3, 6))
    yield from ((0, meja) for meja in range(2, len(LANGKAH)))
    yield from ((4, meja) for meja in (2, 4))


def _file(session: Session, nomor: int, meja: int, seri: int, moment: datetime) -> None:
    pelaku = _act_as(session, akun_latihan(0, nomor), moment)
    versi = load_terbit(session, LAYANAN)
    pemohon_id = _resident(session, pelaku, seri)
    awal = nilai_awal(session, versi.isian, freeze_penduduk(session, pemohon_id), moment)
    isian = {**awal, "keperluan": KEPERLUAN[seri % len(KEPERLUAN)], "penghasilan": PENGHASILAN}
    isian.setdefault("tanggungan", 1)
    seen = frozenset(row.id for row in versi.persyaratan)
    filing = Pengajuan(versi.id, pemohon_id, isian, seen)
    berkas_id = ajukan(session, pelaku, moment, filing, f"latihan-{seri}")
    for langkah in range(meja):
        later = moment + timedelta(minutes=2 * langkah + 1)
        officer = _act_as(session, akun_latihan(langkah, nomor), later)
        ke = available(session, officer, later, berkas_id).ke
        tindak(
            *(session, officer, later),
            berkas_id=berkas_id,
            jenis=LANGKAH[langkah][1],
            ke=ke,
            kunci=f"latihan-{seri}-{langkah}",
        )


def _act_as(session: Session, username: str, now: datetime) -> Pelaku:
    with unscoped(session, "latihan: petugas contoh"):
        id_ = session.scalar(select(Pengguna.id).where(Pengguna.username == username))
    pelaku = load_pelaku(session, id_ or 0, now)
    if pelaku is None:
        raise LookupError(username)
    bind_pelaku(session, pelaku)
    return pelaku


def _resident(session: Session, pelaku: Pelaku, seri: int) -> int:
    """Return one of the heads of family of this officer's own RT, each time another."""
    rows = session.scalars(
        select(Penduduk.id)
        .join(Wilayah, Wilayah.id == Penduduk.rt_id)
        .where(
            Wilayah.id == pelaku.jabatan[0].wilayah_id,
            Penduduk.status_dasar == StatusDasar.HIDUP,
        )
        .order_by(Penduduk.tanggal_lahir, Penduduk.id)
    ).all()
    return rows[seri % min(3, len(rows))]
