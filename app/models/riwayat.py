"""Riwayat: the journal of a berkas, append-only; the state of a berkas is always its replay."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.append_only import AppendOnlyMixin
from app.models.base import Menu, Model, Pilihan, Screen, Waktu, label, pilihan, relasi
from app.models.berkas import READERS
from app.teks import N_

if TYPE_CHECKING:
    from app.models.berkas import Berkas


class JenisRiwayat(Pilihan):
    """What happened: the acts of the engine (ROUTING §3), a person's and the system's."""

    AJUKAN = "ajukan", N_("Ajukan")
    TERUSKAN = "teruskan", N_("Teruskan")
    SETUJUI = "setujui", N_("Setujui")
    PARAF = "paraf", N_("Paraf")
    TANDA_TANGANI = "tanda_tangani", N_("Tanda Tangan")
    SERAHKAN = "serahkan", N_("Serahkan")
    KEMBALIKAN = "kembalikan", N_("Kembalikan")
    TOLAK = "tolak", N_("Tolak")
    BATALKAN = "batalkan", N_("Batalkan")
    AMBIL = "ambil", N_("Ambil")
    LEPAS = "lepas", N_("Lepas")
    ALIHKAN = "alihkan", N_("Alihkan")
    URUNGKAN = "urungkan", N_("Urungkan")
    ESKALASI = "eskalasi", N_("Eskalasi")
    KEDALUWARSA = "kedaluwarsa", N_("Kedaluwarsa")
    HITUNG_ULANG = "hitung_ulang", N_("Hitung Ulang Tenggat")
    MIGRASI = "migrasi", N_("Pindah Versi")
    IMPOR = "impor", N_("Impor")


class Alasan(Pilihan):
    """Why a berkas is returned or refused; the words to the person stand in the catatan."""

    TIDAK_LENGKAP = "tidak_lengkap", N_("Persyaratan tidak lengkap")
    DATA_TIDAK_SESUAI = "data_tidak_sesuai", N_("Data tidak sesuai")
    TIDAK_MEMENUHI = "tidak_memenuhi", N_("Tidak memenuhi syarat")
    LAINNYA = "lainnya", N_("Alasan lain")


class Riwayat(AppendOnlyMixin, Model):
    """One act; name and jabatan are frozen as they were. No UPDATE or DELETE (trigger)."""

    berkas_id: Mapped[int] = relasi("berkas.id", label(N_("Berkas")))
    kecamatan_id: Mapped[int | None] = relasi("wilayah.id", label(N_("Kecamatan")), nullable=True)
    nomor: Mapped[int] = mapped_column(info=label(N_("Urutan")))
    kunjungan_ke: Mapped[int | None] = mapped_column(info=label(N_("Kunjungan ke")))
    jenis: Mapped[JenisRiwayat] = mapped_column(pilihan(JenisRiwayat), info=label(N_("Tindakan")))
    oleh_id: Mapped[int | None] = relasi("ab_user.id", label(N_("Pengguna")), nullable=True)
    penugasan_id: Mapped[int | None] = relasi("penugasan.id", label(N_("Penugasan")), nullable=True)
    nama: Mapped[str] = mapped_column(String(130), info=label(N_("Nama")))
    jabatan: Mapped[str] = mapped_column(String(300), info=label(N_("Jabatan")))
    waktu: Mapped[datetime] = mapped_column(Waktu, info=label(N_("Waktu")))
    alasan_kode: Mapped[Alasan | None] = mapped_column(pilihan(Alasan), info=label(N_("Alasan")))
    catatan: Mapped[str | None] = mapped_column(
        String(1000), info=label(N_("Catatan"), kind="teks_panjang")
    )
    isi: Mapped[dict[str, Any]] = mapped_column(JSON, info=label(N_("Isi")))
    kunci: Mapped[str] = mapped_column(String(80), unique=True, info=label(N_("Kunci")))
    sidik_lalu: Mapped[str | None] = mapped_column(String(64), info=label(N_("Sidik sebelumnya")))
    sidik: Mapped[str | None] = mapped_column(String(64), info=label(N_("Sidik")))

    berkas: Mapped["Berkas"] = relationship(back_populates="riwayat")

    __table_args__ = (UniqueConstraint("berkas_id", "nomor"),)

    screen = Screen(
        label=N_("Riwayat"),
        plural=N_("Riwayat"),
        menu=Menu.PENGAWASAN,
        icon="riwayat",
        position=20,
        title="jenis",
        list=("berkas_id", "nomor", "jenis", "nama", "jabatan", "waktu", "catatan"),
        detail={
            N_("Riwayat"): (
                *("berkas_id", "nomor", "kunjungan_ke", "jenis", "nama", "jabatan", "waktu"),
                *("alasan_kode", "catatan"),
            )
        },
        hidden=(
            *("kecamatan_id", "oleh_id", "penugasan_id", "isi"),
            *("kunci", "sidik_lalu", "sidik"),
        ),
        search=("nama", "jabatan"),
        filter=("jenis", "alasan_kode", "waktu"),
        order=("-waktu",),
        scope="berkas",
        access=READERS,
    )

    def __str__(self) -> str:
        return self.jenis.label
