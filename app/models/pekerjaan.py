"""Pekerjaan: longer work that a person asked for, done by a worker beside the server."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import AreaMixin, Menu, Model, Pilihan, Screen, Waktu, label, pilihan, relasi
from app.teks import N_

if TYPE_CHECKING:
    from app.models.pengguna import Pengguna
    from app.models.wilayah import Wilayah


class StatusPekerjaan(Pilihan):
    """Where the work stands; the first two are open."""

    MENUNGGU = "menunggu", N_("Menunggu")
    BERJALAN = "berjalan", N_("Berjalan")
    SELESAI = "selesai", N_("Selesai")
    GAGAL = "gagal", N_("Gagal")
    DIBATALKAN = "dibatalkan", N_("Dibatalkan")


class Pekerjaan(AreaMixin, Model):
    """The row is the queue, the state and the proof of what was done (`app.services.kerja`).

    It belongs to the person who asked: what it reads and what came of it is shown to nobody
    else. The admin of the unit sees that it exists. ``pemegang`` is the worker that holds it and
    ``denyut`` when that worker was last heard; ``tercatat`` counts what committed batches did.
    """

    jenis: Mapped[str] = mapped_column(String(60), info=label(N_("Jenis")))
    judul: Mapped[str] = mapped_column(String(200), info=label(N_("Pekerjaan")))
    status: Mapped[StatusPekerjaan] = mapped_column(
        pilihan(StatusPekerjaan), default=StatusPekerjaan.MENUNGGU, info=label(N_("Status"))
    )
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=label(N_("Data")))
    bahasa: Mapped[str] = mapped_column(String(10), default="id", info=label(N_("Bahasa")))
    kemajuan: Mapped[int] = mapped_column(default=0, info=label(N_("Kemajuan")))
    jumlah: Mapped[int | None] = mapped_column(info=label(N_("Jumlah")))
    tercatat: Mapped[int] = mapped_column(default=0, info=label(N_("Tercatat")))
    pesan: Mapped[str | None] = mapped_column(String(500), info=label(N_("Pesan")))
    pesan_data: Mapped[dict[str, Any] | None] = mapped_column(JSON, info=label(N_("Isi pesan")))
    hasil: Mapped[str | None] = mapped_column(String(80), info=label(N_("Hasil")))
    nama_hasil: Mapped[str | None] = mapped_column(String(150), info=label(N_("Nama hasil")))
    hasil_sampai: Mapped[datetime | None] = mapped_column(
        Waktu, info=label(N_("Hasil disimpan sampai"))
    )
    pemegang: Mapped[str | None] = mapped_column(String(60), info=label(N_("Pelaksana")))
    percobaan: Mapped[int] = mapped_column(default=0, info=label(N_("Percobaan")))
    denyut: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Denyut")))
    waktu_diminta: Mapped[datetime] = mapped_column(Waktu, info=label(N_("Diminta")))
    waktu_mulai: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Mulai")))
    waktu_selesai: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Selesai")))
    pengguna_id: Mapped[int] = relasi("ab_user.id", label(N_("Pengguna")))
    wilayah_id: Mapped[int] = relasi("wilayah.id", label(N_("Unit")))

    pengguna: Mapped["Pengguna"] = relationship()
    wilayah: Mapped["Wilayah"] = relationship(foreign_keys=[wilayah_id])

    __table_args__ = (Index(None, "status", "id"),)

    screen = Screen(
        label=N_("Pekerjaan Latar"),
        plural=N_("Pekerjaan Latar"),
        menu=Menu.PENGAWASAN,
        icon="jam",
        position=80,
        title="judul",
        list=("judul", "pengguna_id", "waktu_diminta", "status", "waktu_selesai"),
        detail={
            N_("Pekerjaan"): (
                *("judul", "jenis", "pengguna_id", "wilayah_id", "status", "kemajuan", "jumlah"),
                *("waktu_diminta", "waktu_mulai", "waktu_selesai", "percobaan", "denyut"),
            )
        },
        hidden=(
            *("data", "bahasa", "tercatat", "pesan", "pesan_data"),
            *("hasil", "nama_hasil", "hasil_sampai", "pemegang"),
        ),
        filter=("status", "waktu_diminta", "pengguna_id"),
        order=("-waktu_diminta",),
        scope="wilayah_id",
        access={"admin_kecamatan": "list show"},
    )
