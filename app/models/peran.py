"""Peran: the roles of the office, the level each works at, and what its signature is worth."""

import re

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import get_history

from app.models.base import Menu, Model, Pilihan, Screen, label, pilihan
from app.models.pelaku import AREA_COLUMN_BY_TINGKAT
from app.models.wilayah import Tingkat
from app.teks import N_

SEMUA_PERAN = (
    "ketua_rt",
    "ketua_rw",
    "petugas_kelurahan",
    "kasi_kelurahan",
    "sekretaris_kelurahan",
    "lurah",
    "petugas_kecamatan",
    "kasi_kecamatan",
    "sekcam",
    "camat",
    "admin_kecamatan",
    "auditor",
)
"""The peran that `Screen.access` may name, as in ``data/referensi/peran.csv``."""


def access_for_all(actions: str, **others: str) -> dict[str, str]:
    """Return an access map that grants ``actions`` to every peran, but ``others`` as named.

    >>> access_for_all("list", camat="list export")["camat"]
    'list export'
    """
    return {**dict.fromkeys(SEMUA_PERAN, actions), **others}


class Kewenangan(Pilihan):
    """What a peran may put under a letter: nothing, initials, or a signature."""

    TIDAK = "tidak", N_("Tidak ada")
    PARAF = "paraf", N_("Paraf")
    TANDA_TANGAN = "tanda_tangan", N_("Tanda tangan")


class Tunggal(Pilihan):
    """How many people may hold a peran at one unit at the same time (ROUTING §1)."""

    YA = "ya", N_("Satu orang")
    PER_SEKSI = "per_seksi", N_("Satu orang per seksi")
    TIDAK = "tidak", N_("Boleh banyak orang")


class Peran(Model):
    """A role that a tahapan asks for and a penugasan gives; its kode names the host's role."""

    kode: Mapped[str] = mapped_column(
        String(40), unique=True, info=label(N_("Kode"), help=N_("Huruf kecil dan garis bawah."))
    )
    nama: Mapped[str] = mapped_column(String(100), info=label(N_("Nama")))
    tingkat: Mapped[Tingkat] = mapped_column(pilihan(Tingkat), info=label(N_("Tingkat wilayah")))
    kewenangan: Mapped[Kewenangan] = mapped_column(
        pilihan(Kewenangan), default=Kewenangan.TIDAK, info=label(N_("Kewenangan"))
    )
    urutan: Mapped[int] = mapped_column(info=label(N_("Urutan")))
    tunggal: Mapped[Tunggal] = mapped_column(
        pilihan(Tunggal), default=Tunggal.TIDAK, info=label(N_("Jumlah pemegang"))
    )

    screen = Screen(
        label=N_("Peran"),
        plural=N_("Peran"),
        menu=Menu.REFERENSI,
        icon="jabatan",
        position=10,
        title="nama",
        list=("nama", "kode", "tingkat", "kewenangan", "tunggal", "urutan"),
        form={N_("Peran"): ("kode", "nama", "tingkat", "kewenangan", "tunggal", "urutan")},
        search=("nama", "kode"),
        filter=("tingkat", "kewenangan", "tunggal"),
        order=("urutan",),
        access=access_for_all("list show", admin_kecamatan="list show add edit"),
    )

    def check(self) -> dict[str, str]:
        """Refuse a level without area column, and a kode that rights could not be tied to."""
        errors: dict[str, str] = {}
        if self.tingkat not in AREA_COLUMN_BY_TINGKAT:
            errors["tingkat"] = N_("Peran bekerja di RT, RW, kelurahan/desa, atau kecamatan.")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.kode):
            errors["kode"] = N_("Kode memakai huruf kecil, angka, dan garis bawah.")
        if get_history(self, "kode").deleted:
            errors["kode"] = N_("Kode peran tidak dapat diubah.")
        return errors
