"""Reads where a berkas stands: always the replay of its journal."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.models.berkas import Berkas
from app.models.riwayat import Riwayat
from app.routing import Keadaan, Peristiwa, replay

_RIWAYAT = (
    select(Riwayat.isi, Riwayat.catatan, Riwayat.alasan_kode, Riwayat.sidik)
    .where(Riwayat.berkas_id == bindparam("berkas"))
    .order_by(Riwayat.nomor)
)


def load_keadaan(session: Session, berkas: Berkas) -> tuple[Keadaan, str | None]:
    """Return the projection of a berkas by replaying its riwayat, and the newest hash."""
    rows = session.connection().execute(_RIWAYAT, {"berkas": berkas.id}).all()
    events = [Peristiwa.from_isi(r.isi, r.catatan or "", r.alasan_kode or "") for r in rows]
    keadaan = replay(Keadaan(data=facts(berkas), jalur=berkas.jalur or {}), events)
    return keadaan, rows[-1].sidik if rows else None


def facts(berkas: Berkas) -> dict[str, Any]:
    """Return the columns that conditions may ask: isian, and the frozen facts of the pemohon."""
    pemohon = {f"pemohon.{key}": value for key, value in (berkas.data_pemohon or {}).items()}
    return {**pemohon, **(berkas.isian or {})}
