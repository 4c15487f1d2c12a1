"""Kunjungan: one visit of a berkas to a desk; the unit of work, of the clock and of the queue."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, column, event
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column, relationship

from app.models.base import Menu, Model, Pilihan, Screen, Waktu, label, pilihan, relasi
from app.models.berkas import READERS
from app.models.references import foreign_row
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


class Sebab(Pilihan):
    """Why a step was skipped, or opened other than at its own staffed desk (ROUTING §2)."""

    SYARAT = "syarat_tidak_terpenuhi", N_("Syarat tahapan tidak terpenuhi")
    TINGKAT_TIDAK_ADA = "tingkat_tidak_ada", N_("Tingkat wilayah tidak ada")
    TIDAK_ADA_PEJABAT = "tidak_ada_pejabat", N_("Tidak ada pejabat")
    SURAT_PENGANTAR = "surat_pengantar", N_("Surat pengantar sudah ada")
    TIDAK_DIWAJIBKAN = "tidak_diwajibkan", N_("Tidak diwajibkan")
    NAIK = "naik", N_("Naik ke atasan")
    KOSONG = "kosong", N_("Meja belum ada pejabatnya")
    PENGGANTI = "pengganti", N_("Wilayah pengganti")


TERBUKA = (StatusKunjungan.MENUNGGU, StatusKunjungan.DIAMBIL)


class Kunjungan(Model):
    """A visit, numbered by ``ke`` from 1; the desk is ``peran_kode`` at ``wilayah`` (and seksi).

    A skipped step is a visit without a desk. At most one visit of a berkas is open.
    """

    berkas_id: Mapped[int] = relasi("berkas.id", label(N_("Berkas")))
    ke: Mapped[int] = mapped_column(info=label(N_("Ke")))
    sebutan: Mapped[str] = mapped_column(String(80), default="", info=label(N_("Kunjungan")))
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
    sebab: Mapped[Sebab | None] = mapped_column(pilihan(Sebab), info=label(N_("Sebab")))
    waktu_dibuka: Mapped[datetime] = mapped_column(Waktu, info=label(N_("Dibuka")))
    batas_waktu: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Batas waktu")))
    diambil_oleh_id: Mapped[int | None] = relasi(
        "penugasan.id", label(N_("Diambil oleh")), nullable=True
    )
    diambil_sampai: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Diambil sampai")))
    buka_atasan: Mapped[bool] = mapped_column(default=False, info=label(N_("Terbuka bagi atasan")))
    waktu_ditutup: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Ditutup")))
    oleh_id: Mapped[int | None] = relasi("penugasan.id", label(N_("Oleh")), nullable=True)

    berkas: Mapped["Berkas"] = relationship(back_populates="kunjungan")
    tahapan: Mapped["Tahapan"] = relationship()
    wilayah: Mapped["Wilayah | None"] = relationship(foreign_keys=[wilayah_id])
    seharusnya: Mapped["Wilayah | None"] = relationship(foreign_keys=[seharusnya_id])

    __table_args__ = (
        UniqueConstraint("berkas_id", "ke"),
        Index(
            "uq_kunjungan_satu_terbuka",
            "berkas_id",
            unique=True,
            sqlite_where=column("status", String).in_(TERBUKA),
            postgresql_where=column("status", String).in_(TERBUKA),
        ),
        Index("ix_kunjungan_antrean", "wilayah_id", "status", "waktu_dibuka"),
        CheckConstraint("ke > 0", name="ke_positif"),
        CheckConstraint(
            "(status IN ('menunggu', 'diambil')) = (waktu_ditutup IS NULL)",
            name="tertutup_punya_waktu",
        ),
        CheckConstraint("(status = 'dilewati') = (wilayah_id IS NULL)", name="meja_punya_unit"),
        CheckConstraint(
            "status <> 'diambil' OR diambil_oleh_id IS NOT NULL", name="diambil_oleh_seseorang"
        ),
    )

    screen = Screen(
        label=N_("Kunjungan"),
        plural=N_("Kunjungan"),
        menu=Menu.PENGAWASAN,
        icon="jam",
        position=10,
        title="sebutan",
        list=("sebutan", "berkas_id", "tahapan_id", "wilayah_id", "status", "waktu_dibuka"),
        detail={
            N_("Kunjungan"): (
                *("berkas_id", "ke", "tahapan_id", "wilayah_id", "seharusnya_id", "peran_kode"),
                *("seksi_kode", "status", "sebab", "waktu_dibuka", "batas_waktu", "waktu_ditutup"),
                "buka_atasan",
            )
        },
        hidden=("diambil_oleh_id", "diambil_sampai", "oleh_id"),
        search=("sebutan",),
        filter=("wilayah_id", "tahapan_id", "status", "sebab", "waktu_dibuka", "batas_waktu"),
        order=("-waktu_dibuka",),
        scope="berkas",
        access=READERS,
    )


def sebutan_kunjungan(nomor: str, ke: int) -> str:
    """Return what names a visit of the berkas with this nomor.

    >>> sebutan_kunjungan("SKTM-2026-000012", 3)
    'SKTM-2026-000012 ke 3'
    """
    return f"{nomor} ke {ke}"


@event.listens_for(Session, "before_flush")
def _name_visits(session: Session, context: UOWTransaction, instances: Any) -> None:
    """Set what names a visit, where one is written through the ORM."""
    for row in session.new:
        if isinstance(row, Kunjungan):
            row.sebutan = sebutan_kunjungan(foreign_row(row, "berkas").nomor, row.ke)
