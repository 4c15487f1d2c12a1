"""The pemohon of a new berkas: a resident of the register, or someone whose identity is typed in.

Either way the facts are frozen on the berkas, whatever the register says later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError, TidakDitemukanError
from app.models.base import AREA_COLUMNS
from app.models.biodata import JenisKelamin, StatusDasar
from app.models.nik import parse_nik
from app.models.pelaku import Jabatan
from app.models.penduduk import Penduduk
from app.models.policy import unscoped
from app.models.validation import INTEGER_LIMIT
from app.models.wilayah import Tingkat, Wilayah, area_of_wilayah, subtree_ids
from app.teks import N_

REASON = "NIK pemohon dicari di seluruh data penduduk"
"""A NIK is one person's everywhere: somebody in the register is not typed in as a stranger."""

PANJANG_NAMA = 100
PANJANG_TEKS = 200
"""Most letters of a typed name, and of a typed address or document."""


@dataclass(frozen=True)
class Identitas:
    """Someone outside the register, as the officer typed it from the documents shown.

    ``dokumen`` names another document (passport, birth certificate) where there is no NIK;
    ``wilayah_id`` is the RT where the person lives now, the origin of the berkas.
    """

    nama: str | None
    nik: str | None
    dokumen: str | None
    jenis_kelamin: str | None
    tempat_lahir: str | None
    tanggal_lahir: date | None
    alamat: str | None
    wilayah_id: int | None


@dataclass(frozen=True)
class Pemohon:
    """Who a berkas is filed for: ``id`` None outside the register; ``area`` by area column."""

    id: int | None
    wilayah_id: int
    area: Mapping[str, int | None]
    data: dict[str, Any]


def load_pemohon(session: Session, penduduk_id: int) -> Penduduk:
    """Return the resident a berkas is filed for.

    Raises:
        TidakDitemukanError: unknown, or outside the person's area.
        DataTidakValidError: the dead and the moved get no new berkas (DOMAIN "Layanan").
    """
    query = select(Penduduk).where(Penduduk.id == penduduk_id)
    pemohon = session.scalars(query).one_or_none() if penduduk_id <= INTEGER_LIMIT else None
    if pemohon is None:
        raise TidakDitemukanError
    if pemohon.status_dasar != StatusDasar.HIDUP:
        raise DataTidakValidError({"pemohon": N_("Penduduk ini tidak berstatus hidup.")})
    return pemohon


def freeze_penduduk(session: Session, penduduk_id: int) -> Pemohon:
    """Return a resident as the berkas keeps him.

    Raises:
        TidakDitemukanError: unknown, or outside the person's area.
        DataTidakValidError: dead or moved away.
    """
    row = load_pemohon(session, penduduk_id)
    data = {
        "nama": row.nama,
        "nik": row.nik,
        "no_kk": row.keluarga.no_kk if row.keluarga else None,
        "jenis_kelamin": str(row.jenis_kelamin),
        "tempat_lahir": row.tempat_lahir,
        "tanggal_lahir": row.tanggal_lahir.isoformat(),
        "agama": str(row.agama),
        "status_kawin": str(row.status_kawin),
        "alamat": row.alamat,
        "wilayah": row.wilayah.sebutan,
    }
    area = {column: getattr(row, column) for column in AREA_COLUMNS}
    return Pemohon(row.id, row.wilayah_id, area, data)


def freeze_identitas(session: Session, identitas: Identitas, now: datetime) -> Pemohon:
    """Return someone outside the register as the berkas keeps him.

    Raises:
        DataTidakValidError: every fact that is missing or wrong, by the name of its field.
    """
    wilayah = session.get(Wilayah, identitas.wilayah_id or 0)
    errors = _identity_errors(session, identitas, now)
    if wilayah is None or wilayah.tingkat != Tingkat.RT:
        errors["pemohon_wilayah"] = N_("Pilih RT tempat pemohon tinggal.")
    if errors or wilayah is None or identitas.tanggal_lahir is None:
        raise DataTidakValidError(errors)
    data = {
        "nama": identitas.nama,
        "nik": parse_nik(identitas.nik).nomor if identitas.nik else None,
        "dokumen": identitas.dokumen or None,
        "no_kk": None,
        "jenis_kelamin": identitas.jenis_kelamin,
        "tempat_lahir": identitas.tempat_lahir,
        "tanggal_lahir": identitas.tanggal_lahir.isoformat(),
        "agama": None,
        "status_kawin": None,
        "alamat": identitas.alamat,
        "wilayah": wilayah.sebutan,
    }
    return Pemohon(None, wilayah.id, area_of_wilayah(session, wilayah.id), data)


def _identity_errors(session: Session, identitas: Identitas, now: datetime) -> dict[str, str]:
    names = ("nama", "jenis_kelamin", "tempat_lahir", "tanggal_lahir", "alamat")
    errors = {
        f"pemohon_{name}": N_("Wajib diisi.") for name in names if not getattr(identitas, name)
    }
    limits = {"nama": PANJANG_NAMA, "tempat_lahir": PANJANG_NAMA, "alamat": PANJANG_TEKS}
    for name, most in {**limits, "dokumen": PANJANG_TEKS}.items():
        if len(getattr(identitas, name) or "") > most:
            errors[f"pemohon_{name}"] = N_("Terlalu panjang.")
    if identitas.jenis_kelamin and identitas.jenis_kelamin not in [k.value for k in JenisKelamin]:
        errors["pemohon_jenis_kelamin"] = N_("Pilihan tidak dikenal.")
    lahir = identitas.tanggal_lahir
    if lahir is not None and not date(1900, 1, 1) <= lahir <= now.date():
        errors["pemohon_tanggal_lahir"] = N_("Periksa tanggal lahirnya.")
    if galat := _document_error(session, identitas):
        errors["pemohon_nik"] = galat
    return errors


def _document_error(session: Session, identitas: Identitas) -> str | None:
    if not identitas.nik:
        return None if identitas.dokumen else N_("Isi NIK, atau dokumen identitas lain.")
    nik = parse_nik(identitas.nik)
    if nik.galat:
        return nik.galat
    with unscoped(session, REASON):
        known = session.scalar(select(Penduduk.id).where(Penduduk.nik == nik.nomor))
    if known is not None:
        return N_("NIK ini ada di data penduduk. Ajukan dari RT tempat orangnya tercatat.")
    return None


def list_rt(session: Session, jabatan: Jabatan, now: datetime) -> list[tuple[str, str]]:
    """Return (id, sebutan) of the RT inside the area of an appointment: origins it may file for."""
    rows = session.execute(
        select(Wilayah.id, Wilayah.sebutan)
        .where(
            Wilayah.id.in_(subtree_ids(session, [jabatan.wilayah_id])),
            Wilayah.tingkat == Tingkat.RT,
            or_(Wilayah.tanggal_sampai.is_(None), Wilayah.tanggal_sampai > now.date()),
        )
        .order_by(Wilayah.sebutan)
    )
    return [(str(id_), sebutan) for id_, sebutan in rows]
