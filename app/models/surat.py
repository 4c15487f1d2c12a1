"""Surat: a letter as it was signed, frozen; and the counters its number comes from."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import AreaMixin, Menu, Model, Screen, Waktu, label, relasi
from app.models.peran import access_for_all
from app.teks import N_

if TYPE_CHECKING:
    from app.models.berkas import Berkas
    from app.models.wilayah import Wilayah


class Surat(AreaMixin, Model):
    """One letter; ``data`` holds everything printed on it (DOMAIN "Layanan")."""

    berkas_id: Mapped[int] = relasi("berkas.id", label(N_("Berkas")))
    wilayah_asal_id: Mapped[int] = relasi("wilayah.id", label(N_("Wilayah asal")))
    unit_id: Mapped[int] = relasi("wilayah.id", label(N_("Unit penerbit")))
    tahun: Mapped[int] = mapped_column(info=label(N_("Tahun")))
    nomor: Mapped[int] = mapped_column(info=label(N_("Nomor urut")))
    nomor_surat: Mapped[str] = mapped_column(String(100), info=label(N_("Nomor surat")))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, info=label(N_("Data")))
    waktu_ditandatangani: Mapped[datetime | None] = mapped_column(
        Waktu, info=label(N_("Ditandatangani"))
    )
    waktu_dicabut: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Dicabut")))

    berkas: Mapped["Berkas"] = relationship()
    wilayah_asal: Mapped["Wilayah"] = relationship(foreign_keys=[wilayah_asal_id])
    unit: Mapped["Wilayah"] = relationship(foreign_keys=[unit_id])

    __table_args__ = (
        UniqueConstraint("unit_id", "tahun", "nomor"),
        # A berkas signed again after a return keeps its number.
        UniqueConstraint("berkas_id"),
        CheckConstraint("nomor > 0", name="nomor_positif"),
    )

    screen = Screen(
        label=N_("Surat"),
        plural=N_("Surat"),
        menu=Menu.PELAYANAN,
        icon="surat",
        position=40,
        title="nomor_surat",
        list=("nomor_surat", "berkas_id", "unit_id", "wilayah_asal_id", "waktu_ditandatangani"),
        detail={
            N_("Surat"): (
                *("nomor_surat", "berkas_id", "unit_id", "wilayah_asal_id"),
                *("waktu_ditandatangani", "waktu_dicabut"),
            )
        },
        hidden=("tahun", "nomor", "data"),
        search=("nomor_surat",),
        filter=("wilayah_asal_id", "unit_id", "waktu_ditandatangani"),
        order=("-id",),
        scope="wilayah_asal_id",
        access=access_for_all(
            "list show",
            **dict.fromkeys(
                (
                    "sekretaris_kelurahan",
                    "lurah",
                    "sekcam",
                    "camat",
                    "admin_kecamatan",
                    "auditor",
                ),
                "list show export",
            ),
        ),
    )


class NomorSurat(Model):
    """The last number a unit gave in a year; one row is locked to take the next."""

    unit_id: Mapped[int] = relasi("wilayah.id", label(N_("Unit")))
    tahun: Mapped[int] = mapped_column(info=label(N_("Tahun")))
    terakhir: Mapped[int] = mapped_column(default=0, info=label(N_("Nomor terakhir")))

    unit: Mapped["Wilayah"] = relationship()

    __table_args__ = (
        UniqueConstraint("unit_id", "tahun"),
        CheckConstraint("terakhir >= 0", name="terakhir_tidak_negatif"),
    )

    screen = Screen(
        label=N_("Nomor Surat"),
        plural=N_("Nomor Surat"),
        menu=Menu.PENGAWASAN,
        icon="surat",
        position=70,
        title="tahun",
        list=("unit_id", "tahun", "terakhir"),
        filter=("unit_id", "tahun"),
        order=("-tahun",),
        access=dict.fromkeys(("sekcam", "camat", "admin_kecamatan", "auditor"), "list show"),
    )
