"""Tampilan: what an account keeps of a list: its columns, and searches with a name."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import HostModel


class Tampilan(HostModel):
    """One thing an account keeps of one list; `app.services.tampilan` reads it for its owner only.

    It has no screen of its own: nobody, not even an admin, reads what others keep. ``nama`` is
    empty for the columns of the list (``isi`` names them, with commas between); else ``isi`` is
    the query of the list's address.
    """

    __tablename__ = "tampilan"

    id: Mapped[int] = mapped_column(primary_key=True)
    pengguna_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="RESTRICT"))
    sumber_daya: Mapped[str] = mapped_column(String(60))
    nama: Mapped[str] = mapped_column(String(60))
    isi: Mapped[str] = mapped_column(String(1000))

    __table_args__ = (UniqueConstraint("pengguna_id", "sumber_daya", "nama"),)
