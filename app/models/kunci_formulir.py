"""Kunci formulir: the key of a form that added a row, so that sending it twice adds one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import HostModel, Waktu


class KunciFormulir(HostModel):
    """What one sending of a form added; `app.services.kunci_formulir` reads and forgets it.

    It has no screen of its own. ``kunci`` is the hash of the form's key and all that was typed.
    """

    __tablename__ = "kunci_formulir"

    id: Mapped[int] = mapped_column(primary_key=True)
    pengguna_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    sumber_daya: Mapped[str] = mapped_column(String(60))
    kunci: Mapped[str] = mapped_column(String(64))
    baris_id: Mapped[int | None]
    waktu: Mapped[datetime] = mapped_column(Waktu)

    __table_args__ = (
        UniqueConstraint("pengguna_id", "sumber_daya", "kunci"),
        Index("ix_kunci_formulir_waktu", "waktu"),
    )
