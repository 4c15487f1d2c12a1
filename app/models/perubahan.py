"""Perubahan: who changed which column of which row when, for every model that people edit.

One listener writes what a flush did, by one INSERT; `record_many` is for writes past the ORM.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Index, Integer, String, insert, literal_column, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from app.models.append_only import AppendOnlyMixin
from app.models.base import (
    AREA_COLUMNS,
    AreaMixin,
    Entity,
    HostModel,
    Menu,
    Model,
    Pilihan,
    Screen,
    Waktu,
    label,
    pilihan,
    stamp,
)
from app.models.nilai import to_json
from app.models.pelaku import Pelaku
from app.models.policy import current_pelaku
from app.models.references import foreign_row
from app.models.wilayah import area_of_wilayah
from app.teks import N_

if TYPE_CHECKING:
    from app.models.wilayah import Wilayah

CHUNK = 1000
"""Rows that `record_many` looks up and writes at once."""


class TindakanPerubahan(Pilihan):
    """How a row came to change."""

    TAMBAH = "tambah", N_("Ditambahkan")
    UBAH = "ubah", N_("Diubah")
    HAPUS = "hapus", N_("Dihapus")
    PULIH = "pulih", N_("Dipulihkan")
    IMPOR = "impor", N_("Diimpor")
    BATAL_IMPOR = "batal_impor", N_("Impor dibatalkan")
    MASSAL = "massal", N_("Diubah massal")
    GABUNG = "gabung", N_("Digabung")
    MUTASI = "mutasi", N_("Mutasi")


Changes = Mapping[str, Sequence[Any]]
"""What changed in one row: column → (old, new)."""


class Perubahan(AppendOnlyMixin, AreaMixin, Model):
    """One change of one row, or one addition of the rows ``baris_id`` to ``sampai_id``.

    All keys are plain numbers, so that the record outlives what it names and never keeps a unit
    from being deleted. ``isi`` holds true values (a restore needs them): it is on no list, and
    pages mask it. ``induk_id`` is the row in whose form this one is edited. It belongs to the
    unit of the row; of a row that all may read, to the unit that is written, else to the unit of
    the person.
    """

    waktu: Mapped[datetime] = mapped_column(Waktu, default=stamp, info=label(N_("Waktu")))
    nama_pengguna: Mapped[str] = mapped_column(String(130), info=label(N_("Nama")))
    tindakan: Mapped[TindakanPerubahan] = mapped_column(
        pilihan(TindakanPerubahan), info=label(N_("Yang terjadi"))
    )
    sumber_daya: Mapped[str] = mapped_column(String(60), info=label(N_("Data")))
    sebutan: Mapped[str] = mapped_column(String(200), default="", info=label(N_("Sebutan")))
    baris_id: Mapped[int] = mapped_column(info=label(N_("Nomor data")))
    sampai_id: Mapped[int | None] = mapped_column(info=label(N_("Sampai nomor")))
    jumlah: Mapped[int] = mapped_column(default=1, info=label(N_("Jumlah baris")))
    induk_id: Mapped[int | None] = mapped_column(info=label(N_("Nomor data induk")))
    isi: Mapped[dict[str, list[Any]]] = mapped_column(JSON, info=label(N_("Isi perubahan")))
    catatan: Mapped[str | None] = mapped_column(String(500), info=label(N_("Catatan")))
    pengguna_id: Mapped[int | None] = mapped_column(info=label(N_("Pengguna")))
    wilayah_id: Mapped[int | None] = mapped_column(info=label(N_("Unit"), kind="relasi"))
    kecamatan_id: Mapped[int | None] = mapped_column(Integer, info=label(N_("Kecamatan")))
    kelurahan_id: Mapped[int | None] = mapped_column(Integer, info=label(N_("Kelurahan")))
    rw_id: Mapped[int | None] = mapped_column(Integer, info=label(N_("RW")))
    rt_id: Mapped[int | None] = mapped_column(Integer, info=label(N_("RT")))

    wilayah: Mapped["Wilayah | None"] = relationship(
        primaryjoin="foreign(Perubahan.wilayah_id) == Wilayah.id", viewonly=True
    )

    __table_args__ = (
        Index(None, "sumber_daya", "baris_id"),
        # Few records stand for many rows; those of one row are found among them by this one.
        Index(
            "ix_perubahan_rentang",
            "sumber_daya",
            "sampai_id",
            sqlite_where=literal_column("sampai_id IS NOT NULL"),
            postgresql_where=literal_column("sampai_id IS NOT NULL"),
        ),
        Index(
            "ix_perubahan_induk",
            "sumber_daya",
            "induk_id",
            sqlite_where=literal_column("induk_id IS NOT NULL"),
            postgresql_where=literal_column("induk_id IS NOT NULL"),
        ),
    )

    screen = Screen(
        label=N_("Perubahan Data"),
        plural=N_("Perubahan Data"),
        menu=Menu.PENGAWASAN,
        icon="jam",
        position=55,
        title="sebutan",
        list=("sebutan", "sumber_daya", "tindakan", "waktu", "nama_pengguna", "wilayah_id"),
        detail={
            N_("Perubahan"): (
                *("waktu", "nama_pengguna", "tindakan", "sumber_daya", "sebutan"),
                *("baris_id", "sampai_id", "jumlah", "wilayah_id", "catatan"),
            )
        },
        hidden=("isi", "pengguna_id", "induk_id"),
        filter=("waktu", "sumber_daya", "tindakan", "wilayah_id"),
        order=("-id",),
        scope="wilayah_id",
        access=dict.fromkeys(("admin_kecamatan", "camat", "sekcam", "auditor"), "list show"),
    )


@contextmanager
def as_tindakan(
    session: Session, tindakan: TindakanPerubahan, catatan: str | None = None
) -> Iterator[None]:
    """Record what is flushed in this block as ``tindakan``, with the note of the act.

    Deletions too, not as what the flush does.
    """
    before = session.info.get("tindakan"), session.info.get("catatan")
    session.info["tindakan"], session.info["catatan"] = tindakan, catatan
    try:
        yield
    finally:
        session.info["tindakan"], session.info["catatan"] = before


def record_many(
    session: Session,
    model: type[Entity],
    ids: Sequence[int],
    tindakan: TindakanPerubahan,
    changes: Sequence[Changes] | None = None,
) -> None:
    """Record a write past the ORM; the caller has written the rows, and commits.

    ``changes`` go with ``ids`` one by one; a row without any is passed over. None stands for
    whole rows (added by an import): one record for each unbroken run of ids, whatever its length.
    """
    if changes is None:
        rows = _runs(session, model, ids, tindakan)
        write(session, rows)
        return
    pairs = [(id_, change) for id_, change in zip(ids, changes, strict=True) if change]
    for start in range(0, len(pairs), CHUNK):
        part = pairs[start : start + CHUNK]
        facts = _facts(session, model, [id_ for id_, _ in part])
        common = common_facts(session, model.__name__, tindakan)
        write(
            session,
            [
                {**common, **facts[id_], "baris_id": id_, "isi": as_isi(change)}
                for id_, change in part
            ],
        )


def _runs(
    session: Session, model: type[Entity], ids: Sequence[int], tindakan: TindakanPerubahan
) -> list[dict[str, Any]]:
    common = common_facts(session, model.__name__, tindakan)
    common |= owner_of_unit(session, unit_of(current_pelaku(session)))
    runs: list[list[int]] = []
    for id_ in sorted(ids):
        if runs and id_ == runs[-1][1] + 1:
            runs[-1][1] = id_
        else:
            runs.append([id_, id_])
    return [
        {
            **common,
            "baris_id": first,
            "sampai_id": last if last > first else None,
            "jumlah": last - first + 1,
        }
        for first, last in runs
    ]


def _facts(session: Session, model: type[Entity], ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return title and owner of rows; of a model without area columns, the person's unit."""
    kind: Any = model
    table = kind.__table__
    has_area = issubclass(model, AreaMixin)
    names = [str(model.screen.scope), *AREA_COLUMNS] if has_area else []
    unit = {} if has_area else owner_of_unit(session, unit_of(current_pelaku(session)))
    keys = ["wilayah_id", *AREA_COLUMNS] if has_area else []
    if parent := parent_key(kind):
        names.append(parent)
        keys.append("induk_id")
    query = select(table.c.id, table.c[model.screen.title], *(table.c[n] for n in names))
    return {
        row[0]: {**unit, **dict(zip(keys, row[2:], strict=True)), "sebutan": clip(row[1])}
        for row in session.connection().execute(query.where(table.c.id.in_(ids)))
    }


