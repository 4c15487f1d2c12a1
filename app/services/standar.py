"""Reads the catalogue as the public sees it: active layanan in their published version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.errors import TidakDitemukanError
from app.models.layanan import Layanan
from app.models.maklumat_pelayanan import MaklumatPelayanan
from app.models.persyaratan import Persyaratan
from app.models.standar_pelayanan import KomponenStandar, StandarPelayanan
from app.models.tahapan import Tahapan
from app.models.versi_layanan import StatusVersi, VersiLayanan
from app.teks import N_


@dataclass(frozen=True)
class Standar:
    """One layanan with all its standard says; a component nobody has written is not in ``teks``."""

    layanan: Layanan
    versi: VersiLayanan
    persyaratan: Sequence[Persyaratan]
    tahapan: Sequence[Tahapan]
    teks: Mapping[KomponenStandar, str]


def list_katalog(session: Session, cari: str = "") -> list[tuple[Layanan, VersiLayanan]]:
    """Return the catalogue by name; with ``cari``, layanan that hold each of its words.

    The catalogue is a few dozen rows, so it is searched here, alike on every database.
    """
    rows = session.execute(
        select(Layanan, VersiLayanan)
        .join(VersiLayanan, VersiLayanan.layanan_id == Layanan.id)
        .where(Layanan.aktif.is_(True), VersiLayanan.status == StatusVersi.TERBIT)
        .order_by(Layanan.nama, Layanan.id)
    )
    words = cari.casefold().split()
    return [
        (layanan, versi)
        for layanan, versi in rows
        if all(word in _searched(layanan, versi) for word in words)
    ]


def _searched(layanan: Layanan, versi: VersiLayanan) -> str:
    texts = (layanan.nama, layanan.kode, versi.produk, layanan.keterangan or "")
    return " ".join(texts).casefold()


def load_standar(session: Session, kode: str) -> Standar:
    """Return the standard of one layanan.

    Raises:
        TidakDitemukanError: no such layanan is active with a published version.
    """
    row = session.execute(
        select(Layanan, VersiLayanan)
        .join(VersiLayanan, VersiLayanan.layanan_id == Layanan.id)
        .where(
            Layanan.kode == kode,
            Layanan.aktif.is_(True),
            VersiLayanan.status == StatusVersi.TERBIT,
        )
    ).one_or_none()
    if row is None:
        raise TidakDitemukanError(N_("Layanan ini belum terbit atau sudah tidak aktif."))
    layanan, versi = row
    steps = session.scalars(
        select(Tahapan)
        .options(joinedload(Tahapan.peran))
        .where(Tahapan.versi_layanan_id == versi.id)
        .order_by(Tahapan.urutan)
    ).all()
    return Standar(layanan, versi, list(versi.persyaratan), steps, _texts(session, layanan.id))


def _texts(session: Session, layanan_id: int) -> dict[KomponenStandar, str]:
    """Return component → text; a text of the layanan itself wins over the one for all."""
    rows = session.scalars(
        select(StandarPelayanan).where(
            or_(StandarPelayanan.layanan_id == layanan_id, StandarPelayanan.layanan_id.is_(None))
        )
    ).all()
    general = {row.komponen: row.isi for row in rows if row.layanan_id is None}
    return general | {row.komponen: row.isi for row in rows if row.layanan_id is not None}


def list_maklumat(session: Session) -> Sequence[MaklumatPelayanan]:
    """Return the maklumat of every unit, the kecamatan's first."""
    rows = session.scalars(
        select(MaklumatPelayanan).options(joinedload(MaklumatPelayanan.wilayah))
    ).all()
    return sorted(rows, key=lambda row: (row.wilayah.tingkat.rank, row.wilayah.nama))
