"""Lampiran: a file attached to a berkas; the bytes lie in the store under a random key."""

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Menu, Model, Screen, label, relasi
from app.models.berkas import READERS
from app.teks import N_

if TYPE_CHECKING:
    from app.models.berkas import Berkas
    from app.models.persyaratan import Persyaratan


class Lampiran(Model):
    """One file: a JPG, PNG or PDF by its content, met a persyaratan or answered an isian."""

    berkas_id: Mapped[int] = relasi("berkas.id", label(N_("Berkas")))
    kecamatan_id: Mapped[int | None] = relasi("wilayah.id", label(N_("Kecamatan")), nullable=True)
    persyaratan_id: Mapped[int | None] = relasi(
        "persyaratan.id", label(N_("Persyaratan")), nullable=True
    )
    isian_kode: Mapped[str | None] = mapped_column(String(40), info=label(N_("Isian")))
    nama: Mapped[str] = mapped_column(String(150), info=label(N_("Nama berkas")))
    ukuran_bytes: Mapped[int] = mapped_column(info=label(N_("Ukuran"), unit=N_("byte")))
    mime: Mapped[str] = mapped_column(String(40), info=label(N_("Jenis")))
    sha256: Mapped[str] = mapped_column(String(64), info=label(N_("Sidik SHA-256")))
    kunci: Mapped[str] = mapped_column(String(80), unique=True, info=label(N_("Kunci simpan")))

    berkas: Mapped["Berkas"] = relationship(back_populates="lampiran")
    persyaratan: Mapped["Persyaratan | None"] = relationship()

    __table_args__ = (CheckConstraint("ukuran_bytes > 0", name="ukuran_positif"),)

    screen = Screen(
        label=N_("Lampiran"),
        plural=N_("Lampiran"),
        menu=Menu.PENGAWASAN,
        icon="lampiran",
        position=30,
        title="nama",
        list=("nama", "berkas_id", "persyaratan_id", "mime", "ukuran_bytes"),
        hidden=("kecamatan_id", "isian_kode", "sha256", "kunci"),
        search=("nama",),
        filter=("mime",),
        order=("-id",),
        scope="berkas",
        access=dict.fromkeys(READERS, "list show"),
    )
