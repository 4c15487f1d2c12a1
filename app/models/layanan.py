"""Layanan: a service of the kecamatan; what it asks and how it walks stands in its versions."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Menu, Model, Screen, label
from app.models.peran import access_for_all
from app.teks import N_


class Layanan(Model):
    """One service of the catalogue; an inactive one takes no new berkas."""

    kode: Mapped[str] = mapped_column(String(20), unique=True, info=label(N_("Kode")))
    nama: Mapped[str] = mapped_column(String(150), info=label(N_("Nama layanan")))
    aktif: Mapped[bool] = mapped_column(default=True, info=label(N_("Aktif")))
    keterangan: Mapped[str | None] = mapped_column(
        String(500), info=label(N_("Keterangan"), kind="teks_panjang")
    )

    versi: Mapped[list[Any]] = relationship(
        "VersiLayanan",
        back_populates="layanan",
        passive_deletes="all",
        order_by="VersiLayanan.nomor",
    )

    screen = Screen(
        label=N_("Layanan"),
        plural=N_("Layanan"),
        menu=Menu.LAYANAN,
        icon="layanan",
        position=10,
        title="nama",
        list=("nama", "kode", "aktif"),
        form={N_("Layanan"): ("kode", "nama", "keterangan", "aktif")},
        search=("nama", "kode"),
        filter=("aktif",),
        edit_in_list=("aktif",),
        related=("versi",),
        order=("nama",),
        access=access_for_all("list show", admin_kecamatan="list show add edit export"),
    )
