"""Eskalasi: what happens as a step's time runs out, and what has happened; never an approval."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship
from sqlalchemy.orm.attributes import get_history

from app.models.base import Menu, Model, Pilihan, Screen, Waktu, label, pilihan, relasi
from app.models.peran import access_for_all
from app.models.tahapan import Tahapan
from app.models.versi_layanan import TERBIT_TETAP, StatusVersi, VersiLayanan
from app.teks import N_

if TYPE_CHECKING:
    from app.models.berkas import Berkas
    from app.models.kunjungan import Kunjungan


class TindakanEskalasi(Pilihan):
    """The rungs of the ladder (ROUTING §1)."""

    INGATKAN = "ingatkan", N_("Ingatkan pemegang meja")
    TAMPILKAN_ATASAN = "tampilkan_atasan", N_("Tampilkan kepada atasan")
    BUKA_ATASAN = "buka_atasan", N_("Buka bagi atasan")


class Eskalasi(Model):
    """One rung: at this share of the step's minutes, do this."""

    tahapan_id: Mapped[int] = relasi("tahapan.id", label(N_("Tahapan")))
    pada_persen: Mapped[int] = mapped_column(info=label(N_("Pada"), unit="%"))
    tindakan: Mapped[TindakanEskalasi] = mapped_column(
        pilihan(TindakanEskalasi), info=label(N_("Tindakan"))
    )

    tahapan: Mapped["Tahapan"] = relationship()

    __table_args__ = (
        UniqueConstraint("tahapan_id", "pada_persen"),
        CheckConstraint("pada_persen > 0", name="pada_persen_positif"),
    )

    screen = Screen(
        label=N_("Eskalasi"),
        plural=N_("Eskalasi"),
        menu=Menu.LAYANAN,
        icon="peringatan",
        position=60,
        title="tindakan",
        list=("tahapan_id", "pada_persen", "tindakan"),
        form={N_("Eskalasi"): ("tahapan_id", "pada_persen", "tindakan")},
        filter=("tahapan_id", "tindakan"),
        order=("tahapan_id", "pada_persen"),
        access=access_for_all("list show", admin_kecamatan="list show add edit delete"),
    )

    def check(self) -> dict[str, str]:
        """Refuse a change under a published version; the ladder is part of it (ROUTING §1)."""
        session = object_session(self)
        tahapan = get_history(self, "tahapan_id")
        ids = {*tahapan.added, *tahapan.unchanged, *(tahapan.deleted or ())} - {None}
        if session is None or not ids:
            return {}
        with session.no_autoflush:
            fixed = session.scalar(
                select(Tahapan.id)
                .join(VersiLayanan, VersiLayanan.id == Tahapan.versi_layanan_id)
                .where(Tahapan.id.in_(ids), VersiLayanan.status != StatusVersi.KONSEP)
                .limit(1)
            )
        return {} if fixed is None else {"tahapan_id": TERBIT_TETAP}

    def __str__(self) -> str:
        return self.tindakan.label


class EskalasiTerjadi(Model):
    """A rung that fired for a visit; once each."""

    berkas_id: Mapped[int] = relasi("berkas.id", label(N_("Berkas")))
    kunjungan_id: Mapped[int] = relasi("kunjungan.id", label(N_("Kunjungan")))
    eskalasi_id: Mapped[int] = relasi("eskalasi.id", label(N_("Eskalasi")))
    waktu: Mapped[datetime] = mapped_column(Waktu, info=label(N_("Waktu")))

    berkas: Mapped["Berkas"] = relationship()
    kunjungan: Mapped["Kunjungan"] = relationship()
    eskalasi: Mapped["Eskalasi"] = relationship()

    __table_args__ = (UniqueConstraint("kunjungan_id", "eskalasi_id"),)

    screen = Screen(
        label=N_("Eskalasi Terjadi"),
        plural=N_("Eskalasi Terjadi"),
        menu=Menu.PENGAWASAN,
        icon="peringatan",
        position=80,
        title="id",
        list=("berkas_id", "kunjungan_id", "eskalasi_id", "waktu"),
        filter=("waktu",),
        order=("-waktu",),
        scope="berkas",
        access=dict.fromkeys(("lurah", "sekcam", "camat", "auditor"), "list show"),
    )
