"""Catatan impor: who took which file into a table, how it went, and what each row was before."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import (
    AreaMixin,
    HostModel,
    Menu,
    Model,
    Pilihan,
    Screen,
    Waktu,
    label,
    pilihan,
    relasi,
)
from app.teks import N_

if TYPE_CHECKING:
    from app.models.pengguna import Pengguna
    from app.models.wilayah import Wilayah


class StatusImpor(Pilihan):
    """How far an import is; only ``selesai`` has changed a table."""

    DIUNGGAH = "diunggah", N_("Diunggah")
    DIPERIKSA = "diperiksa", N_("Diperiksa")
    BERJALAN = "berjalan", N_("Berjalan")
    SELESAI = "selesai", N_("Selesai")
    GAGAL = "gagal", N_("Gagal")
    DIURUNGKAN = "diurungkan", N_("Diurungkan")


class CaraImpor(Pilihan):
    """What becomes of a file with bad rows."""

    SEMUA = "semua", N_("Semua atau tidak sama sekali")
    LEWATI = "lewati", N_("Lewati baris galat")


class CatatanImpor(AreaMixin, Model):
    """One file taken in, or tried; written by the import itself.

    It belongs to the unit of the person who imports. ``laporan`` is the last dry run's report,
    its values masked; ``kunci`` is where the file lies, for a day.
    """

    waktu: Mapped[datetime] = mapped_column(Waktu, info=label(N_("Waktu")))
    nama_pengguna: Mapped[str] = mapped_column(String(130), info=label(N_("Nama")))
    sumber_daya: Mapped[str] = mapped_column(String(60), info=label(N_("Data")))
    nama_berkas: Mapped[str] = mapped_column(String(150), info=label(N_("Nama berkas")))
    ukuran_bytes: Mapped[int] = mapped_column(info=label(N_("Ukuran"), unit=N_("byte")))
    sha256: Mapped[str] = mapped_column(String(64), info=label(N_("Sidik SHA-256")))
    kunci: Mapped[str] = mapped_column(String(80), info=label(N_("Kunci simpan")))
    tanda_judul: Mapped[str] = mapped_column(
        String(32), default="", info=label(N_("Tanda judul kolom"))
    )
    pemetaan: Mapped[Any] = mapped_column(JSON, default=list, info=label(N_("Pemetaan kolom")))
    cara: Mapped[CaraImpor] = mapped_column(
        pilihan(CaraImpor), default=CaraImpor.SEMUA, info=label(N_("Baris galat"))
    )
    status: Mapped[StatusImpor] = mapped_column(
        pilihan(StatusImpor), default=StatusImpor.DIUNGGAH, info=label(N_("Status"))
    )
    jumlah_baru: Mapped[int] = mapped_column(default=0, info=label(N_("Baru")))
    jumlah_berubah: Mapped[int] = mapped_column(default=0, info=label(N_("Berubah")))
    jumlah_sama: Mapped[int] = mapped_column(default=0, info=label(N_("Sama")))
    jumlah_galat: Mapped[int] = mapped_column(default=0, info=label(N_("Galat")))
    laporan: Mapped[Any] = mapped_column(JSON, default=dict, info=label(N_("Laporan")))
    waktu_selesai: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Waktu selesai")))
    pengguna_id: Mapped[int] = relasi("ab_user.id", label(N_("Pengguna")))
    wilayah_id: Mapped[int] = relasi("wilayah.id", label(N_("Unit")))

    pengguna: Mapped["Pengguna"] = relationship()
    wilayah: Mapped["Wilayah"] = relationship(foreign_keys=[wilayah_id])

    screen = Screen(
        label=N_("Catatan Impor"),
        plural=N_("Catatan Impor"),
        menu=Menu.PENGAWASAN,
        icon="unggah",
        position=57,
        title="nama_berkas",
        list=(
            *("nama_berkas", "sumber_daya", "waktu", "nama_pengguna", "wilayah_id", "status"),
            *("jumlah_baru", "jumlah_berubah", "jumlah_galat"),
        ),
        detail={
            N_("Impor"): (
                *("waktu", "nama_pengguna", "wilayah_id", "sumber_daya", "nama_berkas"),
                *("ukuran_bytes", "sha256", "cara", "status", "waktu_selesai"),
                *("jumlah_baru", "jumlah_berubah", "jumlah_sama", "jumlah_galat"),
            )
        },
        hidden=("pengguna_id", "kunci", "tanda_judul", "pemetaan", "laporan"),
        search=("nama_berkas", "nama_pengguna"),
        filter=("waktu", "sumber_daya", "status", "wilayah_id"),
        order=("-waktu",),
        scope="wilayah_id",
        access={
            "petugas_kelurahan": "list show",
            **dict.fromkeys(("admin_kecamatan", "camat", "sekcam", "auditor"), "list show"),
        },
    )


class BarisImpor(HostModel):
    """A row that an import wrote: its ``revisi`` since then, and what an undo brings back.

    ``baris_id`` is a plain number in the table of the import's resource; ``sebelum`` holds the
    old values of the changed columns, none for a new row.
    """

    __tablename__ = "baris_impor"

    impor_id: Mapped[int] = mapped_column(
        ForeignKey("catatan_impor.id", ondelete="CASCADE"), primary_key=True
    )
    baris_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tindakan: Mapped[str] = mapped_column(String(10))
    revisi: Mapped[int]
    sebelum: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
