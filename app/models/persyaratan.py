"""Persyaratan: the documents a version asks for, and the catalogue they are chosen from."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Menu, Model, Pilihan, Screen, label, pilihan, relasi
from app.models.peran import access_for_all
from app.models.versi_layanan import BagianVersi, of_konsep, refuse_published
from app.teks import N_

if TYPE_CHECKING:
    from app.models.versi_layanan import VersiLayanan


class BentukPersyaratan(Pilihan):
    """The form a document takes (``data/referensi/persyaratan.csv``)."""

    ASLI = "asli", N_("Asli")
    FOTOKOPI = "fotokopi", N_("Fotokopi")
    PERNYATAAN = "pernyataan", N_("Pernyataan")
    FORMULIR = "formulir", N_("Formulir")
    FOTO = "foto", N_("Foto")


class JenisPersyaratan(Model):
    """One kind of document of the catalogue."""

    kode: Mapped[str] = mapped_column(String(20), unique=True, info=label(N_("Kode")))
    nama: Mapped[str] = mapped_column(String(200), info=label(N_("Nama")))
    bentuk: Mapped[BentukPersyaratan] = mapped_column(
        pilihan(BentukPersyaratan), info=label(N_("Bentuk"))
    )

    screen = Screen(
        label=N_("Jenis Persyaratan"),
        plural=N_("Jenis Persyaratan"),
        menu=Menu.REFERENSI,
        icon="lampiran",
        position=40,
        title="nama",
        list=("nama", "kode", "bentuk"),
        form={N_("Jenis persyaratan"): ("kode", "nama", "bentuk")},
        search=("nama", "kode"),
        filter=("bentuk",),
        order=("nama",),
        access=access_for_all("list show", admin_kecamatan="list show add edit delete export"),
    )


class Persyaratan(BagianVersi, Model):
    """One document a version asks for; ``keterangan`` says when, if only in some cases."""

    versi_layanan_id: Mapped[int] = relasi("versi_layanan.id", label(N_("Versi layanan")))
    urutan: Mapped[int] = mapped_column(info=label(N_("Urutan")))
    kode: Mapped[str] = mapped_column(String(20), info=label(N_("Kode")))
    nama: Mapped[str] = mapped_column(String(200), info=label(N_("Nama")))
    wajib: Mapped[bool] = mapped_column(default=True, info=label(N_("Wajib")))
    syarat: Mapped[list[Any] | None] = mapped_column(JSON, info=label(N_("Syarat")))
    keterangan: Mapped[str | None] = mapped_column(String(200), info=label(N_("Bila")))

    dipenuhi_peran: Mapped[str | None] = mapped_column(
        String(40),
        info=label(
            N_("Dipenuhi persetujuan"),
            help=N_("Kode peran yang persetujuannya menggantikan surat ini, misalnya ketua_rw."),
        ),
    )

    versi_layanan: Mapped["VersiLayanan"] = relationship(back_populates="persyaratan")

    __table_args__ = (UniqueConstraint("versi_layanan_id", "kode"),)

    screen = Screen(
        label=N_("Persyaratan"),
        plural=N_("Persyaratan"),
        menu=Menu.LAYANAN,
        icon="centang",
        position=50,
        title="nama",
        list=("nama", "kode", "wajib", "keterangan", "versi_layanan_id"),
        form={
            N_("Persyaratan"): (
                *("versi_layanan_id", "urutan", "kode", "nama", "wajib", "keterangan", "syarat"),
                "dipenuhi_peran",
            )
        },
        search=("nama", "kode"),
        filter=("versi_layanan_id", "wajib"),
        order=("versi_layanan_id", "urutan"),
        changeable=of_konsep,
        access=access_for_all("list show", admin_kecamatan="list show add edit delete"),
    )

    def check(self) -> dict[str, str]:
        """Refuse a change under a published version."""
        return refuse_published(self)
