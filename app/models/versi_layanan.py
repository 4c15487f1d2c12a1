"""Versi layanan: one definition of a layanan; a berkas keeps the version it was filed under."""

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, Index, Numeric, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column, relationship
from sqlalchemy.orm.attributes import get_history

from app.models.base import Menu, Model, Pilihan, Screen, label, pilihan, relasi
from app.models.peran import access_for_all
from app.models.references import foreign_row
from app.models.wilayah import Tingkat
from app.teks import N_

if TYPE_CHECKING:
    from app.models.layanan import Layanan


class StatusVersi(Pilihan):
    """Life of a version: only a konsep may be edited (ROUTING §1)."""

    KONSEP = "konsep", N_("Konsep")
    TERBIT = "terbit", N_("Terbit")
    ARSIP = "arsip", N_("Arsip")


TERBIT_TETAP = N_("Versi yang sudah terbit tidak dapat diubah. Buat versi baru.")


class VersiLayanan(Model):
    """One numbered definition with its isian, persyaratan and tahapan; immutable once terbit."""

    layanan_id: Mapped[int] = relasi("layanan.id", label(N_("Layanan")))
    nomor: Mapped[int] = mapped_column(info=label(N_("Nomor versi")))
    sebutan: Mapped[str] = mapped_column(String(60), default="", info=label(N_("Versi")))
    status: Mapped[StatusVersi] = mapped_column(
        pilihan(StatusVersi), default=StatusVersi.KONSEP, info=label(N_("Status"))
    )
    tanggal_mulai: Mapped[date | None] = mapped_column(info=label(N_("Berlaku mulai")))
    pengaju: Mapped[list[str] | None] = mapped_column(
        JSON,
        info=label(N_("Pengaju"), help=N_("Kode peran yang boleh mengajukan, dalam kurung siku.")),
    )
    tingkat_akhir: Mapped[Tingkat] = mapped_column(
        pilihan(Tingkat), info=label(N_("Tingkat akhir"))
    )
    sla_total_menit: Mapped[int] = mapped_column(info=label(N_("SOP"), unit=N_("menit")))
    maks_kembali: Mapped[int] = mapped_column(default=3, info=label(N_("Maksimum dikembalikan")))
    biaya: Mapped[int] = mapped_column(
        Numeric(12, 0),
        default=0,
        info=label(N_("Biaya"), kind="uang", help=N_("Rp0 kecuali ada Perda yang dikutip.")),
    )
    dasar_biaya: Mapped[str | None] = mapped_column(
        String(200), info=label(N_("Perda dasar biaya"))
    )
    produk: Mapped[str] = mapped_column(String(150), info=label(N_("Produk")))
    klasifikasi: Mapped[str | None] = mapped_column(String(20), info=label(N_("Klasifikasi arsip")))
    format_nomor: Mapped[str | None] = mapped_column(
        String(100), info=label(N_("Format nomor surat"))
    )
    masa_berlaku_bulan: Mapped[int | None] = mapped_column(
        info=label(N_("Masa berlaku"), unit=N_("bulan"))
    )
    penandatangan: Mapped[str | None] = mapped_column(String(150), info=label(N_("Penandatangan")))
    catatan: Mapped[str | None] = mapped_column(
        String(500), info=label(N_("Catatan"), kind="teks_panjang")
    )
    sidik: Mapped[str | None] = mapped_column(String(64), info=label(N_("Sidik")))

    layanan: Mapped["Layanan"] = relationship(back_populates="versi")
    tahapan: Mapped[list[Any]] = relationship(
        "Tahapan", back_populates="versi_layanan", order_by="Tahapan.urutan", passive_deletes="all"
    )
    isian: Mapped[list[Any]] = relationship(
        "Isian", back_populates="versi_layanan", order_by="Isian.urutan", passive_deletes="all"
    )
    persyaratan: Mapped[list[Any]] = relationship(
        "Persyaratan",
        back_populates="versi_layanan",
        order_by="Persyaratan.urutan",
        passive_deletes="all",
    )

    __table_args__ = (
        UniqueConstraint("layanan_id", "nomor"),
        Index(
            "uq_versi_layanan_satu_terbit",
            "layanan_id",
            unique=True,
            sqlite_where=status == StatusVersi.TERBIT,
            postgresql_where=status == StatusVersi.TERBIT,
        ),
        CheckConstraint("biaya = 0 OR dasar_biaya IS NOT NULL", name="biaya_butuh_perda"),
        CheckConstraint("sla_total_menit > 0", name="sla_total_positif"),
        CheckConstraint("maks_kembali >= 0", name="maks_kembali_tidak_negatif"),
    )

    screen = Screen(
        label=N_("Versi Layanan"),
        plural=N_("Versi Layanan"),
        menu=Menu.LAYANAN,
        icon="layanan",
        position=20,
        title="sebutan",
        list=("sebutan", "layanan_id", "nomor", "status", "sla_total_menit", "tingkat_akhir"),
        form={
            N_("Versi"): ("layanan_id", "nomor", "tanggal_mulai", "tingkat_akhir", "pengaju"),
            N_("Janji"): ("sla_total_menit", "maks_kembali", "biaya", "dasar_biaya"),
            N_("Produk"): (
                *("produk", "klasifikasi", "format_nomor", "masa_berlaku_bulan"),
                *("penandatangan", "catatan"),
            ),
        },
        hidden=("sidik",),
        search=("sebutan", "produk"),
        filter=("layanan_id", "status", "tingkat_akhir"),
        inline=("persyaratan", "isian", "tahapan"),
        related=("tahapan", "isian", "persyaratan"),
        order=("sebutan",),
        access=access_for_all("list show", admin_kecamatan="list show add edit delete export"),
    )

    def check(self) -> dict[str, str]:
        """Refuse an edit of a published version, a fee without Perda, and unknown peran."""
        if was_terbit(self) and changed_beyond(self, "status"):
            return {"nomor": TERBIT_TETAP}
        errors: dict[str, str] = {}
        if self.biaya and not (self.dasar_biaya or "").strip():
            errors["dasar_biaya"] = N_("Biaya harus menyebut Perda dasarnya.")
        if self.pengaju is not None and not (
            isinstance(self.pengaju, list) and all(isinstance(p, str) for p in self.pengaju)
        ):
            errors["pengaju"] = N_('Tulis daftar kode peran, misalnya ["ketua_rt"].')
        if self.sla_total_menit is not None and self.sla_total_menit < 1:
            errors["sla_total_menit"] = N_("Paling sedikit 1 menit.")
        return errors


def was_terbit(versi: VersiLayanan) -> bool:
    """Whether the version was published (or archived) before this change."""
    history = get_history(versi, "status")
    before = history.deleted[0] if history.deleted else versi.status
    is_new = versi.id is None
    return not is_new and before in (StatusVersi.TERBIT, StatusVersi.ARSIP)


def changed_beyond(row: Any, *allowed: str) -> bool:
    """Whether a column other than these changes."""
    names = {a.key for a in type(row).__mapper__.column_attrs} - {*allowed, "revisi"}
    return any(get_history(row, name).has_changes() for name in names)


def refuse_published(row: Any) -> dict[str, str]:
    """Return the refusal to change a child of a published version; {} while it is a konsep."""
    versi = foreign_row(row, "versi_layanan")
    if versi is not None and was_terbit(versi):
        return {"kode": TERBIT_TETAP}
    return {}


@event.listens_for(Session, "before_flush")
def _name_versions(session: Session, context: UOWTransaction, instances: Any) -> None:
    """Set what names a version: "SKTM versi 1"."""
    for row in session.new:
        if isinstance(row, VersiLayanan) and (layanan := foreign_row(row, "layanan")) is not None:
            row.sebutan = f"{layanan.kode} versi {row.nomor}"
