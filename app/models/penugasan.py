"""Penugasan: who holds which peran at which unit, from when until when, in what capacity."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, event, or_, select
from sqlalchemy.orm import (
    Mapped,
    Session,
    UOWTransaction,
    mapped_column,
    object_session,
    relationship,
)
from sqlalchemy.orm.attributes import get_history

from app.models.base import AreaMixin, Menu, Model, Pilihan, Screen, Waktu, label, pilihan, relasi
from app.models.peran import Kewenangan, Peran, Tunggal
from app.models.policy import unscoped
from app.models.references import foreign_id, foreign_row
from app.models.seksi import Seksi
from app.models.wilayah import RANK, Wilayah
from app.teks import N_

if TYPE_CHECKING:
    from app.models.pengguna import Pengguna


class Sifat(Pilihan):
    """The capacity a peran is held in; all but DEFINITIF act for somebody (DOMAIN "Layanan")."""

    DEFINITIF = "definitif", N_("Definitif")
    PLT = "plt", N_("Pelaksana tugas (Plt.)")
    PLH = "plh", N_("Pelaksana harian (Plh.)")
    AN = "an", N_("Atas nama (a.n.)")


AWALAN = {Sifat.DEFINITIF: "", Sifat.PLT: "Plt. ", Sifat.PLH: "Plh. ", Sifat.AN: "a.n. "}


class Penugasan(AreaMixin, Model):
    """An appointment, valid in the half-open time [waktu_mulai, waktu_sampai) (ROUTING §1)."""

    sebutan: Mapped[str] = mapped_column(String(300), default="", info=label(N_("Jabatan")))
    pengguna_id: Mapped[int] = relasi("ab_user.id", label(N_("Pengguna")))
    peran_id: Mapped[int] = relasi("peran.id", label(N_("Peran")))
    wilayah_id: Mapped[int] = relasi("wilayah.id", label(N_("Unit")))
    seksi_id: Mapped[int | None] = relasi("seksi.id", label(N_("Seksi")), nullable=True)
    sifat: Mapped[Sifat] = mapped_column(
        pilihan(Sifat), default=Sifat.DEFINITIF, info=label(N_("Sifat"))
    )
    menggantikan_id: Mapped[int | None] = relasi(
        "penugasan.id", label(N_("Menggantikan")), nullable=True
    )
    nomor_sk: Mapped[str | None] = mapped_column(String(100), info=label(N_("Nomor SK")))
    waktu_mulai: Mapped[datetime] = mapped_column(Waktu, info=label(N_("Mulai")))
    waktu_sampai: Mapped[datetime | None] = mapped_column(
        Waktu, info=label(N_("Sampai"), help=N_("Mulai saat ini tidak berlaku lagi."))
    )

    pengguna: Mapped["Pengguna"] = relationship(back_populates="penugasan")
    peran: Mapped["Peran"] = relationship()
    wilayah: Mapped["Wilayah"] = relationship(foreign_keys=[wilayah_id])
    seksi: Mapped["Seksi | None"] = relationship(back_populates="penugasan")
    menggantikan: Mapped["Penugasan | None"] = relationship(remote_side="Penugasan.id")

    screen = Screen(
        label=N_("Penugasan"),
        plural=N_("Penugasan"),
        menu=Menu.UNIT,
        icon="jabatan",
        position=40,
        title="sebutan",
        list=("sebutan", "pengguna_id", "peran_id", "wilayah_id", "waktu_mulai", "waktu_sampai"),
        form={
            N_("Penugasan"): ("pengguna_id", "peran_id", "wilayah_id", "seksi_id"),
            N_("Masa dan dasar"): (
                *("sifat", "menggantikan_id", "nomor_sk"),
                *("waktu_mulai", "waktu_sampai"),
            ),
        },
        search=("sebutan", "nomor_sk"),
        filter=("peran_id", "wilayah_id", "sifat", "waktu_mulai", "waktu_sampai"),
        order=("sebutan",),
        scope="wilayah_id",
        access={"admin_kecamatan": "list show add edit export"},
    )

    def check(self) -> dict[str, str]:
        """Refuse what ROUTING §1 forbids: wrong level, acting without SK or end, two holders."""
        errors: dict[str, str] = {}
        peran: Peran = foreign_row(self, "peran")
        wilayah: Wilayah = foreign_row(self, "wilayah")
        seksi: Seksi | None = foreign_row(self, "seksi")
        if RANK[wilayah.tingkat] != RANK[peran.tingkat]:
            errors["wilayah_id"] = N_("Tingkat unit tidak sesuai dengan peran.")
        if seksi is not None and seksi.wilayah_id != wilayah.id:
            errors["seksi_id"] = N_("Seksi ini bukan bagian dari unit yang dipilih.")
        if peran.tunggal == Tunggal.PER_SEKSI and seksi is None:
            errors["seksi_id"] = N_("Peran ini memerlukan seksi.")
        errors |= self._time_errors()
        if not errors and self._has_rival(peran.tunggal):
            errors["waktu_mulai"] = N_("Jabatan ini sudah dipegang orang lain pada waktu itu.")
        return errors

    def _time_errors(self) -> dict[str, str]:
        errors: dict[str, str] = {}
        if self.waktu_sampai is not None and self.waktu_sampai <= self.waktu_mulai:
            errors["waktu_sampai"] = N_("Waktu sampai harus setelah waktu mulai.")
        if _sifat(self) == Sifat.DEFINITIF:
            return errors
        if not (self.nomor_sk or "").strip():
            errors["nomor_sk"] = N_("Plt., Plh., dan a.n. memerlukan nomor SK.")
        if self.waktu_sampai is None:
            errors["waktu_sampai"] = N_("Plt., Plh., dan a.n. memerlukan waktu sampai.")
        return errors

    def _has_rival(self, tunggal: Tunggal) -> bool:
        """Whether another definitif holder overlaps, in the database or in the same flush.

        On PostgreSQL an exclusion constraint should guard against two flushes at once as well.
        """
        session = object_session(self)
        if session is None or tunggal == Tunggal.TIDAK or _sifat(self) != Sifat.DEFINITIF:
            return False
        pending = [r for r in {*session.new, *session.dirty} if isinstance(r, Penugasan)]
        if any(r is not self and self._overlaps(r, tunggal) for r in pending):
            return True
        # Rows in the flush are compared as they will be, not as the database has them.
        known = [r.id for r in {*pending, self} if r not in session.new]
        query = select(Penugasan.id).where(
            Penugasan.peran_id == foreign_id(self, "peran_id"),
            Penugasan.wilayah_id == foreign_id(self, "wilayah_id"),
            Penugasan.sifat == Sifat.DEFINITIF,
            Penugasan.id.not_in(known),
            or_(Penugasan.waktu_sampai.is_(None), Penugasan.waktu_sampai > self.waktu_mulai),
        )
        if self.waktu_sampai is not None:
            query = query.where(Penugasan.waktu_mulai < self.waktu_sampai)
        if tunggal == Tunggal.PER_SEKSI:
            query = query.where(Penugasan.seksi_id == foreign_id(self, "seksi_id"))
        # Only ids are read, and `keep` because a flush is under way.
        with unscoped(session, "one definitif holder of a peran at a unit", keep=True):
            return session.scalar(query.limit(1)) is not None

    def _overlaps(self, other: "Penugasan", tunggal: Tunggal) -> bool:
        keys = ["peran_id", "wilayah_id"] + ["seksi_id"] * (tunggal == Tunggal.PER_SEKSI)
        return (
            _sifat(other) == Sifat.DEFINITIF
            and all(foreign_id(self, key) == foreign_id(other, key) for key in keys)
            and (other.waktu_sampai is None or self.waktu_mulai < other.waktu_sampai)
            and (self.waktu_sampai is None or other.waktu_mulai < self.waktu_sampai)
        )


def _sifat(penugasan: Penugasan) -> Sifat:
    """Return the capacity, also before the flush fills its default."""
    return penugasan.sifat or Sifat.DEFINITIF


def sebutan_of(peran: Peran, wilayah: Wilayah, seksi: Seksi | None, sifat: Sifat) -> str:
    """Return the jabatan as letters print it: "Plt. Lurah Pilang", "Ketua RT 001/RW 002 Pilang".

    A peran that signs goes with the bare name of its unit, any other with the full one.
    """
    nama = peran.nama.split(" (")[0]
    unit = wilayah.nama if peran.kewenangan == Kewenangan.TANDA_TANGAN else wilayah.sebutan
    # "Ketua RT" and "Petugas Pelayanan Kelurahan" end with the word the unit begins with.
    kata, _, akhir = nama.rpartition(" ")
    if kata and unit.startswith(akhir + " "):
        nama = kata
    if seksi is not None:
        nama = f"{nama.removesuffix(' Seksi')} Seksi {seksi.nama}"
    return f"{AWALAN[sifat]}{nama} {unit}"


@event.listens_for(Session, "before_flush")
def _name_penugasan(session: Session, context: UOWTransaction, instances: Any) -> None:
    """Set the jabatan, anew when the unit, the peran or the seksi is renamed."""
    rows = {row for row in [*session.new, *session.dirty] if isinstance(row, Penugasan)}
    with session.no_autoflush:
        for model, column, name in (
            (Wilayah, Penugasan.wilayah_id, "sebutan"),
            (Seksi, Penugasan.seksi_id, "nama"),
            (Peran, Penugasan.peran_id, "nama"),
        ):
            ids = [
                row.id
                for row in session.dirty
                if isinstance(row, model) and get_history(row, name).has_changes()
            ]
            if ids:
                rows.update(session.scalars(select(Penugasan).where(column.in_(ids))))
    for row in rows:
        row.sebutan = sebutan_of(
            foreign_row(row, "peran"),
            foreign_row(row, "wilayah"),
            foreign_row(row, "seksi"),
            _sifat(row),
        )