def common_facts(session: Session, resource: str, tindakan: TindakanPerubahan) -> dict[str, Any]:
    """Return what is the same in all records of one act; the system has no id."""
    pelaku = current_pelaku(session)
    return {
        **dict.fromkeys(("wilayah_id", *AREA_COLUMNS, "sampai_id", "induk_id")),
        "nama_pengguna": pelaku.nama[:130] if pelaku else N_("Sistem"),
        "pengguna_id": pelaku.pengguna_id if pelaku else None,
        "tindakan": tindakan,
        "sumber_daya": resource,
        "sebutan": "",
        "jumlah": 1,
        "isi": {},
        "catatan": session.info.get("catatan"),
        "revisi": 1,
    }


def unit_of(pelaku: Pelaku | None) -> int | None:
    """Return the unit of a person, as notes of exports have it."""
    return pelaku.jabatan[-1].wilayah_id if pelaku and pelaku.jabatan else None


def owner_of_unit(session: Session, wilayah_id: int | None) -> dict[str, Any]:
    """Return the owner columns of a record that belongs to a unit."""
    if wilayah_id is None:
        return {}
    return {"wilayah_id": wilayah_id, **area_of_wilayah(session, wilayah_id)}


def owner_of(session: Session, row: Any) -> dict[str, Any]:
    """Return the owner columns of a record of this row, as it lies after the flush."""
    screen = row.screen
    if isinstance(row, AreaMixin):
        areas = {name: getattr(row, name) for name in AREA_COLUMNS}
        return {"wilayah_id": getattr(row, screen.scope), **areas}
    if screen.scope is not None:
        parent = foreign_row(row, screen.scope)
        return {} if parent is None else owner_of(session, parent)
    unit = getattr(row, screen.write_scope) if screen.write_scope else None
    return owner_of_unit(session, unit or unit_of(current_pelaku(session)))


@cache
def parent_key(model: Any) -> str | None:
    """Return the foreign key to the row in whose form rows of the model are edited, if any."""
    for mapper in HostModel.registry.mappers:
        if not issubclass(mapper.class_, Entity) or not hasattr(mapper.class_, "screen"):
            continue
        for name in mapper.class_.screen.inline:
            relation = mapper.relationships[name]
            if relation.mapper.class_ is model:
                (column,) = relation.remote_side
                return relation.mapper.get_property_by_column(column).key
    return None


def clip(title: object) -> str:
    """Return the title of a row as a record keeps it."""
    return str(title or "")[:200]


def write(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write these records by one INSERT."""
    if rows:
        session.connection().execute(_INSERT, list(rows))


_INSERT = insert(Perubahan.__table__)  # type: ignore[arg-type]  # typed as a FromClause


def as_isi(change: Changes) -> dict[str, list[Any]]:
    """Return a change as JSON holds it."""
    return {name: [to_json(old), to_json(new)] for name, (old, new) in change.items()}
