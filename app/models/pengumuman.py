"""Pengumuman: a notice of a unit to the public and to its officers, shown while it is valid."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Menu, Model, Screen, label, relasi
from app.models.peran import access_for_all
from app.teks import N_

if TYPE_CHECKING:
    from app.models.wilayah import Wilayah


class Pengumuman(Model):
    """A notice, shown from its first to its last day (WIB), both included."""

    judul: Mapped[str] = mapped_column(String(150), info=label(N_("Judul")))
    isi: Mapped[str] = mapped_column(
        String(2000),
        info=label(N_("Isi"), kind="teks_panjang", help=N_("Tampil di halaman publik apa adanya.")),
    )
    tanggal_mulai: Mapped[date] = mapped_column(info=label(N_("Tampil mulai")))
    tanggal_sampai: Mapped[date] = mapped_column(
        info=label(N_("Tampil sampai"), help=N_("Pada tanggal ini masih tampil."))
    )
    wilayah_id: Mapped[int] = relasi(
        "wilayah.id",
        label(
            N_("Unit"),
            help=N_("Petugas unit ini, atasan, dan bawahannya melihatnya di Beranda."),
        ),
    )

    wilayah: Mapped["Wilayah"] = relationship()

    __table_args__ = (
        CheckConstraint("tanggal_sampai >= tanggal_mulai", name="tanggal_berurutan"),
        Index("ix_pengumuman_masa", "tanggal_sampai", "tanggal_mulai"),
    )

    screen = Screen(
        label=N_("Pengumuman"),
        plural=N_("Pengumuman"),
        menu=Menu.LAYANAN,
        icon="notifikasi",
        position=80,
        title="judul",
        list=("judul", "wilayah_id", "tanggal_mulai", "tanggal_sampai"),
        form={N_("Pengumuman"): ("judul", "isi", "wilayah_id", "tanggal_mulai", "tanggal_sampai")},
        search=("judul", "isi"),
        filter=("wilayah_id", "tanggal_mulai", "tanggal_sampai"),
        order=("-tanggal_mulai",),
        write_scope="wilayah_id",
        access=access_for_all("list show", admin_kecamatan="list show add edit delete export"),
    )

    def check(self) -> dict[str, str]:
        """Refuse dates that end before they begin."""
        if self.tanggal_sampai < self.tanggal_mulai:
            return {"tanggal_sampai": N_("Tanggal akhir tidak boleh sebelum tanggal mulai.")}
        return {}
