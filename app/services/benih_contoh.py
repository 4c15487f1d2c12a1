"""The demo data, all fictional: RT and RW with their hours, and residents in families."""

from datetime import time
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.biodata import StatusDasar
from app.models.jam_layanan import Hari, JamLayanan
from app.models.keluarga import Keluarga
from app.models.penduduk import Penduduk
from app.models.referensi import Referensi
from app.models.wilayah import Tingkat, Wilayah
from app.services.benih_sumber import is_empty
from app.services.benih_warga import Warga, add_khusus

TANDA = "Data contoh"
"""Stands as the address of demo RT and RW, whose real numbers are unknown (DOMAIN "Wilayah")."""

KODE_CONTOH = ("001", "002", "003")
"""The RW of each demo kelurahan, and the RT of each RW."""

JAM_RELAWAN = (time(6), time(21))
"""RT and RW are volunteers, at hand every day (ROUTING §3 case 40)."""

BIBIT = 2026
"""Seed of chance: the same residents on every machine."""

KHUSUS = {"RT 001/RW 002 Pilang": StatusDasar.MATI, "RT 002/RW 002 Pilang": StatusDasar.PINDAH}
"""RT with one more resident who died, or moved away."""


def seed_rt_rw(session: Session) -> int:
    """Add demo RT and RW with hours, and demo unit codes, while there is no RW at all."""
    if session.scalar(select(Wilayah.id).where(Wilayah.tingkat == Tingkat.RW).limit(1)):
        return 0
    offices = session.scalars(
        select(Wilayah)
        .where(Wilayah.tingkat.in_((Tingkat.KECAMATAN, Tingkat.KELURAHAN)))
        .order_by(Wilayah.kode)
    ).all()
    for office in offices:
        # 425.xxx: the code of Kademangan is unknown, and nobody may take this one for it.
        suffix = "" if office.tingkat == Tingkat.KECAMATAN else f".{office.kode[-4:]}"
        office.kode_unit = office.kode_unit or f"425.xxx{suffix}"
    kelurahan = [unit.id for unit in offices if unit.tingkat == Tingkat.KELURAHAN]
    rw = _add_units(session, kelurahan, Tingkat.RW)
    rt = _add_units(session, [unit.id for unit in rw], Tingkat.RT)
    session.add_all(
        JamLayanan(wilayah_id=unit.id, hari=hari, mulai=JAM_RELAWAN[0], selesai=JAM_RELAWAN[1])
        for unit in rw
        for hari in Hari
    )
    return len(rw) + len(rt)


def _add_units(session: Session, induk_ids: list[int], tingkat: Tingkat) -> list[Wilayah]:
    units = [
        Wilayah(induk_id=induk_id, tingkat=tingkat, kode=kode, nama=kode, alamat=TANDA)
        for induk_id in induk_ids
        for kode in KODE_CONTOH
    ]
    session.add_all(units)
    session.flush()
    return units


def seed_penduduk(session: Session) -> int:
    """Add three or four demo families to each demo RT, while the register is empty."""
    if not (is_empty(session, Keluarga) and is_empty(session, Penduduk)):
        return 0
    referensi = {
        (str(daftar), kode): id_
        for daftar, kode, id_ in session.execute(
            select(Referensi.daftar, Referensi.kode, Referensi.id)
        )
    }
    warga = Warga(Random(BIBIT), referensi)
    rt = session.execute(
        select(Wilayah.id, Wilayah.sebutan)
        .where(Wilayah.tingkat == Tingkat.RT, Wilayah.alamat == TANDA)
        .order_by(Wilayah.id)
    )
    families: list[Keluarga] = []
    for nomor, (rt_id, sebutan) in enumerate(rt):
        count = 3 if nomor % 3 == 2 else 4
        own = [warga.keluarga(rt_id) for _ in range(count)]
        if sebutan in KHUSUS:
            add_khusus(warga, own[0], KHUSUS[sebutan])
        families += own
    session.add_all(families)
    return sum(len(keluarga.anggota) for keluarga in families)
