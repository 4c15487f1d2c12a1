"""Tahapan: one approval step of a version; who acts, how, and in how many minutes."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Menu, Model, Pilihan, Screen, label, pilihan, relasi
from app.models.peran import access_for_all
from app.models.versi_layanan import BagianVersi, of_konsep, refuse_published
from app.teks import N_

if TYPE_CHECKING:
    from app.models.peran import Peran
    from app.models.versi_layanan import VersiLayanan


class AksiTahapan(Pilihan):
    """The act that finishes a step (``data/referensi/aksi_tahapan.csv``)."""

    TERUSKAN = "teruskan", N_("Teruskan")
    SETUJUI = "setujui", N_("Setujui")
    PARAF = "paraf", N_("Paraf")
    TANDA_TANGANI = "tanda_tangani", N_("Tanda Tangan")
    SERAHKAN = "serahkan", N_("Serahkan")


class JikaKosong(Pilihan):
    """What happens where nobody eligible sits (ROUTING §2)."""

    TUNGGU = "tunggu", N_("Tunggu")
    NAIK = "naik", N_("Naik ke atasan")
    LEWATI = "lewati", N_("Lewati")


class Tahapan(BagianVersi, Model):
    """One step; its tingkat is its peran's. The last step is wajib and without syarat."""

    versi_layanan_id: Mapped[int] = relasi("versi_layanan.id", label(N_("Versi layanan")))
    urutan: Mapped[int] = mapped_column(info=label(N_("Urutan")))
    kode: Mapped[str] = mapped_column(String(40), info=label(N_("Kode")))
    nama: Mapped[str] = mapped_column(String(150), info=label(N_("Nama tahapan")))
    peran_id: Mapped[int] = relasi("peran.id", label(N_("Peran")))
    seksi_kode: Mapped[str | None] = mapped_column(String(40), info=label(N_("Kode seksi")))
    aksi: Mapped[AksiTahapan] = mapped_column(pilihan(AksiTahapan), info=label(N_("Tindakan")))
    sla_menit: Mapped[int] = mapped_column(info=label(N_("SOP"), unit=N_("menit")))
    syarat: Mapped[list[Any] | None] = mapped_column(JSON, info=label(N_("Syarat")))
    jika_kosong: Mapped[JikaKosong] = mapped_column(
        pilihan(JikaKosong), default=JikaKosong.NAIK, info=label(N_("Jika kosong"))
    )
    kolom_dijamin: Mapped[list[str] | None] = mapped_column(
        JSON, info=label(N_("Kolom yang dijamin"))
    )
    beda_orang: Mapped[bool] = mapped_column(default=False, info=label(N_("Harus orang berbeda")))
    boleh_pelaksana: Mapped[bool] = mapped_column(default=True, info=label(N_("Boleh Plt./Plh.")))
    boleh_dilewati: Mapped[bool] = mapped_column(default=False, info=label(N_("Boleh dilewati")))
    wajib: Mapped[bool] = mapped_column(default=False, info=label(N_("Wajib")))
    memberi_nomor: Mapped[bool] = mapped_column(default=False, info=label(N_("Memberi nomor")))
    boleh_massal: Mapped[bool] = mapped_column(default=False, info=label(N_("Boleh massal")))
    sop: Mapped[str | None] = mapped_column(
        String(1000), info=label(N_("Petunjuk"), kind="teks_panjang")
    )

    versi_layanan: Mapped["VersiLayanan"] = relationship(back_populates="tahapan")
    peran: Mapped["Peran"] = relationship()

    __table_args__ = (
        UniqueConstraint("versi_layanan_id", "urutan"),
        UniqueConstraint("versi_layanan_id", "kode"),
        Index(
            "uq_tahapan_satu_nomor",
            "versi_layanan_id",
            unique=True,
            sqlite_where=column("memberi_nomor"),
            postgresql_where=column("memberi_nomor"),
        ),
        CheckConstraint("sla_menit > 0", name="sla_menit_positif"),
        CheckConstraint("urutan > 0", name="urutan_positif"),
    )

    screen = Screen(
        label=N_("Tahapan"),
        plural=N_("Tahapan"),
        menu=Menu.LAYANAN,
        icon="daftar",
        position=30,
        title="nama",
        list=("nama", "urutan", "peran_id", "aksi", "sla_menit", "versi_layanan_id"),
        form={
            N_("Tahapan"): (
                *("versi_layanan_id", "urutan", "kode", "nama", "peran_id", "seksi_kode"),
                *("aksi", "sla_menit", "wajib", "memberi_nomor", "boleh_massal"),
            ),
            N_("Perutean"): (
                *("jika_kosong", "beda_orang", "boleh_pelaksana", "boleh_dilewati"),
                *("syarat", "kolom_dijamin", "sop"),
            ),
        },
        search=("nama", "kode"),
        filter=("versi_layanan_id", "peran_id", "aksi"),
        order=("versi_layanan_id", "urutan"),
        changeable=of_konsep,
        access=access_for_all("list show", admin_kecamatan="list show add edit delete"),
    )

    def check(self) -> dict[str, str]:
        """Refuse a change under a published version, and numbers below 1."""
        errors = refuse_published(self)
        for name in ("urutan", "sla_menit"):
            value = getattr(self, name)
            if value is not None and value < 1:
                errors[name] = N_("Paling sedikit 1.")
        return errors
