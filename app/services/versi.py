"""The life of a version: copied to a konsep, examined, published, archived."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import (
    DataBerubahError,
    DataTidakValidError,
    TidakBerwenangError,
    TidakDitemukanError,
)
from app.models.layanan import Layanan
from app.models.pelaku import Jabatan, Pelaku
from app.models.peran import Peran
from app.models.validation import INTEGER_LIMIT
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.services.definisi import Definisi, sidik_of
from app.services.definisi_baris import add_versi, load_definisi
from app.services.lapangan import load_lapangan
from app.services.pemeriksaan import Pemeriksaan, examine
from app.teks import N_

ALASAN_MIN = 10
"""Least letters of the reason for publishing although some berkas would be stuck."""

USANG = N_("Versi lain baru saja diterbitkan. Muat ulang halaman ini dan periksa perbedaannya.")


def publishing_post(pelaku: Pelaku) -> Jabatan:
    """Return the appointment from which this person publishes.

    Raises:
        TidakBerwenangError: none grants it.
    """
    for jabatan in pelaku.jabatan:
        if ("VersiLayanan", "terbitkan") in pelaku.grants.get(jabatan.peran, frozenset()):
            return jabatan
    raise TidakBerwenangError(N_("Anda tidak berwenang menerbitkan versi layanan."))


def load_versi(session: Session, versi_id: int) -> VersiLayanan:
    """Return a version.

    Raises:
        TidakDitemukanError: there is no such version.
    """
    versi = session.get(VersiLayanan, versi_id) if versi_id <= INTEGER_LIMIT else None
    if versi is None:
        raise TidakDitemukanError
    return versi


def load_terbit_of(session: Session, layanan_id: int) -> VersiLayanan | None:
    """Return the published version of a layanan, None where it has none."""
    return session.scalars(
        select(VersiLayanan).where(
            VersiLayanan.layanan_id == layanan_id, VersiLayanan.status == StatusVersi.TERBIT
        )
    ).one_or_none()


def load_pembanding(session: Session, versi: VersiLayanan) -> VersiLayanan | None:
    """Return the version to compare with: for a konsep the published one, else the one before."""
    if versi.status == StatusVersi.KONSEP:
        return load_terbit_of(session, versi.layanan_id)
    return session.scalars(
        select(VersiLayanan)
        .where(
            VersiLayanan.layanan_id == versi.layanan_id,
            VersiLayanan.nomor < versi.nomor,
            VersiLayanan.status != StatusVersi.KONSEP,
        )
        .order_by(VersiLayanan.nomor.desc())
    ).first()


def add_konsep(session: Session, layanan: Layanan, definisi: Definisi) -> VersiLayanan:
    """Add a konsep with the next number of the layanan, and flush it."""
    newest = session.scalar(
        select(func.max(VersiLayanan.nomor)).where(VersiLayanan.layanan_id == layanan.id)
    )
    peran = dict(session.execute(select(Peran.kode, Peran.id)).all())
    versi = add_versi(session, layanan, (newest or 0) + 1, definisi, peran)
    session.flush()
    return versi


def salin_jadi_konsep(session: Session, pelaku: Pelaku, versi_id: int) -> int:
    """Copy a version with all its parts to a new konsep; return its id.

    Raises:
        TidakBerwenangError, TidakDitemukanError: the person may not, or there is no such version.
    """
    publishing_post(pelaku)
    versi = load_versi(session, versi_id)
    layanan = _lock_layanan(session, versi.layanan_id)
    return add_konsep(session, layanan, load_definisi(session, versi)).id


def terbitkan(
    session: Session,
    pelaku: Pelaku,
    now: datetime,
    *,
    versi_id: int,
    menggantikan: int | None,
    alasan: str = "",
) -> Pemeriksaan:
    """Publish a konsep; the version it replaces goes to the archive in the same transaction.

    ``menggantikan`` is the published version that the person saw, None for none: whoever comes
    second meets another one (ROUTING §3 case 54). ``alasan`` is due where a berkas would be stuck.

    Raises:
        TidakBerwenangError, TidakDitemukanError: the person may not, or there is no such version.
        DataBerubahError: it is no konsep any more, or another version was published meanwhile.
        DataTidakValidError: it has errors, or a berkas would be stuck and no reason is given.
    """
    jabatan = publishing_post(pelaku)
    _lock_layanan(session, load_versi(session, versi_id).layanan_id)
    versi = _lock_versi(session, versi_id)
    before = load_terbit_of(session, versi.layanan_id)
    if versi.status != StatusVersi.KONSEP:
        raise DataBerubahError(N_("Versi ini sudah diterbitkan oleh %(oleh)s."), oleh=_by(versi))
    if (before.id if before is not None else None) != menggantikan:
        raise DataBerubahError(USANG)
    definisi = load_definisi(session, versi)
    hasil = examine(definisi, load_lapangan(session, now))
    _refuse_unfit(hasil, alasan.strip())
    if before is not None:
        before.status = StatusVersi.ARSIP
        session.flush()
    versi.status = StatusVersi.TERBIT
    versi.waktu_terbit = now
    versi.penerbit = f"{pelaku.nama}, {jabatan.sebutan}"[:450]
    versi.alasan_terbit = alasan.strip()[:500] or None
    versi.sidik = sidik_of(definisi)
    session.flush()
    return hasil


def _refuse_unfit(hasil: Pemeriksaan, alasan: str) -> None:
    if hasil.galat:
        raise DataTidakValidError(
            {"versi": N_("Masih ada %(n)s hal yang harus diperbaiki sebelum terbit.")},
            n=len(hasil.galat),
        )
    if hasil.is_macet and len(alasan) < ALASAN_MIN:
        raise DataTidakValidError(
            {"alasan": N_("Sebagian berkas akan macet. Tulis alasannya, sedikitnya %(n)s huruf.")},
            n=ALASAN_MIN,
        )


def _by(versi: VersiLayanan) -> str:
    return versi.penerbit or "–"


def arsipkan(session: Session, pelaku: Pelaku, versi_id: int) -> None:
    """Withdraw the published version: its layanan takes no new berkas (ROUTING §3 case 36).

    Raises:
        TidakBerwenangError, TidakDitemukanError: the person may not, or there is no such version.
        DataBerubahError: the version is not published.
    """
    publishing_post(pelaku)
    versi = _lock_versi(session, load_versi(session, versi_id).id)
    if versi.status != StatusVersi.TERBIT:
        raise DataBerubahError(N_("Hanya versi yang terbit dapat diarsipkan."))
    versi.status = StatusVersi.ARSIP
    session.flush()


def _lock_layanan(session: Session, layanan_id: int) -> Layanan:
    """Return the layanan, locked: its versions are published and numbered one after another."""
    query = select(Layanan).where(Layanan.id == layanan_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _lock_versi(session: Session, versi_id: int) -> VersiLayanan:
    """Return the version, locked: nobody adds a part between the check and the publishing."""
    query = select(VersiLayanan).where(VersiLayanan.id == versi_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()
