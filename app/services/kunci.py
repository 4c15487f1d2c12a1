"""The key of an attempt: sent again it gives the stored answer and changes nothing.

ROUTING §3 case 1; riwayat holds the keys, unique over all berkas. Callers have lifted the policy.
"""

from collections.abc import Mapping

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.errors import DataTidakValidError
from app.models.berkas import Berkas
from app.models.riwayat import Riwayat
from app.routing import JenisAksi
from app.teks import N_

_BY_KUNCI = select(Riwayat.id).where(Riwayat.kunci == bindparam("kunci"))

LAIN = N_("Kunci ini sudah dipakai untuk tindakan lain.")


def known_row(
    session: Session,
    berkas_id: int,
    jenis: JenisAksi,
    kunci: str,
    isi: Mapping[str, object] | None = None,
) -> Riwayat | None:
    """Return the stored answer of a key; ``isi`` (column → value) is what else the request says.

    Raises:
        DataTidakValidError: the key was used for something else.
    """
    id_ = session.connection().execute(_BY_KUNCI, {"kunci": kunci}).scalar()
    if id_ is None:
        return None
    row = session.get_one(Riwayat, id_)
    said = {"berkas_id": berkas_id, "jenis": jenis.value, **(isi or {})}
    if any((getattr(row, column) or "") != (value or "") for column, value in said.items()):
        raise DataTidakValidError({"kunci": LAIN})
    return row


def known_filing(
    session: Session, kunci: str, pengguna_id: int, pemohon_id: int | None
) -> int | None:
    """Return the id of the berkas that this key filed, by this person for this pemohon.

    Raises:
        DataTidakValidError: the key was used for something else.
    """
    row = session.execute(
        select(Riwayat.berkas_id, Riwayat.oleh_id, Berkas.pemohon_id)
        .join(Berkas, Berkas.id == Riwayat.berkas_id)
        .where(Riwayat.kunci == kunci)
    ).first()
    if row is not None and (row.oleh_id, row.pemohon_id) != (pengguna_id, pemohon_id):
        raise DataTidakValidError({"kunci": LAIN})
    return None if row is None else row.berkas_id
