"""Catatan ekspor: who took which rows out of the system, why, and the hash of what left."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.append_only import AppendOnlyMixin
from app.models.base import AreaMixin, Menu, Model, Screen, Waktu, label, relasi
from app.teks import N_

if TYPE_CHECKING:
    from app.models.pengguna import Pengguna
    from app.models.wilayah import Wilayah


class CatatanEkspor(AppendOnlyMixin, AreaMixin, Model):
    """One export (UU 27/2022, DOMAIN "Rules"); append-only, written by the export itself.

    It belongs to the unit of the person who exported, not to those whose data left.
    """

    waktu: Mapped[datetime] = mapped_column(Waktu, info=label(N_("Waktu")))
    nama_pengguna: Mapped[str] = mapped_column(String(130), info=label(N_("Nama")))
    sumber_daya: Mapped[str] = mapped_column(String(60), info=label(N_("Data")))
    saringan: Mapped[str | None] = mapped_column(Text, info=label(N_("Saringan")))
    jumlah_baris: Mapped[int] = mapped_column(info=label(N_("Jumlah baris")))
    sha256: Mapped[str] = mapped_column(String(64), info=label(N_("Sidik SHA-256")))
    alasan: Mapped[str | None] = mapped_column(
        String(300), info=label(N_("Alasan"), kind="teks_panjang")
    )
    pengguna_id: Mapped[int] = relasi("ab_user.id", label(N_("Pengguna")))
    wilayah_id: Mapped[int] = relasi("wilayah.id", label(N_("Unit")))

    pengguna: Mapped["Pengguna"] = relationship()
    wilayah: Mapped["Wilayah"] = relationship(foreign_keys=[wilayah_id])

    screen = Screen(
        label=N_("Catatan Ekspor"),
        plural=N_("Catatan Ekspor"),
        menu=Menu.PENGAWASAN,
        icon="unduh",
        position=50,
        title="sumber_daya",
        list=("sumber_daya", "waktu", "nama_pengguna", "wilayah_id", "jumlah_baris", "alasan"),
        detail={
            N_("Ekspor"): (
                *("waktu", "nama_pengguna", "wilayah_id", "sumber_daya", "saringan"),
                *("jumlah_baris", "sha256", "alasan"),
            )
        },
        hidden=("pengguna_id",),
        search=("nama_pengguna", "alasan"),
        filter=("waktu", "sumber_daya", "wilayah_id"),
        order=("-waktu",),
        scope="wilayah_id",
        access=dict.fromkeys(("admin_kecamatan", "camat", "sekcam", "auditor"), "list show"),
    )
