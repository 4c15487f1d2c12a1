"""Notes what must be accounted for: data that leaves the system, masked values that were shown."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.models.catatan_ekspor import CatatanEkspor
from app.models.pelaku import Pelaku
from app.models.pembukaan_data import PembukaanData
from app.models.policy import unscoped


def _who(pelaku: Pelaku, now: datetime) -> dict[str, Any]:
    unit = pelaku.jabatan[-1].wilayah_id
    return {
        "waktu": now,
        "pengguna_id": pelaku.pengguna_id,
        "nama_pengguna": pelaku.nama,
        "wilayah_id": unit,
    }


def catat_ekspor(
    session: Session,
    pelaku: Pelaku,
    now: datetime,
    *,
    sumber_daya: str,
    saringan: str,
    jumlah_baris: int,
    sha256: str,
    alasan: str | None,
) -> None:
    """Note an export (UU 27/2022): what, by which filters, how many rows, hash of the file, why.

    ``alasan`` is None where no sensitive column leaves.
    """
    with unscoped(session, "catatan ekspor ditulis sistem"):
        session.add(
            CatatanEkspor(
                **_who(pelaku, now),
                sumber_daya=sumber_daya,
                saringan=saringan or None,
                jumlah_baris=jumlah_baris,
                sha256=sha256,
                alasan=alasan,
            )
        )


def catat_pembukaan(
    session: Session,
    pelaku: Pelaku,
    now: datetime,
    *,
    sumber_daya: str,
    baris_id: int,
    kolom: str,
    alasan: str,
) -> None:
    """Note that a masked value was shown, and why; never the value."""
    with unscoped(session, "catatan pembukaan ditulis sistem"):
        session.add(
            PembukaanData(
                **_who(pelaku, now),
                sumber_daya=sumber_daya,
                baris_id=baris_id,
                kolom=kolom,
                alasan=alasan,
            )
        )
