"""Numbers: the registration of a berkas at filing, and the nomor surat at the act that gives it.

The counter of a unit and year is one locked row, taken in the transaction of the signature: a
rollback gives the number back, so there is no gap and no duplicate (DOMAIN "Layanan", Nomor surat).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import BangkitError
from app.models.berkas import Berkas, StatusBerkas
from app.models.format_nomor import FormatNomorError, render
from app.models.layanan import Layanan
from app.models.riwayat import Riwayat
from app.models.surat import NomorSurat, Surat
from app.models.versi_layanan import VersiLayanan
from app.models.wilayah import Wilayah
from app.routing import AKSI_TAHAPAN, WIB_MENIT, Alur, Keadaan, Kunjungan, Peristiwa

WIB = timezone(timedelta(minutes=WIB_MENIT))

FORMAT_BAWAAN = "{klasifikasi}/{nomor:3}/{kode_unit}/{tahun}"
"""The format of a version that names none (DOMAIN "Layanan")."""

BATAL = frozenset({StatusBerkas.DITOLAK, StatusBerkas.DIBATALKAN, StatusBerkas.KEDALUWARSA})
"""A berkas that ends so leaves no valid letter behind."""


def wib_date(moment: datetime) -> date:
    """Return the date in Probolinggo at this moment; years of numbers turn by it."""
    return moment.astimezone(WIB).date()


def nomor_registrasi(kode_layanan: str, berkas_id: int, now: datetime) -> str:
    """Return what names a berkas for ever: unique by the id, with the WIB year of its filing.

    >>> from datetime import UTC
    >>> nomor_registrasi("SKTM", 12, datetime(2026, 12, 31, 17, 0, tzinfo=UTC))
    'SKTM-2027-000012'
    """
    return f"{kode_layanan}-{wib_date(now).year}-{berkas_id:06d}"


def numbering_visit(alur: Alur, before: Keadaan, event: Peristiwa) -> Kunjungan | None:
    """Return the visit that this event finished, if its step gives the number; else None."""
    if event.ke is None or event.jenis not in AKSI_TAHAPAN:
        return None
    visit = before.kunjungan[event.ke - 1]
    return visit if alur.step(visit.tahapan).memberi_nomor else None


def settle_surat(
    session: Session,
    berkas: Berkas,
    alur: Alur,
    before: Keadaan,
    event: Peristiwa,
    row: Riwayat,
) -> None:
    """Number the letter if the event is the act that does; void it if the berkas came to nothing.

    ``row`` is the journal row of the event, with the jabatan as it signed.
    """
    visit = numbering_visit(alur, before, event)
    if visit is not None and visit.meja is not None:
        beri_nomor(session, berkas, visit.meja.seharusnya_id, row)
    elif berkas.status in BATAL:
        surat = find_surat(session, berkas.id)
        if surat is not None:
            surat.waktu_dicabut = event.pada


def find_surat(session: Session, berkas_id: int) -> Surat | None:
    """Return the letter of a berkas; None before it is signed."""
    return session.scalars(select(Surat).where(Surat.berkas_id == berkas_id)).one_or_none()


def beri_nomor(session: Session, berkas: Berkas, unit_id: int, row: Riwayat) -> Surat:
    """Write the letter as it is signed now; one signed before keeps its number.

    ``unit_id`` is the unit the step belongs to, also where a superior acted for it (naik).

    Raises:
        BangkitError: the version's format of the number is wrong.
    """
    surat = find_surat(session, berkas.id)
    if surat is None:
        surat = Surat(berkas_id=berkas.id, wilayah_asal_id=berkas.wilayah_asal_id, unit_id=unit_id)
        surat.tahun = wib_date(row.waktu).year
        surat.nomor = take_next(session, unit_id, surat.tahun)
        surat.nomor_surat = render_nomor(session, berkas, surat, row.waktu)
    surat.data = freeze_data(session, berkas, surat, row)
    surat.waktu_ditandatangani = row.waktu
    session.add(surat)
    return surat


def take_next(session: Session, unit_id: int, tahun: int) -> int:
    """Return the next number of a unit in a year; its counter stays locked until the commit."""
    counter = _locked(session, unit_id, tahun)
    if counter is None:
        try:
            with session.begin_nested():
                session.add(NomorSurat(unit_id=unit_id, tahun=tahun, terakhir=0))
        except IntegrityError:
            # Another signature opened the year first; the savepoint leaves the rest whole.
            pass
        counter = _locked(session, unit_id, tahun)
        assert counter is not None, "a counter is never deleted"
    counter.terakhir += 1
    session.flush()
    return counter.terakhir


def _locked(session: Session, unit_id: int, tahun: int) -> NomorSurat | None:
    query = select(NomorSurat).where(NomorSurat.unit_id == unit_id, NomorSurat.tahun == tahun)
    query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def render_nomor(session: Session, berkas: Berkas, surat: Surat, now: datetime) -> str:
    """Return the number as the letter bears it.

    Raises:
        BangkitError: the version's format is wrong.
    """
    versi = session.get_one(VersiLayanan, berkas.versi_layanan_id)
    unit = session.get_one(Wilayah, surat.unit_id)
    values: dict[str, str | int | None] = {
        "klasifikasi": versi.klasifikasi or "xxx",
        "nomor": surat.nomor,
        "kode_unit": kode_unit(unit),
        "bulan_romawi": wib_date(now).month,
        "tahun": surat.tahun,
        **_rt_rw(session, berkas.jalur),
    }
    try:
        return render(versi.format_nomor or FORMAT_BAWAAN, values)
    except FormatNomorError as error:
        raise BangkitError(error.message, **error.params) from error


def kode_unit(unit: Wilayah) -> str:
    """Return the unit's code on letters, or what nobody can take for one while it is unknown.

    >>> kode_unit(Wilayah(kode="35.74.01.1009"))
    'xxx-35.74.01.1009'
    """
    return unit.kode_unit or f"xxx-{unit.kode}"


def _rt_rw(session: Session, jalur: Mapping[str, int]) -> dict[str, str]:
    """Return the codes of the RT and RW of origin; "0" for a level that the area lacks."""
    ids = {tingkat: jalur[tingkat] for tingkat in ("rt", "rw") if tingkat in jalur}
    rows = session.execute(select(Wilayah.id, Wilayah.kode).where(Wilayah.id.in_(ids.values())))
    codes = {row.id: row.kode for row in rows}
    return {tingkat: codes.get(ids.get(tingkat, 0), "0") for tingkat in ("rt", "rw")}


def freeze_data(session: Session, berkas: Berkas, surat: Surat, row: Riwayat) -> dict[str, Any]:
    """Return all that stands on the letter: pemohon, isian, unit, official; it never changes."""
    versi = session.get_one(VersiLayanan, berkas.versi_layanan_id)
    unit = session.get_one(Wilayah, surat.unit_id)
    return {
        "layanan": session.get_one(Layanan, berkas.layanan_id).nama,
        "versi_layanan_id": versi.id,
        "produk": versi.produk,
        "klasifikasi": versi.klasifikasi,
        "masa_berlaku_bulan": versi.masa_berlaku_bulan,
        "unit": unit.sebutan,
        "pemohon": dict(berkas.data_pemohon),
        "isian": dict(berkas.isian),
        "penandatangan": {
            "nama": row.nama,
            "jabatan": row.jabatan,
            "penugasan_id": row.penugasan_id,
        },
        "riwayat_nomor": row.nomor,
    }
