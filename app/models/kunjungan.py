"""Kunjungan: one visit of a berkas to a desk; the unit of work, of the clock and of the queue."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Menu, Model, Pilihan, Screen, Waktu, label, pilihan, relasi
from app.teks import N_

if TYPE_CHECKING:
    from app.models.berkas import Berkas
    from app.models.tahapan import Tahapan
    from app.models.wilayah import Wilayah


class StatusKunjungan(Pilihan):
    """Where a visit stands; the first two are open (ROUTING §1)."""

    MENUNGGU = "menunggu", N_("Menunggu")
    DIAMBIL = "diambil", N_("Diambil")
    DISETUJUI = "disetujui", N_("Disetujui")
    DIKEMBALIKAN = "dikembalikan", N_("Dikembalikan")
    DITOLAK = "ditolak", N_("Ditolak")
    DILEWATI = "dilewati", N_("Dilewati")
    DIBATALKAN = "dibatalkan", N_("Dibatalkan")


TERBUKA = (StatusKunjungan.MENUNGGU, StatusKunjungan.DIAMBIL)


class Kunjungan(Model):
    """A visit, numbered by ``ke`` from 1; the desk is ``peran_kode`` at ``wilayah`` (and seksi).

    A skipped step is a visit without a desk. At most one visit of a berkas is open.
    """

    berkas_id: Mapped[int] = relasi("berkas.id", label(N_("Berkas")))
    ke: Mapped[int] = mapped_column(info=label(N_("Ke")))
    tahapan_id: Mapped[int] = relasi("tahapan.id", label(N_("Tahapan")))
    wilayah_id: Mapped[int | None] = relasi("wilayah.id", label(N_("Meja")), nullable=True)
    peran_kode: Mapped[str | None] = mapped_column(String(40), info=label(N_("Peran")))
    seksi_kode: Mapped[str | None] = mapped_column(String(40), info=label(N_("Seksi")))
    seharusnya_id: Mapped[int | None] = relasi(
        "wilayah.id", label(N_("Unit seharusnya")), nullable=True
    )
    status: Mapped[StatusKunjungan] = mapped_column(
        pilihan(StatusKunjungan), info=label(N_("Status"))
    )
    sebab: Mapped[str | None] = mapped_column(String(40), info=label(N_("Sebab")))
    waktu_dibuka: Mapped[datetime] = mapped_column(Waktu, info=label(N_("Dibuka")))
    batas_waktu: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Batas waktu")))
    diambil_oleh_id: Mapped[int | None] = relasi(
        "penugasan.id", label(N_("Diambil oleh")), nullable=True
    )
    diambil_sampai: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Diambil sampai")))
    waktu_ditutup: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Ditutup")))
    oleh_id: Mapped[int | None] = relasi("penugasan.id", label(N_("Oleh")), nullable=True)

    berkas: Mapped["Berkas"] = relationship(back_populates="kunjungan")
    tahapan: Mapped["Tahapan"] = relationship()
    wilayah: Mapped["Wilayah | None"] = relationship(foreign_keys=[wilayah_id])

    __table_args__ = (
        UniqueConstraint("berkas_id", "ke"),
        Index(
            "uq_kunjungan_satu_terbuka",
            "berkas_id",
            unique=True,
            sqlite_where=status.column.in_(TERBUKA),
            postgresql_where=status.column.in_(TERBUKA),
        ),
        Index("ix_kunjungan_antrean", "wilayah_id", "status", "waktu_dibuka"),
    )

    screen = Screen(
        label=N_("Kunjungan"),
        plural=N_("Kunjungan"),
        menu=Menu.PENGAWASAN,
        icon="jam",
        position=10,
        title="ke",
        list=("berkas_id", "ke", "tahapan_id", "wilayah_id", "status", "waktu_dibuka"),
        detail={
            N_("Kunjungan"): (
                *("berkas_id", "ke", "tahapan_id", "wilayah_id", "peran_kode", "seksi_kode"),
                *("status", "sebab", "waktu_dibuka", "batas_waktu", "waktu_ditutup"),
            )
        },
        hidden=("seharusnya_id", "diambil_oleh_id", "diambil_sampai", "oleh_id"),
        filter=("wilayah_id", "tahapan_id", "status", "waktu_dibuka", "batas_waktu"),
        order=("-waktu_dibuka",),
        scope="berkas",
        access={
            **dict.fromkeys(("ketua_rt", "ketua_rw", "petugas_kelurahan"), "list show"),
            **dict.fromkeys(("kasi_kelurahan", "petugas_kecamatan", "kasi_kecamatan"), "list show"),
            **dict.fromkeys(
                ("sekretaris_kelurahan", "lurah", "sekcam", "camat"), "list show export"
            ),
            **dict.fromkeys(("admin_kecamatan", "auditor"), "list show export"),
        },
    )
