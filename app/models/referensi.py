"""Referensi: the open code lists of the register (pekerjaan, pendidikan, …) in one table."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Menu, Model, Pilihan, Screen, label, pilihan
from app.models.peran import access_for_all
from app.teks import N_


class Daftar(Pilihan):
    """The code lists kept as rows; a value is the name of its file in ``data/referensi/``.

    Short lists that the program itself decides by are `Pilihan` in `biodata.py` instead.
    """

    PEKERJAAN = "pekerjaan", N_("Pekerjaan")
    PENDIDIKAN_KK = "pendidikan_kk", N_("Pendidikan dalam KK")
    PENDIDIKAN_SEDANG = "pendidikan_sedang", N_("Pendidikan sedang ditempuh")
    DISABILITAS = "disabilitas", N_("Disabilitas")
    ALASAN_PINDAH = "alasan_pindah", N_("Alasan pindah")
    JENIS_KEPINDAHAN = "jenis_kepindahan", N_("Jenis kepindahan")
    KLASIFIKASI_PINDAH = "klasifikasi_pindah", N_("Klasifikasi pindah")
    JAMINAN_KESEHATAN = "jaminan_kesehatan", N_("Jaminan kesehatan")
    STATUS_REKAM_KTP = "status_rekam_ktp", N_("Status rekam KTP-el")
    PERISTIWA_PENDUDUK = "peristiwa_penduduk", N_("Peristiwa penduduk")
    FORMULIR_ADMINDUK = "formulir_adminduk", N_("Formulir adminduk")


class Referensi(Model):
    """One entry of a code list; entries out of use are made inactive, never deleted."""

    daftar: Mapped[Daftar] = mapped_column(pilihan(Daftar), info=label(N_("Daftar")))
    kode: Mapped[str] = mapped_column(String(20), info=label(N_("Kode")))
    nama: Mapped[str] = mapped_column(String(200), info=label(N_("Nama")))
    urutan: Mapped[int] = mapped_column(default=0, info=label(N_("Urutan")))
    aktif: Mapped[bool] = mapped_column(default=True, info=label(N_("Aktif")))

    __table_args__ = (UniqueConstraint("daftar", "kode"),)

    screen = Screen(
        label=N_("Referensi"),
        plural=N_("Referensi"),
        menu=Menu.REFERENSI,
        icon="daftar",
        position=20,
        title="nama",
        list=("nama", "daftar", "kode", "urutan", "aktif"),
        form={N_("Referensi"): ("daftar", "kode", "nama", "urutan", "aktif")},
        search=("nama", "kode"),
        filter=("daftar", "aktif"),
        edit_in_list=("aktif", "urutan"),
        order=("daftar", "urutan"),
        key=("daftar", "kode"),
        access=access_for_all("list show", admin_kecamatan="list show add edit export import"),
    )
