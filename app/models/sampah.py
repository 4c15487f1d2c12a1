"""Sampah: what was deleted, kept whole for some days so that it can be put back."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import HostModel, Waktu, stamp


class Sampah(HostModel):
    """One deleted row; those of one act share ``kelompok``, in the order of their deletion.

    It has no screen of its own: `app.services.sejarah` alone reads it, and asks the right to
    delete rows of ``sumber_daya`` in the area columns. The sweep empties it.
    """

    __tablename__ = "sampah"

    id: Mapped[int] = mapped_column(primary_key=True)
    waktu: Mapped[datetime] = mapped_column(Waktu, default=stamp, index=True)
    kelompok: Mapped[str] = mapped_column(String(32), index=True)
    pengguna_id: Mapped[int]
    nama_pengguna: Mapped[str] = mapped_column(String(130))
    sumber_daya: Mapped[str] = mapped_column(String(60))
    baris_id: Mapped[int]
    sebutan: Mapped[str] = mapped_column(String(200))
    isi: Mapped[dict[str, Any]] = mapped_column(JSON)
    wilayah_id: Mapped[int | None]
    kecamatan_id: Mapped[int | None] = mapped_column(Integer)
    kelurahan_id: Mapped[int | None] = mapped_column(Integer)
    rw_id: Mapped[int | None] = mapped_column(Integer)
    rt_id: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (Index(None, "sumber_daya", "id"),)
