"""Berkas: one application of a resident, with all that was frozen when it was filed."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import (
    AREA_COLUMNS,
    AreaMixin,
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
    from app.models.layanan import Layanan
    from app.models.persyaratan import Persyaratan
    from app.models.versi_layanan import VersiLayanan
    from app.models.wilayah import Wilayah


class StatusBerkas(Pilihan):
    """Status, always derived from the visits by the engine (ROUTING §1)."""

    DRAF = "draf", N_("Draf")
    DIAJUKAN = "diajukan", N_("Diajukan")
    DIPROSES = "diproses", N_("Diproses")
    DIKEMBALIKAN = "dikembalikan", N_("Dikembalikan")
    MENUNGGU_TTD = "menunggu_ttd", N_("Menunggu Tanda Tangan")
    SIAP_DIAMBIL = "siap_diambil", N_("Siap Diambil")
    SELESAI = "selesai", N_("Selesai")
    DITOLAK = "ditolak", N_("Ditolak")
    DIBATALKAN = "dibatalkan", N_("Dibatalkan")
    KEDALUWARSA = "kedaluwarsa", N_("Kedaluwarsa")


READERS = {
    **dict.fromkeys(("ketua_rt", "ketua_rw"), "list show"),
    **dict.fromkeys(("petugas_kelurahan", "kasi_kelurahan"), "list show"),
    **dict.fromkeys(("petugas_kecamatan", "kasi_kecamatan"), "list show"),
    **dict.fromkeys(("sekretaris_kelurahan", "lurah"), "list show export"),
    **dict.fromkeys(("sekcam", "camat", "admin_kecamatan", "auditor"), "list show export"),
}
"""Officers see the berkas of their area; supervisors and the admin may export (DOMAIN)."""


class Berkas(AreaMixin, Model):
    """A case file, owned by its origin and never by the desk where it lies (DESIGN §3).

    ``data_pemohon`` keeps the facts of the pemohon as they were at filing, whatever the register
    says later; only the engine writes status, jalur and visits.
    """

    nomor: Mapped[str] = mapped_column(String(60), unique=True, info=label(N_("Nomor registrasi")))
    kode_lacak_hmac: Mapped[str | None] = mapped_column(
        String(64), unique=True, info=label(N_("Sidik kode lacak"))
    )
    layanan_id: Mapped[int] = relasi("layanan.id", label(N_("Layanan")))
    versi_layanan_id: Mapped[int] = relasi("versi_layanan.id", label(N_("Versi layanan")))
    pemohon_id: Mapped[int | None] = relasi("penduduk.id", label(N_("Penduduk")), nullable=True)
    nama_pemohon: Mapped[str] = mapped_column(String(100), info=label(N_("Pemohon")))
    data_pemohon: Mapped[dict[str, Any]] = mapped_column(JSON, info=label(N_("Data pemohon")))
    wilayah_asal_id: Mapped[int] = relasi("wilayah.id", label(N_("Wilayah asal")))
    jalur: Mapped[dict[str, int]] = mapped_column(JSON, info=label(N_("Jalur")))
    isian: Mapped[dict[str, Any]] = mapped_column(JSON, info=label(N_("Isian")))
    status: Mapped[StatusBerkas] = mapped_column(
        pilihan(StatusBerkas), default=StatusBerkas.DRAF, info=label(N_("Status"))
    )
    beku: Mapped[bool] = mapped_column(default=False, info=label(N_("Beku")))
    jumlah_kembali: Mapped[int] = mapped_column(default=0, info=label(N_("Dikembalikan")))
    balik_ke: Mapped[str | None] = mapped_column(String(40), info=label(N_("Kembali ke tahapan")))
    diajukan_oleh_id: Mapped[int | None] = relasi(
        "penugasan.id", label(N_("Diajukan oleh")), nullable=True
    )
    pengaju_peran: Mapped[str | None] = mapped_column(String(40), info=label(N_("Peran pengaju")))
    pengaju_wilayah_id: Mapped[int | None] = relasi(
        "wilayah.id", label(N_("Meja pengaju")), nullable=True
    )
    waktu_diajukan: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Diajukan")))
    waktu_lengkap: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Lengkap")))
    waktu_dikembalikan: Mapped[datetime | None] = mapped_column(
        Waktu, info=label(N_("Terakhir dikembalikan"))
    )
    waktu_selesai: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Selesai")))
    batas_waktu: Mapped[datetime | None] = mapped_column(
        Waktu, info=label(N_("Batas waktu"), help=N_("Batas waktu tahap ini"))
    )
    tenggat_hukum: Mapped[date | None] = mapped_column(info=label(N_("Tenggat hukum")))
    berkas_asal_id: Mapped[int | None] = relasi(
        "berkas.id", label(N_("Berkas asal")), nullable=True
    )

    layanan: Mapped["Layanan"] = relationship()
    versi_layanan: Mapped["VersiLayanan"] = relationship()
    wilayah_asal: Mapped["Wilayah"] = relationship(foreign_keys=[wilayah_asal_id])
    kunjungan: Mapped[list[Any]] = relationship(
        "Kunjungan", back_populates="berkas", order_by="Kunjungan.ke", passive_deletes="all"
    )
    riwayat: Mapped[list[Any]] = relationship(
        "Riwayat", back_populates="berkas", order_by="Riwayat.nomor", passive_deletes="all"
    )
    lampiran: Mapped[list[Any]] = relationship(
        "Lampiran", back_populates="berkas", order_by="Lampiran.id", passive_deletes="all"
    )

    __table_args__ = (
        # "My area, by time left" is one index scan, whatever the tingkat of the person.
        *(
            Index(f"ix_berkas_{area}_batas_waktu_id", area, "batas_waktu", "id")
            for area in AREA_COLUMNS
        ),
        CheckConstraint(
            "(status IN ('selesai', 'ditolak', 'dibatalkan', 'kedaluwarsa'))"
            " = (waktu_selesai IS NOT NULL)",
            name="selesai_punya_waktu",
        ),
        CheckConstraint("length(nama_pemohon) > 0", name="pemohon_bernama"),
        CheckConstraint("jumlah_kembali >= 0", name="jumlah_kembali_tidak_negatif"),
    )

    screen = Screen(
        label=N_("Berkas"),
        plural=N_("Semua Berkas"),
        menu=Menu.PELAYANAN,
        icon="berkas",
        position=30,
        title="nomor",
        list=(
            *("nomor", "layanan_id", "nama_pemohon", "wilayah_asal_id", "status"),
            *("batas_waktu", "waktu_diajukan"),
        ),
        detail={
            N_("Berkas"): (
                *("nomor", "layanan_id", "versi_layanan_id", "status", "nama_pemohon"),
                *("wilayah_asal_id", "waktu_diajukan", "waktu_lengkap", "waktu_selesai"),
                *("batas_waktu", "waktu_dikembalikan", "jumlah_kembali", "tenggat_hukum", "beku"),
            )
        },
        hidden=(
            *("kode_lacak_hmac", "pemohon_id", "data_pemohon", "jalur", "isian", "balik_ke"),
            *("diajukan_oleh_id", "pengaju_peran", "pengaju_wilayah_id", "berkas_asal_id"),
        ),
        search=("nomor", "nama_pemohon"),
        filter=(
            *("wilayah_asal_id", "layanan_id", "status", "waktu_diajukan", "waktu_selesai"),
            *("batas_waktu", "tenggat_hukum"),
        ),
        export=(
            *("nomor", "layanan_id", "nama_pemohon", "wilayah_asal_id", "status"),
            *("waktu_diajukan", "waktu_selesai", "jumlah_kembali"),
        ),
        related=("kunjungan", "riwayat", "lampiran"),
        order=("-waktu_diajukan",),
        scope="wilayah_asal_id",
        page="berkas_petugas.rincian",
        access=READERS,
    )


class SumberDipenuhi(Pilihan):
    """How a persyaratan was met."""

    DICENTANG = "dicentang", N_("Dicentang petugas")
    LAMPIRAN = "lampiran", N_("Lampiran")
    SISTEM = "sistem", N_("Sistem")


class BerkasPersyaratan(Model):
    """Whether one persyaratan of a berkas is met, by whom, when and how."""

    berkas_id: Mapped[int] = relasi("berkas.id", label(N_("Berkas")))
    persyaratan_id: Mapped[int] = relasi("persyaratan.id", label(N_("Persyaratan")))
    dipenuhi: Mapped[bool] = mapped_column(default=False, info=label(N_("Dipenuhi")))
    sumber: Mapped[SumberDipenuhi | None] = mapped_column(
        pilihan(SumberDipenuhi), info=label(N_("Sumber"))
    )
    oleh_id: Mapped[int | None] = relasi("penugasan.id", label(N_("Oleh")), nullable=True)
    waktu: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Waktu")))

    berkas: Mapped["Berkas"] = relationship()
    persyaratan: Mapped["Persyaratan"] = relationship()

    __table_args__ = (
        UniqueConstraint("berkas_id", "persyaratan_id"),
        CheckConstraint(
            "NOT dipenuhi OR (sumber IS NOT NULL AND waktu IS NOT NULL)",
            name="dipenuhi_punya_sumber",
        ),
    )

    screen = Screen(
        label=N_("Persyaratan Berkas"),
        plural=N_("Persyaratan Berkas"),
        menu=Menu.PENGAWASAN,
        icon="centang",
        position=40,
        title="id",
        list=("berkas_id", "persyaratan_id", "dipenuhi", "sumber", "waktu"),
        hidden=("oleh_id",),
        filter=("dipenuhi", "sumber", "waktu"),
        order=("-id",),
        scope="berkas",
        access=dict.fromkeys(READERS, "list show"),
    )
