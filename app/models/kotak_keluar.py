"""Kotak keluar: notices waiting to be sent; one for each event, person and channel."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Menu, Model, Screen, Waktu, label, relasi
from app.teks import N_

if TYPE_CHECKING:
    from app.models.berkas import Berkas
    from app.models.riwayat import Riwayat


class KotakKeluar(Model):
    """One notice, written in the transaction of its event, so that none is lost."""

    berkas_id: Mapped[int] = relasi("berkas.id", label(N_("Berkas")))
    riwayat_id: Mapped[int] = relasi("riwayat.id", label(N_("Riwayat")))
    penerima: Mapped[str] = mapped_column(String(80), info=label(N_("Penerima")))
    kanal: Mapped[str] = mapped_column(String(20), info=label(N_("Kanal")))
    waktu_terkirim: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Terkirim")))

    berkas: Mapped["Berkas"] = relationship()
    riwayat: Mapped["Riwayat"] = relationship()

    __table_args__ = (UniqueConstraint("riwayat_id", "penerima", "kanal"),)

    screen = Screen(
        label=N_("Kotak Keluar"),
        plural=N_("Kotak Keluar"),
        menu=Menu.PENGAWASAN,
        icon="unduh",
        position=90,
        title="penerima",
        list=("berkas_id", "riwayat_id", "kanal", "waktu_terkirim"),
        hidden=("penerima",),
        filter=("kanal", "waktu_terkirim"),
        order=("-id",),
        scope="berkas",
        access=dict.fromkeys(("admin_kecamatan", "auditor"), "list show"),
    )
