"""Versi layanan: one definition of a layanan; a berkas keeps the version it was filed under."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    event,
    select,
)
from sqlalchemy.orm import (
    Mapped,
    Session,
    UOWTransaction,
    mapped_column,
    object_session,
    relationship,
)
from sqlalchemy.orm.attributes import get_history

from app.errors import DataBerubahError
from app.models.base import Menu, Model, Pilihan, Screen, Waktu, label, pilihan, relasi
from app.models.peran import Peran, access_for_all
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

    waktu_terbit: Mapped[datetime | None] = mapped_column(Waktu, info=label(N_("Terbit pada")))
    penerbit: Mapped[str | None] = mapped_column(String(450), info=label(N_("Diterbitkan oleh")))
    alasan_terbit: Mapped[str | None] = mapped_column(
        String(500), info=label(N_("Alasan terbit"), kind="teks_panjang")
    )

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
        CheckConstraint("biaya >= 0", name="biaya_tidak_negatif"),
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
        detail={
            N_("Versi"): (
                *("layanan_id", "nomor", "status", "tanggal_mulai", "tingkat_akhir", "pengaju"),
            ),
            N_("Janji"): ("sla_total_menit", "maks_kembali", "biaya", "dasar_biaya"),
            N_("Produk"): (
                *("produk", "klasifikasi", "format_nomor", "masa_berlaku_bulan"),
                *("penandatangan", "catatan"),
            ),
            N_("Penerbitan"): ("waktu_terbit", "penerbit", "alasan_terbit"),
        },
        hidden=("sidik",),
        search=("sebutan", "produk"),
        filter=("layanan_id", "status", "tingkat_akhir"),
        changeable=lambda model: model.status == StatusVersi.KONSEP,
        inline=("persyaratan", "isian", "tahapan"),
        related=("tahapan", "isian", "persyaratan"),
        order=("sebutan",),
        links=(
            (N_("Periksa dan terbitkan"), "centang", "versi.periksa", "terbitkan"),
            (N_("SOP"), "dokumen", "sop.versi", "show"),
            (N_("Simulasi"), "pengawasan", "simulasi.versi", "simulasi"),
        ),
        # Who may ask "what if": the admin who writes a version, and those who lead an office.
        access=access_for_all(
            "list show",
            **dict.fromkeys(("sekretaris_kelurahan", "lurah"), "list show simulasi"),
            **dict.fromkeys(("sekcam", "camat"), "list show simulasi"),
            admin_kecamatan="list show add edit delete export simulasi terbitkan",
        ),
    )

    def check(self) -> dict[str, str]:
        """Refuse an edit of a published version, a fee without Perda, and unknown peran."""
        if was_terbit(self) and (changed_beyond(self, "status") or not is_archiving(self)):
            return {"nomor": TERBIT_TETAP}
        errors = self._pengaju_errors()
        if self.biaya and not (self.dasar_biaya or "").strip():
            errors["dasar_biaya"] = N_("Biaya harus menyebut Perda dasarnya.")
        if (self.biaya or 0) < 0:
            errors["biaya"] = N_("Biaya tidak boleh kurang dari nol.")
        if self.sla_total_menit < 1:
            errors["sla_total_menit"] = N_("Paling sedikit 1 menit.")
        return errors

    def _pengaju_errors(self) -> dict[str, str]:
        """Refuse what is no list of known peran; None leaves the choice to ROUTING §1."""
        session = object_session(self)
        pengaju: Any = self.pengaju
        if pengaju is None or session is None:
            return {}
        if not isinstance(pengaju, list) or not all(isinstance(kode, str) for kode in pengaju):
            return {"pengaju": N_('Tulis daftar kode peran, misalnya ["ketua_rt"].')}
        with session.no_autoflush:
            known = set(session.scalars(select(Peran.kode)))
        if not set(pengaju) <= known:
            return {"pengaju": N_("Ada kode peran yang tidak dikenal.")}
        return {}


def was_terbit(versi: VersiLayanan) -> bool:
    """Whether the version was published (or archived) before this change."""
    history = get_history(versi, "status")
    before = history.deleted[0] if history.deleted else versi.status
    is_new = versi.id is None
    return not is_new and before in (StatusVersi.TERBIT, StatusVersi.ARSIP)


def is_archiving(versi: VersiLayanan) -> bool:
    """Whether the status stays, or goes from terbit to arsip: all that a published row may do."""
    before = (get_history(versi, "status").deleted or (versi.status,))[0]
    return versi.status == before or (before, versi.status) == (
        StatusVersi.TERBIT,
        StatusVersi.ARSIP,
    )


def changed_beyond(row: Any, *allowed: str) -> bool:
    """Whether a column other than these changes."""
    names = {a.key for a in type(row).__mapper__.column_attrs} - {*allowed, "revisi"}
    return any(get_history(row, name).has_changes() for name in names)


def of_konsep(model: Any) -> Any:
    """Return the condition "this part belongs to a version that is still written"."""
    return model.versi_layanan.has(VersiLayanan.status == StatusVersi.KONSEP)


class BagianVersi:
    """Marks a row that is part of one version: tahapan, isian, persyaratan share its fate."""


def refuse_published(row: Any) -> dict[str, str]:
    """Return the refusal to add, change or move a part of a published version, else {}."""
    session = object_session(row)
    before = get_history(row, "versi_layanan_id").deleted
    versions = [foreign_row(row, "versi_layanan")]
    if session is not None and before and before[0] is not None:
        versions.append(session.get(VersiLayanan, before[0]))
    if any(versi is not None and was_terbit(versi) for versi in versions):
        return {"kode": TERBIT_TETAP}
    return {}


@event.listens_for(Session, "before_flush")
def _refuse_deletes(session: Session, context: UOWTransaction, instances: Any) -> None:
    """Keep published versions and their parts; only a konsep may go."""
    for row in session.deleted:
        versi = row.versi_layanan if isinstance(row, BagianVersi) else row  # type: ignore[attr-defined]
        if isinstance(versi, VersiLayanan) and was_terbit(versi):
            raise DataBerubahError(TERBIT_TETAP)


@event.listens_for(Session, "before_flush")
def _name_versions(session: Session, context: UOWTransaction, instances: Any) -> None:
    """Set what names a version: "SKTM versi 1"."""
    for row in session.new:
        if isinstance(row, VersiLayanan) and (layanan := foreign_row(row, "layanan")) is not None:
            row.sebutan = f"{layanan.kode} versi {row.nomor}"
