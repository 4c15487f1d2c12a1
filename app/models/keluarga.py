"""Keluarga: a family card (KK) with its address and RT; its members are penduduk."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.models.base import AreaMixin, Menu, Model, Screen, label, relasi
from app.models.lembar import LEMBAR_KELUARGA
from app.models.nik import clean_nomor, no_kk_error
from app.teks import N_

if TYPE_CHECKING:
    from app.models.wilayah import Wilayah


class Keluarga(AreaMixin, Model):
    """One KK. A row is named by its head, as printed on the card, never by its number."""

    nama_kepala: Mapped[str] = mapped_column(
        String(100), info=label(N_("Kepala keluarga"), help=N_("Nama seperti tercetak pada KK."))
    )
    no_kk: Mapped[str] = mapped_column(
        String(16), unique=True, info=label(N_("Nomor KK"), kind="nik")
    )
    alamat: Mapped[str] = mapped_column(
        String(200), info=label(N_("Alamat"), help=N_("Jalan dan nomor, tanpa RT/RW."))
    )
    wilayah_id: Mapped[int] = relasi("wilayah.id", label(N_("RT"), pick={"tingkat": "rt"}))

    wilayah: Mapped["Wilayah"] = relationship(foreign_keys=[wilayah_id])
    anggota: Mapped[list[Any]] = relationship(
        "Penduduk", back_populates="keluarga", passive_deletes="all"
    )

    __table_args__ = (CheckConstraint("length(no_kk) = 16", name="no_kk_16_digit"),)

    screen = Screen(
        label=N_("Keluarga"),
        plural=N_("Keluarga"),
        menu=Menu.KEPENDUDUKAN,
        icon="keluarga",
        position=20,
        title="nama_kepala",
        list=("nama_kepala", "no_kk", "alamat", "wilayah_id"),
        form={N_("Kartu Keluarga"): ("no_kk", "nama_kepala", "alamat", "wilayah_id")},
        search=("nama_kepala", "no_kk", "alamat"),
        filter=("wilayah_id",),
        related=("anggota",),
        sensitive={"no_kk": "nik"},
        scope="wilayah_id",
        key=("no_kk",),
        sheet=LEMBAR_KELUARGA,
        access={
            "ketua_rt": "list show buka_no_kk",
            "ketua_rw": "list show",
            "petugas_kelurahan": "list show add edit import buka_no_kk",
            "kasi_kelurahan": "list show buka_no_kk",
            "sekretaris_kelurahan": "list show export buka_no_kk",
            "lurah": "list show export buka_no_kk",
            "petugas_kecamatan": "list show buka_no_kk",
            "kasi_kecamatan": "list show buka_no_kk",
            "sekcam": "list show export buka_no_kk",
            "camat": "list show export buka_no_kk",
            "admin_kecamatan": "list show add edit delete export import buka_no_kk",
            "auditor": "list show export",
        },
    )

    @validates("no_kk")
    def _clean(self, key: str, value: str | None) -> str | None:
        return clean_nomor(value) if isinstance(value, str) else value

    def check(self) -> dict[str, str]:
        """Refuse a No KK that is not 16 digits; nothing is read from its digits."""
        galat = no_kk_error(self.no_kk)
        return {"no_kk": galat} if galat else {}
