"""Klasifikasi arsip: the codes at the front of a letter's number, by the rule they come from."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Menu, Model, Screen, label
from app.models.peran import access_for_all
from app.teks import N_


class KlasifikasiArsip(Model):
    """A code of Permendagri 83/2022, or of 78/2012 which it replaced (issued letters keep it)."""

    kode: Mapped[str] = mapped_column(String(20), info=label(N_("Kode")))
    nama: Mapped[str] = mapped_column(String(200), info=label(N_("Nama")))
    rezim: Mapped[str] = mapped_column(
        String(20), info=label(N_("Permendagri"), help=N_("Nomor dan tahun, misalnya 83/2022."))
    )
    terkonfirmasi: Mapped[bool] = mapped_column(
        default=False,
        info=label(N_("Terkonfirmasi"), help=N_("Sudah dicocokkan dengan naskah peraturan.")),
    )

    __table_args__ = (UniqueConstraint("rezim", "kode"),)

    screen = Screen(
        label=N_("Klasifikasi Arsip"),
        plural=N_("Klasifikasi Arsip"),
        menu=Menu.REFERENSI,
        icon="arsip",
        position=30,
        title="kode",
        list=("kode", "nama", "rezim", "terkonfirmasi"),
        form={N_("Klasifikasi"): ("kode", "nama", "rezim", "terkonfirmasi")},
        search=("kode", "nama"),
        filter=("rezim", "terkonfirmasi"),
        edit_in_list=("terkonfirmasi",),
        order=("rezim", "kode"),
        key=("rezim", "kode"),
        access=access_for_all("list show", admin_kecamatan="list show add edit export import"),
    )
