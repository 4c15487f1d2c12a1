"""Penduduk: a resident in the register, with the facts letters need and no others (DOMAIN)."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ColumnElement, String, func, select
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship, validates

from app.models.base import AreaMixin, Menu, Model, Screen, label, pilihan, relasi
from app.models.biodata import (
    Agama,
    GolonganDarah,
    JenisKelamin,
    Kewarganegaraan,
    Shdk,
    StatusCatatKawin,
    StatusDasar,
    StatusKawin,
    StatusPenduduk,
)
from app.models.lembar import LEMBAR_PENDUDUK
from app.models.nik import clean_nomor, parse_nik
from app.teks import N_

if TYPE_CHECKING:
    from app.models.keluarga import Keluarga
    from app.models.referensi import Referensi
    from app.models.wilayah import Wilayah


class Penduduk(AreaMixin, Model):
    """One person; the dead and the moved stay, and their NIK is never given to another."""

    nama: Mapped[str] = mapped_column(String(100), info=label(N_("Nama lengkap")))
    nik: Mapped[str] = mapped_column(String(16), unique=True, info=label(N_("NIK"), kind="nik"))
    nik_sementara: Mapped[bool] = mapped_column(
        default=False, info=label(N_("NIK sementara"), help=N_("NIK sementara diawali angka 0."))
    )
    alasan_nik: Mapped[str | None] = mapped_column(
        String(200),
        info=label(
            N_("Alasan NIK berbeda"),
            help=N_("Wajib bila jenis kelamin atau tanggal lahir tidak sesuai NIK."),
        ),
    )
    keluarga_id: Mapped[int | None] = relasi(
        "keluarga.id", label(N_("Kartu keluarga")), nullable=True
    )
    shdk: Mapped[Shdk | None] = mapped_column(
        pilihan(Shdk), info=label(N_("Hubungan dalam keluarga"))
    )
    jenis_kelamin: Mapped[JenisKelamin] = mapped_column(
        pilihan(JenisKelamin), info=label(N_("Jenis kelamin"))
    )
    tempat_lahir: Mapped[str] = mapped_column(String(100), info=label(N_("Tempat lahir")))
    tanggal_lahir: Mapped[date] = mapped_column(info=label(N_("Tanggal lahir")))
    agama: Mapped[Agama] = mapped_column(pilihan(Agama), info=label(N_("Agama")))
    golongan_darah: Mapped[GolonganDarah | None] = mapped_column(
        pilihan(GolonganDarah), info=label(N_("Golongan darah"))
    )
    kewarganegaraan: Mapped[Kewarganegaraan] = mapped_column(
        pilihan(Kewarganegaraan),
        default=Kewarganegaraan.WNI,
        info=label(N_("Kewarganegaraan")),
    )
    status_kawin: Mapped[StatusKawin] = mapped_column(
        pilihan(StatusKawin), info=label(N_("Status perkawinan"))
    )
    status_catat_kawin: Mapped[StatusCatatKawin | None] = mapped_column(
        pilihan(StatusCatatKawin), info=label(N_("Pencatatan perkawinan"))
    )
    pekerjaan_id: Mapped[int | None] = relasi(
        "referensi.id", label(N_("Pekerjaan"), pick={"daftar": "pekerjaan"}), nullable=True
    )
    pendidikan_id: Mapped[int | None] = relasi(
        "referensi.id", label(N_("Pendidikan"), pick={"daftar": "pendidikan_kk"}), nullable=True
    )
    disabilitas_id: Mapped[int | None] = relasi(
        "referensi.id", label(N_("Disabilitas"), pick={"daftar": "disabilitas"}), nullable=True
    )
    nama_ayah: Mapped[str | None] = mapped_column(String(100), info=label(N_("Nama ayah")))
    nama_ibu: Mapped[str | None] = mapped_column(String(100), info=label(N_("Nama ibu")))
    alamat: Mapped[str] = mapped_column(
        String(200), info=label(N_("Alamat"), help=N_("Jalan dan nomor, tanpa RT/RW."))
    )
    wilayah_id: Mapped[int] = relasi("wilayah.id", label(N_("RT"), pick={"tingkat": "rt"}))
    telepon: Mapped[str | None] = mapped_column(
        String(20), info=label(N_("Nomor telepon"), kind="telepon")
    )
    status_penduduk: Mapped[StatusPenduduk] = mapped_column(
        pilihan(StatusPenduduk),
        default=StatusPenduduk.TETAP,
        info=label(N_("Status penduduk")),
    )
    status_dasar: Mapped[StatusDasar] = mapped_column(
        pilihan(StatusDasar), default=StatusDasar.HIDUP, info=label(N_("Status dasar"))
    )
    tanggal_peristiwa: Mapped[date | None] = mapped_column(
        info=label(N_("Tanggal peristiwa"), help=N_("Tanggal meninggal atau pindah."))
    )
    nomor_akta_lahir: Mapped[str | None] = mapped_column(
        String(50), info=label(N_("Nomor akta lahir"))
    )
    nomor_akta_kawin: Mapped[str | None] = mapped_column(
        String(50), info=label(N_("Nomor akta kawin"))
    )
    nomor_akta_cerai: Mapped[str | None] = mapped_column(
        String(50), info=label(N_("Nomor akta cerai"))
    )

    keluarga: Mapped["Keluarga | None"] = relationship(back_populates="anggota")
    wilayah: Mapped["Wilayah"] = relationship(foreign_keys=[wilayah_id])
    pekerjaan: Mapped["Referensi | None"] = relationship(foreign_keys=[pekerjaan_id])
    pendidikan: Mapped["Referensi | None"] = relationship(foreign_keys=[pendidikan_id])
    disabilitas: Mapped["Referensi | None"] = relationship(foreign_keys=[disabilitas_id])

    __table_args__ = (CheckConstraint("length(nik) = 16", name="nik_16_digit"),)

    screen = Screen(
        label=N_("Penduduk"),
        plural=N_("Penduduk"),
        menu=Menu.KEPENDUDUKAN,
        icon="orang",
        position=10,
        title="nama",
        list=("nama", "nik", "jenis_kelamin", "tanggal_lahir", "wilayah_id", "status_dasar"),
        form={
            N_("Identitas"): (
                *("nama", "nik", "nik_sementara", "jenis_kelamin", "tempat_lahir"),
                *("tanggal_lahir", "alasan_nik", "agama", "golongan_darah", "kewarganegaraan"),
            ),
            N_("Keluarga"): (
                *("keluarga_id", "shdk", "status_kawin", "status_catat_kawin"),
                *("nama_ayah", "nama_ibu"),
            ),
            N_("Tempat tinggal"): ("alamat", "wilayah_id", "telepon", "status_penduduk"),
            N_("Pekerjaan dan pendidikan"): ("pekerjaan_id", "pendidikan_id", "disabilitas_id"),
            N_("Akta dan status"): (
                *("nomor_akta_lahir", "nomor_akta_kawin", "nomor_akta_cerai", "status_dasar"),
                "tanggal_peristiwa",
            ),
        },
        search=("nama", "nik"),
        filter=(
            *("wilayah_id", "jenis_kelamin", "tanggal_lahir", "status_dasar"),
            *("status_penduduk", "status_kawin", "agama", "pekerjaan_id"),
        ),
        links=((N_("Mutasi"), "pindah", "mutasi.pilih", "mutasi"),),
        sensitive={"nik": "nik"},
        order=("nama",),
        scope="wilayah_id",
        key=("nik",),
        duplicates=("nama", "tanggal_lahir", "nama_ibu"),
        sheet=LEMBAR_PENDUDUK,
        access={
            "ketua_rt": "list show buka_nik",
            "ketua_rw": "list show",
            "petugas_kelurahan": "list show add edit import buka_nik mutasi",
            "kasi_kelurahan": "list show buka_nik",
            "sekretaris_kelurahan": "list show export buka_nik",
            "lurah": "list show export buka_nik",
            "petugas_kecamatan": "list show buka_nik",
            "kasi_kecamatan": "list show buka_nik",
            "sekcam": "list show export buka_nik",
            "camat": "list show export buka_nik",
            "admin_kecamatan": "list show add edit delete export import buka_nik mutasi",
            "auditor": "list show export",
        },
    )

    @validates("nik")
    def _clean(self, key: str, value: str | None) -> str | None:
        return clean_nomor(value) if isinstance(value, str) else value

    def check(self) -> dict[str, str]:
        """Refuse a NIK by the table of DOMAIN; a disagreement with it needs a written reason."""
        nik = parse_nik(self.nik, sementara=bool(self.nik_sementara))
        if nik.galat:
            return {"nik": nik.galat}
        differs = nik.disagreements(self.jenis_kelamin, self.tanggal_lahir)
        if differs and not (self.alasan_nik or "").strip():
            return {"alasan_nik": N_("NIK tidak sesuai jenis kelamin atau tanggal lahir: alasan?")}
        return {}

    def remarks(self) -> list[str]:
        """Return the warnings that need no other row."""
        nik = parse_nik(self.nik, sementara=bool(self.nik_sementara))
        found = [*nik.peringatan, *nik.disagreements(self.jenis_kelamin, self.tanggal_lahir)]
        if self.shdk in (Shdk.SUAMI, Shdk.ISTRI) and self.status_kawin != StatusKawin.KAWIN:
            found.append(N_("Suami atau istri seharusnya berstatus kawin."))
        return found

    def warnings(self) -> list[str]:
        """Return what looks wrong and does not block saving (DOMAIN "Penduduk").

        The two that look at other rows see the rows the session's person may read.
        """
        found = self.remarks()
        if self.keluarga_id is not None and self._living_heads() != 1:
            found.append(N_("Satu KK seharusnya mempunyai tepat satu kepala keluarga yang hidup."))
        if self._namesakes():
            found.append(N_("Ada penduduk lain dengan nama, tanggal lahir, dan ibu yang sama."))
        return found

    def _living_heads(self) -> int:
        return self._count(
            Penduduk.keluarga_id == self.keluarga_id,
            Penduduk.shdk == Shdk.KEPALA_KELUARGA,
            Penduduk.status_dasar == StatusDasar.HIDUP,
        )

    def _namesakes(self) -> int:
        if not self.nama_ibu:
            return 0
        return self._count(
            func.lower(Penduduk.nama) == self.nama.lower(),
            Penduduk.tanggal_lahir == self.tanggal_lahir,
            func.lower(Penduduk.nama_ibu) == self.nama_ibu.lower(),
            Penduduk.nik != self.nik,
        )

    def _count(self, *conditions: ColumnElement[bool]) -> int:
        session = object_session(self)
        if session is None:
            return 0
        return session.scalar(select(func.count(Penduduk.id)).where(*conditions)) or 0
