"""Jam layanan: the opening hours the promise clock counts, by weekday or for one date."""

from datetime import date, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, event
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column, relationship

from app.models.base import Menu, Model, Pilihan, Screen, label, pilihan, relasi
from app.models.peran import access_for_all
from app.teks import N_

if TYPE_CHECKING:
    from app.models.wilayah import Wilayah


class Hari(Pilihan):
    """Days of the week; ``int(hari)`` is the ISO weekday, 1 for Monday."""

    SENIN = "1", N_("Senin")
    SELASA = "2", N_("Selasa")
    RABU = "3", N_("Rabu")
    KAMIS = "4", N_("Kamis")
    JUMAT = "5", N_("Jumat")
    SABTU = "6", N_("Sabtu")
    MINGGU = "7", N_("Minggu")


_HARI = {hari.value: hari.label for hari in Hari}


class JamLayanan(Model):
    """One interval of local time (WIB), half-open; a day may have several (ROUTING §1).

    Without ``wilayah`` it holds where no nearer unit states hours. A weekday's row with a period of
    validity (Ramadan hours) replaces those without one on the dates it covers; a dated row replaces
    the weekday's and a holiday. An end of 00.00 means midnight.
    """

    wilayah_id: Mapped[int | None] = relasi("wilayah.id", label(N_("Unit")), nullable=True)
    hari: Mapped[Hari | None] = mapped_column(pilihan(Hari), info=label(N_("Hari")))
    tanggal: Mapped[date | None] = mapped_column(
        info=label(N_("Tanggal khusus"), help=N_("Isi hari atau tanggal, salah satu."))
    )
    mulai: Mapped[time] = mapped_column(info=label(N_("Buka")))
    selesai: Mapped[time] = mapped_column(info=label(N_("Tutup")))
    tanggal_mulai: Mapped[date | None] = mapped_column(info=label(N_("Berlaku mulai")))
    tanggal_sampai: Mapped[date | None] = mapped_column(info=label(N_("Berlaku sampai")))

    sebutan: Mapped[str] = mapped_column(String(60), default="", info=label(N_("Sebutan")))

    wilayah: Mapped["Wilayah | None"] = relationship(foreign_keys=[wilayah_id])

    screen = Screen(
        label=N_("Jam Layanan"),
        plural=N_("Jam Layanan"),
        menu=Menu.UNIT,
        icon="jam",
        position=50,
        title="sebutan",
        list=("sebutan", "hari", "tanggal", "mulai", "selesai", "wilayah_id", "tanggal_mulai"),
        form={
            N_("Jam"): ("wilayah_id", "hari", "tanggal", "mulai", "selesai"),
            N_("Masa berlaku"): ("tanggal_mulai", "tanggal_sampai"),
        },
        filter=("wilayah_id", "hari", "tanggal"),
        order=("hari", "mulai"),
        write_scope="wilayah_id",
        access=access_for_all("list show", admin_kecamatan="list show add edit delete export"),
    )

    def check(self) -> dict[str, str]:
        """Refuse neither or both of weekday and date, and intervals or dates out of order."""
        errors: dict[str, str] = {}
        if (self.hari is None) == (self.tanggal is None):
            errors["tanggal"] = N_("Isi hari atau tanggal, salah satu.")
        if self.selesai != time() and self.selesai <= self.mulai:
            errors["selesai"] = N_("Jam tutup harus setelah jam buka.")
        if self.tanggal_mulai and self.tanggal_sampai and self.tanggal_sampai < self.tanggal_mulai:
            errors["tanggal_sampai"] = N_("Tanggal akhir harus setelah tanggal mulai.")
        if self.tanggal is not None and (self.tanggal_mulai or self.tanggal_sampai):
            errors["tanggal_mulai"] = N_("Tanggal khusus tidak memakai masa berlaku.")
        return errors


@event.listens_for(Session, "before_flush")
def _name_jam(session: Session, context: UOWTransaction, instances: Any) -> None:
    """Set what names the row: "Senin 07.30–15.30", "24-11-2026 08.00–12.00"."""
    for row in [*session.new, *session.dirty]:
        if isinstance(row, JamLayanan):
            hari = _HARI[row.hari] if row.hari else f"{row.tanggal:%d-%m-%Y}"
            row.sebutan = f"{hari} {row.mulai:%H.%M}–{row.selesai:%H.%M}"
