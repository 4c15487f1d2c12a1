"""The demo accounts: who holds which post, all with one known password, and the list to print."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.biodata import Shdk, StatusDasar
from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.penugasan import Penugasan
from app.models.peran import Peran
from app.models.seksi import Seksi
from app.models.wilayah import Tingkat, Wilayah
from app.services.benih_contoh import BIBIT, KODE_CONTOH, TANDA
from app.services.benih_nama import random_nama
from app.services.benih_sumber import is_empty

SANDI_CONTOH = "bangkit-2026"

MULAI = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Jakarta"))

POS_KECAMATAN = (
    ("petugas.kecamatan", "petugas_kecamatan", None),
    ("kasi.kesos", "kasi_kecamatan", "kesejahteraan_sosial"),
    ("kasi.pem", "kasi_kecamatan", "pemerintahan"),
    ("kasi.trantib", "kasi_kecamatan", "ketenteraman"),
    ("sekcam", "sekcam", None),
    ("camat", "camat", None),
    ("admin", "admin_kecamatan", None),
    ("auditor", "auditor", None),
)
"""Accounts of the kecamatan as (username, peran, seksi)."""

POS_KELURAHAN = (
    ("petugas", "petugas_kelurahan", None),
    ("kasi.kesos", "kasi_kelurahan", "kesejahteraan_sosial"),
    ("kasi.pem", "kasi_kelurahan", "pemerintahan"),
    ("kasi.pemberdayaan", "kasi_kelurahan", "pemberdayaan"),
    ("kasi.trantib", "kasi_kelurahan", "ketenteraman"),
    ("sekkel", "sekretaris_kelurahan", None),
    ("lurah", "lurah", None),
)
"""Accounts of a kelurahan; its name follows the username."""

RW_TERCETAK = {"Pilang": "002", "Ketapang": "001"}
"""The kelurahan with a staffed office, and the RW whose accounts the printed list names.

