"""What an officer finds filled in: the first value of each isian, from the pemohon's record."""

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.biodata import StatusDasar
from app.models.isian import Isian, TipeIsian
from app.models.penduduk import Penduduk
from app.models.wilayah import Wilayah
from app.services.pemohon import Pemohon

WIB = ZoneInfo("Asia/Jakarta")


def nilai_awal(
    session: Session, rows: Iterable[Isian], pemohon: Pemohon | None, now: datetime
) -> dict[str, Any]:
    """Return kode → value to begin with; what the record does not say is left out.

    ``pemohon`` None: someone outside the register, of whom nothing is known yet.
    """
    read: dict[str, Callable[[], Any]] = {"{hari_ini}": lambda: now.astimezone(WIB).date()}
    if pemohon is not None:
        read |= {
            "{pemohon.nik}": lambda: pemohon.data.get("nik"),
            "{pemohon.nama}": lambda: pemohon.data.get("nama"),
            "{pemohon.alamat}": lambda: pemohon.data.get("alamat"),
            "{pemohon.rt}": lambda: _number(session, pemohon.area.get("rt_id")),
            "{pemohon.rw}": lambda: _number(session, pemohon.area.get("rw_id")),
            "{keluarga.tanggungan}": lambda: _dependants(session, pemohon.id),
        }
    found = {row.kode: _value(row, read) for row in rows if row.bawaan}
    return {kode: value for kode, value in found.items() if value is not None}


def _value(row: Isian, read: dict[str, Callable[[], Any]]) -> Any:
    text = row.bawaan or ""
    if text.startswith("{"):
        return read[text]() if text in read else None
    if row.tipe == TipeIsian.ANGKA:
        return int(text)
    return Decimal(text) if row.tipe == TipeIsian.UANG else text


def _number(session: Session, wilayah_id: int | None) -> int | None:
    """Return the number of an RT or RW; None where its kode is none."""
    kode = session.scalar(select(Wilayah.kode).where(Wilayah.id == wilayah_id))
    return int(kode) if kode and kode.isdecimal() else None


def _dependants(session: Session, penduduk_id: int | None) -> int | None:
    """Return how many living others stand on the pemohon's KK; None without one."""
    own = select(Penduduk.keluarga_id).where(Penduduk.id == penduduk_id)
    keluarga_id = session.scalar(own)
    if keluarga_id is None:
        return None
    return session.scalar(
        select(func.count(Penduduk.id)).where(
            Penduduk.keluarga_id == keluarga_id,
            Penduduk.status_dasar == StatusDasar.HIDUP,
            Penduduk.id != penduduk_id,
        )
    )
