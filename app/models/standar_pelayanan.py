"""Standar pelayanan: what the office promises about a layanan that its definition does not say."""

from typing import TYPE_CHECKING

from sqlalchemy import Index, String, UniqueConstraint, literal_column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Menu, Model, Pilihan, Screen, label, pilihan, relasi
from app.models.peran import access_for_all
from app.teks import N_

if TYPE_CHECKING:
    from app.models.layanan import Layanan


class KomponenStandar(Pilihan):
    """Components of a service standard that people write."""

    DASAR_HUKUM = "dasar_hukum", N_("Dasar hukum")
    SARANA = "sarana", N_("Sarana, prasarana, dan/atau fasilitas")
    KOMPETENSI = "kompetensi", N_("Kompetensi pelaksana")
    PENGAWASAN = "pengawasan", N_("Pengawasan internal")
    PENGADUAN = "pengaduan", N_("Penanganan pengaduan, saran, dan masukan")
    JUMLAH_PELAKSANA = "jumlah_pelaksana", N_("Jumlah pelaksana")
    JAMINAN = "jaminan", N_("Jaminan pelayanan")
    KEAMANAN = "keamanan", N_("Jaminan keamanan dan keselamatan pelayanan")
    EVALUASI = "evaluasi", N_("Evaluasi kinerja pelaksana")


class KomponenDefinisi(Pilihan):
    """Components that the published version of a layanan says by itself, so that none can drift."""

    PERSYARATAN = "persyaratan", N_("Persyaratan")
    PROSEDUR = "prosedur", N_("Sistem, mekanisme, dan prosedur")
    JANGKA_WAKTU = "jangka_waktu", N_("Jangka waktu penyelesaian")
    BIAYA = "biaya", N_("Biaya/tarif")
    PRODUK = "produk", N_("Produk pelayanan")


SUSUNAN: tuple[KomponenStandar | KomponenDefinisi, ...] = (
    KomponenStandar.DASAR_HUKUM,
    *KomponenDefinisi,
    *(kode for kode in KomponenStandar if kode is not KomponenStandar.DASAR_HUKUM),
)
"""The 14 components in the order of the law (UU 25/2009 art. 21; PermenPANRB 15/2014)."""


class StandarPelayanan(Model):
    """The text of one component; without ``layanan`` it holds where a layanan has none itself."""

    layanan_id: Mapped[int | None] = relasi(
        "layanan.id",
        label(N_("Layanan"), help=N_("Kosong berarti berlaku bagi semua layanan.")),
        nullable=True,
    )
    komponen: Mapped[KomponenStandar] = mapped_column(
        pilihan(KomponenStandar), info=label(N_("Komponen"))
    )
    isi: Mapped[str] = mapped_column(
        String(4000),
        info=label(N_("Isi"), kind="teks_panjang", help=N_("Tampil di halaman publik apa adanya.")),
    )

    layanan: Mapped["Layanan | None"] = relationship()

    # Two NULLs differ in a unique constraint, so the texts of all layanan need their own index.
    __table_args__ = (
        UniqueConstraint("layanan_id", "komponen"),
        Index(
            "uq_standar_pelayanan_semua_layanan",
            "komponen",
            unique=True,
            sqlite_where=literal_column("layanan_id IS NULL"),
            postgresql_where=literal_column("layanan_id IS NULL"),
        ),
    )

    screen = Screen(
        label=N_("Standar Pelayanan"),
        plural=N_("Standar Pelayanan"),
        menu=Menu.LAYANAN,
        icon="persyaratan",
        position=60,
        title="komponen",
        list=("komponen", "layanan_id", "isi"),
        form={N_("Standar pelayanan"): ("layanan_id", "komponen", "isi")},
        search=("isi",),
        filter=("layanan_id", "komponen"),
        order=("layanan_id", "komponen"),
        access=access_for_all("list show", admin_kecamatan="list show add edit delete export"),
    )

    def __str__(self) -> str:
        return self.komponen.label
