"""Hari libur: the dates on which a unit, or every unit, is closed."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Index, String, UniqueConstraint, literal_column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Menu, Model, Pilihan, Screen, label, pilihan, relasi
from app.models.peran import access_for_all
from app.teks import N_

if TYPE_CHECKING:
    from app.models.wilayah import Wilayah


class JenisLibur(Pilihan):
    """Kinds of the yearly joint decree of three ministers (SKB), as ``hari_libur_2026.csv``."""

    LIBUR_NASIONAL = "libur_nasional", N_("Libur nasional")
    CUTI_BERSAMA = "cuti_bersama", N_("Cuti bersama")


class HariLibur(Model):
    """A closed date; without ``wilayah`` it closes every unit."""

    tanggal: Mapped[date] = mapped_column(info=label(N_("Tanggal")))
    nama: Mapped[str] = mapped_column(String(150), info=label(N_("Nama")))
    jenis: Mapped[JenisLibur] = mapped_column(pilihan(JenisLibur), info=label(N_("Jenis")))
    wilayah_id: Mapped[int | None] = relasi(
        "wilayah.id", label(N_("Unit"), help=N_("Kosong berarti semua unit.")), nullable=True
    )

    wilayah: Mapped["Wilayah | None"] = relationship(foreign_keys=[wilayah_id])

    # Two NULLs differ in a unique constraint, so the dates of all units need their own index.
    __table_args__ = (
        UniqueConstraint("tanggal", "wilayah_id"),
        Index(
            "uq_hari_libur_semua_unit",
            "tanggal",
            unique=True,
            sqlite_where=literal_column("wilayah_id IS NULL"),
            postgresql_where=literal_column("wilayah_id IS NULL"),
        ),
    )

    screen = Screen(
        label=N_("Hari Libur"),
        plural=N_("Hari Libur"),
        menu=Menu.UNIT,
        icon="kalender",
        position=60,
        title="nama",
        list=("nama", "tanggal", "jenis", "wilayah_id"),
        form={N_("Hari Libur"): ("tanggal", "nama", "jenis", "wilayah_id")},
        search=("nama",),
        filter=("tanggal", "jenis", "wilayah_id"),
        order=("tanggal",),
        write_scope="wilayah_id",
        access=access_for_all("list show", admin_kecamatan="list show add edit delete export"),
    )
