"""Pembukaan data: who unmasked which column of which row, when, and for what reason."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.append_only import AppendOnlyMixin
from app.models.base import AreaMixin, Menu, Model, Screen, Waktu, label, relasi
from app.teks import N_

if TYPE_CHECKING:
    from app.models.pengguna import Pengguna
    from app.models.wilayah import Wilayah


class PembukaanData(AppendOnlyMixin, AreaMixin, Model):
    """One look at a masked value (UU 27/2022, DOMAIN "Rules"); append-only, written by the look.

    ``baris_id`` is a plain number, so that the record outlives the row. It belongs to the unit
    of the person who looked.
    """

    waktu: Mapped[datetime] = mapped_column(Waktu, info=label(N_("Waktu")))
    nama_pengguna: Mapped[str] = mapped_column(String(130), info=label(N_("Nama")))
    sumber_daya: Mapped[str] = mapped_column(String(60), info=label(N_("Data")))
    baris_id: Mapped[int] = mapped_column(info=label(N_("Nomor data")))
    kolom: Mapped[str] = mapped_column(String(60), info=label(N_("Kolom")))
    alasan: Mapped[str] = mapped_column(String(300), info=label(N_("Alasan"), kind="teks_panjang"))
    pengguna_id: Mapped[int] = relasi("ab_user.id", label(N_("Pengguna")))
    wilayah_id: Mapped[int] = relasi("wilayah.id", label(N_("Unit")))

    pengguna: Mapped["Pengguna"] = relationship()
    wilayah: Mapped["Wilayah"] = relationship(foreign_keys=[wilayah_id])

    __table_args__ = (Index(None, "sumber_daya", "baris_id"),)

    screen = Screen(
        label=N_("Pembukaan Data"),
        plural=N_("Pembukaan Data"),
        menu=Menu.PENGAWASAN,
        icon="mata",
        position=60,
        title="sumber_daya",
        list=("sumber_daya", "waktu", "nama_pengguna", "wilayah_id", "baris_id", "kolom", "alasan"),
        hidden=("pengguna_id",),
        search=("nama_pengguna", "alasan"),
        filter=("waktu", "sumber_daya", "kolom", "wilayah_id"),
        order=("-waktu",),
        scope="wilayah_id",
        access=dict.fromkeys(("admin_kecamatan", "camat", "sekcam", "auditor"), "list show"),
    )
