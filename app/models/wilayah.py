"""Wilayah: the tree of areas from provinsi down to RT, its closure, and the area of a unit."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import (
    ForeignKey,
    String,
    UniqueConstraint,
    delete,
    event,
    insert,
    literal,
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

from app.models.base import HostModel, Menu, Model, Pilihan, Screen, label, pilihan, relasi
from app.models.lembar import LEMBAR_WILAYAH
from app.models.pelaku import AREA_COLUMN_BY_TINGKAT
from app.models.references import foreign_row
from app.teks import N_


class Tingkat(Pilihan):
    """Levels of the tree, highest first; a child's level lies below its parent's (ROUTING §1)."""

    PROVINSI = "provinsi", N_("Provinsi")
    KOTA = "kota", N_("Kota")
    KABUPATEN = "kabupaten", N_("Kabupaten")
    KECAMATAN = "kecamatan", N_("Kecamatan")
    KELURAHAN = "kelurahan", N_("Kelurahan")
    DESA = "desa", N_("Desa")
    DUSUN = "dusun", N_("Dusun")
    RW = "rw", N_("RW")
    RT = "rt", N_("RT")

    @property
    def rank(self) -> int:
        """Depth of the level: equal for kota and kabupaten, and for kelurahan and desa."""
        return RANK[self]


RANK = {
    Tingkat.PROVINSI: 1,
    Tingkat.KOTA: 2,
    Tingkat.KABUPATEN: 2,
    Tingkat.KECAMATAN: 3,
    Tingkat.KELURAHAN: 4,
    Tingkat.DESA: 4,
    Tingkat.DUSUN: 5,
    Tingkat.RW: 6,
    Tingkat.RT: 7,
}


class Wilayah(Model):
    """A unit of the area tree. "Kademangan" is a kecamatan and a kelurahan: `sebutan` says which.

    Codes are Kemendagri's from kelurahan up and three digits for RW and RT, which have no
    official code (DOMAIN "Wilayah").
    """

    induk_id: Mapped[int | None] = relasi("wilayah.id", label(N_("Wilayah induk")), nullable=True)
    tingkat: Mapped[Tingkat] = mapped_column(pilihan(Tingkat), info=label(N_("Tingkat")))
    kode: Mapped[str] = mapped_column(
        String(13),
        info=label(N_("Kode"), help=N_("Kode Kemendagri lengkap; RW dan RT: 3 angka.")),
    )
    nama: Mapped[str] = mapped_column(String(100), info=label(N_("Nama")))
    sebutan: Mapped[str] = mapped_column(String(160), default="", info=label(N_("Sebutan")))
    kode_unit: Mapped[str | None] = mapped_column(
        String(20), info=label(N_("Kode unit"), help=N_("Dipakai pada nomor surat."))
    )
    alamat: Mapped[str | None] = mapped_column(String(200), info=label(N_("Alamat kantor")))
    tanggal_mulai: Mapped[date | None] = mapped_column(info=label(N_("Berlaku mulai")))
    tanggal_sampai: Mapped[date | None] = mapped_column(info=label(N_("Berlaku sampai")))
    pengganti_id: Mapped[int | None] = relasi(
        "wilayah.id", label(N_("Wilayah pengganti")), nullable=True
    )

    induk: Mapped["Wilayah | None"] = relationship(
        remote_side="Wilayah.id", foreign_keys=[induk_id], back_populates="anak"
    )
    anak: Mapped[list["Wilayah"]] = relationship(
        foreign_keys=[induk_id], back_populates="induk", passive_deletes="all"
    )
    pengganti: Mapped["Wilayah | None"] = relationship(
        remote_side="Wilayah.id", foreign_keys=[pengganti_id]
    )

    __table_args__ = (UniqueConstraint("induk_id", "tingkat", "kode"),)

    screen = Screen(
        label=N_("Wilayah"),
        plural=N_("Wilayah"),
        menu=Menu.UNIT,
        icon="peta",
        position=10,
        title="sebutan",
        list=("sebutan", "tingkat", "kode", "induk_id", "kode_unit"),
        form={
            N_("Wilayah"): ("induk_id", "tingkat", "kode", "nama", "kode_unit", "alamat"),
            N_("Masa berlaku"): ("tanggal_mulai", "tanggal_sampai", "pengganti_id"),
        },
        search=("sebutan", "kode"),
        filter=("tingkat", "induk_id"),
        related=("anak",),
        order=("kode",),
        tree="induk_id",
        write_scope="induk_id",
        sheet=LEMBAR_WILAYAH,
        access={
            "ketua_rt": "list show",
            "ketua_rw": "list show",
            "petugas_kelurahan": "list show",
            "kasi_kelurahan": "list show",
            "sekretaris_kelurahan": "list show",
            "lurah": "list show",
            "petugas_kecamatan": "list show",
            "kasi_kecamatan": "list show",
            "sekcam": "list show export",
            "camat": "list show export",
            "admin_kecamatan": "list show add edit delete export",
            "auditor": "list show export",
        },
    )

    def check(self) -> dict[str, str]:
        """Refuse a level not below its parent's, and dates that end before they begin."""
        errors: dict[str, str] = {}
        induk: Wilayah | None = foreign_row(self, "induk")
        if induk is not None and self.tingkat.rank <= induk.tingkat.rank:
            errors["tingkat"] = N_("Tingkat harus di bawah tingkat wilayah induknya.")
        if induk is not None and induk.id in subtree_ids(object_session(self), [self.id]):
            errors["induk_id"] = N_("Wilayah tidak dapat berada di bawah dirinya sendiri.")
        if self.tanggal_mulai and self.tanggal_sampai and self.tanggal_sampai < self.tanggal_mulai:
            errors["tanggal_sampai"] = N_("Tanggal akhir harus setelah tanggal mulai.")
        return errors


