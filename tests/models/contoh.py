"""Builds small rows and people for the tests of the models; nothing here has a hidden default."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.models import discover
from app.models.biodata import Agama, JenisKelamin, StatusKawin
from app.models.pelaku import Jabatan, Pelaku
from app.models.penduduk import Penduduk
from app.models.pengguna import Pengguna
from app.models.peran import Kewenangan, Peran, Tunggal
from app.models.policy import bind_pelaku, unscoped
from app.models.wilayah import Tingkat, Wilayah

JANUARI = datetime(2026, 1, 1, tzinfo=UTC)
JULI = datetime(2026, 7, 1, tzinfo=UTC)

PERAN = (
    ("ketua_rt", "Ketua RT", Tingkat.RT, Kewenangan.TIDAK, Tunggal.YA),
    ("ketua_rw", "Ketua RW", Tingkat.RW, Kewenangan.TIDAK, Tunggal.YA),
    ("petugas_kelurahan", "Petugas Pelayanan Kelurahan", "kelurahan", "tidak", Tunggal.TIDAK),
    ("kasi_kelurahan", "Kepala Seksi Kelurahan", "kelurahan", "paraf", Tunggal.PER_SEKSI),
    ("lurah", "Lurah", Tingkat.KELURAHAN, Kewenangan.TANDA_TANGAN, Tunggal.YA),
    ("admin_kecamatan", "Administrator Kecamatan", "kecamatan", "tidak", Tunggal.TIDAK),
    ("auditor", "Auditor (hanya baca)", "kecamatan", "tidak", Tunggal.TIDAK),
)

UNIT = {
    # name in the tests: (parent, tingkat, kode, nama)
    "kota": (None, "kota", "35.74", "Kota Probolinggo"),
    "kademangan": ("kota", "kecamatan", "35.74.01", "Kademangan"),
    "pilang": ("kademangan", "kelurahan", "35.74.01.1009", "Pilang"),
    "ketapang": ("kademangan", "kelurahan", "35.74.01.1001", "Ketapang"),
    "pilang_rw2": ("pilang", "rw", "002", "002"),
    "pilang_rw3": ("pilang", "rw", "003", "003"),
    "pilang_rt1": ("pilang_rw2", "rt", "001", "001"),
    "pilang_rt2": ("pilang_rw2", "rt", "002", "002"),
    "ketapang_rw1": ("ketapang", "rw", "001", "001"),
    "ketapang_rt1": ("ketapang_rw1", "rt", "001", "001"),
}


@dataclass(frozen=True)
class Dunia:
    """Ids of the units and peran that `build_dunia` wrote, by name."""

    unit: dict[str, int]
    peran: dict[str, int]


def build_dunia(session: Session) -> Dunia:
    """Write two kelurahan of Kademangan with RW and RT, and the peran; return their ids."""
    units: dict[str, Wilayah] = {}
    with unscoped(session, "test data", keep=True):
        for name, (induk, tingkat, kode, nama) in UNIT.items():
            induk_id = units[induk].id if induk else None
            units[name] = Wilayah(induk_id=induk_id, tingkat=tingkat, kode=kode, nama=nama)
            session.add(units[name])
            session.flush()
        peran = [
            Peran(
                kode=kode,
                nama=nama,
                tingkat=tingkat,
                kewenangan=kewenangan,
                tunggal=tunggal,
                urutan=urutan,
            )
            for urutan, (kode, nama, tingkat, kewenangan, tunggal) in enumerate(PERAN)
        ]
        session.add_all(peran)
        session.flush()
        dunia = Dunia({n: u.id for n, u in units.items()}, {p.kode: p.id for p in peran})
        session.commit()
    session.expunge_all()
    return dunia


def penduduk(wilayah_id: int, nomor: int, **facts: Any) -> Penduduk:
    """Return a man born 1 January 1990 whose NIK ends with ``nomor``; ``facts`` replace."""
    fields = {
        "nama": f"Warga {nomor}",
        "nik": f"357401010190{nomor:04d}",
        "jenis_kelamin": JenisKelamin.LAKI_LAKI,
        "tempat_lahir": "Probolinggo",
        "tanggal_lahir": date(1990, 1, 1),
        "agama": Agama.ISLAM,
        "status_kawin": StatusKawin.BELUM_KAWIN,
        "alamat": "Jalan Brantas 1",
        "wilayah_id": wilayah_id,
    }
    return Penduduk(**{**fields, **facts})


def pengguna(username: str, **facts: Any) -> Pengguna:
    """Return an account with a stand-in password hash."""
    fields = {
        "first_name": username.title(),
        "last_name": "Contoh",
        "username": username,
        "email": f"{username}@contoh.invalid",
        "password": "x",
    }
    return Pengguna(**{**fields, **facts})


def save(session: Session, *rows: Any) -> list[int]:
    """Write rows past the policy, leave none in the session, and return their ids."""
    with unscoped(session, "test data", keep=True):
        session.add_all(rows)
        session.flush()
        ids = [row.id for row in rows]
        session.commit()
    session.expunge_all()
    return ids


def act_as(session: Session, dunia: Dunia, *jabatan: tuple[str, str]) -> Pelaku:
    """Bind a person holding these (peran, unit) with what the models' screens grant."""
    grants: dict[str, set[tuple[str, str]]] = {}
    for model in discover():
        for peran, actions in model.screen.access.items():
            granted = grants.setdefault(peran, set())
            granted.update((model.__name__, action) for action in actions.split())
    person = Pelaku(
        1,
        "Contoh",
        tuple(
            Jabatan(n, peran, dunia.unit[unit], UNIT[unit][1], f"{peran} {unit}")
            for n, (peran, unit) in enumerate(jabatan, start=1)
        ),
        {peran: frozenset(granted) for peran, granted in grants.items()},
    )
    session.expunge_all()
    bind_pelaku(session, person)
    return person
