"""Maklumat pelayanan: the promise of a unit to the public, signed by its head."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Menu, Model, Screen, label, relasi
from app.models.peran import access_for_all
from app.teks import N_

if TYPE_CHECKING:
    from app.models.wilayah import Wilayah


class MaklumatPelayanan(Model):
    """One text per unit, public (UU 25/2009 art. 22); who signed it, as the paper says."""

    wilayah_id: Mapped[int] = relasi("wilayah.id", label(N_("Unit")))
    isi: Mapped[str] = mapped_column(
        String(2000),
        info=label(N_("Isi"), kind="teks_panjang", help=N_("Tampil di halaman publik apa adanya.")),
    )
    jabatan_pejabat: Mapped[str] = mapped_column(
        String(150),
        info=label(N_("Jabatan penandatangan"), help=N_("Misalnya Camat Kademangan.")),
    )
    nama_pejabat: Mapped[str] = mapped_column(String(100), info=label(N_("Nama penandatangan")))
    tanggal_ditetapkan: Mapped[date] = mapped_column(info=label(N_("Ditetapkan")))

    wilayah: Mapped["Wilayah"] = relationship()

    __table_args__ = (UniqueConstraint("wilayah_id"),)

    screen = Screen(
        label=N_("Maklumat Pelayanan"),
        plural=N_("Maklumat Pelayanan"),
        menu=Menu.LAYANAN,
        icon="tanda-tangan",
        position=70,
        title="jabatan_pejabat",
        list=("jabatan_pejabat", "wilayah_id", "nama_pejabat", "tanggal_ditetapkan"),
        form={
            N_("Maklumat pelayanan"): ("wilayah_id", "isi"),
            N_("Penandatangan"): ("jabatan_pejabat", "nama_pejabat", "tanggal_ditetapkan"),
        },
        search=("isi", "jabatan_pejabat"),
        filter=("wilayah_id",),
        order=("jabatan_pejabat",),
        write_scope="wilayah_id",
        access=access_for_all("list show", admin_kecamatan="list show add edit delete export"),
    )