class WilayahLeluhur(HostModel):
    """Closure of the tree: each unit with each of its ancestors and itself (``jarak`` 0).

    Kept by `rebuild_closure` alone; routing, wilayah screens and the area columns read it.
    """

    __tablename__ = "wilayah_leluhur"

    leluhur_id: Mapped[int] = mapped_column(
        ForeignKey("wilayah.id", ondelete="CASCADE"), primary_key=True
    )
    turunan_id: Mapped[int] = mapped_column(
        ForeignKey("wilayah.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    jarak: Mapped[int]


def area_of_wilayah(session: Session, wilayah_id: int) -> dict[str, int]:
    """Return area column → wilayah id for a unit and its ancestors, from the closure.

    A retired unit's successor stands in its place, so that its officers see what they took over
    (ROUTING §3 case 32).
    """
    rows = session.execute(
        select(Wilayah.tingkat, Wilayah.id, Wilayah.pengganti_id)
        .join(WilayahLeluhur, WilayahLeluhur.leluhur_id == Wilayah.id)
        .where(WilayahLeluhur.turunan_id == current_unit(session, wilayah_id))
    ).all()
    return {
        AREA_COLUMN_BY_TINGKAT[tingkat]: current_unit(session, id_) if pengganti_id else id_
        for tingkat, id_, pengganti_id in rows
        if tingkat in AREA_COLUMN_BY_TINGKAT
    }


def current_unit(session: Session, wilayah_id: int) -> int:
    """Return the unit itself, or the last of its successors."""
    seen = {wilayah_id}
    query = select(Wilayah.pengganti_id)
    while next_id := session.scalar(query.where(Wilayah.id == wilayah_id)):
        if next_id in seen:
            break
        seen.add(next_id)
        wilayah_id = next_id
    return wilayah_id


def subtree_ids(session: Session | None, wilayah_ids: Iterable[int]) -> set[int]:
    """Return these units and all below them, by the closure; empty without a session."""
    if session is None:
        return set()
    with session.no_autoflush:
        return set(
            session.scalars(
                select(WilayahLeluhur.turunan_id).where(
                    WilayahLeluhur.leluhur_id.in_(list(wilayah_ids))
                )
            )
        )


def rebuild_closure(session: Session, wilayah_ids: Iterable[int]) -> set[int]:
    """Write the closure rows of these units and all below them anew; return their ids.

    Reads ``induk_id`` alone, so it is right whatever the closure held before.
    """
    down = (
        select(Wilayah.id.label("id"))
        .where(Wilayah.id.in_(list(wilayah_ids)))
        .cte("turun", recursive=True)
    )
    down = down.union_all(select(Wilayah.id).join(down, Wilayah.induk_id == down.c.id))
    ids = set(session.scalars(select(down.c.id)))
    up = (
        select(
            Wilayah.id.label("turunan_id"),
            Wilayah.id.label("leluhur_id"),
            literal(0).label("jarak"),
        )
        .where(Wilayah.id.in_(ids))
        .cte("naik", recursive=True)
    )
    up = up.union_all(
        select(up.c.turunan_id, Wilayah.induk_id, up.c.jarak + 1)
        .join(Wilayah, Wilayah.id == up.c.leluhur_id)
        .where(Wilayah.induk_id.is_not(None))
    )
    rows = select(up.c.leluhur_id, up.c.turunan_id, up.c.jarak)
    session.execute(delete(WilayahLeluhur).where(WilayahLeluhur.turunan_id.in_(ids)))
    session.execute(insert(WilayahLeluhur).from_select(["leluhur_id", "turunan_id", "jarak"], rows))
    return ids


def name_of(wilayah: Wilayah, induk: Wilayah | None) -> str:
    """Return the full name: "RT 001/RW 002 Pilang", "RW 002 Pilang", "Kelurahan Pilang"."""
    if wilayah.tingkat == Tingkat.RT and induk is not None:
        return f"RT {wilayah.kode}/{induk.sebutan}"
    if wilayah.tingkat == Tingkat.RW and induk is not None:
        return f"RW {wilayah.kode} {induk.nama}"
    # Kemendagri names a kota "Kota Probolinggo" already.
    label_ = wilayah.tingkat.label
    return wilayah.nama if wilayah.nama.startswith(label_) else f"{label_} {wilayah.nama}"


@event.listens_for(Session, "before_flush")
def _name_units(session: Session, context: UOWTransaction, instances: Any) -> None:
    for row in [*session.new, *session.dirty]:
        if isinstance(row, Wilayah):
            _name_unit(session, row)


def _name_unit(session: Session, wilayah: Wilayah) -> None:
    """Set the full name; units below that carry it in theirs follow (a kelurahan's RW and RT)."""
    induk: Wilayah | None = foreign_row(wilayah, "induk")
    if induk is not None and induk in session.new:
        _name_unit(session, induk)
    before, wilayah.sebutan = wilayah.sebutan, name_of(wilayah, induk)
    if before and before != wilayah.sebutan and wilayah.tingkat.rank >= Tingkat.KELURAHAN.rank:
        for child in wilayah.anak:
            _name_unit(session, child)


@event.listens_for(Session, "after_flush")
def _keep_closure(session: Session, context: UOWTransaction) -> None:
    moved = [
        row.id
        for row in [*session.new, *session.dirty]
        if isinstance(row, Wilayah) and get_history(row, "induk_id").has_changes()
    ]
    roots = [row.id for row in session.new if isinstance(row, Wilayah)]
    replaced = [
        row.id
        for row in session.dirty
        if isinstance(row, Wilayah) and get_history(row, "pengganti_id").has_changes()
    ]
    if replaced:
        # Rows of the retired unit, and of units below it, come under its successor.
        session.info.setdefault("moved_units", set()).update(subtree_ids(session, replaced))
    if moved or roots:
        ids = rebuild_closure(session, {*moved, *roots})
        session.info.setdefault("moved_units", set()).update(ids - set(roots))
