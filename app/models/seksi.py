"""Seksi: the sections of a kelurahan or kecamatan, which are data (DOMAIN "Layanan")."""

from typing import Any

from sqlalchemy import String, UniqueConstraint, event, select
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column, relationship
from sqlalchemy.orm.attributes import get_history

from app.models.base import Menu, Model, Screen, label, relasi
from app.models.peran import access_for_all
from app.models.references import foreign_row
from app.models.wilayah import Wilayah
from app.teks import N_


class Seksi(Model):
    """A section; a tahapan names it by ``kode``, the same in all kelurahan."""

    wilayah_id: Mapped[int] = relasi("wilayah.id", label(N_("Unit")))
    kode: Mapped[str] = mapped_column(String(40), info=label(N_("Kode")))
    nama: Mapped[str] = mapped_column(
        String(100), info=label(N_("Nama"), help=N_("Tanpa kata Seksi, misalnya Pemerintahan."))
    )
    sebutan: Mapped[str] = mapped_column(String(280), default="", info=label(N_("Sebutan")))

    wilayah: Mapped["Wilayah"] = relationship(foreign_keys=[wilayah_id])
    penugasan: Mapped[list[Any]] = relationship(
        "Penugasan", back_populates="seksi", passive_deletes="all"
    )

    __table_args__ = (UniqueConstraint("wilayah_id", "kode"),)

    screen = Screen(
        label=N_("Seksi"),
        plural=N_("Seksi"),
        menu=Menu.UNIT,
        icon="seksi",
        position=20,
        title="sebutan",
        list=("sebutan", "kode", "nama", "wilayah_id"),
        form={N_("Seksi"): ("wilayah_id", "kode", "nama")},
        search=("sebutan", "kode"),
        filter=("wilayah_id",),
        order=("sebutan",),
        write_scope="wilayah_id",
        access=access_for_all("list show", admin_kecamatan="list show add edit delete export"),
    )

    def check(self) -> dict[str, str]:
        """Refuse a section of a unit that has none (an RT, a kota)."""
        wilayah: Wilayah = foreign_row(self, "wilayah")
        if wilayah.tingkat not in ("kecamatan", "kelurahan", "desa"):
            return {"wilayah_id": N_("Seksi hanya ada di kecamatan, kelurahan, atau desa.")}
        return {}


@event.listens_for(Session, "before_flush")
def _name_seksi(session: Session, context: UOWTransaction, instances: Any) -> None:
    """Set "Seksi Pemerintahan Kelurahan Pilang", anew when the unit is renamed."""
    rows = {row for row in [*session.new, *session.dirty] if isinstance(row, Seksi)}
    renamed = [
        row.id
        for row in session.dirty
        if isinstance(row, Wilayah) and get_history(row, "sebutan").has_changes()
    ]
    if renamed:
        with session.no_autoflush:
            rows.update(session.scalars(select(Seksi).where(Seksi.wilayah_id.in_(renamed))))
    for row in rows:
        row.sebutan = f"Seksi {row.nama} {foreign_row(row, 'wilayah').sebutan}"
