"""Isian: one question of a layanan's form; officers get the form at once, without a restart."""

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Menu, Model, Pilihan, Screen, pilihan, relasi
from app.models.base import label as facts
from app.models.peran import access_for_all
from app.models.versi_layanan import BagianVersi, of_konsep, refuse_published
from app.teks import N_

if TYPE_CHECKING:
    from app.models.versi_layanan import VersiLayanan


class TipeIsian(Pilihan):
    """Kinds of answer (``data/layanan.yaml``); ``waktu`` is a time of day."""

    TEKS = "teks", N_("Teks")
    TEKS_PANJANG = "teks_panjang", N_("Teks panjang")
    ANGKA = "angka", N_("Angka")
    UANG = "uang", N_("Uang")
    TANGGAL = "tanggal", N_("Tanggal")
    WAKTU = "waktu", N_("Pukul")
    PILIHAN = "pilihan", N_("Pilihan")
    YA_TIDAK = "ya_tidak", N_("Ya/tidak")
    NIK = "nik", N_("NIK penduduk")
    WILAYAH = "wilayah", N_("Wilayah")
    TABEL_NIK = "tabel_nik", N_("Daftar NIK")


SUMBER_BAWAAN = {
    "{pemohon.nik}": frozenset({TipeIsian.NIK}),
    "{pemohon.nama}": frozenset({TipeIsian.TEKS}),
    "{pemohon.alamat}": frozenset({TipeIsian.TEKS, TipeIsian.TEKS_PANJANG}),
    "{pemohon.rt}": frozenset({TipeIsian.ANGKA}),
    "{pemohon.rw}": frozenset({TipeIsian.ANGKA}),
    "{keluarga.tanggungan}": frozenset({TipeIsian.ANGKA}),
    "{hari_ini}": frozenset({TipeIsian.TANGGAL}),
}
"""What a field may start with besides a text of its own, and the kinds that can hold it."""


class Isian(BagianVersi, Model):
    """One field; its kode is its column in the berkas' isian and in conditions."""

    versi_layanan_id: Mapped[int] = relasi("versi_layanan.id", facts(N_("Versi layanan")))
    urutan: Mapped[int] = mapped_column(info=facts(N_("Urutan")))
    kode: Mapped[str] = mapped_column(String(40), info=facts(N_("Kode")))
    label: Mapped[str] = mapped_column(String(150), info=facts(N_("Label")))
    bantuan: Mapped[str | None] = mapped_column(String(200), info=facts(N_("Bantuan")))
    tipe: Mapped[TipeIsian] = mapped_column(pilihan(TipeIsian), info=facts(N_("Tipe")))
    wajib: Mapped[bool] = mapped_column(default=False, info=facts(N_("Wajib")))
    bawaan: Mapped[str | None] = mapped_column(
        String(200),
        info=facts(
            N_("Nilai awal"),
            help=N_(
                "Sebuah nilai, atau yang dicatat tentang pemohon: {pemohon.nik}, {pemohon.nama}, "
                "{pemohon.alamat}, {pemohon.rt}, {pemohon.rw}, {keluarga.tanggungan}, {hari_ini}."
            ),
        ),
    )
    batas: Mapped[dict[str, Any] | None] = mapped_column(JSON, info=facts(N_("Batas")))
    opsi: Mapped[list[str] | None] = mapped_column(
        JSON, info=facts(N_("Opsi"), help=N_('Untuk tipe pilihan: ["A", "B"].'))
    )
    syarat: Mapped[list[Any] | None] = mapped_column(JSON, info=facts(N_("Syarat")))

    versi_layanan: Mapped["VersiLayanan"] = relationship(back_populates="isian")

    __table_args__ = (UniqueConstraint("versi_layanan_id", "kode"),)

    screen = Screen(
        label=N_("Isian"),
        plural=N_("Isian"),
        menu=Menu.LAYANAN,
        icon="ubah",
        position=40,
        title="label",
        list=("label", "kode", "tipe", "wajib", "urutan", "versi_layanan_id"),
        form={
            N_("Isian"): (
                *("versi_layanan_id", "urutan", "kode", "label", "bantuan", "tipe", "wajib"),
                *("opsi", "bawaan", "batas", "syarat"),
            )
        },
        search=("label", "kode"),
        filter=("versi_layanan_id", "tipe", "wajib"),
        order=("versi_layanan_id", "urutan"),
        changeable=of_konsep,
        access=access_for_all("list show", admin_kecamatan="list show add edit delete"),
    )

    def check(self) -> dict[str, str]:
        """Refuse a change under a published version, a kode that is no name, missing options."""
        errors = refuse_published(self)
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.kode):
            errors["kode"] = N_("Kode memakai huruf kecil, angka, dan garis bawah.")
        if self.tipe == TipeIsian.PILIHAN and not self.opsi:
            errors["opsi"] = N_("Tipe pilihan perlu opsi.")
        if self.bawaan and not self._starts_well(self.bawaan):
            errors["bawaan"] = N_("Nilai awal ini tidak cocok dengan tipe isiannya.")
        return errors

    def _starts_well(self, bawaan: str) -> bool:
        if bawaan.startswith("{"):
            return self.tipe in SUMBER_BAWAAN.get(bawaan, frozenset())
        if self.tipe == TipeIsian.PILIHAN:
            return bawaan in (self.opsi or [])
        if self.tipe in (TipeIsian.ANGKA, TipeIsian.UANG):
            return re.fullmatch(r"\d{1,15}", bawaan) is not None
        return self.tipe in (TipeIsian.TEKS, TipeIsian.TEKS_PANJANG)
