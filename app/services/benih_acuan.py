"""The reference data of every installation: wilayah, code lists, seksi, hours and holidays."""

from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.hari_libur import HariLibur
from app.models.jam_layanan import Hari, JamLayanan
from app.models.klasifikasi_arsip import KlasifikasiArsip
from app.models.peran import Peran
from app.models.persyaratan import JenisPersyaratan
from app.models.referensi import Daftar, Referensi
from app.models.seksi import Seksi
from app.models.standar_pelayanan import StandarPelayanan
from app.models.wilayah import Tingkat, Wilayah
from app.services.benih_layanan import seksi_by_peran
from app.services.benih_sumber import add_missing, is_empty, read_csv

JAM_KANTOR = {
    **dict.fromkeys((Hari.SENIN, Hari.SELASA, Hari.RABU, Hari.KAMIS), ((7, 30, 16, 0),)),
    Hari.JUMAT: ((7, 30, 11, 30), (13, 0, 16, 0)),
}
"""Office hours as (hour, minute, hour, minute), WIB: an assumption, to be edited on screen.

Friday ends at 16.00, as ROUTING §3 case 39 counts; its gap is the Friday prayer.
"""


def seed_wilayah(session: Session) -> int:
    """Add the units from provinsi down to kelurahan by their Kemendagri codes."""
    query = select(Wilayah.kode, Wilayah.id).where(
        Wilayah.tingkat.not_in((Tingkat.DUSUN, Tingkat.RW, Tingkat.RT))
    )
    ids = dict(session.execute(query).all())
    before = len(ids)
    for row in read_csv("wilayah_kademangan"):
        if row["kode"] not in ids:
            unit = Wilayah(
                induk_id=ids.get(row["kode_induk"]),
                tingkat=row["tingkat"],
                kode=row["kode"],
                nama=row["nama"],
            )
            session.add(unit)
            session.flush()
            ids[unit.kode] = unit.id
    return len(ids) - before


def seed_peran(session: Session) -> int:
    """Add the twelve peran; their rights come from the models (`bangkit siapkan`)."""
    rows = (
        {
            "kode": row["kode"],
            "nama": row["nama"],
            "tingkat": row["tingkat_wilayah"],
            "kewenangan": row["kewenangan"],
            "urutan": int(row["urutan"]),
            "tunggal": row["tunggal"],
        }
        for row in read_csv("referensi/peran")
    )
    return add_missing(session, Peran, ("kode",), rows)


def seed_referensi(session: Session) -> int:
    """Add the open code lists of the register, each in the order of its file."""
    rows = (
        {"daftar": daftar, "kode": row["kode"], "nama": row["nama"], "urutan": urutan}
        for daftar in Daftar
        for urutan, row in enumerate(read_csv(f"referensi/{daftar.value}"), start=1)
    )
    return add_missing(session, Referensi, ("daftar", "kode"), rows)


def seed_katalog(session: Session) -> int:
    """Add the archive codes, and the kinds of documents while there are none."""
    codes = (
        {**row, "terkonfirmasi": row["terkonfirmasi"] == "ya"}
        for row in read_csv("referensi/klasifikasi_arsip")
    )
    added = add_missing(session, KlasifikasiArsip, ("rezim", "kode"), codes)
    if not is_empty(session, JenisPersyaratan):
        return added
    documents = read_csv("referensi/persyaratan")
    session.add_all(
        JenisPersyaratan(kode=row["kode"], nama=row["nama"], bentuk=row["jenis"])
        for row in documents
    )
    return added + len(documents)


def seed_seksi(session: Session) -> int:
    """Add the sections that the tahapan name, to the kecamatan and each kelurahan."""
    if not is_empty(session, Seksi):
        return 0
    names = seksi_by_peran()
    rows = [
        Seksi(wilayah_id=unit_id, kode=kode, nama=nama)
        for unit_id, tingkat in session.execute(
            select(Wilayah.id, Wilayah.tingkat).order_by(Wilayah.kode)
        )
        for kode, nama in names.get(f"kasi_{tingkat}", {}).items()
    ]
    session.add_all(rows)
    return len(rows)


def seed_libur(session: Session) -> int:
    """Add the holidays of 2026 (SKB of three ministers) while the calendar is empty."""
    if not is_empty(session, HariLibur):
        return 0
    rows = read_csv("hari_libur_2026")
    session.add_all(
        HariLibur(tanggal=date.fromisoformat(row["tanggal"]), nama=row["nama"], jenis=row["jenis"])
        for row in rows
    )
    return len(rows)


def seed_jam(session: Session) -> int:
    """Add the office hours of the kecamatan, which its kelurahan inherit, while there are none."""
    if not is_empty(session, JamLayanan):
        return 0
    rows = [
        JamLayanan(wilayah_id=unit_id, hari=hari, mulai=time(*jam[:2]), selesai=time(*jam[2:]))
        for unit_id in session.scalars(
            select(Wilayah.id).where(Wilayah.tingkat == Tingkat.KECAMATAN)
        )
        for hari, intervals in JAM_KANTOR.items()
        for jam in intervals
    ]
    session.add_all(rows)
    return len(rows)


def seed_standar(session: Session) -> int:
    """Add the texts that hold for every layanan anywhere, while there are none; the rest is due."""
    if not is_empty(session, StandarPelayanan):
        return 0
    rows = read_csv("standar_pelayanan")
    session.add_all(StandarPelayanan(komponen=row["komponen"], isi=row["isi"]) for row in rows)
    return len(rows)