In the other kelurahan only RT and RW have heads: the desks above are vacant and rise (naik).
"""


@dataclass(frozen=True)
class Pos:
    """A post to fill, and the username of the account that holds it."""

    username: str
    peran: str
    wilayah: Wilayah
    seksi: str | None = None


def seed_akun(session: Session) -> int:
    """Add an account with its penugasan for each post, while nobody holds any post."""
    if not is_empty(session, Penugasan):
        return 0
    peran = {row.kode: row for row in session.scalars(select(Peran))}
    seksi = {(row.wilayah_id, row.kode): row for row in session.scalars(select(Seksi))}
    acak = Random(BIBIT)
    # One hash for all: hashing is slow on purpose, and everybody knows the password anyway.
    sandi = Pengguna(sandi_baru=SANDI_CONTOH).password
    taken = set(session.scalars(select(Pengguna.username)))
    residents = _residents(session)
    posts = [
        pos
        for pos in _posts(session)
        if pos.username not in taken and (not pos.seksi or (pos.wilayah.id, pos.seksi) in seksi)
    ]
    for nomor, pos in enumerate(posts, start=1):
        nama = random_nama(acak, is_perempuan=nomor % 3 == 0)
        warga = _resident_of(pos, residents)
        depan, _, belakang = (warga.nama if warga else nama).rpartition(" ")
        akun = Pengguna(
            username=pos.username,
            first_name=depan,
            last_name=belakang,
            email=f"{pos.username}@contoh.invalid",
            password=sandi,
            active=True,
            wilayah_id=pos.wilayah.id,
            penduduk_id=warga.id if warga else None,
        )
        session.add(
            Penugasan(
                pengguna=akun,
                peran_id=peran[pos.peran].id,
                wilayah_id=pos.wilayah.id,
                seksi_id=seksi[pos.wilayah.id, pos.seksi].id if pos.seksi else None,
                nomor_sk=f"SK/CONTOH/2026/{nomor:03}",
                waktu_mulai=MULAI,
            )
        )
    session.flush()
    return len(posts)


def _posts(session: Session) -> list[Pos]:
    """Return the posts of the demo RT and RW, the staffed kelurahan and the kecamatan."""
    units = session.scalars(select(Wilayah).order_by(Wilayah.id)).all()
    return [pos for unit in units for pos in _posts_of(unit)]


def _posts_of(unit: Wilayah) -> list[Pos]:
    if unit.tingkat == Tingkat.KECAMATAN:
        return [Pos(name, peran, unit, seksi) for name, peran, seksi in POS_KECAMATAN]
    if unit.tingkat == Tingkat.KELURAHAN and unit.nama in RW_TERCETAK:
        return [
            Pos(f"{name}.{akhiran(unit.nama)}", peran, unit, seksi)
            for name, peran, seksi in POS_KELURAHAN
        ]
    rw = unit.induk
    if unit.alamat != TANDA or rw is None:
        return []
    if unit.tingkat == Tingkat.RW:
        return [Pos(f"rw{unit.kode}.{akhiran(rw.nama)}", "ketua_rw", unit)]
    kelurahan = rw.induk
    assert kelurahan is not None, "a demo RT lies in an RW of a kelurahan"
    return [Pos(f"rt{unit.kode}rw{rw.kode}.{akhiran(kelurahan.nama)}", "ketua_rt", unit)]


def _residents(session: Session) -> dict[int, list[Penduduk]]:
    """Return wilayah_id of each demo RT → its heads of family, youngest first.

    Those who live with a parent come last: the oldest of an RT stay free to ask their RT head.
    """
    with_parent = select(Penduduk.keluarga_id).where(Penduduk.shdk == Shdk.ORANG_TUA)
    heads = session.scalars(
        select(Penduduk)
        .where(Penduduk.shdk == Shdk.KEPALA_KELUARGA, Penduduk.status_dasar == StatusDasar.HIDUP)
        .order_by(Penduduk.keluarga_id.in_(with_parent), Penduduk.tanggal_lahir.desc(), Penduduk.id)
    )
    found: dict[int, list[Penduduk]] = {}
    for row in heads:
        found.setdefault(row.wilayah_id, []).append(row)
    return found


def _resident_of(pos: Pos, residents: dict[int, list[Penduduk]]) -> Penduduk | None:
    """Return who of the residents holds this post, so that own letters show their other way.

    The head of an RT is its youngest head of family; of an RW the next one in its first RT, where
    that is not the oldest of all.
    """
    if pos.peran == "ketua_rt":
        return next(iter(residents.get(pos.wilayah.id, [])), None)
    if pos.peran != "ketua_rw":
        return None
    below = sorted(unit.id for unit in pos.wilayah.anak)
    middle = (row for rt in below for row in residents.get(rt, [])[1:-1])
    return next(middle, None)


def akhiran(nama_kelurahan: str) -> str:
    """Return how usernames write a kelurahan.

    >>> akhiran("Triwung Lor")
    'triwunglor'
    """
    return nama_kelurahan.lower().replace(" ", "")


def list_akun(session: Session) -> list[tuple[str, str]]:
    """Return (username, jabatan) of the demo accounts to print, in the order a berkas walks."""
    names = [name for name, _, _ in POS_KECAMATAN]
    for kelurahan, rw in reversed(RW_TERCETAK.items()):
        unit = akhiran(kelurahan)
        heads = [f"rt{rt}rw{rw}.{unit}" for rt in KODE_CONTOH] + [f"rw{rw}.{unit}"]
        names = [*heads, *(f"{name}.{unit}" for name, _, _ in POS_KELURAHAN), *names]
    rows = session.execute(
        select(Pengguna.username, Penugasan.sebutan)
        .join(Penugasan, Penugasan.pengguna_id == Pengguna.id)
        .where(Pengguna.username.in_(names), Pengguna.active.is_(True))
    )
    found = dict(rows.all())
    return [(name, found[name]) for name in names if name in found]
